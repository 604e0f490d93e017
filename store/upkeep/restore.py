"""Restoring a backup in a store's place, whole or not at all, while no run uses the store.

The restored store gets a new epoch: readers with a cursor of its log must begin anew, for the
seqs given after the backup will be given again.
"""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, select, update
from sqlalchemy.engine import URL

from store.database import Database, open_database, parse_address
from store.errors import BackupError
from store.file import check_file, claim_file, file_of, wal_of
from store.schema import VERSION, sources, store_facts
from store.upkeep.backup import (
    Watch,
    check_copy,
    copy_file,
    ignore,
    replacing,
    sync,
    telling,
    url_of,
)
from store.upkeep.copying import copy_all, empty, go_on_counting
from store.upkeep.facts import Facts, reading


def restore(backup: Path, address: str, *, force: bool = False, watch: Watch = ignore) -> Facts:
    """Replace the store at `address` (an SQLAlchemy URL) by `backup`; return the facts of it.

    An existing store is replaced only with `force`; an SQLite one is kept beside it as
    `<name>.before-restore`. `backup` may have an older schema, and come from either kind of
    database. Raises BusyError while a run uses the store, BackupError or DatabaseError for a file
    that is no backup, is damaged, or was written by a newer keywire. The existing store stays
    until all is ready.
    """
    url = parse_address(address)
    path = file_of(url)
    check_file(backup, create=False)
    _check_version(check_copy(backup))
    if path is None:
        return _restore_server(backup, url, force=force, watch=watch)
    if path.exists() and backup.samefile(path):
        raise BackupError(f"{backup} is the store itself; name its backup")
    if not path.absolute().parent.is_dir():
        raise BackupError(f"{path.parent} does not exist; make it, or name another store:")
    with claim_file(path):
        if (path.exists() or wal_of(path).exists()) and not force:
            raise BackupError(
                f"there is a store at {path}; add --force to put the backup in its place "
                f"(it is kept as {_aside(path).name})"
            )
        return _restore_file(backup, path, watch)


def _check_version(facts: Facts) -> None:
    if facts.schema is not None and facts.schema > VERSION:
        raise BackupError(
            f"{facts.place} was written by a newer keywire (schema {facts.schema}, this one knows "
            f"{VERSION}); update keywire"
        )


def _restore_file(backup: Path, path: Path, watch: Watch) -> Facts:
    with telling(url_of(backup), path), replacing(path) as fresh:
        _make_fresh(backup, fresh, watch)
        facts = check_copy(fresh)
        if path.exists():
            _set_aside(path)
    return facts


def _make_fresh(backup: Path, fresh: Path, watch: Watch) -> None:
    """Copy a backup to `fresh`, migrate it to this keywire's schema, and give it a new epoch."""
    copy_file(backup, fresh, watch)
    database = open_database(url_of(fresh), keep_older=False)
    try:
        with database.write() as connection:
            begin_epoch(connection)
    finally:
        database.close()
    sync(fresh)


def _set_aside(path: Path) -> None:
    """Keep the replaced store under another name, with the `-wal` that SQLite keeps beside it.

    The file itself also stays in its place until the restored one replaces it.
    """
    aside = _aside(path)
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as kept:
        kept.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # fails if damaged, which is kept as it is
    aside.unlink(missing_ok=True)
    wal_of(aside).unlink(missing_ok=True)
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system without links
        shutil.copyfile(path, aside)
    if wal_of(path).exists():
        wal_of(path).replace(wal_of(aside))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    return path.with_name(path.name + ".before-restore")


def _restore_server(backup: Path, url: URL, *, force: bool, watch: Watch) -> Facts:
    database = open_database(url)
    try:
        with database.claim(), _as_it_is_now(backup) as (source, facts):
            _replace_rows(source, database, force=force, watch=watch)
    finally:
        database.close()
    return facts


@contextmanager
def _as_it_is_now(backup: Path) -> Iterator[tuple[Connection, Facts]]:
    """Yield a connection to a migrated copy of a backup in a temporary folder, and its facts."""
    with TemporaryDirectory(prefix="keywire-restore-") as folder:
        fresh = Path(folder) / "backup.db"
        with telling(url_of(backup), fresh):
            fresh.touch()
            _make_fresh(backup, fresh, ignore)
            facts = check_copy(fresh)
            with reading(url_of(fresh), fresh) as connection:
                yield connection, facts


def _replace_rows(source: Connection, database: Database, *, force: bool, watch: Watch) -> None:
    with database.write() as target:
        if not force and target.scalar(select(sources.c.id).limit(1)) is not None:
            raise BackupError(
                "there is a store at that address; add --force to put the backup in its place "
                "(keywire backup keeps what is there)"
            )
        empty(target)
        copy_all(source, target, watch)
        go_on_counting(target)
        begin_epoch(target)


def begin_epoch(connection: Connection) -> None:
    """Give the log a new epoch: readers with a cursor must begin anew."""
    connection.execute(
        update(store_facts).where(store_facts.c.name == "epoch").values(value=str(uuid.uuid4()))
    )
