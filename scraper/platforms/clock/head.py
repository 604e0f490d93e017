"""The beginning of an entry, and what stands around it."""

import re
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.times.clocks import Clock

# The kind of what its publisher marks as the beginning of an entry.
MARKED = "block"
# The kind of headlines that end with their time.
BEHIND = "heading before its time"
# What is folded below a summary is headed by it.
HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 4}
_INLINE = "a abbr b bdi button cite code data em font i label mark small span strong sub sup time u"
INLINE = frozenset(_INLINE.split())
PARAGRAPHS = frozenset({"p", "li", "dt"})
BOLD = frozenset({"strong", "b"})
TEXTS = PARAGRAPHS | BOLD | HEADINGS.keys()
# What an item of a list holds that is a whole entry rather than its first paragraph.
PARTS = "p, div, section, article, h2, h3, h4, h5, h6"
# What stands around the words of a page, and lists of what stands elsewhere.
AROUND = frozenset({"nav", "aside", "footer", "form", "table", "button", "dialog"})
ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentare?|sidebar|related|(?<!elementor-)widget|disqus)(?:$|[\s_-])",
    re.IGNORECASE,
)
# A table is a list of results, departures, prices; some newsrooms write their tickers in one.
LIVE = re.compile(r"live|ticker", re.IGNORECASE)
# So many letters a row are sentences, in so many rows.
ROW, ROWS = 80, 3
# Signs of Chinese, Japanese and Korean, each of which says what takes two letters.
DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
DEEPEST = 64


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The beginning of one entry.

    `node` holds the time of day, and is a heading, a paragraph, or a stamp with nothing else in
    it; `kind` tells which, so that like is held to like. `start` is where the entry begins, which
    is an element around or before its time where its publisher marks one. `above` are the elements
    around `node`, outermost first. `clock` is None where a publisher's mark stands without one.
    `supposed` whether its day is one of several that its words can mean, the page telling none.
    """

    node: LexborNode
    start: LexborNode
    kind: str
    clock: Clock | None
    above: tuple[LexborNode, ...]
    day: date | None = None
    supposed: bool = False

    @property
    def level(self) -> int:
        """The level of its heading; of what is none, the lowest that still ends an entry."""
        return HEADINGS.get(self.node.tag or "", 3)


class Places:
    """What is around elements, and whether that is where no entries stand, told once for each."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[LexborNode, ...] | None] = {}

    def above(self, node: LexborNode) -> tuple[LexborNode, ...] | None:
        """Give the elements around a node; None beside or around the words of a page."""
        parent = node.parent
        if parent is None or parent.tag in {"html", "-undef"}:
            return ()
        name = parent.mem_id
        if name not in self._known:
            outer = None if _is_beside(parent) else self.above(parent)
            within = outer is not None and len(outer) < DEEPEST
            self._known[name] = (*outer, parent) if within and outer is not None else None
        return self._known[name]


def around(node: LexborNode) -> tuple[LexborNode, ...]:
    """Give the elements around a node within the body, outermost first."""
    above = list[LexborNode]()
    parent = node.parent
    while parent is not None and parent.tag not in {"html", "-undef"}:
        above.append(parent)
        parent = parent.parent
    return tuple(reversed(above))


def is_in_a_text(node: LexborNode) -> bool:
    """Whether an inline element stands in a paragraph, an item, a heading."""
    outer = node.parent
    while outer is not None and outer.tag in INLINE:
        outer = outer.parent
    if outer is None or outer.tag not in TEXTS:
        return False
    return outer.tag != "li" or outer.css_first(PARTS) is None


def is_first(node: LexborNode) -> bool:
    """Whether an element is the first of what is in its parent."""
    before = node.prev
    while before is not None:
        if before.tag != "-comment" and (
            before.tag != "-text" or (before.text_content or "").strip()
        ):
            return False
        before = before.prev
    return True


def _is_beside(node: LexborNode) -> bool:
    stated = node.attributes
    names = f"{stated.get('id') or ''} {stated.get('class') or ''}"
    if node.tag == "button" and "aria-expanded" in stated:
        return False
    if node.tag == "table" and (LIVE.search(names) or _is_of_texts(node)):
        return False
    return node.tag in AROUND or (node.tag != "body" and bool(ASIDE.search(names)))


def _is_of_texts(table: LexborNode) -> bool:
    """Whether a table's rows say as much as the entries of a ticker."""
    rows = len(table.css("tr"))
    text = table.text()
    return rows >= ROWS and len(text) + len(DENSE.findall(text)) >= ROW * rows
