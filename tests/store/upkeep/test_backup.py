"""Backups written while the store is in use, checked, and put back, also on another database."""

import shutil
import sqlite3
import threading
from datetime import timedelta

import pytest
from indexed import index
from kept import NOW, add, count, fill, rows
from older import make_store
from sqlalchemy import select

from store import log
from store.database import open_database
from store.errors import BackupError, BusyError, DatabaseError
from store.schema import VERSION, entries
from store.upkeep.backup import back_up, check_copy, url_of
from store.upkeep.restore import restore

MINUTE = timedelta(minutes=1)


@pytest.fixture
def filled(address):
    database = open_database(address)
    fill(database)
    yield database
    database.close()


def opened(path):
    return open_database(url_of(path))


def test_a_backup_is_the_whole_store_in_one_file(filled, address, tmp_path):
    heard = []
    made = back_up(address, tmp_path / "b.db", watch=lambda done, of: heard.append((done, of)))
    assert made.facts.counts["entries"] == 31
    assert [path.name for path in tmp_path.glob("b.db*")] == ["b.db"]
    copy = opened(tmp_path / "b.db")
    assert copy.epoch == filled.epoch
    assert rows(copy, "store_facts") == rows(filled, "store_facts")
    copy.close()
    if filled.path is None:
        assert heard[-1][0] == heard[-1][1] > 100


def test_nothing_is_written_over_unless_a_person_says_so(filled, address, tmp_path):
    target = tmp_path / "b.db"
    target.write_bytes(b"dear")
    with pytest.raises(BackupError, match=r"exists; .*--force"):
        back_up(address, target)
    assert target.read_bytes() == b"dear"
    back_up(address, target, force=True)
    check_copy(target)
    if filled.path is not None:
        with pytest.raises(BackupError, match="is the store itself"):
            back_up(address, filled.path, force=True)


@pytest.mark.parametrize(
    ("place", "says"), [("", "is a directory"), ("no/such/b.db", "does not exist")]
)
@pytest.mark.usefixtures("filled")
def test_a_place_that_is_none_is_said_to_be_none(address, tmp_path, place, says):
    with pytest.raises(BackupError, match=says):
        back_up(address, tmp_path / place)


def test_what_was_committed_before_is_in_it_and_nobody_waits(filled, address, tmp_path):
    stopping, added = threading.Event(), []

    def publish():
        while not stopping.is_set():
            add(filled, f"w{len(added)}", NOW + (len(added) + 9) * MINUTE)
            added.append(f"w{len(added)}")

    writer = threading.Thread(target=publish)
    writer.start()
    for n in range(4):
        before = [*added]
        back_up(address, tmp_path / f"{n}.db")
        copy = opened(tmp_path / f"{n}.db")
        with copy.read() as connection:
            kept = {*connection.scalars(select(entries.c.block_id))}
            told = [change.seq for change in log.read_after(connection, 0, 9999)]
            head = log.head(connection)
        copy.close()
        assert {*before} <= kept
        assert told == [*range(1, head + 1)]
    stopping.set()
    writer.join()
    assert added


def test_a_restored_store_is_the_one_that_was_backed_up_with_an_epoch_of_its_own(
    filled, address, tmp_path
):
    back_up(address, tmp_path / "b.db")
    was, epoch = rows(filled, "store_facts"), filled.epoch
    add(filled, "later", NOW + 9 * MINUTE)
    filled.close()
    with pytest.raises(BackupError, match=r"there is a store at .*--force"):
        restore(tmp_path / "b.db", address)
    facts = restore(tmp_path / "b.db", address, force=True)
    assert facts.counts["entries"] == 31
    again = open_database(address)
    assert rows(again, "store_facts") == was
    assert again.epoch not in {epoch, ""}
    add(again, "anew", NOW + 9 * MINUTE)
    with again.read() as connection:
        assert connection.scalar(select(entries.c.number).where(entries.c.block_id == "anew")) == 32
    again.close()
    if filled.path is not None:
        kept = opened(filled.path.with_name("keywire.db.before-restore"))
        assert count(kept)["entries"] == 32
        kept.close()


