"""Answers of the Guardian's Content API: one live blog with its blocks, or a search for live blogs.

It is asked with a user's own key. Its blocks have the dates and flags that every rendering is made
from: `firstPublishedDate` (else `createdDate`) is what pages print as published, and
`publishedDate` what they print as updated (guardian/content-api-models, v1 Block;
guardian/frontend, BodyBlock). A flag that is absent is false; one of the API's own tests has flags
as words. A block has the e-mail addresses of those who wrote or changed it, which are not read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.address import absolute, believed, host, normalise, same_site
from scraper.markup.document import Document
from scraper.markup.html import Ours, ours, squeeze
from scraper.markup.loose_json import list_in, object_in, string_in
from scraper.platforms.guardian.blog import BARE_ID, NAME, Blog, Flaw, permalink, sift
from scraper.platforms.guardian.frontend import printed_body
from scraper.platforms.guardian.listing import each_once, is_live_blog
from scraper.times.instants import iso
from store.entry import Media, TimePrecision
from store.sighting import Kind, ListedBlog, Sighting, Snapshot, View

Said = Mapping[str, object]

HOST = "content.guardianapis.com"

SITE = "https://www.theguardian.com/"

TONE = "tone/minutebyminute"

PROFILE = "profile/"

# The URLs of one blog with all its blocks, and of the newest live blogs of a tag.
ITEM = f"https://{HOST}{{path}}?show-blocks=all&show-fields=headline,liveBloggingNow&show-tags=all"
SEARCH = (
    f"https://{HOST}/search?tag={{tag}},{TONE}&order-by=newest&page-size=20"
    "&show-fields=liveBloggingNow"
)

# A free key is good for 500 requests a day.
GAP = timedelta(days=1) / 500

# The path of a tag: `/politics/series/politics-live-with-andrew-sparrow`.
TAG = re.compile(r"/([\w-]+(?:/[\w-]+){1,2})/?")

# Values of `show-blocks` that ask for all blocks.
ALL = frozenset({"all", "body"})

# The title that the site's own program gives a summary without one (ensureSummaryTitle).
SUMMARY = "Summary"


def api_address(page: str) -> str:
    """Return the API's URL for a page: of one live blog, or of the live blogs of a tag or series.

    Returns "" for any other page.
    """
    if not same_site(page, SITE):
        return ""
    path = urlsplit(page).path
    if is_live_blog(page):
        return ITEM.format(path=path.rstrip("/"))
    tag = TAG.fullmatch(path)
    return SEARCH.format(tag=tag[1]) if tag else ""


def api_marks(data: object) -> tuple[str, ...]:
    """Return the mark of a Content API answer: a blog with its blocks, or a search; else ()."""
    content = _content(data)
    if content and _is_live_blog(content) and isinstance(content.get("blocks"), dict):
        return ("an answer of the Content API with a live blog's blocks",)
    response = object_in(data, "response")
    results = list_in(response, "results")
    known = all(isinstance(each, dict) and {"id", "webUrl"} <= each.keys() for each in results)
    is_search = known and {"total", "results"} <= response.keys()
    return ("an answer of the Content API with search results",) if is_search else ()


def read_api(document: Document) -> Snapshot:
    """Read an answer; raise LayoutError if its blocks are not in a known form."""
    content = _content(document.data)
    return _read_item(document, content) if content else _read_search(document)


def _content(data: object) -> Said:
    content = object_in(object_in(data, "response"), "content")
    bare = isinstance(data, dict) and {"id", "blocks", "webTitle"} <= data.keys()
    return content or (data if bare and isinstance(data, dict) else {})


def _is_live_blog(content: Said) -> bool:
    if content.get("type") == "liveblog" or TONE in (each for each, _ in _tags(content)):
        return True
    body = list_in(object_in(content, "blocks"), "body")
    return len(body) > 1 and "/live/" in f"/{string_in(content, 'id')}/"


def _tags(content: Said) -> Iterator[tuple[str, str]]:
    for tag in list_in(content, "tags"):
        yield string_in(tag, "id"), squeeze(string_in(tag, "webTitle"))


def _read_item(document: Document, content: Said) -> Snapshot:
    claimed = absolute(string_in(content, "id"), SITE)
    ours_alone = host(document.url) == HOST or believed(claimed, document.url)
    blog = Blog(document, normalise(claimed if ours_alone else document.url), claimed)
    names = {tag.removeprefix(PROFILE): name for tag, name in _tags(content) if PROFILE in tag}
    blocks = object_in(content, "blocks")
    listed = _listed(blocks)
    read = (_stated(blog, block, names) for block in listed if block.get("published") is not False)
    shown, flaws = sift(blog, read)
    top, bottom = _reach(document, blocks)
    fields = object_in(content, "fields")
    return Snapshot(
        url=blog.url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="content-api",
        title=squeeze(string_in(fields, "headline") or string_in(content, "webTitle")),
        language=string_in(fields, "lang"),
        live=_flag(fields, "liveBloggingNow", absent=None),
        sightings=shown,
        shows_top=top,
        shows_bottom=bottom,
        lists_every_key_event=bool(top and bottom),
        claimed_url=claimed,
        unread=bool(flaws),
        warnings=flaws,
        deleted=tuple(_unpublished(listed)),
    )


def _unpublished(blocks: Iterable[Said]) -> Iterator[str]:
    """Yield the ids of blocks that were published and then withdrawn; drafts are not among them."""
    for block in blocks:
        if block.get("published") is False and _time(block, "firstPublishedDate"):
            yield string_in(block, "id")


def _listed(blocks: Said) -> list[Said]:
    """Return the blocks of all lists in an answer (all, or those requested), each once."""
    requested = object_in(blocks, "requestedBodyBlocks")
    lists = [list_in(blocks, "body"), *(list_in(requested, name) for name in requested)]
    found = [block for each in lists for block in each if isinstance(block, dict)]
    return list({string_in(block, "id") or id(block): block for block in found}.values())


def _reach(document: Document, blocks: Said) -> tuple[bool | None, bool | None]:
    """Whether an answer includes the newest block, and whether the oldest; None for unknown.

    It includes all blocks if all were asked for, or if it has as many as the API says there are.
    """
    total = blocks.get("totalBodyBlocks")
    whole = (
        total == len(list_in(blocks, "body")) if isinstance(total, int) else _asked_all(document)
    )
    latest = any(
        name.startswith("body:latest") for name in object_in(blocks, "requestedBodyBlocks")
    )
    return (True if whole or latest else None), (True if whole else None)


def _asked_all(document: Document) -> bool:
    try:
        asked = parse_qs(urlsplit(document.url).query).get("show-blocks", [""])
    except ValueError:
        return False
    return host(document.url) == HOST and not ALL.isdisjoint(asked[0].split(","))


def _stated(blog: Blog, block: Said, names: Mapping[str, str]) -> Sighting | Flaw:
    block_id = string_in(block, "id")
    if not BARE_ID.fullmatch(block_id) or not isinstance(block.get("bodyHtml"), str):
        return Flaw("a block of the Content API without its id or body", form=True)
    published = _time(block, "firstPublishedDate") or _time(block, "createdDate")
    if published is None:
        return Flaw(f"block {block_id} is left out: it has no time that can be read")
    updated = _time(block, "publishedDate")
    flags = object_in(block, "attributes")
    title = squeeze(string_in(block, "title") or string_in(flags, "title"))
    is_summary = _flag(flags, "summary")
    words, media = _body(string_in(block, "bodyHtml"), blog.url)
    people = (each for each in list_in(block, "contributors") if isinstance(each, str))
    authors = [names.get(each.removeprefix(PROFILE), "") for each in people]
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=published,
        updated=updated if updated and updated > published else None,
        time_precision=TimePrecision.SECOND,
        title=title or (SUMMARY if is_summary else ""),
        html=words.html,
        text=words.text,
        permalink=permalink(blog.url, block_id),
        authors=tuple(filter(None, authors)) if all(authors) else None,
        media=media,
        key_event=_flag(flags, "keyEvent"),
        summary=is_summary,
        pinned=_flag(flags, "pinned"),
    )


def _body(written: str, base: str) -> tuple[Ours, tuple[Media, ...]]:
    """Read a block's body, which is in the old renderer's markup."""
    body = LexborHTMLParser(written).body if "<figure" in written else None
    return printed_body(body, base) if body is not None else (ours(written, base), ())


def _time(block: Said, name: str) -> datetime | None:
    said = block.get(name)
    return iso(string_in(said, "iso8601") if isinstance(said, dict) else string_in(block, name))


def _flag(said: Said, name: str, *, absent: bool | None = False) -> bool | None:
    value = said.get(name)
    if value in (True, "true"):
        return True
    return False if value in (False, "false") else absent


def _first_tag(asked: str) -> str:
    """Return the first tag that a search URL asks for, which is also its page's path; or ""."""
    try:
        tags = parse_qs(urlsplit(asked).query).get("tag", [""])[0]
    except ValueError:
        return ""
    return re.split(r"[,|]", tags)[0]


def _read_search(document: Document) -> Snapshot:
    results = list_in(object_in(document.data, "response"), "results")
    found = (
        ListedBlog(
            url=normalise(absolute(string_in(each, "id"), SITE)),
            title=squeeze(string_in(each, "webTitle")),
            live=_flag(object_in(each, "fields"), "liveBloggingNow", absent=None),
            published=iso(string_in(each, "webPublicationDate")),
        )
        for each in results
        if isinstance(each, dict)
        and (_is_live_blog(each) or is_live_blog(string_in(each, "webUrl")))
    )
    claimed = absolute(_first_tag(document.url), SITE)
    return Snapshot(
        url=normalise(claimed if host(document.url) == HOST else document.url),
        kind=Kind.LISTING,
        platform=NAME,
        layout="content-api",
        title=squeeze(
            string_in(object_in(object_in(document.data, "response"), "tag"), "webTitle")
        ),
        blogs=each_once(found),
    )
