"""Rows written many at a time are what SQLAlchemy would have written one by one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from store.bulk import Batch
from store.schema import blogs, changes

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
LOG = Batch(insert(changes).inline(), changes.c.keys())
SAYS = "100 % of “it”; DROP TABLE changes; -- %s ? :seq"


def a_row(seq, told=None):
    at = NOON + timedelta(microseconds=seq)
    return (seq, "entry.updated", at, None, None, 1, seq % 2 == 0, ("a", "b"), told or {})


def kept(database):
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(changes).order_by(changes.c.seq))]


@pytest.mark.parametrize("count", [1, 2, 600])
def test_rows_are_read_back_as_they_were_written(database, count):
    rows = [a_row(seq, {"says": SAYS}) for seq in range(1, count + 1)]
    with database.write() as connection:
        LOG.write(connection, rows)
    assert kept(database) == [(*row[:7], [*row[7]], row[8]) for row in rows]


def test_no_rows_are_no_statement(database):
    with database.write() as connection:
        LOG.write(connection, [])
    assert kept(database) == []


def test_columns_may_stand_in_any_order(database):
    mark = Batch(
        update(changes).where(changes.c.seq == bindparam("which")),
        ("which", "told", "occurred_at"),
    )
    forget = Batch(delete(changes).where(changes.c.seq == bindparam("which")), ("which",))
    later = NOON + timedelta(days=1)
    with database.write() as connection:
        LOG.write(connection, [a_row(1), a_row(2), a_row(3)])
        mark.write(connection, [(1, {"says": SAYS}, later), (3, {}, NOON)])
        forget.write(connection, [(2,)])
    found = [(row[0], row[2], row[8]) for row in kept(database)]
    assert found == [(1, later, {"says": SAYS}), (3, NOON, {})]


def test_a_row_that_is_too_short_is_refused(database):
    with database.write() as connection, pytest.raises(ValueError, match="zip"):
        LOG.write(connection, [a_row(1), a_row(2)[:-1]])
    assert kept(database) == []


def test_a_default_of_a_column_not_given_is_not_needed(database):
    batch = Batch(insert(blogs).inline(), blogs.c.keys()[1:])
    values = {"url": "https://a.example/live", "first_seen": NOON, "last_seen": NOON, "title": "T"}
    with database.write() as connection:
        connection.execute(insert(blogs), values)
        row = connection.execute(select(blogs)).one()
        batch.write(connection, [("https://b.example/live", *row[2:])])
        both = connection.execute(select(blogs).order_by(blogs.c.id)).all()
    assert both[0][2:] == both[1][2:]
