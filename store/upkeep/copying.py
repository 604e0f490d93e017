"""Copying all rows of a store into another with the same, empty tables, on either database.

Rows are copied undecoded (times as integers, JSON as text), and keep their numbers.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Table,
    TableClause,
    TypeDecorator,
    column,
    func,
    insert,
    select,
    table,
    text,
)

from store.bulk import Batch
from store.schema import metadata
from store.search import indexing

CHUNK = 2000  # rows in hand at once


def copy_all(
    source: Connection, target: Connection, watch: Callable[[int, int], None]
) -> dict[str, int]:
    """Copy every row of `source` to `target`; return the number of rows by table name.

    The index of words is not copied: all entries are marked to be indexed again later.

    `watch` is called with how many rows are copied, of how many.
    """
    plain = {made.name: _as_kept(made) for made in metadata.sorted_tables}
    counts = {
        name: source.scalar(select(func.count()).select_from(kept)) or 0
        for name, kept in plain.items()
    }
    of, done = sum(counts.values()), 0
    for made in metadata.sorted_tables:
        kept = plain[made.name]
        write = Batch(insert(kept).inline(), [each.name for each in made.c])
        for rows in _chunks(source, _in_order(made, kept)):
            write.write(target, [tuple(row) for row in rows])
            done += len(rows)
            watch(done, of)
    indexing.begin_anew(target)  # each kind of database has an index of words of its own
    return counts


def empty(target: Connection) -> None:
    """Delete all rows of all tables, those first that refer to others."""
    for made in reversed(metadata.sorted_tables):
        target.execute(made.delete())


def go_on_counting(target: Connection) -> None:
    """Set PostgreSQL's sequences beyond the numbers of the copied rows; do nothing on SQLite."""
    if target.dialect.name != "postgresql":
        return
    for made in metadata.sorted_tables:
        counted = made.autoincrement_column
        if counted is None or counted.foreign_keys:
            continue
        newest = target.scalar(select(func.max(counted))) or 0
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:of, :which), :next, false)"),
            {"of": made.name, "which": counted.name, "next": newest + 1},
        )


def _as_kept(made: Table) -> TableClause:
    kinds = ((each.name, each.type) for each in made.c)
    return table(
        made.name,
        *(column(name, t.impl if isinstance(t, TypeDecorator) else t) for name, t in kinds),
    )


def _in_order(made: Table, kept: TableClause) -> Select[Any]:
    """Return a select of all rows in which rows that refer to their own table come last."""
    referring = [
        kept.c[each.name].is_not(None)
        for each in made.c
        if any(key.column.table is made for key in each.foreign_keys)
    ]
    keys = (kept.c[each.name] for each in made.primary_key)
    return select(kept).order_by(*referring, *keys)


def _chunks(source: Connection, query: Select[Any]) -> Iterator[list[Row[Any]]]:
    streamed = source.execution_options(stream_results=True, yield_per=CHUNK)
    with streamed.execute(query) as result:
        for rows in result.partitions():
            yield list(rows)
