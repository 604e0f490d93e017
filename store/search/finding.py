"""Entries found by their words."""

from dataclasses import dataclass

from sqlalchemy import Connection

from store.entry import StoredEntry
from store.search.index import Asked, index_of, number_at
from store.search.query import Query
from store.timeline import entries_of


@dataclass(frozen=True, slots=True)
class Found:
    """Entries that a query found. `older` is where those before them begin, None for none."""

    entries: tuple[StoredEntry, ...] = ()
    older: int | None = None


def find(
    connection: Connection,
    query: Query,
    *,
    topic: str = "",
    before: int | None = None,
    most: int = 50,
    ranked: bool = False,
) -> Found:
    """Return the newest entries that a query finds, or with `ranked` the best.

    `before` is the `older` of what was found before. Retracted entries are found too.
    """
    if not query.wanted:
        return Found()
    asked = Asked(query, topic, None if ranked else before, ranked)
    places = index_of(connection).find(connection, asked, most + 1)
    kept = places[:most]
    more = len(places) > most and not ranked
    return Found(
        tuple(entries_of(connection, [number_at(place) for place in kept])),
        kept[-1] if more else None,
    )
