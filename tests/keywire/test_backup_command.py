"""`keywire backup` and `keywire restore` beside a run, as their users run them."""

import random
import resource
import shutil
import sqlite3
import subprocess
import time
from datetime import UTC, datetime

import pytest
from changing import Changer
from kept import fill
from running import KEYWIRE, Keywire, OriginThread, wait_for

from keywire.demo.script import opening
from store.database import open_database
from store.upkeep.backup import back_up
from store.upkeep.restore import restore


def say(folder, *words, limit=None):
    """Run a command in a folder; it may write no file beyond `limit` bytes."""
    return subprocess.run(
        [KEYWIRE, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))),
    )


def assert_whole(path):
    made = sqlite3.connect(path)
    assert made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert made.execute("PRAGMA foreign_key_check").fetchall() == []
    head = made.execute("SELECT seq FROM log_head").fetchone()[0]
    seqs = [seq for (seq,) in made.execute("SELECT seq FROM changes ORDER BY seq")]
    made.close()
    assert seqs == [*range(1, head + 1)]
    return head


def test_a_backup_is_taken_while_keywire_runs_and_put_back_when_it_does_not(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(tmp_path, [origin.url])
        keywire.start()
        wait_for(keywire.events, 20, keywire.terminal)
        told = say(tmp_path, "backup", "b.db")
        assert (told.returncode, told.stderr) == (0, "")
        assert "Backed up to b.db, checked whole: 1 source, 1 blog, " in told.stdout
        assert_whole(tmp_path / "b.db")
        again = say(tmp_path, "backup", "b.db")
        assert again.returncode == 1
        assert "b.db exists" in again.stderr
        refused = say(tmp_path, "restore", "b.db", "--force")
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert f"process {keywire.process.pid}" in refused.stderr
        epoch = keywire.json("/events?after=0")["epoch"]
        entries = {event["entry"]["id"] for event in keywire.events() if "entry" in event}
        assert keywire.stop() == 0
        done = say(tmp_path, "restore", "b.db", "--force")
        assert (done.returncode, done.stderr) == (0, "")
        keywire.start()
        wait_for(keywire.events, 20, keywire.terminal)
        assert {e["entry"]["id"] for e in keywire.events() if "entry" in e} >= entries
        assert keywire.json("/events?after=0")["epoch"] != epoch
        assert keywire.get(f"/events?after=0&epoch={epoch}")[0] == 409
        assert keywire.stop() == 0


def test_a_disk_that_is_full_leaves_no_half_backup_and_the_old_one_as_it_was(tmp_path):
    before, store = keep_a_day(tmp_path)
    for limit in (20_000, len(before) - 4096):
        told = say(tmp_path, "backup", "b.db", "--force", limit=limit)
        assert (told.returncode, told.stderr.count("\n")) == (1, 1)
        assert "b.db cannot be written" in told.stderr
        assert (tmp_path / "b.db").read_bytes() == before
    told = say(tmp_path, "restore", "b.db", "--force", limit=len(before) - 4096)
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert (tmp_path / "keywire.db").read_bytes() == store
    assert not [*tmp_path.glob("*.partial*")]


def keep_a_day(folder):
    """Make a store and its backup; return their bytes, the backup's first."""
    Keywire(folder, ["http://127.0.0.1:9/live"])
    database = open_database(f"sqlite:///{folder}/keywire.db")
    fill(database)
    database.close()
    back_up(f"sqlite:///{folder}/keywire.db", folder / "b.db")
    return (folder / "b.db").read_bytes(), (folder / "keywire.db").read_bytes()


def torment(folder, kills, seed):
    """Kill backups at random moments while keywire writes; each that is there is whole."""
    chances = random.Random(seed)
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(folder, [origin.url])
        keywire.start()
        wait_for(keywire.events, 20, keywire.terminal)
        assert say(folder, "backup", "b.db").returncode == 0
        changer = Changer(origin, seed)
        changer.start()
        head, killed = assert_whole(folder / "b.db"), 0
        for n in range(kills):
            began = time.monotonic()
            made = subprocess.Popen(
                [KEYWIRE, "backup", "b.db", "--force"],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if n % 2:  # once it writes; else anywhere
                wait_for(lambda m=made: m.poll() is not None or written(folder), 20)
            time.sleep(chances.uniform(0, 0.02 if n % 2 else 1.5))
            made.kill()
            killed += made.wait() != 0
            newer = assert_whole(folder / "b.db")
            assert newer >= head, f"an older backup took its place after {time.monotonic() - began}"
            head = newer
        changer.stopping.set()
        changer.join()
        before = len(keywire.events())
        assert say(folder, "backup", "b.db", "--force").returncode == 0
        assert assert_whole(folder / "b.db") >= before
        assert not [*folder.glob("*.partial*")]
        assert keywire.stop() == 0
        assert "Traceback" not in keywire.terminal()
    return killed


def written(folder):
    partial = folder / "b.db.partial"
    return partial.exists() and partial.stat().st_size > 0


def test_kills_while_backing_up_leave_a_whole_backup_or_the_one_before(tmp_path):
    assert torment(tmp_path, 2, seed=3)


@pytest.mark.torture("100 kills")
def test_a_hundred_kills_while_backing_up_leave_a_whole_backup(tmp_path):
    assert torment(tmp_path, 100, seed=100) > 50


def test_weak_control_a_copy_of_the_file_alone_is_not_the_store(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(tmp_path, [origin.url])
        keywire.start()
        told = wait_for(keywire.events, 20, keywire.terminal)
        shutil.copy(tmp_path / "keywire.db", tmp_path / "copy.db")
        keywire.kill()
    with pytest.raises((AssertionError, sqlite3.Error)):
        assert assert_whole(tmp_path / "copy.db") == len(told)


def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new_one(tmp_path):
    keep_a_day(tmp_path)
    for moment in (0.6, 0.9):
        made = subprocess.Popen([KEYWIRE, "restore", "b.db", "--force"], cwd=tmp_path)
        time.sleep(moment)
        made.kill()
        made.wait()
        assert_whole(tmp_path / "keywire.db")
    restore(tmp_path / "b.db", f"sqlite:///{tmp_path}/keywire.db", force=True)
    assert_whole(tmp_path / "keywire.db")
