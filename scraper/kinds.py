"""What a page is that no platform knows: an article, a listing, or nothing that can be told."""

from urllib.parse import urlsplit

from scraper.document import Document
from scraper.jsonld import blocks, top_objects, types
from store.sighting import Kind

_LISTS = frozenset({"CollectionPage", "SearchResultsPage"})
_ARTICLE_ITEM = '[itemtype$="Article"][itemscope], [typeof$="Article"]'
_SHELL = (
    "its JSON-LD says LiveBlogPosting, but lists no updates that can be told apart; "
    "a script may load them"
)


def kind_of(document: Document) -> tuple[Kind, str]:
    """Tell what kind of page this is, and in plain words by what.

    The page's own address goes first: a front page carries the marks of what it links to. Then
    what it says it is: og:type, JSON-LD at its top, microdata.
    """
    stated = _stated_types(document)
    article = next((name for name in stated if name.endswith(("Article", "BlogPosting"))), "")
    listing = next((name for name in stated if name in _LISTS), "")
    marked = document.tree.css_first(_ARTICLE_ITEM) is not None
    told = (
        (Kind.UNKNOWN, _SHELL if "LiveBlogPosting" in stated else ""),
        (Kind.LISTING, "its address is the front of its site" if _is_front(document) else ""),
        (Kind.ARTICLE, "its og:type is article" if _says_article(document) else ""),
        (Kind.ARTICLE, article and f"its JSON-LD says {article}"),
        (Kind.ARTICLE, "its elements are marked as an article" if marked else ""),
        (Kind.LISTING, listing and f"its JSON-LD says {listing}"),
        (Kind.UNKNOWN, "no platform's marks are on the page"),
    )
    return next((kind, why) for kind, why in told if why)


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
    """Whether a page says that its address is its site's own, by its canonical link or og:url."""
    claimed = document.canonical or document.meta.get("og:url", "")
    try:
        parts = urlsplit(claimed)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.path in {"", "/"} and not parts.query
