"""Where on a page something begins with a time of day."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.elements import elements_of
from scraper.markup.html import squeeze
from scraper.platforms.clock.evidence import Evidence
from scraper.platforms.clock.prefilter import tags_of_times
from scraper.times.clocks import (
    LONGEST_STAMP,
    YEARED,
    Clock,
    clock_at,
    clock_behind,
    stamp_alone,
    stamp_at,
    words_before,
)
from scraper.times.dates import day_alone, day_in, days_words, is_yesterday, weekday_alone
from scraper.times.digits import ascii_digits

DIGIT = re.compile(r"[^\w<]{0,12}(?:\w{1,4}\.?\s?(?:las\s)?)?[0-9]")
# Who wrote, before when: "Ada Lindqvist · 18 November 2026 15:42".
SIGNED = re.compile(r"[^\d·|•]{3,40}[·|•]\s*")
DIGITS = re.compile(r"\d")
# A date beside a time of day: "18/11", "18.11".
FIGURES = re.compile(r"(\d\d?)[./](\d\d?)")
# A stamp, indented as programs print it, and the longest word beside one.
MOST, BESIDE = 200, 16
UPDATED = re.compile(
    r"updat|aktualisiert|stand:|mis à jour|aggiornat|actualizad|atualizad|bijgewerkt|zaktualiz"
    r"|изменен",
    re.IGNORECASE,
)

# The kind of what its publisher marks as the beginning of an entry.
MARKED = "block"
# The kind of headlines that end with their time.
BEHIND = "heading before its time"
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_INLINE = "a abbr b bdi button em font i label mark small span strong sub sup time u"
INLINE = frozenset(_INLINE.split())
PARAGRAPHS = frozenset({"p", "li", "dt"})
BOLD = frozenset({"strong", "b"})
# What an item of a list holds that is a whole entry rather than its first paragraph.
PARTS = "p, div, section, article, h2, h3, h4, h5, h6"
TEXTS = PARAGRAPHS | BOLD | HEADINGS.keys()
# One page may have some of its entries begin in one of these, and some in another.
MIXED = BOLD | HEADINGS.keys()
LOOKED_AT = TEXTS | INLINE | {"div", "header", "td", "th"}
FEWEST = 3
# Elements that are looked at; no live blog has as many of their kinds on one page.
MOST_NODES = 12_000

# What stands around the words of a page, and lists of what stands elsewhere.
AROUND = frozenset({"nav", "aside", "footer", "form", "table", "button", "dialog"})
ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|kommentare?|sidebar|related|(?<!elementor-)widget|disqus)(?:$|[\s_-])",
    re.IGNORECASE,
)
# A table is a list of results, departures, prices; some newsrooms write their tickers in one.
LIVE = re.compile(r"live|ticker", re.IGNORECASE)
# So many letters a row are sentences.
ROW = 80
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


def heads_in(document: Document, ask: Callable[[], Evidence]) -> dict[str, list[Head]]:
    """Find what begins with a time of day, in page order, by kind.

    `ask` gives what else the page says of its days, for dates without a year and for weekdays.
    """
    tags = _tags(elements_of(document))
    if not tags:
        return {}
    places = _Places()
    taken = set[int]()
    read = list[tuple[Head, Head | None]]()
    for node in document.tree.css(",".join(sorted(tags)))[:MOST_NODES]:
        head, otherwise = _read(node, places, ask)
        if head is not None and head.node.mem_id not in taken:
            taken.add(head.node.mem_id)
            read.append((head, otherwise))
    return _by_kind(read)


def _read(
    node: LexborNode, places: "_Places", ask: Callable[[], Evidence]
) -> tuple[Head | None, Head | None]:
    """Tell what a time of day begins, and what else it may begin if others like it do."""
    words = ascii_digits(_own_words(node) or _line(node))
    if DIGIT.match(words) and clock_at(words) is not None:
        dated, plain = _dated(node, places, ask), _head(node, places)
        if dated is None or plain is None or dated.day:
            return dated or plain or _behind(node, places), None
        return plain, dated if plain.clock and plain.clock.rest else None
    if words and len(words) <= MOST and DIGITS.search(words):
        head = _dated(node, places, ask) or _dated_heading(node, places, ask)
        return head or _behind(node, places), None
    return None, None


def _by_kind(read: Sequence[tuple[Head, Head | None]]) -> dict[str, list[Head]]:
    """Gather beginnings by kind; what stands beside most times alike is none of their words."""
    plain = Counter(head.kind for head, _ in read)
    others = Counter(other.kind for _, other in read if other is not None)
    found: dict[str, list[Head]] = {}
    for head, other in read:
        is_alike = other is not None and 2 * others[other.kind] > plain[head.kind]
        best = other if is_alike and other is not None and others[other.kind] >= FEWEST else head
        found.setdefault(best.kind, []).append(best)
    return found


class _Places:
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


def _tags(markup: bytes) -> set[str]:
    """Name the elements to look at; those of a few are left out where they are no text."""
    tags = tags_of_times(markup)
    if sum(tags.values()) < FEWEST:
        return set()
    return {tag for tag, n in tags.items() if tag in MIXED or (n >= FEWEST and tag in LOOKED_AT)}


def _own_words(node: LexborNode) -> str:
    """Give the text with which an element begins itself, before any other element in it."""
    child = node.child
    while child is not None and child.tag in {"-text", "-comment"}:
        words = child.text_content if child.tag == "-text" else ""
        if words and not words.isspace():
            return words
        child = child.next
    return ""


def _line(node: LexborNode) -> str:
    """Give the words of an element that begins with another and goes on with a time of day."""
    child = node.child
    while child is not None and (child.tag in INLINE or child.tag in {"-text", "-comment", "svg"}):
        child = child.next
    words = squeeze(node.text()) if child is None and node.child is not None else ""
    return words if len(words) <= LONGEST_STAMP and stamp_alone(words) else ""


def _head(node: LexborNode, places: _Places) -> Head | None:
    """Tell what a time of day begins: a heading, a paragraph, or nothing but itself."""
    block, bold = node, False
    while block.tag in INLINE:
        bold = bold or block.tag in BOLD
        if block.tag == "a" and "#" not in (block.attributes.get("href") or "#"):
            return None
        parent = block.parent
        if parent is None or not _is_first(block):
            return None if _is_in_a_text(block) else _stamp(node, block, places)
        block = parent
    if block.tag in HEADINGS:
        kind = "heading"
    elif block.tag in PARAGRAPHS:
        if block.tag != "p" and block.mem_id != node.mem_id and block.css_first(PARTS):
            return _stamp(node, block, places)
        kind = "heading" if bold else block.tag or ""
    else:
        return _stamp(node, block, places)
    return _placed(block, kind, places)


def _is_in_a_text(node: LexborNode) -> bool:
    outer = node.parent
    while outer is not None and outer.tag in INLINE:
        outer = outer.parent
    if outer is None or outer.tag not in TEXTS:
        return False
    return outer.tag != "li" or outer.css_first(PARTS) is None


def _stamp(node: LexborNode, within: LexborNode, places: _Places) -> Head | None:
    """Take an element that holds a time of day and nothing else."""
    clock = clock_at(node.text())
    if clock is None or clock.rest:
        return None
    top = node
    while top.mem_id != within.mem_id and top.parent is not None and top.parent.tag in INLINE:
        top = top.parent
    if clock_at(top.text()) != clock:
        top = node
    return _placed(top, f"{node.tag} {node.attributes.get('class') or ''}", places)


def _dated(node: LexborNode, places: _Places, ask: Callable[[], Evidence]) -> Head | None:
    """Take an element that holds a date and a time of day, and nothing else but a word or two.

    Where no language's words for it are known, what stands beside each time alike is none of its
    entry's words: it is part of the kind.
    """
    node = _whole_line(node)
    told = stamp_alone(_until_updated(node.text()))
    if told is None or (node.tag in INLINE and _is_in_a_text(node)):
        return None
    day, supposed = _day(*told, ask) if told[0] else (None, False)
    beside = "" if day else told[0]
    if beside and (signed := SIGNED.match(beside)):
        day, supposed = _day(beside[signed.end() :], told[1], ask)
        beside = "" if day else beside
    if beside and DIGITS.search(beside):
        day = day_in(beside, ask().near)
        supposed = ask().best is None and not YEARED.search(beside)
        beside = " ".join(days_words(beside))
    above = places.above(node) if day or not DIGITS.search(told[0]) else None
    if not above or len(beside) > BESIDE:
        return None
    kind = f"{node.tag} {node.attributes.get('class') or ''}{beside and ' beside '}{beside}"
    return Head(node, node, kind, told[1], above, day, supposed)


def _until_updated(text: str) -> str:
    """Give what stands before the word for an update: "10:42 (updated 11:05)"."""
    updated = UPDATED.search(text)
    return text[: updated.start()] if updated else text


def _whole_line(node: LexborNode) -> LexborNode:
    """Give the line that an element is the whole of: "<p><em>Posted at 3:32 p.m.</em></p>"."""
    while node.tag in INLINE and node.parent is not None and node.parent.tag in INLINE | {"p"}:
        if node.parent.text(strip=True) != node.text(strip=True):
            break
        node = node.parent
    return node


def _day(words: str, clock: Clock, ask: Callable[[], Evidence]) -> tuple[date | None, bool]:
    """Read a date alone, or a weekday: the last one that the page can mean.

    The second value is whether it is only supposed.
    """
    day, supposed = _weekday(words, clock, ask)
    if day is not None:
        return day, supposed
    if figures := FIGURES.fullmatch(words):
        words = f"{figures[1]:0>2}-{figures[2]:0>2}"
    return day_alone(words, ask().near), ask().best is None and not YEARED.search(words)


def _weekday(words: str, clock: Clock, ask: Callable[[], Evidence]) -> tuple[date | None, bool]:
    if is_yesterday(words):
        return ask().eve, ask().changed is None
    weekday = weekday_alone(words)
    if weekday is None:
        return None, False
    return ask().last(weekday, clock.minutes), not ask().one_week


def _dated_heading(node: LexborNode, places: _Places, ask: Callable[[], Evidence]) -> Head | None:
    """Take a heading, or a paragraph that begins in bold, that begins with a date and a time."""
    block = node
    while block.tag in INLINE and block.parent is not None and _is_first(block):
        block = block.parent
    if block.tag not in HEADINGS and (block.tag not in PARAGRAPHS or node.tag not in BOLD):
        return None
    told, clock = stamp_at(block.text())
    if clock is None:
        return None
    if told:
        day = day_in(told, ask().near)
        supposed = ask().best is None and not YEARED.search(told)
    else:
        day, supposed = _weekday(words_before(block.text()), clock, ask)
    above = places.above(block) if day else None
    return Head(block, block, "heading", clock, above, day, supposed) if above else None


def _behind(node: LexborNode, places: _Places) -> Head | None:
    """Take a heading that ends with a time of day."""
    block: LexborNode | None = node
    while block is not None and block.tag in INLINE:
        block = block.parent
    if block is None or block.tag not in HEADINGS or block.tag == "h1":
        return None
    clock = clock_behind(block.text(separator=" "), apart=block.mem_id != node.mem_id)
    above = places.above(block) if clock else None
    return Head(block, block, BEHIND, clock, above) if above else None


def _placed(node: LexborNode, kind: str, places: _Places) -> Head | None:
    above = places.above(node)
    if not above:
        return None
    # Where lines are broken words would run into each other.
    apart = " " if node.css_first("br") is not None else ""
    return Head(node, node, kind, clock_at(squeeze(node.text(separator=apart))), above)


def _is_first(node: LexborNode) -> bool:
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
    return rows >= FEWEST and len(table.text()) >= ROW * rows
