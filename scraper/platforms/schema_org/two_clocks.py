"""Two clocks: when an entry was written, and when readers saw it.

Publishers' JSON-LD may state either. The Independent writes entries hours before it publishes them,
and its JSON-LD states when; its page shows, and is ordered by, the other clock. Others call local
times UTC.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from scraper.markup.document import Document
from scraper.times.future import AHEAD, as_local
from scraper.times.zones import zone_of_page
from store.entry import TimePrecision
from store.sighting import Sighting

DISORDER = (
    "the times in its JSON-LD are in no order, and may be those of the writing; they are estimates"
)
LOCAL = "times claim to be UTC and lie ahead of now; they are read in {}"
# The share of entries that has to be in order.
MOSTLY = 0.7

Doubted = tuple[tuple[Sighting, ...], tuple[str, ...]]


def of_today(told: Sequence[Sighting], document: Document) -> Doubted:
    """Read times that claim to be UTC, but lie ahead of now, in the page's own zone.

    The second value are the warnings, if any.
    """
    now = document.page.fetched_at
    if all(each.published is None or each.published <= now + AHEAD for each in told):
        return tuple(told), ()
    zone = zone_of_page(document)
    local = as_local(told, zone, now)
    return local, (LOCAL.format(zone.told_by),) if local != tuple(told) else ()


def doubted(told: Sequence[Sighting]) -> Doubted:
    """Mark times that are in no order as estimates, where the page has no clock beside them.

    The second value are the warnings, if any.
    """
    if _falls(told) or _rises(told):
        return tuple(told), ()
    return tuple(map(_estimated, told)), (DISORDER,)


def shows_its_own(blocks: Sequence[Sighting], updates: Sequence[Sighting]) -> bool:
    """Whether blocks are in the order of their own times, and not in that of their updates'."""
    if any(block.time_precision is TimePrecision.ESTIMATED for block in blocks):
        return False
    return any(way(blocks) and not way(updates) for way in (_falls, _rises))


def _estimated(told: Sighting) -> Sighting:
    return replace(told, time_precision=TimePrecision.ESTIMATED) if told.published else told


def _falls(told: Sequence[Sighting]) -> bool:
    """Whether times go back down a list, but for a few: pinned entries are out of order."""
    times = [each.published for each in told if each.published]
    steps = [after <= before for before, after in pairwise(times)]
    return steps.count(False) <= max(len(steps) > 1, (1 - MOSTLY) * len(steps))


def _rises(told: Sequence[Sighting]) -> bool:
    return _falls(told[::-1])
