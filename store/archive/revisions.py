"""Reading the revisions of an entry, and the topics that it has joined."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, select

from store.archive.archived import KeptRevision
from store.entry import Media, Provenance
from store.schema import joined, revisions
from store.topics import Selection

_REVISIONS = select(revisions).order_by(revisions.c.revision)
_TOPICS = (
    select(joined.c.number, joined.c.topic)
    .where(
        joined.c.selection == Selection.ALL.value,
        joined.c.number.in_(bindparam("numbers", expanding=True)),
    )
    .order_by(joined.c.topic)
)
_CHUNK = 500


def revisions_of(connection: Connection, number: int) -> list[KeptRevision]:
    """Return the stored revisions of an entry, the first one first."""
    rows = connection.execute(_REVISIONS.where(revisions.c.number == number))
    return [read_revision(row) for row in rows]


def topics_of(connection: Connection, number: int) -> tuple[str, ...]:
    """Return the names of the topics that an entry has joined."""
    return topics_by_entry(connection, [number]).get(number, ())


def topics_by_entry(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of each entry's topics, by number; entries in no topic are left out."""
    found: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(numbers), _CHUNK):
        some = {"numbers": numbers[start : start + _CHUNK]}
        for number, topic in connection.execute(_TOPICS, some):
            found[number] = (*found.get(number, ()), topic)
    return found


def read_revision(row: Row[Any]) -> KeptRevision:
    """Return the revision of a decoded row of the table `revisions`."""
    kept = {name: getattr(row, name) for name in KeptRevision.__slots__}
    return KeptRevision(
        **{
            **kept,
            "authors": tuple(kept["authors"]),
            "tags": tuple(kept["tags"]),
            "media": msgspec.convert(kept["media"], tuple[Media, ...]),
            "provenance": kept["provenance"] and msgspec.convert(kept["provenance"], Provenance),
        }
    )
