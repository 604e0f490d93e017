"""Pages of collective.liveblog, as its one template writes them.

Facts are those of github.com/collective/collective.liveblog, src/collective/liveblog/browser
(templates/view.pt, view.py, recent_updates.py). A page shows the whole blog. `data-timestamp` is
when an update was made, in seconds, and also its id and part of its address; `time[datetime]` is
the server's own clock without a zone, and is not read. While anything changed within 24 hours, the
page says "Live updating" and asks for `recent-updates`: what was added in the last minute. Of edits
and deletions that answer (205, empty) says only that the page has to be fetched again. It has
nothing that is not on the page, so it is not asked for here.
"""

from selectolax.lexbor import LexborNode

from scraper.address import absolute, believed, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import ours, squeeze
from scraper.markup.memo import Memo, digest
from scraper.platform import About, Gift, Platform, Tested
from scraper.times.instants import moment
from store.entry import TimePrecision
from store.sighting import Kind, Sighting, Snapshot, View

NAME = "plone"

SIGN = b"microupdate"

BLOG = "#micro-updates"

UPDATE = "article.microupdate"

# The only update of an empty blog, without words but "No micro-updates yet".
NONE_YET = "div.microupdate[data-timestamp]"

SPINNER = "#spinner"

# The address that the page's script asks for more.
ASKS = b"recent-updates"

_READ = Memo[Sighting]()


def marks(document: Document) -> tuple[str, ...]:
    """Describe the marks of collective.liveblog on a page; () where it is no such page."""
    if document.data is not None or not document.holds(SIGN):
        return ()
    found = {
        BLOG: "a section called micro-updates",
        f"{UPDATE}[data-timestamp]": "articles of the class microupdate with their times",
    }
    told = tuple(words for mark, words in found.items() if document.tree.css_first(mark))
    return told if document.tree.css_first(f"{BLOG}, {UPDATE} ~ {UPDATE}") else ()


def parse(document: Document) -> Snapshot:
    """Read a page's updates; LayoutError where they are not in the known form."""
    claimed = document.canonical
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    nodes = document.tree.css(UPDATE)
    if not nodes and document.tree.css_first(NONE_YET) is None:
        raise _broken(document, "no update that is known")
    whole = document.tree.css_first(BLOG) is not None
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout="theme",
        title=_title(document),
        language=document.language,
        live=_is_live(document) if whole else None,
        sightings=tuple(_read(document, node, url) for node in nodes),
        shows_top=True if whole else None,
        shows_bottom=(document.whole or None) if whole else None,
        claimed_url=claimed,
        whole=document.whole,
    )


def _title(document: Document) -> str:
    heading = document.tree.css_first("h1.documentFirstHeading, h1")
    return (squeeze(heading.text()) if heading else "") or document.title


def _is_live(document: Document) -> bool | None:
    """Whether a page updates itself; None for the oldest templates, which always did.

    Those have the script, but nothing to say that it runs.
    """
    if document.tree.css_first(SPINNER) is not None:
        return True
    return None if document.holds(ASKS) else False


def _read(document: Document, node: LexborNode, url: str) -> Sighting:
    """Read one update; remembered, as nearly all of a page's are unchanged since the last read."""
    markup = (node.html or "").encode()
    return _READ.get(lambda: _walked(document, node, url), (digest(markup), url), len(markup))


def _walked(document: Document, node: LexborNode, url: str) -> Sighting:
    block_id = (node.attributes.get("data-timestamp") or "").strip()
    told = moment(block_id)
    body = node.css_first('[itemprop="text"], .microupdate-text')
    if told is None or not told.zoned or body is None:
        raise _broken(document, "an update without its time or its text")
    heading = node.css_first('[itemprop="headline"], .microupdate-title')
    writer = node.css_first('[itemprop="author"]')
    link = node.css_first('time a[href*="microupdate"]')
    name = squeeze(writer.text()) if writer else ""
    if not name and (byline := node.css_first(".microupdate-byline p")) and squeeze(byline.text()):
        raise _broken(document, "an update's author in another form")
    words = ours(body.inner_html or "", url)
    return Sighting(
        view=View.BLOCK,
        block_id=block_id,
        published=told.at,
        time_precision=TimePrecision.SECOND,
        title=squeeze(heading.text()) if heading else "",
        html=words.html,
        text=words.text,
        permalink=(absolute(link.attributes.get("href") or "", f"{url}/") or None)
        if link
        else None,
        authors=(name,) if name else None,
    )


def _broken(document: Document, reason: str) -> LayoutError:
    return LayoutError(
        document.page.url,
        f"a live blog of collective.liveblog in a form that is not known: {reason}",
        "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
    )


ABOUT = About(
    reads="Plone's collective.liveblog, by its own times, and whether it is still updated",
    gives=Gift.IDS,
    tested_on=(Tested.OWN_PROGRAM,),
)

PLATFORM = Platform(name=NAME, hosts=(), marks=marks, signs=(SIGN,), parse=parse, about=ABOUT)
