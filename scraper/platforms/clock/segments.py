"""Dividing a page at its times of day: which elements belong to which entry."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.hints.labels import headline, label_of
from scraper.markup.html import squeeze
from scraper.platforms.clock.head import HEADINGS, INLINE, MARKED, Head, around
from scraper.times.clocks import stamp_alone
from scraper.times.dates import LONGEST, day_alone

# Elements that a body consists of; others are searched for such elements.
_CONTENT = "p ul ol dl blockquote figure pre table img picture iframe -text br"
CONTENT = frozenset(_CONTENT.split())
_UNSEEN = """
    script style template button nav svg form aside noscript time -comment footer input
    select dialog
"""
UNSEEN = frozenset(_UNSEEN.split())
FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|comments?-(?:count|link|form)|advert\w*|ads?|adslot|promo|newsletter|related|"
    r"recirc\w*|toolbar|teaser|pill|badge|sr-only|visually-hidden)(?:$|[\s_-])",
    re.IGNORECASE,
)
TITLES = re.compile(
    r"title|headline|titre|titel|heading|titulo|titolo|rubrik|nadpis|tytul|zagolov|baslik|judul"
    r"|(?:^|[\s_-])(?:head|ttl|tit|hd)(?:$|[\s_-])",
    re.IGNORECASE,
)
AUTHORS = re.compile(
    r"(?:^|[\s_-])(?:author|byline|auteur|autor|contributor|reporter|writer)s?(?:$|[\s_-])",
    re.IGNORECASE,
)
DIGIT = re.compile("[0-9]")
WORD = re.compile(r"\w")
BETWEEN = " •·|,–—-"
# The most characters of a day, with the indentation that programs print.
MOST = 4 * LONGEST
# Any day, to test whether a text is a date without a year.
SOME_DAY = date(2000, 1, 1)
# The least share of the container's text that is in the entries' blocks if these hold the entries.
MOSTLY = 0.7
# How many elements outwards from the entries, and beside each, day headings and lists may be.
OUTWARDS, NEXT = 4, 3


@dataclass(slots=True)
class Segment:
    """One entry's part of a page: its beginning, and what follows up to the next entry.

    `headings` is the number of day headings before it. `block` is the element that holds it and
    nothing else, None if entries follow one another without one. `headline` is a heading other than
    its beginning, `key` whether a label calls it a key event, `day` the day that the entry itself
    names.
    """

    head: Head
    headings: int
    block: LexborNode | None = None
    headline: LexborNode | None = None
    title: str = ""
    authors: str = ""
    key: bool = False
    day: date | None = None
    pieces: list[LexborNode] = field(default_factory=list)


@dataclass(slots=True)
class Parted:
    """A page divided into entries, with its day headings and the lists around the entries.

    `in_blocks` is whether each entry is in an element of its own, with all its words.
    """

    segments: list[Segment]
    days: list[date]
    lists: list[LexborNode]
    in_blocks: bool


def part(container: LexborNode, heads: Sequence[Head], near: date | None) -> Parted:
    """Divide a container into entries; `near` is the day by which the years of dates are chosen."""
    return _Parting(container, heads, near).parted()


class _Parting:
    """A walk over a container in page order that keeps track of the current entry."""

    def __init__(self, container: LexborNode, heads: Sequence[Head], near: date | None) -> None:
        self._container, self._near = container, near
        self._above = {each.mem_id for head in heads for each in (*head.above, *_between(head))}
        self._heads = {head.node.mem_id for head in heads}
        self._blocks = _blocks(container, heads)
        starts = self._blocks or [head.start for head in heads]
        self._starts = {s.mem_id: head for s, head in zip(starts, heads, strict=True)}
        self._apart = bool(self._blocks) and _hold_their_bodies(self._blocks, container)
        self._above |= {b.mem_id for b in self._blocks}
        self._open: Segment | None = None
        self._found = Parted([], [], [], self._apart)

    def parted(self) -> Parted:
        """Walk the container and its surroundings, for days and lists; return the result."""
        before, after = _surroundings(self._container)
        for node in before:
            self._look_at(node)
        self._walk(self._container)
        self._open = None
        for node in after:
            self._look_at(node)
        return self._found

    def _walk(self, node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            name = child.mem_id
            head = self._starts.get(name)
            if head is not None:
                block = child if self._blocks else None
                self._open = Segment(head, len(self._found.days), block)
                self._found.segments.append(self._open)
            if name in self._heads and name not in self._above:
                continue
            if name in self._above:
                if not _is_stamp(child):
                    self._walk(child)
                elif self._open is not None and self._blocks:
                    self._open.day = self._open.day or _day_of_stamp(child, self._near)
                if head is not None and self._apart:
                    self._open = None
            elif head is None or head.node.mem_id != head.start.mem_id:
                self._take(child)

    def _take(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in UNSEEN and not self._is_day(node):
            return
        if self._is_day(node):
            return
        if self._open is None:
            if tag != "-text":
                self._found.lists += [node] if tag in {"ul", "ol"} else node.css("ul, ol")
            return
        if tag in HEADINGS:
            self._take_heading(node)
        elif tag in CONTENT or tag in INLINE:
            self._take_content(node)
        else:
            self._look_into(node)

    def _take_heading(self, node: LexborNode) -> None:
        segment = self._open
        if segment is None:
            return
        clock = segment.head.clock
        bare = clock is None or not clock.rest
        if bare and not segment.title and (self._blocks or not segment.pieces):
            segment.title, segment.headline = headline(node), node
        elif self._blocks or HEADINGS[node.tag or ""] > segment.head.level:
            segment.pieces.append(node)
        else:
            self._open = None

    def _take_content(self, node: LexborNode) -> None:
        segment = self._open
        if segment is None:
            return
        if node.tag == "-text":
            words = (node.text_content or "").strip()
            if WORD.search(words) and not label_of(words):
                segment.pieces.append(node)
            return
        stated = _names(node)
        if stated and FURNITURE.search(stated):
            return
        if self._blocks and AUTHORS.search(stated):
            segment.authors = segment.authors or squeeze(node.text())
        elif self._blocks and not segment.title and TITLES.search(stated):
            segment.title = squeeze(node.text())
        elif node.tag in {"p", *INLINE} and (label := label_of(node.text())):
            segment.key = segment.key or label == "key"
        else:
            segment.pieces.append(node)

    def _look_into(self, node: LexborNode) -> None:
        """Take what is in a box; outside blocks, one with its own heading belongs to no entry."""
        stated = _names(node)
        segment = self._open
        label = label_of(node.text()) if segment else ""
        if FURNITURE.search(stated) or label:
            if segment is not None:
                segment.key = segment.key or label == "key"
            return
        if self._blocks and segment is not None:
            if AUTHORS.search(stated) and node.css_first("h1, h2, h3, h4, h5, h6") is None:
                segment.authors = segment.authors or squeeze(node.text())
                return
            if TITLES.search(stated) and node.css_first("p, h1, h2, h3, h4, h5, h6") is None:
                segment.title = segment.title or squeeze(node.text())
                return
        elif node.tag != "dd" and (heading := node.css_first("h1, h2, h3, h4, h5, h6")):
            if squeeze(heading.text()) == squeeze(node.text()):
                self._take_heading(heading)
            return
        for child in node.iter(include_text=True):
            self._take(child)

    def _is_day(self, node: LexborNode) -> bool:
        """Whether a node is a date alone; if so, record it for its block, or as a day heading."""
        if node.tag in {"-text", "-comment", "script", "style"}:
            return False
        text = node.text()
        if len(text) > MOST or not DIGIT.search(text):
            return False
        day = day_alone(squeeze(text), self._near)
        if day is None or _goes_on_a_sentence(node):
            return False
        if self._blocks and self._open is not None:
            self._open.day = self._open.day or day
            return True
        self._found.days.append(day)
        self._open = None
        return True

    def _look_at(self, node: LexborNode) -> None:
        """Take an element near the container: a heading that is a day, or lists."""
        heading = node if node.tag in HEADINGS else node.css_first("h1, h2, h3, h4, h5, h6")
        if heading is not None and squeeze(heading.text()) == squeeze(node.text()):
            self._is_day(heading)
        elif heading is None:
            self._found.lists += node.css("ul, ol")


def _day_of_stamp(node: LexborNode, near: date | None) -> date | None:
    """Return the day beside a time in the same element; None if there is none."""
    told = stamp_alone(_spaced(node))
    return day_alone(told[0].rstrip(BETWEEN), near) if told and told[0] else None


def _spaced(node: LexborNode) -> str:
    """Return an element's text with spaces between its parts; "" if it is too long for a stamp."""
    words = node.text(separator=" ")
    return words if len(words) <= MOST else ""


