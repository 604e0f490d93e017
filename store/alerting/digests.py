"""What a digest tells, by the notices that were held back for it: pure.

Until shortly before it goes, what becomes of an entry in it changes what it will say; from then on
whoever gets it has been told of the entries that it names, as by notices of their own.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from store.alerting.alerts import Kind, Quiet

LISTED: Final = 10  # entries that a digest names
_BEGINS: Final = {Kind.FIRED, Kind.RESTORED}
SEALED: Final = timedelta(seconds=2)  # before it goes nothing joins it: a poll takes its time


def gather(held: Iterable[tuple[int, Kind, int]]) -> dict[int, int]:
    """Give the entries of a digest by number, each with the seq that it is told by.

    `held` are its notices, oldest first: number, kind and seq. What was retracted is out.
    """
    told: dict[int, int] = {}
    for number, kind, seq in held:
        if kind is Kind.RETRACTED:
            told.pop(number, None)
        elif number in told or kind in _BEGINS:
            told[number] = seq
    return told


def names(held: Iterable[tuple[int, Kind, int]], number: int) -> bool:
    """Say whether a digest names an entry, and does not only count it."""
    return number in [*gather(held)][:LISTED]


def due(quiet: Quiet | None, until: datetime, now: datetime) -> datetime:
    """Tell when the digest of an alert goes whose cap leaves no room `until` then.

    It wakes nobody either: in quiet hours it waits for their end.
    """
    until = max(until, now + 2 * SEALED)
    if quiet and quiet.covers(until):
        return quiet.ends_after(until)
    return until


def takes_more(due: datetime, now: datetime) -> bool:
    """Say whether a digest that nobody was sent yet can still change."""
    return due > now + SEALED
