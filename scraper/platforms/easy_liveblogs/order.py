"""The order of entries that the plugin leaves undefined."""

from collections.abc import Sequence
from itertools import groupby

from store.sighting import Sighting


def settled(shown: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Sort entries of the same second by their number, the highest first.

    The plugin asks its database for the newest first, which leaves the order of equal times open.
    """
    ordered = list[Sighting]()
    for _, group in groupby(shown, key=lambda sighting: sighting.published):
        equals = list(group)
        if all((each.block_id or "").isdecimal() for each in equals):
            equals.sort(key=lambda each: int(each.block_id or 0), reverse=True)
        ordered += equals
    return tuple(ordered)
