"""Entries that are in separate elements, converted to the blocks that `scraper/repeated` reads."""

from datetime import UTC, datetime, timedelta

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.platforms.clock.head import HEADINGS
from scraper.platforms.clock.segments import Segment
from scraper.repeated.blocks import Block
from scraper.repeated.times import Mark
from scraper.times.clocks import clock_at
from scraper.times.instants import Moment
from store.entry import TimePrecision

# A line of more than a time has so many children: a time and a name.
LINE = 2
# Any day will do: the content of a block does not depend on it.
SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def block_of(segment: Segment) -> Block | None:
    """Return an entry's block, with the element that contains its time and nothing else.

    Returns None if entries follow one another without an element around each, or if the element
    with the time also has the entry's words.
    """
    head, around = segment.head, segment.block
    stamp = _stamp(head.node) if head.clock and head.clock.rest else head.node
    if around is None or stamp is None or head.node.tag in HEADINGS:
        return None
    within = next((n for n, each in enumerate(head.above) if each.mem_id == around.mem_id), None)
    if within is None:
        return None
    chain = (*head.above[within:], head.node)
    at = SOME_DAY + timedelta(minutes=head.clock.minutes if head.clock else 0)
    told = Moment(at, TimePrecision.ESTIMATED, zoned=True)
    return Block(around, Mark(stamp, told), chain if stamp is head.node else (*chain, stamp))


def _stamp(line: LexborNode) -> LexborNode | None:
    """Return a line's first child if it holds a time alone and elements follow it; else None."""
    children = [
        c for c in line.iter(include_text=True) if squeeze(c.text()) and c.tag != "-comment"
    ]
    if len(children) < LINE or any(child.tag == "-text" for child in children):
        return None
    clock = clock_at(squeeze(children[0].text()))
    return children[0] if clock is not None and not clock.rest else None
