"""What a database leaves of what it deleted: overwritten, and looked for.

Emptied rows are overwritten at once (`secure_delete`), but the index of words keeps what it knew
until its parts are merged, the write-ahead log until it is taken over into the file, and a page
that was split long ago may hold a copy. So all of that is done, and then the file is searched.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from store.database import Database

_PIECE = 40  # characters of a text by which it is known again
_SHORTEST = 12
_PIECES = 16
_AT_ONCE = 8 * 2**20  # bytes
_TRIES, _REST = 40, 0.25  # until readers are out of the way, in seconds
_MERGED = 64  # pages of the index at once
# What JSON and html write otherwise than it is.
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
    """What it took: `rebuilt` says that a copy was found, and the file written anew without it.

    `elsewhere` says that other entries say some of the same; `copies` are files beside the store
    which may hold the texts.
    """

    rebuilt: bool = False
    elsewhere: bool = False
    copies: tuple[Path, ...] = ()


def erase(database: Database, said: Sequence[str]) -> Erased:
    """Overwrite what was deleted, of which `said` are the texts. To be called after the commit."""
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
    """Write the tables and their indexes anew: what was deleted stays in pages, words in the index.

    Each is locked meanwhile. The server's write-ahead log keeps what it told until it is recycled.
    """
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in _TABLES:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")


def _alone(database: Database, statement: str) -> tuple[int, ...]:
    """Run a statement of SQLite's that takes no part in any transaction; return its first row."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return tuple(cursor.fetchone() or ())
    finally:
        connection.close()


def _merge_index(database: Database) -> None:
    """Merge the index's parts into one, a little at a time: deleted words are in none of them."""
    merge = text("INSERT INTO search (search, rank) VALUES ('merge', :pages)")
    pages, merged = -_MERGED, True  # at first parts of all sizes
    while merged:
        with database.write() as connection:
            before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
            connection.execute(merge, {"pages": pages})
            after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        merged = after - before >= 2  # noqa: PLR2004 - FTS5, §6.8
        pages = _MERGED


def _take_over_log(database: Database) -> None:
    """Bring the write-ahead log into the file and empty it; readers may be in the way a while."""
    for _ in range(_TRIES):
        busy, *_ = _alone(database, "PRAGMA wal_checkpoint(TRUNCATE)")
        if not busy:
            return
        time.sleep(_REST)


def _pieces(said: Sequence[str]) -> Iterator[bytes]:
    """Give pieces of texts that stand in a file as they are, however a text is written there."""
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
