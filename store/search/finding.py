"""Finding entries by a query.

A search in a topic filters what is found in the whole store, for a limited number of places: if
the word is common and the topic is small, it may end before the page is full, and the next search
goes on from there. A topic of few entries is searched by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select

from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.number_lists import Given
from store.schema import entries, joined
from store.search.index import RANKED, index_of
from store.search.places import Asked, number_at, place_of
from store.search.query import Query
from store.topics import Selection

FEW = 2_000  # entries of a topic that is searched by itself, at most
STEPS = (600, 4_400, 15_000)  # found places that are filtered by topic, step by step
_HERE = (joined.c.topic == bindparam("of"), joined.c.selection == Selection.ALL.value)
_OF_TOPIC = select(joined.c.number).where(*_HERE, joined.c.number.op("IN")(Given("numbers")))
_BEYOND = select(joined.c.number).where(*_HERE).offset(bindparam("few")).limit(1)
_STANDING = (
    select(entries.c.published, entries.c.number)
    .join(joined, joined.c.number == entries.c.number)
    .where(*_HERE)
)


@dataclass(frozen=True, slots=True)
class Found:
    """Entries that a query found. `older` is the `before` of the next search, None at the end."""

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
    """Return the newest entries that a query finds, or with `ranked` the best, at most `most`.

    `before` is the `older` of the previous result, which may be set even if no entry was found.
    Retracted entries are found too. Only the newest RANKED that are found are ranked.
    """
    if not query.wanted:
        return Found()
    index, asked = index_of(connection), Asked(query, None if ranked else before)
    reached = None
    if topic and (few := _if_few(connection, topic)) is not None:
        asked = replace(asked, among=few)
    elif topic:
        found, reached = _walk(connection, asked, topic, RANKED if ranked else most + 1)
        asked = replace(asked, among=found)
    if ranked:
        return Found(_read(connection, index.rank(connection, asked, most, of=RANKED)))
    places = index.find(connection, asked, most + 1)
    kept = places[:most]
    return Found(_read(connection, kept), kept[-1] if len(places) > most else reached)


def _read(connection: Connection, places: Sequence[int]) -> tuple[StoredEntry, ...]:
    return tuple(entries_of(connection, [number_at(place) for place in places]))


def _if_few(connection: Connection, topic: str) -> list[int] | None:
    """Return the places of a topic's entries if there are at most FEW, else None."""
    if connection.execute(_BEYOND, {"of": topic, "few": FEW}).first() is not None:
        return None
    return [place_of(*row) for row in connection.execute(_STANDING, {"of": topic})]


def _walk(
    connection: Connection, asked: Asked, topic: str, most: int
) -> tuple[list[int], int | None]:
    """Return a topic's newest places that a query finds, and the place where the search ended.

    The latter is None if everything was searched or enough was found.
    """
    index, found, before = index_of(connection), list[int](), asked.before
    for step in STEPS:
        walked = index.find(connection, replace(asked, before=before), step)
        found += _of_topic(connection, topic, walked)
        if len(walked) < step or len(found) >= most:
            return found[:most], None
        before = walked[-1]
    return found, before


def _of_topic(connection: Connection, topic: str, places: Sequence[int]) -> list[int]:
    here = {"of": topic, "numbers": [number_at(place) for place in places]}
    numbers = {*connection.scalars(_OF_TOPIC, here)}
    return [place for place in places if number_at(place) in numbers]
