"""Entries that are lines of bare text, separated by line breaks only."""

import re

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.elements import elements_of
from scraper.platforms.clock.head import Head, Places
from scraper.times.clocks import clock_at

KIND = "line"
# A line break that is followed by what looks like a time of day.
BROKEN = re.compile(rb"<[bB][rR]\s?/?>\s{0,20}\(?\d\d?\s?[:.hH]\s?\d\d\D")
FEWEST = 3


def lines_in(document: Document, places: Places) -> dict[str, list[Head]]:
    """Find bare texts that begin with a time of day, after a break or first in what has breaks.

    Returns {} if there are fewer than three.
    """
    if sum(1 for _ in BROKEN.finditer(elements_of(document))) < FEWEST - 1:
        return {}
    found = list[Head]()
    holders = dict[int, LexborNode]()
    for broken in document.tree.css("br"):
        if broken.parent is not None:
            holders.setdefault(broken.parent.mem_id, broken.parent)
    for holder in holders.values():
        above = places.above(holder)
        if above is not None:
            found += _lines_of(holder, (*above, holder))
    return {KIND: found} if len(found) >= FEWEST else {}


def _lines_of(holder: LexborNode, above: tuple[LexborNode, ...]) -> list[Head]:
    found, is_new = list[Head](), True
    for child in holder.iter(include_text=True):
        words = (child.text_content or "").strip() if child.tag == "-text" else ""
        clock = clock_at(words) if words and is_new else None
        if clock is not None and clock.rest:
            found.append(Head(child, child, KIND, clock, above))
        if words or child.tag != "-text":
            is_new = child.tag == "br"
    return found
