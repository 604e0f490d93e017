"""The rows of the index of words, their places, and the questions to the index.

The *place* of a row is an integer made of the minute in which the entry was published and the
entry's number, so that sorting by place puts the newest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.search.query import Query
from store.search.words import words

NUMBER_BITS = 28  # low bits of a place, for the entry's number; more than any store has
_NUMBERS = (1 << NUMBER_BITS) - 1


@dataclass(frozen=True, slots=True)
class Row:
    """What the index has of an entry: its place, and the words of its title and its text."""

    place: int
    title: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the index: a query, limited to places below `before` and `among` some places.

    None sets no limit.
    """

    query: Query
    before: int | None = None
    among: Sequence[int] | None = None


def place_of(published: datetime, number: int) -> int:
    """Return the place of an entry: its minute published and its number in one integer."""
    minutes = max(0, int(published.timestamp() // 60))
    return minutes << NUMBER_BITS | number


def number_at(place: int) -> int:
    """Return the number of the entry at a place."""
    return place & _NUMBERS


def minute_at(place: int) -> int:
    """Return when the entry at a place was published, in minutes since 1970 (UTC)."""
    return place >> NUMBER_BITS


def make_row(published: datetime, number: int, title: str, said: str) -> Row:
    """Return the row of an entry for the index; `said` is its text."""
    return Row(place_of(published, number), words(title), words(said))


def limits(asked: Asked, place: str, among: str) -> str:
    """Return the SQL conditions of a question's limits on the column `place`, each with ` AND `."""
    before = f" AND {place} < :before" if asked.before is not None else ""
    return before + (among if asked.among is not None else "")
