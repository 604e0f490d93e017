"""Where on a page something begins with a time of day."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.elements import elements_of
from scraper.markup.html import squeeze
from scraper.platforms.clock.dated import DIGITS, dated, dated_heading
from scraper.platforms.clock.evidence import Evidence
from scraper.platforms.clock.head import (
    BEHIND,
    BOLD,
    HEADINGS,
    INLINE,
    PARAGRAPHS,
    PARTS,
    TEXTS,
    Head,
    Places,
    is_first,
    is_in_a_text,
)
from scraper.platforms.clock.lines import lines_in
from scraper.platforms.clock.prefilter import tags_of_times
from scraper.times.clocks import LONGEST_STAMP, clock_at, clock_behind, stamp_alone
from scraper.times.digits import ascii_digits

DIGIT = re.compile(r"[^\w<]{0,12}(?:\w{1,4}\.?\s?(?:las\s)?)?[0-9]")
# The most characters of a stamp, with the indentation that programs print.
MOST = 200
# A word before a time of day.
WORD = re.compile(r"[^\W\d_]{1,12}\.?\s(?=\d)")
LONGEST_WORD = 24
# Entries of one page may begin in different ones of these.
MIXED = BOLD | HEADINGS.keys()
LOOKED_AT = TEXTS | INLINE | {"div", "header", "td", "th"}
FEWEST = 3
# The most elements that are looked at; no live blog has as many of these tags on one page.
MOST_NODES = 8_000


def heads_in(document: Document, ask: Callable[[], Evidence]) -> dict[str, list[Head]]:
    """Find what begins with a time of day, in page order, by kind.

    `ask` returns the page's evidence of its days, for weekdays and dates without a year.
    """
    places = Places()
    lines = lines_in(document, places)
    tags = _tags(elements_of(document))
    if not tags:
        return lines
    taken = set[int]()
    read = list[tuple[Head, Head | None]]()
    for node in document.tree.css(",".join(sorted(tags)))[:MOST_NODES]:
        head, otherwise = _read(node, places, ask)
        if head is not None and head.node.mem_id not in taken:
            taken.add(head.node.mem_id)
            read.append((head, otherwise))
    return lines | _by_kind(read)


def _read(
    node: LexborNode, places: Places, ask: Callable[[], Evidence]
) -> tuple[Head | None, Head | None]:
    """Return the Head of an element that begins with a time of day, and an alternative Head.

    The alternative has words beside the time in its kind, and is used if most others have the same
    words. Either may be None.
    """
    words = ascii_digits(_own_words(node) or _line(node))
    if DIGIT.match(words) and clock_at(words) is not None:
        told, plain = dated(node, places, ask), _head(node, places)
        if told is None or plain is None or told.day:
            return told or plain or _behind(node, places) or _bare(node, places), None
        return plain, told if plain.clock and plain.clock.rest else None
    if words and len(words) <= MOST and DIGITS.search(words):
        head = dated(node, places, ask) or dated_heading(node, places, ask)
        return head or _behind(node, places) or _after_a_word(node, places), None
    return _after_a_word(node, places) if DIGITS.search(words[:LONGEST_WORD]) else None, None


def _by_kind(read: Sequence[tuple[Head, Head | None]]) -> dict[str, list[Head]]:
    """Group heads by kind; use the alternative where most heads of a kind have the same one."""
    plain = Counter(head.kind for head, _ in read)
    others = Counter(other.kind for _, other in read if other is not None)
    found: dict[str, list[Head]] = {}
    for head, other in read:
        is_alike = other is not None and 2 * others[other.kind] > plain[head.kind]
        best = other if is_alike and other is not None and others[other.kind] >= FEWEST else head
        found.setdefault(best.kind, []).append(best)
    return found


def _tags(markup: bytes) -> set[str]:
    """Return the tags of the elements to look at; rare tags are left out if they are not texts."""
    tags = tags_of_times(markup)
    if sum(tags.values()) < FEWEST:
        return set()
    return {tag for tag, n in tags.items() if tag in MIXED or (n >= FEWEST and tag in LOOKED_AT)}


def _own_words(node: LexborNode) -> str:
    """Return an element's first text, if it comes before any element in it; else ""."""
    child = node.child
    while child is not None and child.tag in {"-text", "-comment"}:
        words = child.text_content if child.tag == "-text" else ""
        if words and not words.isspace():
            return words
        child = child.next
    return ""


