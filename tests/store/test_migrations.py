"""Stores of every schema so far, brought up to date by processes that are killed midway."""

import json
import random
import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from older import make_store
from sqlalchemy import MetaData, create_engine, inspect, select, text, update

import store.upkeep.migrate
from store.database import open_database
from store.schema import VERSION, archived_entries, archives, blogs, entries, pins
from store.search.index import index_of
from store.search.places import make_row

SUPPORT = Path(__file__).parents[1] / "support"
SCHEMAS = sorted(
    found[0]
    for path in (store.upkeep.migrate.MIGRATIONS / "versions").glob("*.py")
    if (found := re.match(r"\d{4}", path.name))
)
OLDER = [schema for schema in SCHEMAS if schema < VERSION]
STORIES = ("blogs", "entries", "revisions", "changes", "topics", "joined", "sources")


def shape(address):
    engine = create_engine(address)
    with engine.connect() as connection:
        look = inspect(connection)
        told = {
            table: (
                sorted(column["name"] for column in look.get_columns(table)),
                sorted(index["name"] for index in look.get_indexes(table)),
            )
            for table in look.get_table_names()
        }
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        damage = (
            connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if engine.dialect.name == "sqlite"
            else ["ok"]
        )
    engine.dispose()
    assert damage == ["ok"]
    return version, told


def stories(address):
    """Read what must outlive a migration: the columns that there were from the first schema on."""
    engine = create_engine(address)
    with engine.connect() as connection:
        made = MetaData()
        made.reflect(connection, only=STORIES)
        told = {
            name: {
                tuple(sorted((key, kept) for key, kept in row._mapping.items() if kept is not None))
                for row in connection.execute(select(table))
            }
            for name, table in made.tables.items()
        }
    engine.dispose()
    return told


def outlive(before, after):
    """Say whether every row is still there with all that it said."""
    return all(
        any({*row} <= {*kept} for kept in after[name]) for name in STORIES for row in before[name]
    )


