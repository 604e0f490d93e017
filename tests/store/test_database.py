"""Opening a store: new, old, damaged, foreign, newer, and held by somebody else."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import inspect

from store.database import open_database
from store.errors import BusyError, DatabaseError
from store.schema import VERSION, metadata
from store.upkeep.migrate import migrate


def sqlite(path):
    return f"sqlite:///{path}"


def test_a_new_store_is_made_with_an_epoch_and_kept(tmp_path):
    first = open_database(sqlite(tmp_path / "k.db"))
    first.close()
    second = open_database(sqlite(tmp_path / "k.db"))
    second.close()
    assert len(first.epoch) == 36
    assert first.epoch == second.epoch


def test_commits_survive_power_loss(database):
    if database.path is None:
        pytest.skip("PostgreSQL's commits do by default")
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_migrations_make_the_schema_that_a_new_store_gets(tmp_path):
    def shape(database):
        inspector = inspect(database.engine)
        return {
            table: (
                sorted(
                    (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
                ),
                sorted(
                    (i["name"], tuple(map(str, i["column_names"])))
                    for i in inspector.get_indexes(table)
                ),
            )
            for table in metadata.tables
        }

    new = open_database(sqlite(tmp_path / "new.db"))
    old = open_database(sqlite(tmp_path / "old.db"))
    with old.write() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DELETE FROM alembic_version")
    migrate(old.engine, old.path, "0000")
    assert shape(old) == shape(new)
    with old.read() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        names = set(
            connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type='index'"
            ).scalars()
        )
    assert found == VERSION
    assert "ix_joined_newest" in names
    assert (tmp_path / "old.db.before-0000").exists()
    new.close()
    old.close()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p.mkdir(), "is a directory"),
        (lambda p: p.touch(), "is empty, not a store"),
        (lambda p: p.write_bytes(b"<html>not a database</html>" * 400), "is no SQLite database"),
        (lambda p: p.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000), "is damaged"),
    ],
    ids=["directory", "empty", "another file", "damaged"],
)
def test_what_is_no_store_is_refused_in_plain_words_and_left_alone(tmp_path, make, says):
    path = tmp_path / "keywire.db"
    make(path)
    before = None if path.is_dir() else path.read_bytes()
    with pytest.raises(DatabaseError, match=says) as caught:
        open_database(sqlite(path))
    assert "\n" not in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_a_damaged_page_in_the_middle_is_found_at_the_start(tmp_path):
    path = tmp_path / "keywire.db"
    open_database(sqlite(path)).close()
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 4))
    with pytest.raises(DatabaseError, match=r"damaged.*restore a backup"):
        open_database(sqlite(path))


def test_a_newer_store_is_refused(tmp_path):
    database = open_database(sqlite(tmp_path / "k.db"))
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    with pytest.raises(DatabaseError, match="written by a newer keywire"):
        open_database(sqlite(tmp_path / "k.db"))


def test_another_programs_database_is_refused(tmp_path):
    foreign = sqlite3.connect(tmp_path / "k.db")
    foreign.execute("CREATE TABLE photos (id INTEGER)")
    foreign.commit()
    foreign.close()
    with pytest.raises(DatabaseError, match="tables of something else"):
        open_database(sqlite(tmp_path / "k.db"))


@pytest.mark.parametrize(
    "wrong", ["keywire.db", "oracle9://x", "sqlite://", "sqlite:///no/such/folder/k.db"]
)
def test_an_address_that_is_none_is_said_to_be_none(wrong):
    with pytest.raises(DatabaseError, match=r"store:|does not exist"):
        open_database(wrong)


def test_one_process_follows_at_a_time_and_a_killed_one_lets_go(tmp_path):
    path = tmp_path / "k.db"
    database = open_database(sqlite(path))
    script = (
        "import sys, time; from store.database import open_database\n"
        f"with open_database({sqlite(path)!r}).claim():\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(BusyError, match=f"process {holder.pid}"), database.claim():
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with database.claim():
        pass
    database.close()


def test_a_store_copied_while_open_is_whole(tmp_path):
    database = open_database(sqlite(tmp_path / "k.db"))
    database.close()
    shutil.copy(tmp_path / "k.db", tmp_path / "copy.db")
    copy = open_database(sqlite(tmp_path / "copy.db"))
    assert copy.epoch == database.epoch
    copy.close()
