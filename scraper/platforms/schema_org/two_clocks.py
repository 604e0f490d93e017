"""Two clocks: when an entry was written, and when readers saw it.

Publishers' JSON-LD may state either. The Independent writes entries hours before they are published
and states when; its page shows, and is ordered by, the other clock.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from store.entry import TimePrecision
from store.sighting import Sighting

DISORDER = (
    "the times in its JSON-LD are in no order, and may be those of the writing; they are estimates"
)
# So large a share of entries is in order.
MOSTLY = 0.7

Doubted = tuple[tuple[Sighting, ...], tuple[str, ...]]


def doubted(told: Sequence[Sighting]) -> Doubted:
    """Call times estimates that are in no order, where a page has no clock beside them; and say so.

    The second value are the warnings, if any.
    """
    if _in_order(told):
        return tuple(told), ()
    return tuple(map(_estimated, told)), (DISORDER,)


def shows_its_own(blocks: Sequence[Sighting], updates: Sequence[Sighting]) -> bool:
    """Whether blocks stand in the order of their own times, and not in that of their updates'."""
    exact = all(block.time_precision is not TimePrecision.ESTIMATED for block in blocks)
    return exact and _in_order(blocks) and not _in_order(updates)


def _estimated(told: Sighting) -> Sighting:
    return replace(told, time_precision=TimePrecision.ESTIMATED) if told.published else told


def _in_order(told: Sequence[Sighting]) -> bool:
    """Whether times go one way down a list, but for a few: what is pinned stands out."""
    times = [each.published for each in told if each.published]
    falls = sum(after <= before for before, after in pairwise(times))
    rises = sum(after >= before for before, after in pairwise(times))
    steps = len(times) - 1
    return steps - max(falls, rises) <= max(1, (1 - MOSTLY) * steps)