def _is_stamp(node: LexborNode) -> bool:
    """Whether an element around a time holds nothing but a stamp: "Posted at 15:42"."""
    if node.tag == "time":
        return True
    told = stamp_alone(_spaced(node))
    return told is not None and (not told[0] or day_alone(told[0], SOME_DAY) is not None)


def _goes_on_a_sentence(node: LexborNode) -> bool:
    """Whether text precedes an inline element directly: a date in it is then not a heading."""
    before = node.prev if node.tag in INLINE else None
    if before is None or before.tag != "-text":
        return False
    return WORD.search(before.text_content or "") is not None


def _names(node: LexborNode) -> str:
    stated = node.attributes
    return f"{stated.get('class') or ''} {stated.get('id') or ''}" if stated else ""


def _blocks(container: LexborNode, heads: Sequence[Head]) -> list[LexborNode]:
    """Return the elements that hold one entry each; [] if entries have no such elements."""
    depth = len(heads[0].above) - 1
    while depth >= 0 and heads[0].above[depth].mem_id != container.mem_id:
        depth -= 1
    within = Counter(node.mem_id for head in heads for node in head.above)
    own = [[node for node in head.above[depth + 1 :] if within[node.mem_id] == 1] for head in heads]
    if all(own):
        # The outermost element around the only entry of a day also holds the day's heading.
        (tag, _), *_ = Counter(nodes[0].tag for nodes in own).most_common(1)
        return [next((n for n in nodes if n.tag == tag), nodes[0]) for nodes in own]
    around = [h.start for h in heads if h.node.mem_id != h.start.mem_id and _holds(h.start, h.node)]
    return around if len(around) == len(heads) else []


