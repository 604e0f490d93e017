"""The open database: its connections for reading and writing, and the lock of its one follower.

SQLite runs with WAL and synchronous=FULL: a commit that returned survives kill -9 and power loss.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
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

from store.entry_cache import Recall
from store.errors import BusyError, ConflictError, DatabaseError, StoreError
from store.file import (
    BUSY_SECONDS,
    busy,
    check_file,
    claim_file,
    file_of,
    settle,
)
from store.opening import explain, look_first, make_ready
from store.schema import store_facts

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUGS = (DataError, IntegrityError, ProgrammingError)  # keywire's faults, not the database's
CONFLICTS = ("40P01", "40001")  # SQLSTATE
# secure_delete overwrites what is deleted (some builds do anyway): a takedown leaves no copy.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
LOCK_KEY = 0x6B657977697265  # "keywire", as an advisory lock of PostgreSQL


@dataclass(frozen=True, slots=True)
class Database:
    """An open store. `epoch` identifies its change log; `path` is its SQLite file, else None."""

    engine: Engine
    epoch: str
    path: Path | None
    _line: Lock = field(default_factory=Lock, repr=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that sees one consistent state of the store."""
        options = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        with (
            _plainly(self.engine.url),
            self.engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in a transaction for writing, committed whole or rolled back.

        SQLite has one writer at a time, and lets others sleep and try again: threads of this
        process queue for a lock instead.
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
        """Lock the store for its one polling process; raise BusyError if another one has it."""
        if self.path is None:
            with _claim_server(self.engine):
                yield
        else:
            with claim_file(self.path):
                yield

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        if self.path is not None:
            settle(self.path)


@contextmanager
def _plainly(url: URL) -> Iterator[None]:
    """Turn failures of the database (full disk, lost server, damage) into DatabaseError."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        if isinstance(error, BUGS):
            raise
        kind = ConflictError if _is_conflict(error) else DatabaseError
        raise kind(explain(url, error)) from error


def _is_conflict(error: SQLAlchemyError) -> bool:
    """Return whether PostgreSQL undid the transaction for a deadlock or failed serialization."""
    original = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlstate", None) in CONFLICTS


def open_database(address: str | URL, *, create: bool = True, keep_older: bool = True) -> Database:
    """Open the store at `address` (an SQLAlchemy URL), making its tables if it is new.

    An older store is migrated; a copy of it as it was is kept beside it if `keep_older`. Raises
    DatabaseError, with the remedy, for an invalid address, a directory in the file's place, a
    file that is no database or is damaged, a store of a newer keywire, or a database of another
    program. Such a database is left as it was.
    """
    url = parse_address(address)
    path = file_of(url)
    if path is not None:
        check_file(path, create=create)
    is_new = path is not None and not path.exists()
    engine = create_engine(url, execution_options={"recall": Recall()}, **_options(url))
    if path is not None:
        _prepare_sqlite(engine)
    try:
        if path is not None and not is_new:
            look_first(url, path)
        if older := make_ready(engine, url):
            from store.upkeep.migrate import migrate  # noqa: PLC0415 - Alembic is slow to import

            migrate(engine, path, older, keep_older=keep_older)
        with engine.connect() as connection:
            epoch = connection.scalar(
                select(store_facts.c.value).where(store_facts.c.name == "epoch")
            )
    except (DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        raise DatabaseError(explain(url, error)) from error
    except StoreError:
        engine.dispose()
        raise
    if path is not None:
        settle(path)
    return Database(engine, str(epoch), path)


def parse_address(address: str | URL) -> URL:
    """Return a database's address as a URL; raise DatabaseError if it is invalid."""
    try:
        url = make_url(address)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseError(
            f"store: {address!r} is no database address; "
            "write sqlite:///keywire.db or postgresql+psycopg://…"
        ) from error
    return url


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": BUSY_SECONDS}}
    return {"pool_pre_ping": True, "paramstyle": "format"}  # rows go as tuples, as to SQLite


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: "DBAPIConnection", _record: object) -> None:
        connection.isolation_level = None  # BEGIN is issued by _on_begin
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _claim_server(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
            raise BusyError(busy(engine.url.render_as_string(hide_password=True)))
        yield
