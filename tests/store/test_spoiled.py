"""Fifty ways for a store to be none, or not whole: found at the start, and left as they are."""

import gzip
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from kept import fill

from store import log
from store.database import open_database
from store.errors import DatabaseError
from store.file import lock_of, wal_of
from store.upkeep.lost_wal import accept

PAGE = 4096
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a store with a day in it."""
    path = tmp_path_factory.mktemp("whole") / "keywire.db"
    database = open_database(f"sqlite:///{path}")
    fill(database)
    database.close()
    body = path.read_bytes()
    assert len(body) > 40 * PAGE
    return body


def directory(path, _):
    path.mkdir()


def directory_with_something_in_it(path, body):
    path.mkdir()
    (path / "keywire.db").write_bytes(body)


def link_to_a_directory(path, _):
    path.symlink_to(path.parent)


def link_to_a_device(path, _):
    path.symlink_to("/dev/zero")


def pipe(path, _):
    os.mkfifo(path)


def holding(make):
    """Hold what `make` makes of a whole store's bytes."""

    def spoil(path, body):
        path.write_bytes(make(body))

    return spoil


def overwritten(page, with_what):
    """Hold a whole store but for one page, counted from 0."""

    def make(body):
        return body[: page * PAGE] + with_what + body[(page + 1) * PAGE :]

    return holding(make)


def swapped(one, other):
    def make(body):
        pages = [body[at : at + PAGE] for at in range(0, len(body), PAGE)]
        pages[one], pages[other] = pages[other], pages[one]
        return b"".join(pages)

    return holding(make)


def told(*statements):
    """Hold a whole store to which somebody has said something."""

    def spoil(path, body):
        path.write_bytes(body)
        made = sqlite3.connect(path)
        for statement in statements:
            made.execute(statement)
        made.commit()
        made.execute("PRAGMA journal_mode=DELETE")
        made.close()

    return spoil


def of_another_program(path, _):
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE photos (id INTEGER)")
    made.commit()
    made.close()


def gone_but_not_its_wal(path, body):
    path.with_name("keywire.db-wal").write_bytes(body)


def without_the_wal_of_a_killed_run(path, body):
    path.write_bytes(body)
    lock_of(path).write_text("4194304")


def without_the_wal_that_had_it_all(path, _):
    made = sqlite3.connect(path)
    made.execute("PRAGMA journal_mode=WAL")
    made.close()
    lock_of(path).touch()


