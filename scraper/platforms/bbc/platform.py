"""The BBC's live pages.

The page itself prints days without a time of day, and its JSON-LD leaves lists out of bodies and
gives posts without a headline the page's headline. So the model is read, from which both are made.
"""

import msgspec

from scraper.address import believed, host, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.markup.memo import Memo, digest
from scraper.markup.once import once
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.bbc.asking import HOST, newest_posts
from scraper.platforms.bbc.body import drawn, words_of
from scraper.platforms.bbc.model import SIGN, Model, Paging, Stream, model_in
from scraper.times.instants import moment
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "bbc"

BRAND = " - BBC News"

# The types of blocks in a post's header; the desktop site's headline is a plain text.
HEADER = frozenset({"headline", "subheadline", "contributor", "text", "fragment"})

_STATED = Memo[Sighting]()


def marks(document: Document) -> tuple[str, ...]:
    """Return the mark of a BBC live page: its model, or a stream of posts alone; else ()."""
    model = _model_of(document)
    if model is None:
        return ()
    if model.is_page:
        return ("the model of a live page, with a liveTextStream",)
    return ("a stream of posts as the BBC's pages have it",) if _has_posts(model.stream) else ()


def parse(document: Document) -> Snapshot:
    """Read a live page by its model; raise LayoutError if a post is not in a known form."""
    model = _model_of(document)
    if model is None:
        raise _broken(document, "its model cannot be read")
    stream = model.stream
    url = normalise(
        document.canonical if believed(document.canonical, document.url) else document.url
    )
    # A stream that was fetched by itself does not say which page it belongs to.
    page = "" if host(url) == HOST else url
    posts = stream.results if stream else []
    shown = tuple(_stated(document, bytes(post), page) for post in posts)
    paging = stream.page if stream else None
    begun = moment(model.start_date_time)
    title = model.title if isinstance(model.title, str) else ""
    language = model.language if isinstance(model.language, str) else ""
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="model" if model.is_page else "stream",
        title=squeeze(title) or document.title.removesuffix(BRAND),
        language=language or document.language,
        live=model.is_live if isinstance(model.is_live, bool) else None,
        sightings=shown,
        shows_top=paging.index == 1 if paging else None,
        shows_bottom=paging.index >= paging.total if paging else None,
        older=_older(document, paging) if page and paging else "",
        published=begun.at if begun else None,
        claimed_url=document.canonical,
        whole=document.whole,
        answers=newest_posts(model, document),
    )


def _older(document: Document, paging: Paging) -> str:
    """Return the address of the next page as the site's own links have it; "" after the last."""
    if not host(document.url) or paging.index >= paging.total:
        return ""
    return f"{document.url.partition('#')[0].partition('?')[0]}?page={paging.index + 1}"


@once
def _model_of(document: Document) -> Model | None:
    return model_in(document)


def _has_posts(stream: Stream | None) -> bool:
    """Whether a stream that came by itself consists of posts; other streams have `results` too."""
    first = bytes(stream.results[0]) if stream and stream.results else b""
    return b'"urn"' in first and b'"firstPublished"' in first


def _stated(document: Document, written: bytes, url: str) -> Sighting:
    """Read one post of the page at `url` ("" if unknown), from the cache if it is unchanged."""
    return _STATED.get(lambda: _read(document, written, url), (digest(written), url), len(written))


def _read(document: Document, written: bytes, url: str) -> Sighting:
    post: object = msgspec.json.decode(written)
    block_id, dates = string_in(post, "urn"), object_in(post, "dates")
    told = moment(string_in(dates, "firstPublished") or string_in(dates, "curated"))
    if not block_id or told is None or not told.zoned:
        raise _broken(document, "a post without id or time")
    header, content = (_blocks(document, post, part) for part in ("header", "content"))
    if any(string_in(block, "type") not in HEADER for block in header):
        raise _broken(document, f"the header of post {block_id} holds what is not known")
    html, media = drawn(content, url)
    if not html and any(string_in(block, "type") == "paragraph" for block in content):
        raise _broken(document, f"post {block_id} has paragraphs without words")
    body = ours(html, url)
    authors = _contributors(header)
    if "" in authors:
        raise _broken(document, f"post {block_id} has a contributor without a name")
    changed = moment(string_in(dates, "lastPublished"))
    breaking = object_in(post, "options").get("isBreakingNews")
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=told.at,
        updated=changed.at if changed and changed.at > told.at else None,
        time_precision=TimePrecision.SECOND,
        title=_words_in(header, "headline", "text"),
        html=body.html,
        text=body.text,
        permalink=f"{url}#post-{block_id}" if url else None,
        authors=authors or None,
        credit=_words_in(header, "subheadline") or None,
        media=media,
        # The site has no list of key events; it labels posts "Breaking".
        key_event=breaking if isinstance(breaking, bool) else None,
    )


def _blocks(document: Document, post: object, part: str) -> list[object]:
    """Return the typed blocks of a post's header or content.

    Raises LayoutError if one of them has no type or no model.
    """
    model = object_in(object_in(post, part), "model")
    blocks = list_in(model, "blocks")
    if not isinstance(model.get("blocks"), list) or not all(
        string_in(block, "type") and object_in(block, "model") for block in blocks
    ):
        raise _broken(document, f"a post's {part} in another form")
    return blocks


def _words_in(header: list[object], *kinds: str) -> str:
    found = (words_of(block) for block in header if string_in(block, "type") in kinds)
    return next(filter(None, found), "")


def _contributors(header: list[object]) -> tuple[str, ...]:
    people = (block for block in header if string_in(block, "type") == "contributor")
    return tuple(squeeze(string_in(object_in(person, "model"), "name")) for person in people)


def _broken(document: Document, reason: str) -> LayoutError:
    return LayoutError(
        document.page.url,
        f"a BBC live page in a form that is not known: {reason}",
        "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
    )


ABOUT = About(
    reads=(
        "the BBC's live pages by the model that they are rendered from: every post in full with "
        "headline, contributor and pictures, live flag, pages; and the stream of posts that live "
        "ones ask for"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS | Gift.OLDER_PAGES,
    tested_on=(Tested.REAL_ANSWERS,),
)

PLATFORM = Platform(
    name=NAME,
    hosts=("bbc.co.uk", "bbc.com", "bbci.co.uk"),
    marks=marks,
    signs=(SIGN,),
    parse=parse,
    about=ABOUT,
    api_hosts=(HOST,),
    answers=True,
)
