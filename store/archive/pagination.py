"""A topic's entries in leaves (pages of a web list), the last joined first.

A leaf begins at a place, not after a count: an entry's place in a selection never changes, so
new entries do not shift the other leaves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from store.archive.archived import as_it_stood
from store.archive.places import Part, Place, Way, find_places
from store.archive.reading import read_page
from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.schema import blogs, change_topics

_INSTANT = timedelta(microseconds=1)
_LOOKS = 20  # leaves that are read for one leaf as of a moment, at most
_LAST_SEQ = select(func.max(change_topics.c.seq)).where(change_topics.c.topic == bindparam("of"))
_BLOGS = select(blogs.c.url, blogs.c.title, blogs.c.state).where(
    blogs.c.url.in_(bindparam("urls", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and its place in a selection."""

    place: Place
    stored: StoredEntry


@dataclass(frozen=True, slots=True)
class Leaf:
    """Entries of a selection, the last joined first, and whether there are newer and older ones.

    `end` is the place where the leaf of older entries begins, None for an empty leaf.
    """

    entries: tuple[Placed, ...]
    newer: bool
    older: bool
    end: Place | None


@dataclass(frozen=True, slots=True)
class BlogName:
    """A blog's canonical URL and title, and its state, a value of `BlogState`."""

    url: str
    title: str
    state: str


def newest_leaf(connection: Connection, part: Part, most: int) -> Leaf:
    """Return the newest entries of a part of a topic, at most `most`."""
    found = find_places(connection, part, most + 1)
    return _leaf_of(_read(connection, found[:most]), newer=False, older=len(found) > most)


def leaf_before(connection: Connection, part: Part, place: Place, most: int) -> Leaf:
    """Return the newest entries below a place, at most `most`."""
    found = find_places(connection, part, most + 1, Way.BELOW, place)
    # What bounds the leaf may be gone; then there may be nothing above.
    above = find_places(connection, part, 1, Way.ABOVE, found[0] if found else place)
    return _leaf_of(_read(connection, found[:most]), newer=bool(above), older=len(found) > most)


def leaf_after(connection: Connection, part: Part, place: Place, most: int) -> Leaf:
    """Return the oldest entries above a place, at most `most`, the newest of them first."""
    found = find_places(connection, part, most + 1, Way.ABOVE, place)
    shown = found[:most][::-1]
    below = find_places(connection, part, 1, Way.BELOW, shown[-1] if shown else place)
    return _leaf_of(_read(connection, shown), newer=len(found) > most, older=bool(below))


def leaf_as_of(
    connection: Connection,
    part: Part,
    moment: datetime,
    *,
    most: int,
    before: Place | None = None,
) -> Leaf:
    """Return the newest entries of a part below a place, as they were at a moment (UTC).

    Entries published before the moment but first seen later are left out; if there are very many
    of these, the leaf has fewer than `most` entries.
    """
    top = Place(moment + _INSTANT, 0, 0)
    place = top if before is None or before > top else before
    found: list[Placed] = []
    for _ in range(_LOOKS):
        leaf = leaf_before(connection, part, place, most)
        found += _as_they_stood(connection, part.topic, leaf, moment)
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
    """Return the seq of a topic's newest change, 0 if there is none."""
    return int(connection.scalar(_LAST_SEQ, {"of": topic}) or 0)


def blog_names(connection: Connection, urls: Sequence[str]) -> dict[str, BlogName]:
    """Return the names of the blogs at these canonical URLs, by URL; unknown URLs are left out."""
    rows = connection.execute(_BLOGS, {"urls": list(urls)})
    return {row.url: BlogName(row.url, row.title, row.state) for row in rows}


def _read(connection: Connection, places: Sequence[Place]) -> tuple[Placed, ...]:
    """Return the entries at these places, in the same order."""
    stored = {one.number: one for one in entries_of(connection, [at.number for at in places])}
    return tuple(Placed(at, stored[at.number]) for at in places if at.number in stored)
