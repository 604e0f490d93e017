"""Rebuild an entry's body for pages tag by tag, so that nothing unknown can be in it.

The html in the store was sanitised when it was read. Here only the elements in the tables below
are written, with every text and address escaped anew: a second defence, whoever filled the store.
The result also suits screen readers: pictures have alt text, lists hold items, and a publisher's
headings become paragraphs, as headings are the page's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape

from lxml import etree

from feeds.links import web_url
from feeds.xml import Element, scrub

_INLINE_NAMES = (
    "a abbr b br cite code del em i img ins kbd mark q s samp small strong sub sup u var"
)
_BLOCK_NAMES = """
    blockquote caption dd div dl dt figcaption figure hr li ol p pre table tbody td tfoot th
    thead tr ul
"""
_GONE_NAMES = """
    applet audio base button canvas embed form frame frameset iframe input link math meta noembed
    noframes noscript object option script select style svg template textarea title video xmp
"""
_INLINE, _BLOCKS = frozenset(_INLINE_NAMES.split()), frozenset(_BLOCK_NAMES.split())
_GONE = frozenset(_GONE_NAMES.split())  # removed with their content
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# The parents that an element may have; elsewhere it becomes a div.
_PARENTS = {
    "li": {"ol", "ul"},
    "dt": {"dl"},
    "dd": {"dl"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "figcaption": {"figure"},
}
# The item of each kind of list, and the children that it may have; any other is put in an item.
_ITEMS = {"ol": ("li", {"li"}), "ul": ("li", {"li"}), "dl": ("dd", {"dt", "dd"})}
_TABLES = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_VOID = frozenset({"br", "hr"})
_DEEPEST = 40  # levels of elements; deeper ones leave their text
_LARGEST = 1_000_000  # characters of a body that are read
_LONGEST_SIDE = 10_000  # of a picture, in pixels, and of other numbers in attributes
_PICTURE = "Picture"
_TAG = re.compile("<[^<>]*>")


@lru_cache(maxsize=2048)
def prose(html: str, *, pictures: bool = True) -> tuple[str, ...]:
    """Return the blocks of a body, each complete html. Never raises.

    Without `pictures` there are links in their place.
    """
    if "<" not in html and "&" not in html:
        words = scrub(html).strip()
        return (f"<p>{escape(words, quote=False)}</p>",) if words else ()
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"<body>{scrub(html[:_LARGEST])}</body>", parser)
    except etree.XMLSyntaxError:
        return ()
    body = None if root is None else root.find("body")
    return () if body is None else tuple(_Writer(pictures=pictures).blocks(body))


def cut(blocks: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the first blocks that together have at most `most` characters.

    If the first one alone has more, return a paragraph of its first words.
    """
    shown: list[str] = []
    room = most
    for block in blocks:
        room -= len(block)
        if room < 0:
            break
        shown.append(block)
    if blocks and not shown:
        return (_first_words(blocks[0], most),)
    return tuple(shown)


def _first_words(block: str, most: int) -> str:
    words = " ".join(unescape(_TAG.sub(" ", block)).split())
    kept = words[: max(most - len("<p>…</p>"), 1)]
    kept = kept.rpartition(" ")[0] or kept
    return f"<p>{escape(kept, quote=False)}…</p>"


def fair_share(sizes: Sequence[int], room: int) -> int:
    """Return the most that each of `sizes` may take, so that their sum fits into `room`.

    Smaller ones leave what they do not need to the others; only the largest are cut.
    """
    left = room
    for place, size in enumerate(ordered := sorted(sizes)):
        share = left // (len(ordered) - place)
        if size > share:
            return share
        left -= size
    return room


