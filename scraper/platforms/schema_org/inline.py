"""Updates that are in the page's own elements, as microdata or RDFa.

Both are read into the form of JSON-LD, so that one reader serves all three. A property counts only
if its nearest item is the update itself (HTML Standard, 5.2.4): the `url` of a publisher or a
picture within an update is not the update's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.times.instants import moment

MARKUP = "articleBody as markup"

BODIES = frozenset({"articleBody", "text"})

LINKS = {"a": "href", "area": "href", "link": "href"}

SOURCES = frozenset({"audio", "embed", "iframe", "img", "source", "track", "video", "amp-img"})


@dataclass(frozen=True, slots=True)
class Syntax:
    """How microdata or RDFa marks items: selectors for them, and the names of its attributes."""

    name: str
    items: str
    blog: str
    prop: str
    scope: str


MICRODATA = Syntax(
    name="microdata",
    # Plone's live blogs are blog postings whose updates are their comments.
    items="[itemprop~=liveBlogUpdate], article.microupdate[itemprop=comment]",
    blog='[itemtype$="/LiveBlogPosting"]',
    prop="itemprop",
    scope="itemscope",
)

RDFA = Syntax(
    name="rdfa",
    items='[property="liveBlogUpdate"], [property$=":liveBlogUpdate"], '
    '[property$="/liveBlogUpdate"]',
    blog='[typeof$="LiveBlogPosting"]',
    prop="property",
    scope="typeof",
)

# How many elements may lie between an item and its properties.
LAYERS = 60

# A single item is a live blog only where its page says so.
AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Inline:
    """The updates of one page in one syntax, in page order, and the blog's headline, "" if none."""

    syntax: Syntax
    updates: tuple[Mapping[str, object], ...]
    headline: str


def inline_in(document: Document) -> Inline | None:
    """Read the updates of the syntax that the page uses; None where there are too few."""
    for syntax in (MICRODATA, RDFA):
        items = _outermost(document.tree.css(syntax.items))
        if len(items) < AT_LEAST and not (items and document.tree.css_first(syntax.blog)):
            continue
        updates = tuple(_item(node, syntax) for node in items)
        return Inline(syntax, updates, _headline(document, syntax))
    return None


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Leave out nodes that are within others of the list, which is in page order."""
    known = {node.mem_id for node in nodes}
    return [node for node in nodes if not _stands_within(node, known)]


def _stands_within(node: LexborNode, known: set[int]) -> bool:
    above = node.parent
    for _ in range(LAYERS):
        if above is None:
            return False
        if above.mem_id in known:
            return True
        above = above.parent
    return False


def _headline(document: Document, syntax: Syntax) -> str:
    blog = document.tree.css_first(syntax.blog)
    if blog is None:
        return ""
    for node, name in _properties(blog, syntax):
        if name == "headline":
            return squeeze(_value(node))
    return ""


def _item(node: LexborNode, syntax: Syntax) -> dict[str, object]:
    """Return an item in the form of JSON-LD: the first value of each of its properties, by name."""
    said = dict[str, object]()
    stamp = node.attributes.get("data-timestamp")
    if stamp and moment(stamp) is not None:
        said["datePublished"] = stamp
    for within, name in _properties(node, syntax):
        if name in said:
            continue
        if syntax.scope in within.attributes:
            said[name] = _item(within, syntax)
        elif name in BODIES and within.tag != "meta" and not within.attributes.get("content"):
            said.setdefault(MARKUP, within.inner_html or "")
        else:
            said[name] = _value(within)
    if "url" not in said and (link := _own_link(node)):
        said["url"] = link
    return said


def _properties(item: LexborNode, syntax: Syntax) -> Iterator[tuple[LexborNode, str]]:
    """Yield an item's own properties in page order, without those of items within it."""
    for node in item.css(f"[{syntax.prop}]"):
        if node.mem_id != item.mem_id and _is_own(node, item, syntax):
            for name in (node.attributes.get(syntax.prop) or "").split():
                yield node, name.rpartition(":")[2].rpartition("/")[2]


def _is_own(node: LexborNode, item: LexborNode, syntax: Syntax) -> bool:
    """Whether no other item, and fewer than LAYERS elements, lie between property and item."""
    above = node.parent
    for _ in range(LAYERS):
        if above is None or above.mem_id == item.mem_id:
            return True
        if syntax.scope in above.attributes:
            return False
        above = above.parent
    return False


def _value(node: LexborNode) -> str:
    """Return a property's value (HTML Standard, 5.2.4), but `content` first, on any element.

    Publishers put `content` anywhere. The epoch of a time element goes before its clock, which may
    have no zone.
    """
    stated, tag = node.attributes, node.tag or ""
    if stated.get("content") or tag == "meta":
        return stated.get("content") or ""
    if tag in LINKS:
        return stated.get(LINKS[tag]) or ""
    if tag in SOURCES:
        return stated.get("src") or ""
    if tag == "time":
        return stated.get("data-timestamp") or stated.get("datetime") or node.text()
    return stated.get("resource") or stated.get("href") or node.text()


def _own_link(node: LexborNode) -> str:
    """Return the link in or around an update's time, which leads to the update; "" if none."""
    link = node.css_first("time a[href], a[href]:has(time)")
    return (link.attributes.get("href") or "") if link else ""
