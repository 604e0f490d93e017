"""The beginning of an entry, and the elements around it."""

import re
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.times.clocks import Clock

# The kind of an entry's beginning that its publisher marks.
MARKED = "block"
# The kind of a headline that ends with its time.
BEHIND = "heading before its time"
# A `summary` is the heading of what is folded below it.
HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 4}
_INLINE = "a abbr b bdi button cite code data em font i label mark small span strong sub sup time u"
INLINE = frozenset(_INLINE.split())
PARAGRAPHS = frozenset({"p", "li", "dt"})
BOLD = frozenset({"strong", "b"})
TEXTS = PARAGRAPHS | BOLD | HEADINGS.keys()
# Elements in a list's item that is a whole entry rather than an entry's first paragraph.
PARTS = "p, div, section, article, h2, h3, h4, h5, h6"
# Elements around a page's own text, or with links to other pages.
AROUND = frozenset({"nav", "aside", "footer", "form", "table", "button", "dialog"})
ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentare?|sidebar|related|(?<!elementor-)widget|disqus)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Most tables list results, departures or prices; some newsrooms write their tickers in one.
LIVE = re.compile(r"live|ticker", re.IGNORECASE)
# The fewest letters a row, and the fewest rows, of a table with sentences.
ROW, ROWS = 80, 3
# Chinese, Japanese and Korean signs, each of which counts as two letters.
DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
DEEPEST = 64


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The beginning of one entry.

    `node` holds the time of day: a heading, a paragraph, or a stamp with nothing else in it. `kind`
    says which, so that only entries of one kind are compared. `start` is where the entry begins,
    which is an element around or before `node` if the publisher marks one. `above` are the elements
    around `node`, outermost first. `clock` is None if a publisher's mark has no time. `supposed` is
    whether `day` is one of several possible days, as the page does not say which.
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
        """The level of its heading; 3 if it is none, so that headings h1 to h3 end its entry."""
        return HEADINGS.get(self.node.tag or "", 3)


class Places:
    """Finds the elements around a node, and whether entries may be there; remembers each answer."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[LexborNode, ...] | None] = {}

    def above(self, node: LexborNode) -> tuple[LexborNode, ...] | None:
        """Return the elements around a node, outermost first.

        Returns None if the node is not in the page's own text, or is nested too deeply.
        """
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
    """Return the elements around a node up to the body, outermost first."""
    above = list[LexborNode]()
    parent = node.parent
    while parent is not None and parent.tag not in {"html", "-undef"}:
        above.append(parent)
        parent = parent.parent
    return tuple(reversed(above))


def is_in_a_text(node: LexborNode) -> bool:
    """Whether an inline element is within a paragraph, a heading, or a list item of one text."""
    outer = node.parent
    while outer is not None and outer.tag in INLINE:
        outer = outer.parent
    if outer is None or outer.tag not in TEXTS:
        return False
    return outer.tag != "li" or outer.css_first(PARTS) is None


def is_first(node: LexborNode) -> bool:
    """Whether an element is the first in its parent, blanks and comments aside."""
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
    """Whether a table's rows are as long as the entries of a ticker."""
    rows = len(table.css("tr"))
    text = table.text()
    return rows >= ROWS and len(text) + len(DENSE.findall(text)) >= ROW * rows
