"""The index of words in the database: FTS5 without a text of its own, or PostgreSQL's tsvector.

What either can do is told here; each is written in a module of its own.
"""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from store.search.fts5 import Fts5
from store.search.places import Asked, Row
from store.search.tsvector import Tsvector

RANKED = 10_000  # the newest that are found are ranked; to rank all would take as long as they are


class Index(Protocol):
    """What a database's index of words can do; all of it in the caller's transaction."""

    def put(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Let entries be found."""

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Let them be found no more; they must be as they were put in."""

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        """Return the places of at most so many entries, newest first."""

    def rank(self, connection: Connection, asked: Asked, most: int, *, of: int) -> list[int]:
        """Return the places of at most so many entries, best first, of the newest `of`."""

    def is_empty(self, connection: Connection) -> bool:
        """Whether nothing was ever put in."""

    def clear(self, connection: Connection) -> None:
        """Let nothing be found any more."""


def index_of(connection: Connection) -> Index:
    """Return the index that the database has."""
    return _FTS5 if connection.dialect.name == "sqlite" else _TSVECTOR


_FTS5: Index = Fts5()
_TSVECTOR: Index = Tsvector()
