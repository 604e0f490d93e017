"""The file of an SQLite store and the files beside it: checks before opening, and its lock.

Beside `keywire.db` are SQLite's `-wal` and `-shm`, and keywire's `.lock`, which is locked by the
`keywire run` that uses the store. It has the id of that process until it closed the store, or,
if it was killed, until the store was opened whole after it.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from store.errors import BusyError, DatabaseError

BUSY_SECONDS = 30


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite store, None for a server; raise DatabaseError for ":memory:"."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise DatabaseError("store: give SQLite a file, such as sqlite:///keywire.db")
    return Path(url.database)


def wal_of(path: Path) -> Path:
    """Return the path of the write-ahead log: SQLite's newest commits, beside the file."""
    return path.with_name(path.name + "-wal")


def lock_of(path: Path) -> Path:
    """Return the path of the file that a `keywire run` keeps locked while it uses the store."""
    return path.with_name(path.name + ".lock")


def check_file(path: Path, *, create: bool) -> None:
    """Raise DatabaseError if `path` is no SQLite file or lacks its `-wal`.

    With `create`, it need not exist yet. Nothing is changed, nor opened by SQLite, which would
    delete a `-wal` that it finds beside a file that it does not belong to.
    """
    mend = "move it away, or name another file as store:"
    if path.is_dir():
        raise DatabaseError(f"{path} is a directory, not a database; {mend}")
    if not path.exists():
        _check_missing(path, create=create)
        return
    if not path.is_file():
        raise DatabaseError(f"{path} is no file, but a device, pipe or socket; {mend}")
    if not os.access(path, os.R_OK | os.W_OK):
        raise DatabaseError(f"{path} may not be read and written by this user; mend its rights")
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise DatabaseError(f"{path} is empty, not a store; delete it to begin anew, or {mend}")
    if head != b"SQLite format 3\x00":
        raise DatabaseError(f"{path} is no SQLite database; {mend}")
    _check_wal(path)


def _check_missing(path: Path, *, create: bool) -> None:
    wal = wal_of(path)
    if wal.exists() and wal.stat().st_size:
        raise DatabaseError(
            f"{path} is gone, but what belongs to it is there: {wal.name}; put the file back "
            "beside it, or restore a backup"
        )
    if not create:
        raise DatabaseError(f"there is no store at {path}; keywire run makes one")
    if not path.parent.is_dir():
        raise DatabaseError(f"{path.parent} does not exist; make it, or name another store:")


def _check_wal(path: Path) -> None:
    if lacks_wal(path):
        raise DatabaseError(
            f"{wal_of(path)} is missing, though the keywire that wrote it last (process "
            f"{_holder(path)}) did not close it: its newest entries may be there; put it back "
            f"beside {path.name}, restore a backup or, if a sqlite3 shell took it in or it is "
            "lost for good, go on with what the file holds: keywire doctor --as-it-is"
        )


def lacks_wal(path: Path) -> bool:
    """Return whether the `-wal` of a killed run is missing (SQLite would not notice)."""
    return bool(_holder(path)) and not wal_of(path).exists() and not is_held(path)


def _holder(path: Path) -> str:
    """Return the id of the process that uses a store, or used it and was killed; "" if neither."""
    with suppress(OSError):
        told = lock_of(path).read_text(encoding="utf-8").strip()
        return told if told.isdigit() else ""
    return ""


def is_held(path: Path) -> bool:
    """Return whether a `keywire run` uses the store now."""
    with suppress(OSError), lock_of(path).open(encoding="utf-8") as file:
        return not _try_to_hold(file, fcntl.LOCK_SH)
    return False


def settle(path: Path) -> None:
    """Empty the lock file: the store is whole after a killed run. Do nothing if a run uses it."""
    if not _holder(path):
        return
    with suppress(OSError), lock_of(path).open("a+", encoding="utf-8") as file:
        if _try_to_hold(file, fcntl.LOCK_EX):
            file.truncate(0)


@contextmanager
def claim_file(path: Path) -> Iterator[None]:
    """Lock the store for its one polling process; raise BusyError if another one has it."""
    with lock_of(path).open("a+", encoding="utf-8") as file:
        if not _try_to_hold(file, fcntl.LOCK_EX):
            file.seek(0)
            raise BusyError(busy(str(path), file.read().strip()))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _try_to_hold(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def busy(where: str, pid: str = "") -> str:
    """Return the message that another run uses the store `where`."""
    by = f" (process {pid})" if pid.isdigit() else ""
    return (
        f"another keywire run{by} already follows with {where}; "
        "stop it, or set store: to another database"
    )


def read_only(path: Path, *, alone: bool = False) -> Engine:
    """Return an engine that opens a file read-only.

    `alone`: the files beside it are neither read nor made; nobody may write to it meanwhile.
    """
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, isolation_level=None
        ),
    )

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