def _line(node: LexborNode) -> str:
    """Return the text of an element that holds inline elements only, if it is a stamp; else ""."""
    child = node.child
    while child is not None and (child.tag in INLINE or child.tag in {"-text", "-comment", "svg"}):
        child = child.next
    words = squeeze(node.text()) if child is None and node.child is not None else ""
    return words if len(words) <= LONGEST_STAMP and stamp_alone(words) else ""


def _head(node: LexborNode, places: Places) -> Head | None:
    """Return the Head of the heading or paragraph that a time of day begins, or of the time alone.

    Returns None if there is neither.
    """
    block, bold = node, False
    while block.tag in INLINE:
        bold = bold or block.tag in BOLD
        if block.tag == "a" and "#" not in (block.attributes.get("href") or "#"):
            return None
        parent = block.parent
        if parent is None or not is_first(block):
            return None if is_in_a_text(block) else _stamp(node, block, places)
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


def _stamp(node: LexborNode, within: LexborNode, places: Places) -> Head | None:
    """Return the Head of an element that holds a time of day and nothing else; else None."""
    clock = clock_at(node.text())
    if clock is None or clock.rest:
        return None
    top = node
    while top.mem_id != within.mem_id and top.parent is not None and top.parent.tag in INLINE:
        top = top.parent
    if clock_at(top.text()) != clock:
        top = node
    return _placed(top, f"{node.tag} {node.attributes.get('class') or ''}", places)


def _behind(node: LexborNode, places: Places) -> Head | None:
    """Return the Head of a heading that ends with a time of day; else None."""
    block: LexborNode | None = node
    while block is not None and block.tag in INLINE:
        block = block.parent
    if block is None or block.tag not in HEADINGS or block.tag == "h1":
        return None
    clock = clock_behind(block.text(separator=" "), apart=block.mem_id != node.mem_id)
    above = places.above(block) if clock else None
    return Head(block, block, BEHIND, clock, above) if above else None


def _after_a_word(node: LexborNode, places: Places) -> Head | None:
    """Return the Head of a heading or paragraph with one word before its time: "Godz. 10.32 …".

    The word becomes part of the kind: if it is before each time, it does not belong to the entries'
    words. Returns None for any other element.
    """
    block = node
    while block.tag in INLINE and block.parent is not None and is_first(block):
        block = block.parent
    words = squeeze(block.text()) if block.tag in HEADINGS or block.tag in PARAGRAPHS else ""
    word = WORD.match(words)
    clock = clock_at(words[word.end() :]) if word else None
    above = places.above(block) if clock is not None and block.tag != "h1" else None
    if word is None or clock is None or not above:
        return None
    kind = "heading" if block.tag in HEADINGS or node.tag in BOLD else block.tag
    return Head(block, block, f"{kind} after {word[0]}", clock, above)


def _bare(node: LexborNode, places: Places) -> Head | None:
    """Return the Head of a time of day that is bare text before the other elements of a block.

    Returns None for any other element.
    """
    text = node.child
    while text is not None and (text.tag != "-text" or not squeeze(text.text_content or "")):
        text = text.next
    clock = clock_at(squeeze(text.text_content or "")) if text is not None else None
    above = places.above(node) if clock is not None and not clock.rest else None
    if not above or text is None or node.tag in INLINE:
        return None
    kind = f"text in {node.tag} {node.attributes.get('class') or ''}"
    return Head(text, text, kind, clock, (*above, node))


def _placed(node: LexborNode, kind: str, places: Places) -> Head | None:
    above = places.above(node)
    if not above:
        return None
    # Without it words before and after a line break would be joined.
    apart = " " if node.css_first("br") is not None else ""
    return Head(node, node, kind, clock_at(squeeze(node.text(separator=apart))), above)
