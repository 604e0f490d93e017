"""Backing up a store in use to one SQLite file, also from PostgreSQL.

The file is written under another name, checked, and renamed: a file under its name is whole.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from store.database import open_database, parse_address
from store.errors import BackupError, DatabaseError
from store.file import check_file, file_of
from store.opening import explain
from store.schema import VERSION, log_head
from store.upkeep.copying import copy_all, empty
from store.upkeep.facts import Facts, NoStore, examine, reading, schema_of

Watch: TypeAlias = Callable[[int, int], None]  # called with how much is done, of how much
_STEPS = 20_000  # SQLite's virtual machine instructions between two calls of a Watch
_BUSY_SECONDS = 30
_NO_ROOM = ("full", "disk I/O", "too large")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and checked: `size` in bytes, and its facts."""

    path: Path
    size: int
    facts: Facts


def ignore(_done: int, _of: int) -> None:
    """Do nothing: the `Watch` of callers that show no progress."""


def back_up(address: str, target: Path, *, force: bool = False, watch: Watch = ignore) -> BackedUp:
    """Copy the store at `address` (an SQLAlchemy URL) to the file `target`, and check the copy.

    The copy is the store at one moment, with everything committed before; writers do not wait for
    it. Raises DatabaseError if the store cannot be read, BackupError if `target` exists (unless
    `force`), cannot be written, or is not whole.
    """
    url = parse_address(address)
    path = file_of(url)
    _check_target(target, path, force=force)
    with telling(url, target), replacing(target) as partial:
        if path is None:
            facts = _copy_server(url, partial, watch)
        else:
            check_file(path, create=False)
            facts = _copy_checked(url, path, partial, watch)
    return BackedUp(target, target.stat().st_size, facts)


def _copy_checked(url: URL, path: Path, copy: Path, watch: Watch) -> Facts:
    before = _head(url, path)
    copy_file(path, copy, watch)
    facts = check_copy(copy)
    if not before <= _head(url_of(copy), copy) <= _head(url, path):
        raise BackupError("the copy does not end where the store does; try again")
    return facts


def copy_file(path: Path, copy: Path, watch: Watch = ignore) -> None:
    """Copy an SQLite store as it is now to an empty file, and sync it to disk.

    `watch` is called with bytes.
    """
    address = f"{path.absolute().as_uri()}?mode=ro"
    source = sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    with closing(source):
        pages, size = (
            source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
        )
        source.set_progress_handler(lambda: watch(copy.stat().st_size, pages * size), _STEPS)
        source.execute("VACUUM INTO ?", (str(copy),))
    sync(copy)


def _copy_server(url: URL, copy: Path, watch: Watch) -> Facts:
    """Copy a server's store as of one moment, row by row; raise BackupError if rows are missing.

    `watch` is called with numbers of rows.
    """
    with reading(url) as source:
        if schema_of(source) != VERSION:
            raise DatabaseError(
                f"{url.render_as_string(hide_password=True)} holds no store of this keywire's "
                "making; keywire run makes one, or brings it up to date"
            )
        copy.unlink()
        database = open_database(url_of(copy))
        try:
            with database.write() as target:
                empty(target)
                copied = copy_all(source, target, watch)
        finally:
            database.close()
    sync(copy)
    facts = check_copy(copy)
    for name, many in facts.counts.items():
        if copied[name] != many:
            raise BackupError(f"{many} of {copied[name]} {name} were written; try again")
    return facts


def check_copy(path: Path) -> Facts:
    """Return the facts of a copy; raise BackupError if it is not whole.

    Every page, index and reference is checked, and that the log's head is not behind its changes.
    """
    facts = examine(url_of(path))
    if isinstance(facts, NoStore) or facts.damage or not facts.schema:
        found = "; ".join(facts.damage) if isinstance(facts, Facts) else ""
        raise BackupError(f"{path} is no whole store ({found or 'it holds no tables of keywire'})")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        lost = copy.execute("PRAGMA foreign_key_check").fetchone()
        head = copy.execute("SELECT seq FROM log_head").fetchone()
        newest = copy.execute("SELECT max(seq) FROM changes").fetchone()
    if lost is not None:
        raise BackupError(f"{path} is not whole: a row of {lost[0]} refers to one that is missing")
    if newest[0] is not None and (head is None or newest[0] > head[0]):
        raise BackupError(f"{path} is not whole: its log goes on beyond its head")
    return facts


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield an empty file beside `target`, which is renamed to `target` unless an error is raised.

    A leftover of a killed process is overwritten. Raises BackupError if another process is
    writing the file.
    """
    partial = target.with_name(target.name + ".partial")
    with partial.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError(f"another keywire is writing {target}; wait for it") from None
        file.truncate(0)
        try:
            yield partial
            partial.replace(target)
            sync(target.absolute().parent)
        finally:
            for rest in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):
                    partial.with_name(partial.name + rest).unlink()


@contextmanager
def telling(url: URL, target: Path) -> Iterator[None]:
    """Turn errors into one line: a DatabaseError for the store read, a BackupError for `target`."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if any(word in str(cause) for word in _NO_ROOM):
            raise BackupError(f"{target} cannot be written ({cause}); make room for it") from error
        raise DatabaseError(explain(url, error)) from error
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}") from error


def url_of(path: Path) -> URL:
    """Return the SQLAlchemy URL of an SQLite store; `path` may have any characters."""
    return URL.create("sqlite", database=str(path))


def sync(path: Path) -> None:
    """Flush a file or folder to disk (fsync)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_target(target: Path, path: Path | None, *, force: bool) -> None:
    if path is not None and path.exists() and target.exists() and target.samefile(path):
        raise BackupError(f"{target} is the store itself; name another file")
    if target.is_dir():
        raise BackupError(f"{target} is a directory; name a file in it")
    if target.exists() and not force:
        raise BackupError(f"{target} exists; name another file, or add --force to replace it")
    if not target.absolute().parent.is_dir():
        raise BackupError(f"{target.parent} does not exist; make it, or name another file")


def _head(url: URL, path: Path) -> int:
    with reading(url, path) as connection:
        return int(connection.scalar(select(log_head.c.seq)) or 0)