@dataclass(slots=True)
class _Writer:
    """Writes an element tree as html. `linked`: the writer is inside a link."""

    pictures: bool
    linked: bool = False
    pieces: list[str] = field(default_factory=list)

    def blocks(self, body: Element) -> Iterator[str]:
        """Yield the content of a body block by block, runs of inline content as paragraphs."""
        self.words(body.text, "div")
        for child in body:
            if _is_block(child):
                yield from self._paragraph()
                self.element(child, "div", 0)
                yield from self._taken()
            else:
                self.element(child, "div", 0)
            self.words(child.tail, "div")
        yield from self._paragraph()

    def _paragraph(self) -> Iterator[str]:
        yield from (f"<p>{run.strip()}</p>" for run in self._taken())

    def _taken(self) -> Iterator[str]:
        written = "".join(self.pieces)
        self.pieces = []
        if written.strip():
            yield written

    def words(self, text: str | None, parent: str) -> None:
        """Write text in a `parent` element: as an item in a list; no blanks between table rows."""
        if not text or (parent in _TABLES and not text.strip()):
            return
        words = escape(text, quote=False)
        if parent in _ITEMS and text.strip():
            item = _ITEMS[parent][0]
            words = f"<{item}>{words}</{item}>"
        self.pieces.append(words)

    def element(self, node: Element, parent: str, depth: int) -> None:
        """Write a child of `parent`: in an item if that is a list, as text if it is too deep."""
        name = node.tag if isinstance(node.tag, str) else ""
        if depth > _DEEPEST:
            self.words("".join(node.itertext()), parent)
            return
        kept = _ITEMS.get(parent)
        if kept and name not in kept[1]:
            self.pieces.append(f"<{kept[0]}>")
            self._element(node, name, kept[0], depth)
            self.pieces.append(f"</{kept[0]}>")
        else:
            self._element(node, name, parent, depth)

    def _element(self, node: Element, name: str, parent: str, depth: int) -> None:
        if name in _GONE:
            return
        if name == "a":
            self._link(node, parent, depth)
        elif name == "img":
            self._picture(node)
        elif name in _HEADINGS:
            self._tagged("p", ' class="sub"', node, depth)
        elif name in _PARENTS and parent not in _PARENTS[name]:
            self._tagged("div", "", node, depth)
        elif name in _VOID:
            self.pieces.append(f"<{name}>")
        elif name in _INLINE or name in _BLOCKS:
            self._tagged(name, _attributes(node, name), node, depth)
        else:
            self._inside(node, parent, depth)

    def _tagged(self, name: str, attributes: str, node: Element, depth: int) -> None:
        self.pieces.append(f"<{name}{attributes}>")
        self._inside(node, name, depth)
        self.pieces.append(f"</{name}>")

    def _inside(self, node: Element, parent: str, depth: int) -> None:
        self.words(node.text, parent)
        for child in node:
            self.element(child, parent, depth + 1)
            self.words(child.tail, parent)

    def _link(self, node: Element, parent: str, depth: int) -> None:
        url = web_url(node.get("href") or "")
        says = "".join(node.itertext()).strip() or node.find(".//img") is not None
        if not url or not says or self.linked:
            self._inside(node, parent, depth)
            return
        self.linked = True
        self._tagged("a", f' href="{escape(url)}"', node, depth)
        self.linked = False

    def _picture(self, node: Element) -> None:
        url = web_url(node.get("src") or "")
        if not url:
            return
        alt = " ".join((node.get("alt") or "").split())
        if not self.pictures:
            said = escape(f"{_PICTURE}: {alt}" if alt else _PICTURE)
            self.pieces.append(said if self.linked else f'<a href="{escape(url)}">{said}</a>')
            return
        says = escape(alt or (_PICTURE if self.linked else ""))
        sizes = "".join(_size(node, name) for name in ("width", "height"))
        self.pieces.append(f'<img src="{escape(url)}" alt="{says}"{sizes} loading="lazy">')


def _is_block(node: Element) -> bool:
    return isinstance(node.tag, str) and (node.tag in _BLOCKS or node.tag in _HEADINGS)


def _attributes(node: Element, name: str) -> str:
    if name == "abbr" and (title := node.get("title")):
        return f' title="{escape(title)}"'
    if name in {"td", "th"}:
        return _size(node, "colspan") + _size(node, "rowspan")
    if name == "ol":
        return _size(node, "start")
    return ""


def _size(node: Element, name: str) -> str:
    """Return the attribute `name` if its value is a whole number from 1 to 10,000, else ""."""
    said = (node.get(name) or "").strip()
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= 5 else 0  # noqa: PLR2004 - five digits
    return f' {name}="{number}"' if 0 < number <= _LONGEST_SIDE else ""
