"""Entries read before, so that a row which says what it said then need not be decoded again."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, select

from store.entry import StoredEntry
from store.rows import ENTRY_COLUMNS, NUMBER_AT, read_entry
from store.schema import blogs, entries

_ROOM = 1500  # bytes of an entry besides its words, near enough
_ENTRIES = (
    select(*ENTRY_COLUMNS)
    .join(blogs)
    .where(entries.c.number.in_(bindparam("numbers", expanding=True)))
)


class Recall:
    """Entries beside the rows that they were read from; the longest unread goes first.

    One counts only where its row says the very same in every column, so that it does not matter
    who wrote to the store in between. `limit` is in bytes. Threads may share one.
    """

    __slots__ = ("_lock", "_read", "_size", "limit")

    def __init__(self, limit: int = 32 * 2**20) -> None:
        self.limit = limit
        self._read: OrderedDict[int, tuple[tuple[Any, ...], StoredEntry]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._read)

    def read(self, rows: Sequence[Sequence[Any]]) -> list[StoredEntry]:
        """Make stored entries of rows of ENTRY_COLUMNS."""
        with self._lock:
            read = [self._recall(tuple(row)) for row in rows]
            while self._size > self.limit:
                _, (oldest, _) = self._read.popitem(last=False)
                self._size -= _size(oldest)
        return read

    def _recall(self, row: tuple[Any, ...]) -> StoredEntry:
        number = row[NUMBER_AT]
        before, entry = self._read.get(number, (None, None))
        if entry is not None and before == row:
            self._read.move_to_end(number)
            return entry
        if before is not None:
            del self._read[number]
            self._size -= _size(before)
        entry = read_entry(row)
        self._read[number] = row, entry
        self._size += _size(row)
        return entry


def recall(connection: Connection, rows: Sequence[Sequence[Any]]) -> list[StoredEntry]:
    """Make stored entries of rows of ENTRY_COLUMNS, with what this open store read before."""
    remembered: Recall = connection.get_execution_options()["recall"]
    return remembered.read(rows)


def entries_of(connection: Connection, numbers: Sequence[int]) -> list[StoredEntry]:
    """Return entries by their numbers, in the order asked for; those not kept are left out."""
    rows = connection.execute(_ENTRIES, {"numbers": numbers}).all()
    found = {stored.number: stored for stored in recall(connection, rows)}
    return [found[number] for number in numbers if number in found]


def _size(row: tuple[Any, ...]) -> int:
    return _ROOM + sum(len(value) for value in row if isinstance(value, str))
