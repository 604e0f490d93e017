"""Checks of a database before it is opened: whether it is new, older, foreign, or damaged."""

import sqlite3
import uuid
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from store.errors import DatabaseError
from store.file import lock_of, read_only
from store.schema import VERSION, log_head, metadata, store_facts

_CHECKED_WHOLE, _CHECKED = 16 * 2**20, 64 * 2**20  # bytes


def look_first(url: URL, path: Path) -> None:
    """Raise DatabaseError for a file that is damaged or not keywire's; write nothing in it."""
    engine = read_only(path)
    try:
        with engine.connect() as connection:
            _check_integrity(connection, path)
            if _version(connection, url) == "":
                _check_lost(path)
    finally:
        engine.dispose()


def make_ready(engine: Engine, url: URL) -> str | None:
    """Make the tables of a new store; return the schema version of an older one, else None.

    Raises DatabaseError for a store of a newer keywire, or tables of another program.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        version = _version(connection, url)
        if version == "":
            _create(connection)
            return None
    return version if version < VERSION else None


def _version(connection: Connection, url: URL) -> str:
    """Return a store's schema version, "" without tables; raise DatabaseError if not usable."""
    tables = set(inspect(connection).get_table_names())
    version = schema_version(connection, tables) if tables else ""
    where = url.render_as_string(hide_password=True)
    if version is None:
        raise DatabaseError(
            f"{where} holds tables of something else; give keywire a database of its own"
        )
    if version > VERSION:
        raise DatabaseError(
            f"{where} was written by a newer keywire (schema {version}, this one knows {VERSION}); "
            "update keywire, or restore a backup made with this version"
        )
    return version


def _check_integrity(connection: Connection, path: Path) -> None:
    """Raise DatabaseError for a damaged file: a small one is checked whole, a large one not at all.

    Files of a size in between are checked without their indexes (`quick_check`).
    """
    size = path.stat().st_size
    if size > _CHECKED:
        return
    check = "integrity_check" if size <= _CHECKED_WHOLE else "quick_check"
    verdict = connection.exec_driver_sql(f"PRAGMA {check}(1)").scalar()
    if verdict != "ok":
        found = " ".join(str(verdict).split())
        raise DatabaseError(
            f"{path} is damaged ({found}); restore a backup, or save what can be saved with "
            f"sqlite3 {path} .recover, and keep the damaged file"
        )


def _check_lost(path: Path) -> None:
    """Raise DatabaseError for a file without tables that a run has used: its `-wal` is missing."""
    if not lock_of(path).exists():
        return  # a first start that was killed
    raise DatabaseError(
        f"{path} holds nothing any more, though a keywire has run with it: what belongs beside it, "
        f"{path.name}-wal, is missing; put it back, restore a backup, or delete {path.name} to "
        "begin anew"
    )


def schema_version(connection: Connection, tables: set[str]) -> str | None:
    """Return the version of a store's schema, None if the tables are not keywire's."""
    if not {"alembic_version", "store_facts", "log_head"} <= tables:
        return None
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if version is None else str(version)


def _create(connection: Connection) -> None:
    metadata.create_all(connection)
    connection.execute(
        text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    )
    connection.execute(
        text("INSERT INTO alembic_version (version_num) VALUES (:v)"), {"v": VERSION}
    )
    connection.execute(insert(log_head).values(id=1, seq=0))
    connection.execute(insert(store_facts).values(name="epoch", value=str(uuid.uuid4())))


def explain(url: URL, error: SQLAlchemyError | sqlite3.Error) -> str:
    """Return one line that says what a database's error means, and what to do about it."""
    where = url.render_as_string(hide_password=True)
    original = error.orig if isinstance(error, DBAPIError) else error
    cause = (str(original).strip() or type(error).__name__).splitlines()[0]
    if "malformed" in cause or "not a database" in cause:
        return (
            f"{url.database} is damaged ({cause}); restore a backup, or save what can be saved "
            f"with sqlite3 {url.database} .recover, and keep the damaged file"
        )
    return (
        f"the store at {where} cannot be used: {cause}; "
        "check that it is there, may be written, and has room"
    )
