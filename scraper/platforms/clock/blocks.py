"""Entries that stand in blocks of their own, read as blocks with instants in them are."""

from datetime import UTC, datetime

from scraper.platforms.clock.heads import HEADINGS
from scraper.platforms.clock.segments import Segment
from scraper.repeated.blocks import Block
from scraper.repeated.times import Mark
from scraper.times.instants import Moment
from store.entry import TimePrecision

# What a block says is not told by its time.
SOME_TIME = Moment(datetime(2000, 1, 1, tzinfo=UTC), TimePrecision.ESTIMATED, zoned=True)


def block_of(segment: Segment) -> Block | None:
    """Give the block of an entry, with the element that says its time and nothing else.

    None where entries stand in a row, or where a time heads words in its own element.
    """
    head, around = segment.head, segment.block
    bare = head.clock is not None and not head.clock.rest and head.node.tag not in HEADINGS
    if around is None or not bare:
        return None
    within = next((n for n, each in enumerate(head.above) if each.mem_id == around.mem_id), None)
    if within is None:
        return None
    return Block(around, Mark(head.node, SOME_TIME), (*head.above[within:], head.node))
