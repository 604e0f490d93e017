"""Facts of a store and its health, read without changing anything.

Nothing is made, migrated or locked here: a store that is too old, damaged or another program's is
described as it is.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    TableClause,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from store.database import (
    LOCK_KEY,
    parse_address,
)
from store.errors import DatabaseError
from store.file import check_file, file_of, lock_of, read_only, wal_of
from store.opening import explain, schema_version
from store.schema import VERSION, blogs, changes, deliveries, entries, lanes, sources, store_facts
from store.topics import TopicRule
from store.upkeep.pruning import LetGo, Waiting, waiting
from store.upkeep.retention import read_tally

_DAMAGES = 5
_NOTHING = LetGo()
_PATIENCE = 10  # seconds to wait for a server's connection
_HOLDER = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND classid = :high AND objid = :low
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True)
class NoStore:
    """There is no store at the address yet; `keywire run` would make it in `folder`."""

    place: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a store. Sizes are in bytes, times UTC; `path` is its SQLite file, else None.

    `product` is the database with its version, `place` its address without a password. `schema`
    is its version, None for another program's database. `damage` is what the integrity check
    found. The rest is set only if the schema is this keywire's and nothing is damaged, except
    `held` (a `keywire run` uses the store), `holder` (the id of its process) and `clock` (the
    server's time). `counts` are numbers of rows by table, `newest` is the latest time in the
    store. `let_go` is how much was pruned so far, `to_go` how much is to be pruned, by topic.
    `parked` is the number of deliveries that wait for a person, `stopped` are the lanes of targets
    to which nothing is sent any more.
    """

    product: str
    place: str
    path: Path | None
    size: int
    wal: int
    schema: str | None
    damage: tuple[str, ...] = ()
    held: bool = False
    holder: int | None = None
    epoch: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    newest: datetime | None = None
    clock: datetime | None = None
    let_go: LetGo = _NOTHING
    to_go: Mapping[str, Waiting] = field(default_factory=dict)
    parked: int = 0
    stopped: tuple[str, ...] = ()


def examine(
    address: str | URL, rules: Sequence[TopicRule] = (), now: datetime | None = None
) -> Facts | NoStore:
    """Return the facts of the store at `address` (an SQLAlchemy URL).

    An SQLite file is checked whole. With `now` (UTC), `to_go` is found for the topics of `rules`.

    Raises DatabaseError, with the remedy, if the address cannot be read as a database.
    """
    url = parse_address(address)
    path = file_of(url)
    if path is not None:
        check_file(path, create=True)
        if not path.exists():
            return NoStore(str(path), path.parent)
    try:
        with reading(url, path) as connection:
            facts = look(connection, url, path)
            if facts.epoch and now is not None:
                facts = replace(facts, to_go=_to_go(connection, rules, now))
            return facts
    except (DBAPIError, sqlite3.Error) as error:
        raise DatabaseError(explain(url, error)) from error


def _to_go(connection: Connection, rules: Sequence[TopicRule], now: datetime) -> dict[str, Waiting]:
    counted = {rule.name: waiting(connection, rule, now) for rule in rules}
    return {name: count for name, count in counted.items() if count != Waiting()}


@contextmanager
def reading(url: URL, path: Path | None = None) -> Iterator[Connection]:
    """Yield a read-only connection to one consistent state of a store: a file's or a server's."""
    engine = read_only(path) if path is not None else _server(url)
    try:
        with engine.connect() as connection:  # closed without a commit, which damage would fail
            yield connection
    finally:
        engine.dispose()


def _server(url: URL) -> Engine:
    waits = {} if "connect_timeout" in url.query else {"connect_timeout": _PATIENCE}
    try:
        engine = create_engine(url, connect_args=waits)
    except ModuleNotFoundError as error:
        raise DatabaseError(
            f"{error.name} is not installed, which this store needs; "
            "install keywire with its extra: keywire[postgresql]"
        ) from error

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    return engine


def look(connection: Connection, url: URL, path: Path | None) -> Facts:
    """Return the facts of a store that is open on a read-only connection."""
    held, holder = _holder_of_file(path) if path is not None else _holder_of_server(connection)
    damage = _damage(connection) if path is not None else ()
    schema = None if damage else schema_of(connection)
    known = _known(connection) if schema == VERSION else {}
    return Facts(
        product=_product(connection, path),
        place=str(path) if path is not None else url.render_as_string(hide_password=True),
        path=path,
        size=path.stat().st_size if path is not None else _size_on_server(connection),
        wal=_size(wal_of(path)) if path is not None else 0,
        schema=schema,
        damage=damage,
        held=held,
        holder=holder,
        clock=None if path is not None else connection.scalar(text("SELECT clock_timestamp()")),
        **known,
    )


def _damage(connection: Connection) -> tuple[str, ...]:
    try:
        told = connection.exec_driver_sql(f"PRAGMA integrity_check({_DAMAGES})").scalars().all()
    except DBAPIError as error:
        return (str(error.orig),)
    lines = tuple(" ".join(str(line).split()) for line in told)
    return () if lines == ("ok",) else lines


def schema_of(connection: Connection) -> str | None:
    """Return the schema's version, "" for a database without tables, None for another program's."""
    tables = set(inspect(connection).get_table_names())
    return schema_version(connection, tables) if tables else ""


def _known(connection: Connection) -> dict[str, Any]:
    counted: dict[str, TableClause] = {
        "sources": sources,
        "blogs": blogs,
        "entries": entries,
        "changes": changes,
    }
    latest = [
        connection.scalar(select(func.max(column)))
        for column in (changes.c.occurred_at, sources.c.last_poll)
    ]
    return {
        "epoch": connection.scalar(
            select(store_facts.c.value).where(store_facts.c.name == "epoch")
        ),
        "counts": {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in counted.items()
        },
        "let_go": read_tally(connection),
        "parked": connection.scalar(
            select(func.count()).select_from(deliveries).where(deliveries.c.state == "parked")
        )
        or 0,
        "stopped": tuple(
            connection.scalars(select(lanes.c.lane).where(lanes.c.stopped_at.is_not(None)))
        ),
        "newest": max((time for time in latest if time is not None), default=None),
    }


def _product(connection: Connection, path: Path | None) -> str:
    if path is not None:
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _size_on_server(connection: Connection) -> int:
    return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0


def _holder_of_file(path: Path) -> tuple[bool, int | None]:
    """Return whether the lock beside the file is held, and the holder's process id if known."""
    lock = lock_of(path)
    if not lock.exists() or not os.access(lock, os.R_OK):
        return False, None
    with lock.open(encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            told = file.read().strip()
            return True, int(told) if told.isdigit() else None
    return False, None


def _holder_of_server(connection: Connection) -> tuple[bool, int | None]:
    """Return whether the advisory lock is held, and None: keywire's process id is not known."""
    key = {"high": LOCK_KEY >> 32, "low": LOCK_KEY & 0xFFFFFFFF}
    return connection.execute(text(_HOLDER), key).first() is not None, None
