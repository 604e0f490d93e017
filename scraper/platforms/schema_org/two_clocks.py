"""Two clocks: when an entry was written, and when readers saw it.

Publishers' JSON-LD may state either. The Independent writes entries hours before they are published
and states when; its page shows, and is ordered by, the other clock. Others call local times UTC.
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
# So large a share of entries is in order.
MOSTLY = 0.7

Doubted = tuple[tuple[Sighting, ...], tuple[str, ...]]


def of_today(told: Sequence[Sighting], document: Document) -> Doubted:
    """Read times that claim to be UTC, and lie ahead of now, in the page's own zone; and say so."""
    now = document.page.fetched_at
    if all(each.published is None or each.published <= now + AHEAD for each in told):
        return tuple(told), ()
    zone = zone_of_page(document)
    local = as_local(told, zone, now)
    return local, (LOCAL.format(zone.told_by),) if local != tuple(told) else ()


def doubted(told: Sequence[Sighting]) -> Doubted:
    """Call times estimates that are in no order, where a page has no clock beside them; and say so.

    The second value are the warnings, if any.
    """
    if _falls(told) or _rises(told):
        return tuple(told), ()
    return tuple(map(_estimated, told)), (DISORDER,)


def shows_its_own(blocks: Sequence[Sighting], updates: Sequence[Sighting]) -> bool:
    """Whether blocks stand in the order of their own times, and not in that of their updates'."""
    if any(block.time_precision is TimePrecision.ESTIMATED for block in blocks):
        return False
    return any(way(blocks) and not way(updates) for way in (_falls, _rises))


def _estimated(told: Sighting) -> Sighting:
    return replace(told, time_precision=TimePrecision.ESTIMATED) if told.published else told


def _falls(told: Sequence[Sighting]) -> bool:
    """Whether times go back down a list, but for a few: what is pinned stands out of three."""
    times = [each.published for each in told if each.published]
    steps = [after <= before for before, after in pairwise(times)]
    return steps.count(False) <= max(len(steps) > 1, (1 - MOSTLY) * len(steps))


def _rises(told: Sequence[Sighting]) -> bool:
    return _falls(told[::-1])
