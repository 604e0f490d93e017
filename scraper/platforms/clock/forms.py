"""Publishers whose blocks are known by their markup, but print only the time of day."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.address import host
from scraper.markup.document import Document
from scraper.platforms.clock.head import MARKED, Head, around
from scraper.times.clocks import stamp_alone, stamp_at
from scraper.times.dates import day_in


@dataclass(frozen=True, slots=True)
class Form:
    """How one publisher prints its blocks.

    `sign` is in the markup of every page of the form. `block` selects where entries begin: an
    element around an entry or before it. `clock` selects their times, which may have a date before
    them; if it is "", any element is taken that holds a time, maybe a date, and nothing else. `key`
    is a word in the names or values of the attributes of a key event's block, "" if key events are
    not marked. `zone` is the publisher's time zone, "" if unknown. `whole` is whether a page has
    all entries. `ids` is whether the blocks' ids are stable, and not positions, which change with
    each entry that is added or removed.
    """

    name: str
    hosts: tuple[str, ...]
    sign: bytes
    block: str
    clock: str
    zone: str
    key: str = ""
    whole: bool = False
    ids: bool = True


FORMS = (
    # One blog a day, all of it on one page; the time is "23.09.2024 • 18:12 Uhr" or without the
    # date (public scrapers of tagesschau.de). Headings of ordinary articles are anchors too.
    Form(
        name="tagesschau",
        hosts=("tagesschau.de",),
        sign=b"liveblog--anchor",
        block=".liveblog--anchor[id]:not(h2)",
        clock=".liveblog__datetime",
        zone="Europe/Berlin",
    ),
    # Posts with questions of readers among them; "L'Essentiel" marks the key events (public
    # scrapers of lemonde.fr).
    Form(
        name="lemonde",
        hosts=("lemonde.fr",),
        sign=b"post__live-container",
        block=".post__live-container",
        clock=".post__live-container .date",
        zone="Europe/Paris",
        key="essential",
    ),
    # Until 2023: only the time of day, in the United Kingdom's zone (public scrapers of
    # bbc.co.uk/news/live). Topic pages have the same blocks for stories, with headers that link to
    # them.
    Form(
        name="lx-stream",
        hosts=("bbc.co.uk", "bbc.com"),
        sign=b"lx-stream-post",
        block="article.lx-stream-post[id]:not(:has(a.lx-stream-post__header-link))",
        clock=".qa-post-auto-meta",
        zone="Europe/London",
        key="breaking",
    ),
    # Used along with the template that has JSON-LD: time and date, no ids (public scrapers of
    # cnn.com, 2023).
    Form(
        name="cnn",
        hosts=("cnn.com",),
        sign=b"posts-and-button",
        block="#posts-and-button article",
        clock="",
        zone="America/New_York",
    ),
    # A match report; only some of its entries have a time (seen in 2026).
    Form(
        name="sportowefakty",
        hosts=("sportowefakty.wp.pl",),
        sign=b"coventry",
        block="div.coventry[id]",
        clock="",
        zone="Europe/Warsaw",
    ),
    # The plugin JM Live Blog for WordPress prints every update, and counts them from the oldest;
    # the time is what the editor wrote (public/class-jm-live-blog-public.php).
    Form(
        name="jm-live-blog",
        hosts=(),
        sign=b"jm-live-blog-update",
        block=".jm-live-blog-update",
        clock=".live-blog-time",
        zone="",
        whole=True,
        ids=False,
    ),
)
# One block with a publisher's marks may be a leftover; two are a list.
AT_LEAST = 2


def form_of(document: Document) -> Form | None:
    """Return the form of the publisher whose blocks are on a page; None if there is none."""
    for form in FORMS:
        if document.holds(form.sign):
            least = 1 if _is_at_home(form, document) else AT_LEAST
            if len(document.tree.css(form.block)) >= least:
                return form
    return None


def is_known(document: Document) -> bool:
    """Whether a page is of a publisher with a known form; such a page is read by its form only."""
    return any(_is_at_home(form, document) for form in FORMS)


def _is_at_home(form: Form, document: Document) -> bool:
    name = host(document.url)
    return any(name == each or name.endswith(f".{each}") for each in form.hosts)


def heads_of(document: Document, form: Form) -> list[Head]:
    """Return where a page's blocks begin, each with the first time in it (None if it has none)."""
    starts = {node.mem_id for node in document.tree.css(form.block)}
    heads, open_at = list[Head](), None
    for node in document.tree.css(f"{form.block}, {form.clock or f'{form.block} *'}"):
        if node.mem_id in starts:
            if open_at is not None:
                heads.append(_head(open_at, open_at))
            open_at = node
        elif open_at is not None and (form.clock or stamp_alone(node.text())):
            heads.append(_head(open_at, node))
            open_at = None
    if open_at is not None:
        heads.append(_head(open_at, open_at))
    return heads


def is_key(form: Form | None, block: LexborNode) -> bool | None:
    """Whether a block is marked as a key event; None if its publisher does not mark any."""
    if form is None or not form.key:
        return None
    for name, value in block.attributes.items():
        if form.key in name and (value or "").lower() not in {"false", "0"}:
            return True
        if name == "class" and any(form.key in each for each in (value or "").split()):
            return True
    return False


def _head(start: LexborNode, node: LexborNode) -> Head:
    day, clock = "", None
    if node.mem_id != start.mem_id:
        day, clock = stamp_alone(node.text()) or stamp_at(node.text())
    return Head(node, start, MARKED, clock, around(start), day_in(day) if day else None)
