"""Erasing what a database leaves of deleted rows, and searching its file for the rest.

Deleted rows are overwritten at once (`secure_delete`). But the index of words keeps their words
until its parts are merged, the write-ahead log keeps them until its checkpoint, and a page of the
file that was split long ago may have a copy. So these are done, and then the file is searched.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from store.database import Database

_PIECE = 40  # characters of a text that are searched for, at most
_SHORTEST = 12  # characters of a text that are searched for, at least
_PIECES = 16  # pieces that are searched for, at most
_AT_ONCE = 8 * 2**20  # bytes of a file that are read at once
_TRIES, _REST = 40, 0.25  # tries of a checkpoint while readers block it, and seconds between
_MERGED = 64  # pages of the index that are merged at once
# Runs of characters that JSON and html do not escape.
_WRITTEN_ALIKE = re.compile(r"[^\"\\<>&\x00-\x1f]+")
_TABLES = (
    "archives",
    "entries",
    "revisions",
    "view_memories",
    "changes",
    "notices",
    "deliveries",
    "search",
    "unindexed",
    "page_bodies",
)


@dataclass(frozen=True, slots=True)
class Erased:
    """The result of erasing.

    `rebuilt`: a copy was found, and the file was rewritten without it. `elsewhere`: some of the
    texts are still found, for other entries have them too. `copies` are files beside the store
    that may have the texts.
    """

    rebuilt: bool = False
    elsewhere: bool = False
    copies: tuple[Path, ...] = ()


def erase(database: Database, said: Sequence[str]) -> Erased:
    """Erase what is left of deleted rows, whose texts are `said`. Call it after the commit."""
    if database.path is None:
        _vacuum_server(database)
        return Erased()
    pieces = [*_pieces(said)]
    _merge_index(database)
    _take_over_log(database)
    rebuilt = _holds(database.path, pieces)
    if rebuilt:
        _alone(database, "VACUUM")
        _take_over_log(database)
    copies = sorted(database.path.parent.glob(f"{database.path.name}.before-*"))
    return Erased(rebuilt, rebuilt and _holds(database.path, pieces), tuple(copies))


def _vacuum_server(database: Database) -> None:
    """Rewrite the tables and their indexes, which still have deleted rows and their words.

    Each table is locked meanwhile. The server's write-ahead log keeps them until it is recycled.
    """
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in _TABLES:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")


def _alone(database: Database, statement: str) -> tuple[int, ...]:
    """Run an SQLite statement outside of any transaction; return its first row."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return tuple(cursor.fetchone() or ())
    finally:
        connection.close()


def _merge_index(database: Database) -> None:
    """Merge the parts of SQLite's index of words, step by step, which drops deleted words."""
    merge = text("INSERT INTO search (search, rank) VALUES ('merge', :pages)")
    pages, merged = -_MERGED, True  # negative at first: merges parts of all sizes
    while merged:
        with database.write() as connection:
            before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
            connection.execute(merge, {"pages": pages})
            after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        merged = after - before >= 2  # noqa: PLR2004 - FTS5, §6.8
        pages = _MERGED


def _take_over_log(database: Database) -> None:
    """Write the write-ahead log into the file and empty it; try again while readers block it."""
    for _ in range(_TRIES):
        busy, *_ = _alone(database, "PRAGMA wal_checkpoint(TRUNCATE)")
        if not busy:
            return
        time.sleep(_REST)


def _pieces(said: Sequence[str]) -> Iterator[bytes]:
    """Yield pieces of texts that are the same bytes in a file as plain text, JSON or html."""
    runs = [run for one in said for run in _WRITTEN_ALIKE.findall(one) if len(run) >= _SHORTEST]
    for run in sorted(dict.fromkeys(runs), key=len, reverse=True)[:_PIECES]:
        middle = max(0, (len(run) - _PIECE) // 2)
        yield run[middle : middle + _PIECE].encode()


def _holds(path: Path, pieces: Sequence[bytes]) -> bool:
    files = (path, path.with_name(f"{path.name}-wal"))
    return any(_file_holds(file, pieces) for file in files if file.exists())


def _file_holds(path: Path, pieces: Sequence[bytes]) -> bool:
    overlap = max(map(len, pieces), default=1)
    before = b""
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            block = before + block
            if any(piece in block for piece in pieces):
                return True
            before = block[-overlap:]
    return False
