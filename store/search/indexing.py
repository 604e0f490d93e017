"""Indexing entries a moment after they are written, batch by batch.

A poll only notes which entries have new words (table `unindexed`), with the words that the index
still has, for FTS5 needs these to remove them. Each batch is a transaction of its own, newest
entries first. So the index has the words in an entry's row of `unindexed` (none, if these columns
are NULL), and the present words of an entry without a row: a kill loses nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy import Row as RowOf

from store.bulk import Batch
from store.entry import StoredEntry
from store.number_lists import Given
from store.schema import entries, unindexed
from store.search.index import index_of
from store.search.places import Row, make_row
from store.sorting import Written

BATCH: Final = 500
_Found: TypeAlias = tuple[datetime, str, str]  # published, title, text

_HELD = unindexed.c.published, unindexed.c.title, unindexed.c.text
_OF_THESE = unindexed.c.number.op("IN")(Given("numbers"))
_NOTE = Batch(insert(unindexed).inline(), unindexed.c.keys())
_NOTED = select(unindexed.c.number, *_HELD).where(_OF_THESE).with_for_update()
_NOTHING = update(unindexed).where(_OF_THESE).values(published=None, title=None, text=None)
_DONE = delete(unindexed).where(_OF_THESE)
_SOME = select(unindexed.c.number).limit(1)
_NEXT = (
    select(unindexed.c.number, *_HELD)
    .order_by(unindexed.c.number.desc())
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NOT_HELD = (None, None, None)
_SAID = select(entries.c.number, entries.c.published, entries.c.title, entries.c.text).where(
    entries.c.number.op("IN")(Given("numbers"))
)


@dataclass(frozen=True, slots=True)
class Indexing:
    """How complete the index is: `done` of `of` entries are in it as they are now."""

    done: int
    of: int


def note(connection: Connection, written: Iterable[Written]) -> None:
    """Note which entries are new or have new words. Call it in the transaction that writes them."""
    fresh, edited = list[int](), dict[int, _Found]()
    for one in written:
        number = one.after.stored.number
        if one.before is None:
            fresh.append(number)
        elif (before := _found_by(one.before.stored)) != _found_by(one.after.stored):
            edited[number] = before
    if edited:
        noted = _noted(connection, edited)
        _write(connection, {number: edited[number] for number in edited if number not in noted})
    _write(connection, dict.fromkeys(fresh))


def take_out(connection: Connection, found: Iterable[StoredEntry]) -> None:
    """Remove entries from the index at once, for their content is about to be erased.

    They are noted to be indexed again, with what is left of them.
    """
    said = {stored.number: _found_by(stored) for stored in found}
    noted = _noted(connection, said)
    index_of(connection).take(connection, _rows({**said, **noted}))
    connection.execute(_NOTHING, {"numbers": [*noted]})
    _write(connection, dict.fromkeys(number for number in said if number not in noted))


def index_batch(connection: Connection) -> int:
    """Index the next batch of noted entries, newest first; return how many there were."""
    held = _read(connection.execute(_NEXT, {"most": BATCH}))
    if held:
        # Read after locking the notes: a writer of one of the entries notes it before its commit.
        said = _read(connection.execute(_SAID, {"numbers": [*held]}))
        index = index_of(connection)
        index.take(connection, _rows(held))
        index.put(connection, _rows(said))
        connection.execute(_DONE, {"numbers": [*held]})
    return len(held)


def waiting(connection: Connection, most: int = BATCH + 1) -> int:
    """Return how many entries wait to be indexed, counting up to `most`."""
    return connection.scalar(select(func.count()).select_from(_SOME.limit(most).subquery())) or 0


def progress(connection: Connection) -> Indexing:
    """Return how complete the index is."""
    of, left = (
        connection.scalar(select(func.count()).select_from(rows)) or 0
        for rows in (entries, unindexed)
    )
    return Indexing(of - left, of)


def is_lost(connection: Connection) -> bool:
    """Return whether the index is empty though it should have entries."""
    if not index_of(connection).is_empty(connection):
        return False
    kept = select(entries.c.number).where(entries.c.number.not_in(select(unindexed.c.number)))
    return connection.execute(kept.limit(1)).first() is not None


def begin_anew(connection: Connection) -> None:
    """Empty the index and note all entries, for its content is lost or another store's."""
    index_of(connection).clear(connection)
    connection.execute(delete(unindexed))
    connection.execute(insert(unindexed).from_select(["number"], select(entries.c.number)))


def _found_by(stored: StoredEntry) -> _Found:
    entry = stored.entry
    return entry.published, entry.title, entry.text


def _noted(connection: Connection, numbers: Iterable[int]) -> dict[int, _Found | None]:
    """Return what the index has of those entries that are noted already, and lock their notes."""
    return _read(connection.execute(_NOTED, {"numbers": [*numbers]}))


def _read(rows: Iterable[RowOf[Any]]) -> dict[int, _Found | None]:
    return {
        row.number: None if row.published is None else (row.published, row.title, row.text)
        for row in rows
    }


def _rows(found: Mapping[int, _Found | None]) -> list[Row]:
    return [make_row(said[0], number, *said[1:]) for number, said in found.items() if said]


def _write(connection: Connection, held: Mapping[int, _Found | None]) -> None:
    _NOTE.write(connection, [(number, *(said or _NOT_HELD)) for number, said in held.items()])