class Dying:
    """Processes that open stores and end as by kill -9 at a moment that they are told."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(SUPPORT / "dying.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=SUPPORT.parents[1],
            env={"PYTHONPATH": "."},
        )
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def open(self, address, **when):
        self.process.stdin.write(json.dumps({"address": address, **when}) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture(scope="module")
def dying():
    with Dying() as processes:
        yield processes


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """How a store of each schema looks."""
    folder = tmp_path_factory.mktemp("shapes")
    for schema in SCHEMAS:
        make_store(f"sqlite:///{folder}/{schema}.db", schema)
    return {schema: shape(f"sqlite:///{folder}/{schema}.db")[1] for schema in SCHEMAS}


def assert_old_or_new(address, schema, shapes):
    version, told = shape(address)
    assert version in {schema, VERSION}, version
    assert told == shapes[version]
    return version


def torment(folder, dying, shapes, schema, moments):
    """Migrate a store again and again, killed at each of the moments; return how it ended."""
    kept = folder / "kept.db"
    make_store(f"sqlite:///{kept}", schema)
    before = stories(f"sqlite:///{kept}")
    ended = []
    for n, moment in enumerate(moments):
        path = folder / f"{n}.db"
        shutil.copy(kept, path)
        address = f"sqlite:///{path}"
        became = dying.open(address, **moment)
        ended.append((became, assert_old_or_new(address, schema, shapes)))
        older = folder / f"{n}.db.before-{schema}"
        if ended[-1][1] == VERSION or older.exists():
            assert shape(f"sqlite:///{older}") == (schema, shapes[schema])
            assert outlive(before, stories(f"sqlite:///{older}"))
        assert dying.open(address) == "ended 0"
        assert shape(address) == (VERSION, shapes[VERSION])
        assert outlive(before, stories(address))
        assert not list(folder.glob("*.partial*"))
    return ended


@pytest.mark.parametrize("schema", OLDER)
def test_a_migration_that_is_killed_leaves_the_old_store_or_the_new_one(
    tmp_path, dying, shapes, schema
):
    moments = [{"at": 2}, {"at": 12}, {"after": 0.03}]
    ended = torment(tmp_path, dying, shapes, schema, moments)
    assert ("killed", schema) in ended


@pytest.mark.torture("120 kills")
def test_a_hundred_kills_leave_the_old_store_or_the_new_one(tmp_path, dying, shapes):
    chances = random.Random(5)
    for schema in OLDER:
        (tmp_path / schema).mkdir()
        moments = [
            {"at": n} if n % 2 else {"after": chances.uniform(0.001, 0.12)}
            for n in range(1, 1 + 120 // len(OLDER))
        ]
        ended = torment(tmp_path / schema, dying, shapes, schema, moments)
        assert sum(became == "killed" for became, _ in ended) > len(moments) // 3


def test_weak_control_a_migration_in_pieces_is_caught_half_done(tmp_path, dying, shapes):
    caught = 0
    for n in (10, 14, 18):
        address = f"sqlite:///{tmp_path}/{n}.db"
        make_store(address, OLDER[0])
        dying.open(address, at=n, way="piecemeal")
        try:
            assert_old_or_new(address, OLDER[0], shapes)
        except AssertionError:
            caught += 1
    assert caught


def test_on_a_server_a_killed_migration_did_not_happen(dying, postgresql):
    for n in (9, 15):
        address = postgresql()
        make_store(address, OLDER[0])
        before, old = stories(address), shape(address)
        assert dying.open(address, at=n) == "killed"
        assert shape(address) == old
        assert dying.open(address) == "ended 0"
        assert shape(address)[0] == VERSION
        assert outlive(before, stories(address))


def test_two_that_migrate_at_once_make_one_new_store_and_keep_the_old_one(tmp_path, shapes):
    path = tmp_path / "k.db"
    make_store(f"sqlite:///{path}", OLDER[0])
    open_database(f"sqlite:///{path}").close()
    open_at = (
        "from store.upkeep.migrate import migrate; from store.database import open_database as o\n"
    )
    late = f"{open_at}d = o('sqlite:///{path}'); migrate(d.engine, d.path, {OLDER[0]!r})"
    subprocess.run([sys.executable, "-c", late], check=True, cwd=SUPPORT.parents[1])
    assert shape(f"sqlite:///{path}.before-{OLDER[0]}")[0] == OLDER[0]
    assert shape(f"sqlite:///{path}") == (VERSION, shapes[VERSION])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_days_sealed_before_there_were_volumes_are_the_first_of_all_entries(
    tmp_path, request, kind
):
    address = f"sqlite:///{tmp_path}/k.db"
    if kind == "postgresql":
        address = request.getfixturevalue("postgresql")()
    make_store(address, "0015")
    with closing(open_database(address)) as database, database.read() as connection:
        for table in (archives, archived_entries):
            rows = connection.execute(select(table)).all()
            assert [(row.topic, row.selection, row.day, row.volume) for row in rows] == [
                (f"k{n}", "all", f"k{n}", 1) for n in (1, 2, 3)
            ]


def test_words_kept_without_blocks_of_time_are_given_them(postgresql):
    older, new = postgresql(), postgresql()
    make_store(older, "0016")
    rows = [
        make_row(datetime(2004, 2, 29, 23, 59, tzinfo=UTC), 1, "Storm", "at the harbour"),
        make_row(datetime(2026, 5, 4, 9, 0, tzinfo=UTC), 2, "", "calm"),
    ]
    read = text("SELECT place, words FROM search ORDER BY place")
    with closing(open_database(new)) as database, database.write() as connection:
        index_of(connection).put(connection, rows)
        indexed = connection.execute(read).all()
    engine = create_engine(older)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO search (place, words)"
                " SELECT :place, ts_delete(words, array_agg(lexeme))"
                " FROM (SELECT CAST(:words AS tsvector) AS words) AS said, unnest(words)"
                " WHERE lexeme LIKE '%/%' GROUP BY words"
            ),
            [row._asdict() for row in indexed],
        )
        assert connection.execute(read).all() != indexed
    engine.dispose()
    with closing(open_database(older)) as database, database.read() as connection:
        assert connection.execute(read).all() == indexed


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_pinned_was_so_when_its_page_was_last_seen(tmp_path, request, kind):
    address = f"sqlite:///{tmp_path}/k.db"
    if kind == "postgresql":
        address = request.getfixturevalue("postgresql")()
    make_store(address, "0016")
    seen = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(update(entries).where(entries.c.number == 2).values(pinned=True))
        connection.execute(update(blogs).values(last_seen=seen))
    engine.dispose()
    with closing(open_database(address)) as database, database.read() as connection:
        assert connection.execute(select(pins)).all() == [(2, seen, None)]