def _between(head: Head) -> list[LexborNode]:
    """Return the elements around a time within its block, and the block that a publisher marks."""
    if head.kind != MARKED:
        return []
    return [head.start, *around(head.node)]


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    above = inner.parent
    while above is not None and above.mem_id != outer.mem_id:
        above = above.parent
    return above is not None


def _hold_their_bodies(blocks: Sequence[LexborNode], container: LexborNode) -> bool:
    """Whether the entries' texts are in their blocks rather than between them."""
    holding = sum(block.css_first("p, ul, ol, blockquote, figure") is not None for block in blocks)
    if 2 * holding >= len(blocks):
        return True
    return sum(len(block.text()) for block in blocks) >= MOSTLY * len(container.text())


def _surroundings(container: LexborNode) -> tuple[list[LexborNode], list[LexborNode]]:
    """Return the elements just before, and just after, a container and the elements around it.

    Both are in page order.
    """
    before, after = list[LexborNode](), list[LexborNode]()
    inner = container
    for _ in range(OUTWARDS):
        if inner.tag in {"article", "main", "body"} or inner.parent is None:
            break
        before = [*_neighbours(inner, forwards=False)[::-1], *before]
        after += _neighbours(inner, forwards=True)
        inner = inner.parent
    return before, after


def _neighbours(node: LexborNode, *, forwards: bool) -> list[LexborNode]:
    found = list[LexborNode]()
    beside = node.next if forwards else node.prev
    while beside is not None and len(found) < NEXT:
        if beside.tag not in {"-text", "-comment", "script", "style"}:
            found.append(beside)
        beside = beside.next if forwards else beside.prev
    return found
