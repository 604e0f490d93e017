"""The database: opened with care, never recreated over something else, one follower at a time.

SQLite runs with WAL and synchronous=FULL: a commit that returned survives kill -9 and power loss.
"""

import fcntl
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from store.errors import BusyError, ConflictError, DatabaseError
from store.recall import Recall
from store.schema import VERSION, log_head, metadata, store_facts

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_SECONDS = 30
BUGS = (DataError, IntegrityError, ProgrammingError)  # ours, not the database's
CONFLICTS = ("40P01", "40001")  # SQLSTATE
# What is deleted is overwritten, as some builds of SQLite do anyway: a takedown leaves no copy.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
_CHECKED_WHOLE = 64 * 1024 * 1024
LOCK_KEY = 0x6B657977697265  # "keywire", as an advisory lock of PostgreSQL


@dataclass(frozen=True, slots=True)
class Database:
    """An open store. `epoch` is the identity of its change log; `path` is None but for SQLite."""

    engine: Engine
    epoch: str
    path: Path | None
    _line: Lock = field(default_factory=Lock, repr=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection with one consistent view of the store."""
        options = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        with (
            _plainly(self.engine.url),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept or none, behind every earlier writer.

        SQLite has one writer at a time, and lets others sleep and try again: threads of this
        process wait in line instead.
        """
        with (
            _plainly(self.engine.url),
            self._line if self.path else nullcontext(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Hold the store as its only follower; raise BusyError if another process does."""
        if self.path is None:
            with _claim_server(self.engine):
                yield
        else:
            with _claim_file(self.path):
                yield

    def close(self) -> None:
        """Let all connections go."""
        self.engine.dispose()


@contextmanager
def _plainly(url: URL) -> Iterator[None]:
    """Raise DatabaseError where the database fails: a full disk, a lost server, damage."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        if isinstance(error, BUGS):
            raise
        kind = ConflictError if _is_conflict(error) else DatabaseError
        raise kind(explain(url, error)) from error


def _is_conflict(error: SQLAlchemyError) -> bool:
    """Tell whether PostgreSQL undid a transaction for another's sake (deadlock, serialization)."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlstate", None) in CONFLICTS


def open_database(address: str, *, create: bool = True) -> Database:
    """Open the store at `address` (an SQLAlchemy URL), making its tables if it is new.

    Raises DatabaseError, with the mend, for an address that is none, a directory in the file's
    place, a file that is no database or is damaged, a store of a newer keywire, or a database
    that belongs to something else. Such a database is left as it was.
    """
    url = parse_address(address)
    path = file_of(url)
    if path is not None:
        check_file(path, create=create)
    engine = create_engine(url, execution_options={"recall": Recall()}, **_options(url))
    if path is not None:
        _prepare_sqlite(engine)
    try:
        _make_ready(engine, url, path)
        with engine.connect() as connection:
            epoch = connection.scalar(
                select(store_facts.c.value).where(store_facts.c.name == "epoch")
            )
    except (DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        raise DatabaseError(explain(url, error)) from error
    except DatabaseError:
        engine.dispose()
        raise
    return Database(engine, str(epoch), path)


def parse_address(address: str) -> URL:
    """Read a database's address; raises DatabaseError for one that is none."""
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseError(
            f"store: {address!r} is no database address; "
            "write sqlite:///keywire.db or postgresql+psycopg://…"
        ) from error
    return url


def file_of(url: URL) -> Path | None:
    """Return the file of an SQLite store, None for a server."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise DatabaseError("store: give SQLite a file, such as sqlite:///keywire.db")
    return Path(url.database)


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    return {"pool_pre_ping": True, "paramstyle": "format"}  # rows go as tuples, as to SQLite


def check_file(path: Path, *, create: bool) -> None:
    """Refuse, in plain words, what is no SQLite file; with `create` it may be missing."""
    mend = "move it away, or name another file as store:"
    if path.is_dir():
        raise DatabaseError(f"{path} is a directory, not a database; {mend}")
    if not path.exists():
        if not create:
            raise DatabaseError(f"there is no store at {path}; keywire run makes one")
        if not path.parent.is_dir():
            raise DatabaseError(f"{path.parent} does not exist; make it, or name another store:")
        return
    if not os.access(path, os.R_OK | os.W_OK):
        raise DatabaseError(f"{path} may not be read and written by this user; mend its rights")
    head = path.read_bytes()[:16] if path.stat().st_size < 4096 else _head(path)  # noqa: PLR2004 - one page
    if not head:
        raise DatabaseError(f"{path} is empty, not a store; delete it to begin anew, or {mend}")
    if head != b"SQLite format 3\x00":
        raise DatabaseError(f"{path} is no SQLite database; {mend}")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: "DBAPIConnection", _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_ready(engine: Engine, url: URL, path: Path | None) -> None:
    """Make the tables of a new store, bring an older one up to date, refuse any other."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if path is not None and path.stat().st_size <= _CHECKED_WHOLE:
            _check_integrity(connection, path)
        tables = set(inspect(connection).get_table_names())
        if not tables:
            _create(connection)
            return
        version = schema_version(connection, tables)
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
    if version < VERSION:
        from store.migrate import migrate  # noqa: PLC0415 - Alembic is slow to import

        migrate(engine, path, version)


def _check_integrity(connection: Connection, path: Path) -> None:
    verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if verdict != "ok":
        found = " ".join(str(verdict).split())
        raise DatabaseError(
            f"{path} is damaged ({found}); restore a backup, or save what can be saved with "
            f"sqlite3 {path} .recover, and keep the damaged file"
        )


def schema_version(connection: Connection, tables: set[str]) -> str | None:
    """Return the version of a store's schema, None where the tables are not ours."""
    if not {"alembic_version", "store_facts", "log_head"} <= tables:
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


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
    """Say in one line what a database's error means, and the mend."""
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


@contextmanager
def _claim_file(path: Path) -> Iterator[None]:
    lock = path.with_name(path.name + ".lock")
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise BusyError(_busy(str(path), file.read().strip())) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _claim_server(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
            raise BusyError(_busy(engine.url.render_as_string(hide_password=True), ""))
        yield


def _busy(where: str, pid: str) -> str:
    by = f" (process {pid})" if pid.isdigit() else ""
    return (
        f"another keywire run{by} already follows with {where}; "
        "stop it, or set store: to another database"
    )
