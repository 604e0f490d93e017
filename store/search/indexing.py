"""The index of words kept current in each poll's transaction, and filled with what came before it.

Entries that were kept before there was an index are put into it later, newest first, batch by
batch, each in a transaction of its own. `unindexed` says up to which number that is still to come.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from store.entry import StoredEntry
from store.schema import entries, store_facts
from store.search.index import Row, index_of, make_row
from store.sorting import Written

BATCH = 500
TOLD_EVERY = 20  # batches
_FACT = "unindexed"
_UNINDEXED = select(store_facts.c.value).where(store_facts.c.name == _FACT)


@dataclass(frozen=True, slots=True)
class Indexing:
    """How far old entries have come into the index: how many are in it, of how many."""

    done: int
    of: int
    finished: bool

    @property
    def is_worth_telling(self) -> bool:
        """Whether there is more than a batch of them: now and then, and at the end."""
        return self.of > BATCH and (self.finished or self.done // BATCH % TOLD_EVERY == 0)


def keep_current(connection: Connection, written: Iterable[Written]) -> None:
    """Let entries be found by what they say now. To be called where they are written."""
    new, old = list[Row](), list[Row]()
    waiting: int | None = None
    for one in written:
        after = one.after.stored
        before = one.before.stored if one.before is not None else None
        if before is not None:
            if _found_by(before) == _found_by(after):
                continue
            waiting = _lock_unindexed(connection) if waiting is None else waiting
            if after.number <= waiting:
                continue
            old.append(_row(before))
        new.append(_row(after))
    index = index_of(connection)
    index.take(connection, old)
    index.put(connection, new)


def drop(connection: Connection, found: Iterable[StoredEntry]) -> None:
    """Let entries be found no more, by anything that they say."""
    waiting = _lock_unindexed(connection)
    rows = [_row(stored) for stored in found if stored.number > waiting]
    index_of(connection).take(connection, rows)


def is_whole(connection: Connection) -> bool:
    """Whether every entry is in the index."""
    return int(connection.scalar(_UNINDEXED) or 0) == 0


def has_work(connection: Connection) -> bool:
    """Whether anything is still to be put into the index: old entries, or all where it was lost."""
    return not is_whole(connection) or _is_lost(connection)


def begin(connection: Connection) -> bool:
    """Note what is still to be put into the index, and say whether there is anything."""
    if _is_lost(connection) and is_whole(connection):
        _write(connection, connection.scalar(select(func.max(entries.c.number))) or 0)
    return not is_whole(connection)


def _is_lost(connection: Connection) -> bool:
    some = connection.execute(select(entries.c.number).limit(1)).first() is not None
    return some and index_of(connection).is_empty(connection)


def begin_anew(connection: Connection) -> None:
    """Let all that is kept come into the index again: what is in it is another store's."""
    index_of(connection).clear(connection)
    _write(connection, connection.scalar(select(func.max(entries.c.number))) or 0)


def index_batch(connection: Connection) -> Indexing:
    """Put the next batch into the index, newest first."""
    waiting = _lock_unindexed(connection)
    rows = connection.execute(
        select(entries.c.published, entries.c.number, entries.c.title, entries.c.text)
        .where(entries.c.number <= waiting)
        .order_by(entries.c.number.desc())
        .limit(BATCH)
    ).all()
    index_of(connection).put(connection, [make_row(*row) for row in rows])
    finished = len(rows) < BATCH
    left = 0 if finished else rows[-1].number - 1
    _write(connection, left)
    count = connection.scalar(select(func.max(entries.c.number))) or 0
    return Indexing(count - left, count, finished or left == 0)


def _row(stored: StoredEntry) -> Row:
    entry = stored.entry
    return make_row(entry.published, stored.number, entry.title, entry.text)


def _found_by(stored: StoredEntry) -> tuple[object, ...]:
    entry = stored.entry
    return entry.published, entry.title, entry.text


def _lock_unindexed(connection: Connection) -> int:
    """Read how far the index goes; while it grows, keep it from growing until we commit."""
    if int(connection.scalar(_UNINDEXED) or 0) == 0:
        return 0
    return int(connection.scalar(_UNINDEXED.with_for_update()) or 0)


def _write(connection: Connection, number: int) -> None:
    known = update(store_facts).where(store_facts.c.name == _FACT).values(value=str(number))
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(store_facts).values(name=_FACT, value=str(number)))
