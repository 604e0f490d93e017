"""A store copied whole while it is in use, into one file: an SQLite store, whatever it came from.

It is written beside its name, checked, and renamed: a file under that name is whole.
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

Watch: TypeAlias = Callable[[int, int], None]  # how much is done, of how much
_STEPS = 20_000  # of SQLite's machine, between two looks at how far it is
_BUSY_SECONDS = 30
_NO_ROOM = ("full", "disk I/O", "too large")


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written and checked: `size` in bytes, and what is in it."""

    path: Path
    size: int
    facts: Facts


def ignore(_done: int, _of: int) -> None:
    """Watch nothing."""


def back_up(address: str, target: Path, *, force: bool = False, watch: Watch = ignore) -> BackedUp:
    """Copy the store at `address` (an SQLAlchemy URL) to the file `target`, and check the copy.

    It is the store as it stood at one moment; who writes to it meanwhile does not wait, and
    nothing that was committed before is missing. Raises DatabaseError where the store cannot be
    read, BackupError where `target` exists (but for `force`), cannot be written, or is not whole.
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
    """Copy an SQLite store as it stands now to an empty file, and see it on the disk."""
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
    """Copy a server's store as it stands at one moment, row by row, and count what arrived."""
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
    """Check a copy whole: every page, index and reference, and that its log's head is not behind.

    Returns what it holds. Raises BackupError.
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
    """Give an empty file to write beside `target`, which takes its name when all went well.

    What a killed one left behind is overwritten. Raises BackupError where another is writing.
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
    """Say in one line what failed: the store that is read, or the file that is written."""
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
    """Return the address of an SQLite store in a file, whatever its name."""
    return URL.create("sqlite", database=str(path))


def sync(path: Path) -> None:
    """See what was written on the disk."""
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
