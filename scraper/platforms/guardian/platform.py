"""The Guardian's live blogs and lists of them: their marks, and which layout reads them."""

from scraper.markup.document import Document
from scraper.platform import About, Gift, Key, Platform, Tested
from scraper.platforms.guardian.amp import AMP_LIST, read_amp
from scraper.platforms.guardian.api import GAP, HOST, api_address, api_marks, read_api
from scraper.platforms.guardian.blog import BLOCKS, CONFIG, NAME, blocks_in, blog_of, script_end
from scraper.platforms.guardian.frontend import LEGACY_BODY, read_frontend
from scraper.platforms.guardian.listing import listing_marks, read_listing
from scraper.platforms.guardian.model import is_model, read_model
from scraper.platforms.guardian.polled import is_polled, read_polled
from scraper.platforms.guardian.polling import POLLING
from scraper.platforms.guardian.rendered import LEAVES_OUT, read_rendered
from scraper.platforms.guardian.series_feed import feed_marks, read_feed
from store.sighting import Snapshot

BODY = "#liveblog-body, .js-liveblog-body"

# Selectors of what only live blogs have, and how each is described as a mark.
HOOKS = {
    'gu-island[name="Liveness"]': "the island Liveness",
    'gu-island[name="KeyEventsCarousel"]': "the island KeyEventsCarousel",
    'main[data-layout="LiveLayout"]': "the layout LiveLayout",
    "#liveblog-body": "a body with the id liveblog-body",
    ".js-liveblog-body": "a body of the class js-liveblog-body",
    AMP_LIST: "an AMP list called live-blog-entries-main",
}

# Every page that is read here has at least one: hooks, configuration, old blocks, lists, RSS.
SIGNS = (
    *(b"gu-island", b"LiveLayout", b"liveblog-body", b"live-blog-entries-main", CONFIG),
    *(b"block-elements", b"TagPageLayout", b"data-format-design", b"<rss"),
)

LIVE_BLOG = b'"contentType":"LiveBlog"'


def marks(document: Document) -> tuple[str, ...]:
    """Return the marks of a Guardian live blog, or else of a list of them; () if there are none."""
    return _blog_marks(document) or feed_marks(document) or listing_marks(document)


def _blog_marks(document: Document) -> tuple[str, ...]:
    if document.data is not None:
        model = ("a JSON model of a live blog with blocks",) if is_model(document.data) else ()
        polled = ("the answer to a live page's client",) if is_polled(document.data) else ()
        return model or api_marks(document.data) or polled
    tree = document.tree
    rendered = tree.css_first("gu-island") is not None
    hooks = tuple(
        words
        for selector, words in HOOKS.items()
        if not (rendered and selector is AMP_LIST) and tree.css_first(selector) is not None
    )
    if hooks:
        return hooks if rendered or _is_guardian(document) else ()
    if _says_live_blog(document):
        return ("window.guardian says contentType LiveBlog",)
    if tree.css_first(LEGACY_BODY) and next(blocks_in(tree.css(BLOCKS)), None):
        return ("blocks with the Guardian's ids and block-elements in them",)
    return ()


def parse(document: Document) -> Snapshot:
    """Read a live blog or a list of them, by the newest layout whose marker is on the page.

    Raises LayoutError if no layout fits.
    """
    if isinstance(document.data, dict):
        if is_model(document.data):
            return read_model(document, document.data)
        return read_polled(document) if is_polled(document.data) else read_api(document)
    tree = document.tree
    blog = blog_of(document, document.canonical)
    if tree.css_first("gu-island") is None:
        if tree.css_first(AMP_LIST):
            return read_amp(blog)
        if tree.css_first(LEGACY_BODY):
            return read_frontend(blog)
    body = tree.css_first(BODY)
    if body is not None:
        return read_rendered(blog, body)
    if _blog_marks(document):
        raise blog.broken("no body with the id liveblog-body")
    return read_feed(document) if feed_marks(document) else read_listing(document)


def _is_guardian(document: Document) -> bool:
    return (
        next(blocks_in(document.tree.css(BLOCKS)), None) is not None
        or document.holds(CONFIG)
        or document.tree.css_first(f"{AMP_LIST} a[href*='page=with:block-']") is not None
    )


def _says_live_blog(document: Document) -> bool:
    start = document.markup.find(CONFIG)
    return start >= 0 and document.markup.find(LIVE_BLOG, start, script_end(document, start)) >= 0


ABOUT = About(
    reads=(
        "The Guardian's live blogs in their layouts since 2013, with pinned copies, kinds of "
        "entries, authors, pictures with credits, and the key events of the whole blog, those "
        "that left the page too; which live blogs its series, tags, fronts and their RSS list; the "
        "same from its Content API for those who have a key"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS | Gift.DELETIONS | Gift.OLDER_PAGES,
    tested_on=(Tested.OWN_PROGRAM, Tested.REAL_ANSWERS),
)

PLATFORM = Platform(
    name=NAME,
    hosts=("theguardian.com", "guardian.co.uk"),
    marks=marks,
    signs=SIGNS,
    parse=parse,
    about=ABOUT,
    polling=POLLING,
    leaves_out=LEAVES_OUT,
    key=Key(HOST, "api-key", api_address, GAP),
)