def test_a_backup_goes_into_the_other_kind_of_database(filled, address, tmp_path, postgresql):
    other = f"sqlite:///{tmp_path}/other.db" if filled.path is None else postgresql()
    back_up(address, tmp_path / "b.db")
    restore(tmp_path / "b.db", other)
    moved = open_database(other)
    assert rows(moved, "store_facts") == rows(filled, "store_facts")
    assert index(moved) == 1
    add(moved, "anew", NOW + 9 * MINUTE)
    assert count(moved)["entries"] == 32
    moved.close()


def test_a_store_that_is_followed_with_is_not_replaced(filled, address, tmp_path):
    back_up(address, tmp_path / "b.db")
    with filled.claim(), pytest.raises(BusyError, match="already follows"):
        restore(tmp_path / "b.db", address, force=True)
    assert count(filled)["entries"] == 31


def spoil(path, how):
    made = sqlite3.connect(path)
    made.execute("PRAGMA foreign_keys=OFF")
    made.execute(how)
    made.commit()
    made.close()


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("UPDATE log_head SET seq = seq - 1", "its log goes on beyond its head"),
        ("DELETE FROM blogs", "refers to one that is missing"),
        ("UPDATE alembic_version SET version_num = '9999'", "written by a newer keywire"),
        ("DROP TABLE store_facts", "holds no tables of keywire"),
    ],
)
def test_a_backup_that_is_not_whole_replaces_nothing(tmp_path, how, says):
    path = tmp_path / "keywire.db"
    database = open_database(url_of(path))
    fill(database, 5)
    database.close()
    back_up(f"sqlite:///{path}", tmp_path / "b.db")
    spoil(tmp_path / "b.db", how)
    before = path.read_bytes()
    with pytest.raises((BackupError, DatabaseError), match=says):
        restore(tmp_path / "b.db", f"sqlite:///{path}", force=True)
    assert path.read_bytes() == before


def test_a_damaged_store_is_replaced_and_kept_as_it_was(tmp_path):
    path = tmp_path / "keywire.db"
    database = open_database(url_of(path))
    fill(database, 5)
    database.close()
    back_up(f"sqlite:///{path}", tmp_path / "b.db")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 40_000)
    damaged = path.read_bytes()
    with pytest.raises(DatabaseError, match=r"damaged.*restore a backup"):
        open_database(url_of(path))
    with pytest.raises(DatabaseError, match="damaged"):
        back_up(f"sqlite:///{path}", tmp_path / "c.db")
    assert not [*tmp_path.glob("c.db*")]
    restore(tmp_path / "b.db", f"sqlite:///{path}", force=True)
    assert (tmp_path / "keywire.db.before-restore").read_bytes() == damaged
    again = opened(path)
    assert count(again)["entries"] == 6
    again.close()


def test_a_copy_of_a_store_in_use_with_what_lies_beside_it_is_a_backup_too(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    fill(database, 5)
    for name in ("keywire.db", "keywire.db-wal"):
        shutil.copy(tmp_path / name, tmp_path / f"copy{name}")
    database.close()
    restore(tmp_path / "copykeywire.db", f"sqlite:///{tmp_path}/new.db")
    again = opened(tmp_path / "new.db")
    assert count(again)["entries"] == 6
    again.close()


def test_an_older_backup_is_brought_up_to_date(tmp_path, postgresql):
    make_store(f"sqlite:///{tmp_path}/old.db", "0001")
    for address in (f"sqlite:///{tmp_path}/new.db", postgresql()):
        facts = restore(tmp_path / "old.db", address)
        assert (facts.schema, facts.counts["entries"]) == (VERSION, 3)
        again = open_database(address)
        assert count(again)["entries"] == 3
        again.close()
    assert not [*tmp_path.glob("*before*")]
