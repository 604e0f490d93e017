"""Entries found by their words.

A search of a topic looks along what is found anywhere, and so many places far: where a word is
common and the topic rare, what is found next begins further down. A topic of few entries is
searched as it is.
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

FEW = 2_000  # entries of a topic
STEPS = (600, 4_400, 15_000)  # places that are looked at for a topic's
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

    `before` is the `older` of what was found before: there may be some where none are found here.
    Retracted entries are found too. What is ranked are the newest RANKED that are found.
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
    """Return where a topic's entries stand, if they are few."""
    if connection.execute(_BEYOND, {"of": topic, "few": FEW}).first() is not None:
        return None
    return [place_of(*row) for row in connection.execute(_STANDING, {"of": topic})]


def _walk(
    connection: Connection, asked: Asked, topic: str, most: int
) -> tuple[list[int], int | None]:
    """Return the newest places of a topic that answer; and how far they were looked for.

    That is None where nothing is beyond, or enough was found.
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
