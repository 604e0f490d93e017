"""Floors: a bare tree, the same statements on bare sqlite3, a feed by string templating."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import event

from feeds.feed import Feed
from store.database import Database

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def tree(body: bytes) -> LexborHTMLParser:
    """Return the bare tree of a page."""
    return LexborHTMLParser(body)


# --- the store ---


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement as sqlite3 received it; `many`: run once for each item of `parameters`."""

    text: str
    parameters: Any
    many: bool

    @property
    def writes(self) -> bool:
        """Whether the statement writes."""
        return not self.text.lstrip().upper().startswith("SELECT")


@dataclass(slots=True)
class Recording:
    """The statements that were recorded so far."""

    statements: list[Statement] = field(default_factory=list)


@contextmanager
def recorded(database: Database) -> Iterator[Recording]:
    """Record every statement that SQLAlchemy hands to sqlite3, with its parameters."""
    recording = Recording()

    def keep(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: Any,  # noqa: ANN401
        _context: object,
        _many: bool,  # noqa: FBT001
    ) -> None:
        if not statement.startswith("BEGIN"):  # `replay` begins its own transaction
            many = isinstance(parameters, list)
            recording.statements.append(Statement(statement, parameters, many))

    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        yield recording
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)


def bare(path: Path) -> sqlite3.Connection:
    """Open an SQLite file as the store does: WAL, synchronous=FULL, foreign keys."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def copy(path: Path, to: Path) -> Path:
    """Copy a store's SQLite file as it is now; return the path of the copy."""
    with closing(bare(path)) as source, closing(bare(to)) as target:
        source.backup(target)
    return to


def replay(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    """Run recorded statements in one transaction, and fetch all their rows."""
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    for statement in statements:
        if statement.many:
            cursor.executemany(statement.text, statement.parameters)
        else:
            cursor.execute(statement.text, statement.parameters).fetchall()
    cursor.execute("COMMIT")


# --- rendering ---


def template(feed: Feed) -> bytes:
    """Return a feed as Atom by string templating: the same elements, without control characters."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{_text(feed.id)}</id><title>{_text(feed.title)}</title>"
        f"<updated>{_time(feed.updated)}</updated><generator>keywire</generator>"
        f'<link rel="self" href="{_text(feed.self_url)}"/>'
        f'<link rel="alternate" href="{_text(feed.home_url)}"/>'
        f"{''.join(map(_entry, feed.entries))}</feed>\n"
    ).encode()


def _entry(stored: Any) -> str:  # noqa: ANN401
    entry = stored.entry
    authors = "".join(f"<author><name>{_text(name)}</name></author>" for name in entry.authors)
    flag = '<category term="key-event" label="Key event"/>' if entry.key_event else ""
    return (
        f"<entry><id>{_text(stored.id)}</id><title>{_text(entry.title or entry.text[:100])}</title>"
        f"<updated>{_time(stored.changed_at)}</updated>"
        f"<published>{_time(entry.published)}</published>"
        f'<content type="html">{_text(entry.html)}</content>{authors}{flag}'
        f'<link rel="alternate" type="text/html" href="{_text(entry.permalink)}"/></entry>\n'
    )


def _text(text: str) -> str:
    return escape(_CONTROL.sub("", text))


def _time(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"
