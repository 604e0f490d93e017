"""Superdesk Live Blog's marks, and which layout reads a page."""

from scraper.markup.document import Document
from scraper.platform import About, Gift, Platform, Tested
from scraper.platforms.superdesk.amp import LIST, read_amp
from scraper.platforms.superdesk.answer import is_answer, read_answer
from scraper.platforms.superdesk.blog import NAME, blog_of
from scraper.platforms.superdesk.printed import POST, TIMELINE, read_printed
from store.sighting import Snapshot

OURS = f".lb-timeline {LIST}, {LIST} article.lb-post"

# A word, the selector that is tried only where the word is in the markup, and the words in `why`.
HOOKS = (
    (b"data-post-sticky", POST, "posts that say whether they are pinned"),
    (b"data-timeline-normal", TIMELINE, "a timeline of Superdesk's theme"),
    # The name is that of AMP's own sample, which others have copied too.
    (b"amp-live-list-insert-blog", OURS, "an AMP list of Superdesk's theme"),
)


def marks(document: Document) -> tuple[str, ...]:
    """Describe the marks of a Superdesk live blog on a page; () where it has none."""
    if document.data is not None:
        return ("a list of posts as Superdesk's API gives it",) if is_answer(document) else ()
    return tuple(
        words
        for sign, selector, words in HOOKS
        if document.holds(sign) and document.tree.css_first(selector) is not None
    )


def parse(document: Document) -> Snapshot:
    """Read a live blog by the layout whose marks are on the page, or an answer of its API."""
    if document.data is not None:
        return read_answer(document)
    blog = blog_of(document)
    if document.tree.css_first(f"{POST}, {TIMELINE}") is not None:
        return read_printed(blog)
    return read_amp(blog)


ABOUT = About(
    reads=(
        "Superdesk Live Blog: its themes' pages, its AMP pages and its API's answers, with "
        "highlights, pinned posts, all items of a post, and whether the blog is open"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS | Gift.DELETIONS | Gift.OLDER_PAGES,
    tested_on=(Tested.OWN_PROGRAM, Tested.REAL_ANSWERS),
)

HOSTS = ("liveblog.pro", "sourcefabric.com")

PLATFORM = Platform(
    name=NAME,
    hosts=HOSTS,
    marks=marks,
    signs=tuple(sign for sign, _, _ in HOOKS),
    parse=parse,
    about=ABOUT,
    api_hosts=HOSTS,
    answers=True,
)
