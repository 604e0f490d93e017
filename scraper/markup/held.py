"""Long values of attributes, kept from a parser that would only copy them.

Pages hand their scripts whole models in attributes: a hundred kilobytes of JSON, every quote of it
escaped, which a parser reads sign by sign. What stands between the quotes of an attribute changes
nothing around it, so that it can be taken out before and given to who asks for it. That it stood
there is seen by what was put in its place, which is then found as that attribute's value.
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
    """Which values are held back: those of one `attribute` of elements that begin so.

    `to_value` matches from there to where the attribute's value begins, after its double quote.
    """

    begins: tuple[Word, ...]
    to_value: re.Pattern[bytes]
    attribute: str


# No page can write a value that begins so.
_PLACE = token_hex(8).encode()
# Dearer to take out than to parse.
_SHORT = 4_000


def hold_back(markup: bytes, holders: Holders) -> Sequence[Gap]:
    """Find the long values of attributes in a page's markup, in page order."""
    found = list[tuple[int, int]]()
    for begins in holders.begins:
        opened = (holders.to_value.match(markup, place) for place in begins.places_in(markup))
        found += ((each.end(), markup.find(b'"', each.end())) for each in opened if each)
    long = (span for span in sorted(found) if span[1] - span[0] > _SHORT)
    return [Gap(*span, b"%b%d" % (_PLACE, number)) for number, span in enumerate(long)]


def stand_for_values(tree: LexborHTMLParser, gaps: Sequence[Gap], holders: Holders) -> bool:
    """Whether what stands for values is found in their order, each as an attribute's value."""
    attribute = holders.attribute
    found = [node.attributes[attribute] for node in tree.css(f'[{attribute}^="{_PLACE.decode()}"]')]
    return found == [gap.stand_in.decode() for gap in gaps]


def gap_for(node: LexborNode, attribute: str, gaps: Sequence[Gap]) -> Gap | None:
    """Give where in the markup an attribute's value stands; None where it is in the tree."""
    said = (node.attributes.get(attribute) or "").encode("utf-8", "replace") if gaps else b""
    return next((gap for gap in gaps if gap.stand_in == said), None)


def plain_value(written: bytes | memoryview) -> str:
    """Read the value of an attribute as a parser does; it is written in double quotes."""
    body = LexborHTMLParser(b"".join((b'<p title="', written, b'">'))).body
    holder = body.child if body is not None else None
    return (holder.attributes.get("title") if holder is not None else None) or ""
