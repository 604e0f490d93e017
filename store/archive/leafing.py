"""A topic's entries read leaf by leaf, the newest joined first, as people read them.

A leaf begins at a place, not after a count: an entry's place in a selection never changes, so
that what comes meanwhile moves no other leaf.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, tuple_

from store.archive.archived import as_it_stood
from store.archive.reading import read_page
from store.entry import StoredEntry
from store.recall import recall
from store.rows import ENTRY_COLUMNS
from store.schema import UtcTime, blogs, change_topics, entries, joined
from store.topics import Selection

_PLACE = (joined.c.joined_at, joined.c.joined_seq, joined.c.number)
_HERE = (joined.c.topic == bindparam("of"), joined.c.selection == bindparam("which"))
_AT = bindparam("at", type_=UtcTime)
_BOUND = tuple_(_AT, bindparam("seq"), bindparam("number"))
# The first condition of each is what an index is walked from; the second is exact.
_BELOW = (joined.c.joined_at <= _AT, tuple_(*_PLACE) < _BOUND)
_ABOVE = (joined.c.joined_at >= _AT, tuple_(*_PLACE) > _BOUND)
_DOWN = tuple(column.desc() for column in _PLACE)
_UP = tuple(column.asc() for column in _PLACE)


def _leaf(
    order: Sequence[ColumnElement[Any]], *conditions: ColumnElement[bool]
) -> Select[tuple[Any, ...]]:
    """Find places, and then their entries: whole rows would cost more to sort than to find."""
    places = select(*_PLACE).where(*_HERE, *conditions).order_by(*order).limit(bindparam("most"))
    found = places.subquery()
    return (
        select(*ENTRY_COLUMNS, found.c.joined_at, found.c.joined_seq)
        .select_from(found)
        .join(entries, entries.c.number == found.c.number)
        .join(blogs)
    )


_NEWEST, _OLDER, _NEWER = _leaf(_DOWN), _leaf(_DOWN, *_BELOW), _leaf(_UP, *_ABOVE)
_ANY_BELOW = select(joined.c.number).where(*_HERE, *_BELOW).limit(1)
_ANY_ABOVE = select(joined.c.number).where(*_HERE, *_ABOVE).limit(1)
_INSTANT = timedelta(microseconds=1)
_LOOKS = 20  # leaves that are looked through for one as of a moment
_LAST_SEQ = select(func.max(change_topics.c.seq)).where(change_topics.c.topic == bindparam("of"))
_BLOGS = select(blogs.c.url, blogs.c.title, blogs.c.state).where(
    blogs.c.url.in_(bindparam("urls", expanding=True))
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an entry stands in a selection: when it joined (UTC), by which change, its number."""

    at: datetime
    seq: int
    number: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry at its place."""

    place: Place
    stored: StoredEntry


@dataclass(frozen=True, slots=True)
class Leaf:
    """Entries of a selection, the newest joined first, and whether more stand on either side.

    `end` is the place below which older ones stand, None where the leaf is empty.
    """

    entries: tuple[Placed, ...]
    newer: bool
    older: bool
    end: Place | None


@dataclass(frozen=True, slots=True)
class BlogName:
    """What a blog is called, and its state as `BlogState` has it."""

    url: str
    title: str
    state: str


def newest_leaf(connection: Connection, topic: str, selection: Selection, most: int) -> Leaf:
    """Return the newest entries of a selection, at most `most`."""
    found = _read(connection, _NEWEST, _here(topic, selection, most + 1))
    return _leaf_of(found[:most], newer=False, older=len(found) > most)


def leaf_before(
    connection: Connection, topic: str, selection: Selection, place: Place, most: int
) -> Leaf:
    """Return the newest entries that stand below a place."""
    here = _here(topic, selection, most + 1, place)
    found = _read(connection, _OLDER, here)
    # What bounds the leaf may be gone; then there may be nothing above.
    start = _here(topic, selection, 1, found[0].place) if found else here
    above = connection.execute(_ANY_ABOVE, start).first()
    return _leaf_of(found[:most], newer=above is not None, older=len(found) > most)


def leaf_after(
    connection: Connection, topic: str, selection: Selection, place: Place, most: int
) -> Leaf:
    """Return the oldest entries that stand above a place, the newest of them first."""
    here = _here(topic, selection, most + 1, place)
    found = _read(connection, _NEWER, here)
    shown = found[-most:]
    end = _here(topic, selection, 1, shown[-1].place) if shown else here
    below = connection.execute(_ANY_BELOW, end).first()
    return _leaf_of(shown, newer=len(found) > most, older=below is not None)


def leaf_as_of(
    connection: Connection,
    topic: str,
    selection: Selection,
    moment: datetime,
    *,
    most: int,
    before: Place | None = None,
) -> Leaf:
    """Return the newest entries of a selection below a place, as they stood at a moment (UTC).

    What was published before but first seen later is left out; where that is very much, the leaf
    has fewer entries.
    """
    top = Place(moment + _INSTANT, 0, 0)
    place = top if before is None or before > top else before
    found: list[Placed] = []
    for _ in range(_LOOKS):
        leaf = leaf_before(connection, topic, selection, place, most)
        found += _as_they_stood(connection, topic, leaf, moment)
        if len(found) > most:
            return _leaf_of(tuple(found[:most]), newer=False, older=True)
        if not leaf.older or leaf.end is None:
            return _leaf_of(tuple(found), newer=False, older=False)
        place = leaf.end
    return Leaf(tuple(found), newer=False, older=True, end=place)


def _leaf_of(entries: tuple[Placed, ...], *, newer: bool, older: bool) -> Leaf:
    return Leaf(entries, newer, older, entries[-1].place if entries else None)


def _as_they_stood(
    connection: Connection, topic: str, leaf: Leaf, moment: datetime
) -> Iterator[Placed]:
    places = {one.stored.number: one.place for one in leaf.entries}
    for archived in read_page(connection, topic, [*places]):
        stood = as_it_stood(archived, moment)
        if stood is not None:
            yield Placed(places[stood.stored.number], stood.stored)


def newest_change(connection: Connection, topic: str) -> int:
    """Return the seq of a topic's newest change, 0 where there is none."""
    return int(connection.scalar(_LAST_SEQ, {"of": topic}) or 0)


def blog_names(connection: Connection, urls: Sequence[str]) -> dict[str, BlogName]:
    """Return what the blogs at these canonical URLs are called, by their URL."""
    rows = connection.execute(_BLOGS, {"urls": list(urls)})
    return {row.url: BlogName(row.url, row.title, row.state) for row in rows}


def _here(
    topic: str, selection: Selection, most: int, place: Place | None = None
) -> Mapping[str, object]:
    here: dict[str, object] = {"of": topic, "which": selection.value, "most": most}
    if place is not None:
        here |= {"at": place.at, "seq": place.seq, "number": place.number}
    return here


def _read(
    connection: Connection, query: Select[tuple[Any, ...]], here: Mapping[str, object]
) -> tuple[Placed, ...]:
    """Read places with their entries, the newest joined first."""
    rows = connection.execute(query, here).all()
    stored = recall(connection, [row[: len(ENTRY_COLUMNS)] for row in rows])
    found = [
        Placed(Place(row.joined_at, row.joined_seq, one.number), one)
        for row, one in zip(rows, stored, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: one.place, reverse=True))
