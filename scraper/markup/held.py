"""Long attribute values, left out of the markup that is parsed.

Pages hand their scripts whole models in attributes: a hundred kilobytes of JSON, every quote of it
escaped, which a parser reads character by character and only copies. What is between the quotes of
an attribute changes nothing around it, so that it can be taken out before and read on request. A
stand-in is put in its place; that the tree has it as that attribute's value proves that the text
was one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.cut import Gap
from scraper.markup.word import Word


@dataclass(frozen=True, slots=True)
class Holders:
    """Which values are held back: those of `attribute` in elements that start with a `begins` word.

    `to_value` matches from that word to where the attribute's value begins, after its double quote.
    """

    begins: tuple[Word, ...]
    to_value: re.Pattern[bytes]
    attribute: str


# Random, so that no page can contain a value that begins so.
_PLACE = token_hex(8).encode()
# Bytes; a shorter value is cheaper to parse than to take out.
_SHORT = 4_000


def hold_back(markup: bytes, holders: Holders) -> Sequence[Gap]:
    """Return the long attribute values in a page's markup as gaps, in page order."""
    found = list[tuple[int, int]]()
    for begins in holders.begins:
        opened = (holders.to_value.match(markup, place) for place in begins.places_in(markup))
        found += ((each.end(), markup.find(b'"', each.end())) for each in opened if each)
    long = (span for span in sorted(found) if span[1] - span[0] > _SHORT)
    return [Gap(*span, b"%b%d" % (_PLACE, number)) for number, span in enumerate(long)]


def stand_for_values(tree: LexborHTMLParser, gaps: Sequence[Gap], holders: Holders) -> bool:
    """Return whether the tree has all stand-ins, in order, each as a value of the attribute."""
    attribute = holders.attribute
    found = [node.attributes[attribute] for node in tree.css(f'[{attribute}^="{_PLACE.decode()}"]')]
    return found == [gap.stand_in.decode() for gap in gaps]


def gap_for(node: LexborNode, attribute: str, gaps: Sequence[Gap]) -> Gap | None:
    """Return where in the markup an attribute's value is; None if it is in the tree."""
    said = (node.attributes.get(attribute) or "").encode("utf-8", "replace") if gaps else b""
    return next((gap for gap in gaps if gap.stand_in == said), None)


def plain_value(written: bytes | memoryview) -> str:
    """Return the value of an attribute that is written so between double quotes, as parsers do."""
    body = LexborHTMLParser(b"".join((b'<p title="', written, b'">'))).body
    holder = body.child if body is not None else None
    return (holder.attributes.get("title") if holder is not None else None) or ""
