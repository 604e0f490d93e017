"""The index of words: FTS5 without stored text in SQLite, a tsvector in PostgreSQL.

Here is what both can do; each has a module of its own.
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from store.search.fts5 import Fts5
from store.search.places import Asked, Row
from store.search.tsvector import Tsvector

RANKED = 10_000  # the newest found entries that are ranked; ranking all could take too long


class Index(Protocol):
    """The operations of an index of words, all in the caller's transaction."""

    def put(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add entries to the index."""

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Remove entries from the index; the rows must be the same as when they were put in."""

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        """Return the places of at most `most` entries, newest first."""

    def rank(self, connection: Connection, asked: Asked, most: int, *, of: int) -> list[int]:
        """Return the places of at most `most` entries, best first, out of the newest `of` found."""

    def is_empty(self, connection: Connection) -> bool:
        """Return whether the index has no entry."""

    def clear(self, connection: Connection) -> None:
        """Remove all entries from the index."""


def index_of(connection: Connection) -> Index:
    """Return the index for the connection's kind of database."""
    return _FTS5 if connection.dialect.name == "sqlite" else _TSVECTOR


_FTS5: Index = Fts5()
_TSVECTOR: Index = Tsvector()
