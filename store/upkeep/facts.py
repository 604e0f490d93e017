"""What a store is and whether it is sound, for whoever asks after its health: it only reads.

Nothing is made, migrated or claimed here: a store that is too old, damaged or somebody else's is
described as it lies there.
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
_PATIENCE = 10  # seconds until a server has to answer
_HOLDER = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND classid = :high AND objid = :low
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True)
class NoStore:
    """Nothing is at the address yet; `keywire run` makes a store there. `folder` would hold it."""

    place: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found. Sizes are bytes, times UTC; `path` is None but for SQLite.

    `product` is the database with its version, `place` its address without a password. `schema`
    is None for a database of something else. `damage` says what the integrity check found.
    `epoch`, `counts` and `newest` (the latest time that the store holds) are there only where
    the schema is this keywire's and nothing is damaged; so are `let_go` (what went by rules) and
    `to_go` (how much topics keep too much of). `held` says that a `keywire run` follows
    with the store, `holder` is its process. `clock` is the server's time. `parked` deliveries wait
    for a person, and `stopped` targets are asked no more.
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
    """Look at the store at `address` (an SQLAlchemy URL), checking an SQLite file whole.

    `rules` are the configured topics, of which some may keep too much by `now`.

    Raises DatabaseError, with the mend, where there is nothing that can be looked at.
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
    """Give a connection that only reads, with one view of the store: in a file, or on a server."""
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
    """Look at a store that is open to be read."""
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
    """Return the schema's version, "" for a database without any table, None for a stranger's."""
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
    """Say whether the lock beside the file is held, and by which process if it tells."""
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
    """Say whether the advisory lock is held; the server knows its own processes only."""
    key = {"high": LOCK_KEY >> 32, "low": LOCK_KEY & 0xFFFFFFFF}
    return connection.execute(text(_HOLDER), key).first() is not None, None