MENDS = ("restore", "move", "delete", "give", "update")
GARBAGE = bytes(range(256)) * 16
SPOILT = {
    "a directory": (directory, "is a directory"),
    "a directory with a store in it": (directory_with_something_in_it, "is a directory"),
    "a link to a directory": (link_to_a_directory, "is a directory"),
    "a link to a device": (link_to_a_device, "is no file"),
    "a pipe": (pipe, "is no file"),
    "an empty file": (holding(lambda _: b""), "is empty"),
    **{
        f"another file: {name}": (holding(lambda _, body=body: body), "is no SQLite database")
        for name, body in {
            "one byte": b"S",
            "half a head": b"SQLite for",
            "a page": b"<!doctype html><title>Sign in</title>" * 99,
            "a zip": b"PK\x03\x04" + b"\0" * 9000,
            "SQLite 2": b"** This file contains an SQLite 2.1 database **",
            "text": b"keywire",
            "json": b'{"entries": []}',
            "nothing but zeros": b"\0" * 9 * PAGE,
            "UTF-16": "SQLite format 3".encode("utf-16"),
        }.items()
    },
    "a store, compressed": (holding(gzip.compress), "is no SQLite database"),
    "a store behind a byte order mark": (
        holding(lambda body: b"\xef\xbb\xbf" + body),
        "is no SQLite database",
    ),
    "a head alone": (holding(lambda body: body[:16]), "is damaged"),
    "a hundred bytes": (holding(lambda body: body[:100]), "is damaged"),
    "a head before garbage": (holding(lambda body: body[:16] + b"\xff" * 9000), "is damaged"),
    "a wrong size of pages": (
        holding(lambda body: body[:16] + b"\x00\x03" + body[18:]),
        "is damaged",
    ),
    **{
        f"cut after {share:.0%}": (
            holding(lambda body, share=share: body[: int(len(body) * share)]),
            "is damaged",
        )
        for share in (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
    },
    **{f"garbage in page {n}": (overwritten(n, GARBAGE), "is damaged") for n in range(1, 31, 4)},
    **{f"zeros in page {n}": (overwritten(n, bytes(PAGE)), "is damaged") for n in range(2, 32, 5)},
    **{f"pages {n} and {n + 9} swapped": (swapped(n, n + 9), "is damaged") for n in (2, 9, 20)},
    "of a newer keywire": (
        told("UPDATE alembic_version SET version_num = '9999'"),
        "newer keywire",
    ),
    "of a much newer keywire": (told("UPDATE alembic_version SET version_num = '1000'"), "newer"),
    "of no version": (told("DELETE FROM alembic_version"), "tables of something else"),
    "without its log": (told("DROP TABLE log_head"), "tables of something else"),
    "of another program": (of_another_program, "tables of something else"),
    "gone, but not its -wal": (gone_but_not_its_wal, "is gone, but what belongs to it is there"),
    "without the -wal of a killed run": (without_the_wal_of_a_killed_run, "-wal is missing"),
    "without the -wal that had it all": (without_the_wal_that_had_it_all, "holds nothing any more"),
}


def lying_there(folder):
    """Read all that lies in a folder but for what SQLite keeps beside a file that it reads."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm") and path.stat().st_size
    }


def test_there_are_fifty():
    assert len(SPOILT) >= 50


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_no_whole_store_is_told_with_the_mend_and_left_alone(tmp_path, whole, how):
    spoil, says = SPOILT[how]
    folder = tmp_path / "store"
    folder.mkdir()
    path = folder / "keywire.db"
    spoil(path, whole)
    before = lying_there(folder)
    with pytest.raises(DatabaseError, match=says) as caught:
        open_database(f"sqlite:///{path}")
    assert "\n" not in str(caught.value)
    assert any(word in str(caught.value) for word in MENDS)
    assert lying_there(folder) == before


def test_weak_control_a_store_that_is_opened_as_it_comes_hides_what_is_missing(tmp_path, whole):
    """Making what is missing, and trusting the rest, passes over most of what is wrong."""
    silent = []
    for n, (how, (spoil, _)) in enumerate(SPOILT.items()):
        path = tmp_path / str(n) / "keywire.db"
        path.parent.mkdir()
        if "pipe" in how or "device" in how:
            continue
        spoil(path, whole)
        try:
            made = sqlite3.connect(path)
            made.execute("CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY)")
            made.commit()
            made.close()
        except sqlite3.Error:
            continue
        silent.append(how)
    assert {"an empty file", "gone, but not its -wal", "without the -wal that had it all"} <= {
        *silent
    }
    assert len(silent) > 15


def test_a_store_is_opened_after_a_kill_and_what_is_whole_again_is_known_to_be(tmp_path, whole):
    path = tmp_path / "keywire.db"
    path.write_bytes(whole)
    lock_of(path).write_text("4194304")
    path.with_name("keywire.db-wal").touch()
    open_database(f"sqlite:///{path}").close()
    assert not path.with_name("keywire.db-wal").exists()
    open_database(f"sqlite:///{path}").close()


def killed(path):
    """Make a store whose last commit is in its -wal alone, and leave it as kill -9 does."""
    script = (
        "import os, sys\n"
        "from store.database import open_database\n"
        "from store.schema import store_facts\n"
        "database = open_database(sys.argv[1])\n"
        "hold = database.claim(); hold.__enter__()\n"
        "with database.write() as connection:\n"
        "    connection.execute(store_facts.insert().values(name='last', value='said'))\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", script, f"sqlite:///{path}"], check=False, cwd=REPOSITORY)
    assert wal_of(path).stat().st_size


def facts_of(path):
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, value FROM store_facts"))


def test_a_wal_that_a_shell_took_in_after_a_kill_is_gone_on_without_by_one_command(tmp_path):
    path = tmp_path / "keywire.db"
    killed(path)
    epoch = facts_of(path)["epoch"]  # a shell: the last to close a file takes its -wal in
    assert not wal_of(path).exists()
    with pytest.raises(DatabaseError, match="keywire doctor --as-it-is"):
        open_database(f"sqlite:///{path}")
    assert accept(f"sqlite:///{path}") is not None
    open_database(f"sqlite:///{path}").close()
    assert facts_of(path)["last"] == "said"
    assert facts_of(path)["epoch"] != epoch
    assert accept(f"sqlite:///{path}") is None


def test_a_file_that_is_not_whole_without_its_wal_is_not_gone_on_with(tmp_path, whole):
    path = tmp_path / "keywire.db"
    path.write_bytes(whole[: len(whole) // 2])
    lock_of(path).write_text("4194304")
    for _ in range(2):
        with pytest.raises(DatabaseError, match="restore a backup"):
            accept(f"sqlite:///{path}")
    assert lock_of(path).read_text() == "4194304"


def test_a_first_start_that_was_killed_is_begun_anew(tmp_path):
    made = sqlite3.connect(tmp_path / "keywire.db")
    made.execute("PRAGMA journal_mode=WAL")
    made.close()
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.read() as connection:
        assert log.head(connection) == 0
    database.close()


def test_a_store_that_a_person_deleted_is_made_anew(tmp_path):
    address = f"sqlite:///{tmp_path}/keywire.db"
    database = open_database(address)
    with database.claim():
        pass
    database.close()
    (tmp_path / "keywire.db").unlink()
    again = open_database(address)
    assert again.epoch != database.epoch
    again.close()
