"""Where entries stand in the index of words, what of them is found there, and what is asked.

A row stands at a *place*, a number that says when the entry was published (to the minute) and
which it is: the newest come first by their places alone, however many are found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.search.query import Query
from store.search.words import words

NUMBER_BITS = 28  # more entries than any store holds
_NUMBERS = (1 << NUMBER_BITS) - 1


@dataclass(frozen=True, slots=True)
class Row:
    """What of an entry is found: its place, and the words of its title and of its text."""

    place: int
    title: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query; only of places before `before`, if given, and only `among` some, if given."""

    query: Query
    before: int | None = None
    among: Sequence[int] | None = None


def place_of(published: datetime, number: int) -> int:
    """Return where in time an entry stands."""
    minutes = max(0, int(published.timestamp() // 60))
    return minutes << NUMBER_BITS | number


def number_at(place: int) -> int:
    """Return which entry stands at a place."""
    return place & _NUMBERS


def minute_at(place: int) -> int:
    """Return when what stands at a place was published, in minutes since 1970 (UTC)."""
    return place >> NUMBER_BITS


def make_row(published: datetime, number: int, title: str, said: str) -> Row:
    """Make what of an entry is found."""
    return Row(place_of(published, number), words(title), words(said))


def limits(asked: Asked, place: str, among: str) -> str:
    """Return the conditions, in SQL, that what is asked sets to the column `place`."""
    before = f" AND {place} < :before" if asked.before is not None else ""
    return before + (among if asked.among is not None else "")
