"""Which entries a digest reports, from the notices that were held back for it: pure.

Until shortly before it is sent, further changes of its entries change the digest. After that, the
entries that it names count as reported, as if by notices of their own.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from store.alerting.alerts import Kind, Quiet

LISTED: Final = 10  # entries that a digest names
_BEGINS: Final = {Kind.FIRED, Kind.RESTORED}
SEALED: Final = timedelta(seconds=2)  # before it is sent nothing is added: a poll takes some time


def gather(held: Iterable[tuple[int, Kind, int]]) -> dict[int, int]:
    """Return the entries of a digest: their numbers, each with the seq of its last change.

    `held` are its notices, oldest first: number, kind and seq. Retracted entries are left out.
    """
    told: dict[int, int] = {}
    for number, kind, seq in held:
        if kind is Kind.RETRACTED:
            told.pop(number, None)
        elif number in told or kind in _BEGINS:
            told[number] = seq
    return told


def names(held: Iterable[tuple[int, Kind, int]], number: int) -> bool:
    """Return whether a digest names an entry; those after the first LISTED are only counted."""
    return number in [*gather(held)][:LISTED]


def due(quiet: Quiet | None, until: datetime, now: datetime) -> datetime:
    """Return when (UTC) to send the digest of an alert whose cap leaves no room `until` then.

    In quiet hours it waits for their end.
    """
    until = max(until, now + 2 * SEALED)
    if quiet and quiet.covers(until):
        return quiet.ends_after(until)
    return until


def takes_more(due: datetime, now: datetime) -> bool:
    """Return whether an unsent digest that is `due` then can still take notices."""
    return due > now + SEALED
