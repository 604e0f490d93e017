"""A cache of decoded entries: a row that has not changed is not decoded again."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, select

from store.entry import StoredEntry
from store.rows import ENTRY_COLUMNS, NUMBER_AT, read_entry
from store.schema import blogs, entries

_ROOM = 1500  # bytes of an entry besides its text columns, approximately
_ENTRIES = (
    select(*ENTRY_COLUMNS)
    .join(blogs)
    .where(entries.c.number.in_(bindparam("numbers", expanding=True)))
)


class Recall:
    """A cache of entries with the rows that they were read from; drops the least recently used.

    An entry is used only if its row is equal in every column, so that it does not matter
    who wrote to the store in between. `limit` is in bytes. Thread-safe.
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
        """Return the entries of rows of ENTRY_COLUMNS, in the same order."""
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
    """Return the entries of rows of ENTRY_COLUMNS, by the cache of this open store."""
    remembered: Recall = connection.get_execution_options()["recall"]
    return remembered.read(rows)


def entries_of(connection: Connection, numbers: Sequence[int]) -> list[StoredEntry]:
    """Return the entries of these numbers, in the same order; unknown numbers are left out."""
    rows = connection.execute(_ENTRIES, {"numbers": numbers}).all()
    found = {stored.number: stored for stored in recall(connection, rows)}
    return [found[number] for number in numbers if number in found]


def _size(row: tuple[Any, ...]) -> int:
    return _ROOM + sum(len(value) for value in row if isinstance(value, str))
