"""The kind of a page that no platform knows: an article, a listing, or a wall or the like."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from scraper.address import normalise
from scraper.markup.bare_text import paragraphs_of
from scraper.markup.document import Document
from scraper.markup.jsonld import blocks, top_objects, types
from scraper.markup.visible import visible
from scraper.stand_ins.copies import copied
from scraper.stand_ins.shells import stand_in
from scraper.stand_ins.walls import wall
from store.decision.identity import address_of
from store.sighting import Kind

_LISTS = frozenset({"CollectionPage", "SearchResultsPage"})
_ARTICLE_ITEM = '[itemtype$="Article"][itemscope], [typeof$="Article"]'
_UNLISTED = (
    "its JSON-LD says LiveBlogPosting, but lists no updates that can be told apart; "
    "a script may load them"
)


def kind_of(document: Document) -> tuple[Kind, str]:
    """Return a page's kind, and in plain words why, or what came in its place.

    Copies and walls are looked for first, since they may have the page's own head; then the page's
    address, since a front page has the marks of pages it links to; then what the page states:
    og:type, JSON-LD at its top, microdata. The reason ends with where a redirect led.
    """
    kind, why = next((kind, why) for kind, why in _told(document) if why)
    return kind, f"{why}; {led}" if (led := _led(document)) else why


def _told(document: Document) -> Iterator[tuple[Kind, str]]:
    yield Kind.UNKNOWN, copied(document)
    yield Kind.UNKNOWN, wall(document)
    stated = _stated_types(document)
    yield Kind.UNKNOWN, _UNLISTED if "LiveBlogPosting" in stated else ""
    yield Kind.LISTING, "its address is the front of its site" if _is_front(document) else ""
    yield Kind.UNKNOWN, stand_in(document)
    yield Kind.ARTICLE, "it is bare text of many words" if paragraphs_of(document) else ""
    yield Kind.ARTICLE, "its og:type is article" if _says_article(document) else ""
    article = next((name for name in stated if name.endswith(("Article", "BlogPosting"))), "")
    yield Kind.ARTICLE, article and f"its JSON-LD says {article}"
    marked = document.tree.css_first(_ARTICLE_ITEM) is not None
    yield Kind.ARTICLE, "its elements are marked as an article" if marked else ""
    listing = next((name for name in stated if name in _LISTS), "")
    yield Kind.LISTING, listing and f"its JSON-LD says {listing}"
    yield Kind.UNKNOWN, "" if visible(document).words else "the page shows no words at all"
    yield Kind.UNKNOWN, "no platform's marks are on the page"


def _led(document: Document) -> str:
    """Return in plain words to which other address a redirect led; "" if to none."""
    return f"the address leads to {normalise(document.url)}" if _is_led(document) else ""


def _is_led(document: Document) -> bool:
    asked, answered = document.page.url, document.url
    return asked != answered and address_of(asked) != address_of(answered)


def _says_article(document: Document) -> bool:
    return document.meta.get("og:type", "").lower() == "article"


def _stated_types(document: Document) -> list[str]:
    return [
        name
        for block in blocks(document)
        for said in top_objects(block.said)
        for name in types(said)
    ]


def _is_front(document: Document) -> bool:
    """Return whether a page is its site's front page: by its canonical link, og:url or redirect."""
    claimed = document.canonical or document.meta.get("og:url", "")
    if not claimed and _is_led(document):
        claimed = document.url
    try:
        parts = urlsplit(claimed)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.path in {"", "/"} and not parts.query
