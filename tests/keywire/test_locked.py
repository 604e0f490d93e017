"""Several processes on one store at once: each waits its turn, none sees that it is locked."""

import subprocess
import threading
import time
from datetime import UTC, datetime

import pytest
from changing import Changer
from running import KEYWIRE, Keywire, OriginThread, wait_for
from sqlalchemy import insert

from keywire.demo.script import opening
from store import database as databases
from store.database import open_database
from store.errors import DatabaseError
from store.schema import sources

REPEATED = ("sources", "pause {url}", "resume {url}", "confirm {url}", "check")


class Person(threading.Thread):
    """Somebody who gives one command after another, and keeps what they were told."""

    def __init__(self, folder, commands):
        super().__init__(daemon=True)
        self.folder, self.commands = folder, commands
        self.told, self.stopping = [], threading.Event()

    def run(self):
        while not self.stopping.is_set():
            for command in self.commands:
                done = subprocess.run(
                    [KEYWIRE, *command.split()],
                    cwd=self.folder,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                self.told.append((command, done.returncode, done.stdout + done.stderr))


def crowd(folder, address, seconds):
    """Let a run write without rest, while people give commands and start it a second time.

    For so many seconds, and until each of them was answered twice, however slow the machine.
    """
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(folder, [origin.url], store=address)
        changer = Changer(origin, seed=3)
        people = [
            Person(folder, [command.format(url=origin.url) for command in REPEATED]),
            Person(folder, [f"resume {origin.url}", "sources"]),
            Person(folder, ["run"]),
        ]
        keywire.start()
        for one in (changer, *people):
            one.start()
        time.sleep(seconds)
        wait_for(lambda: all(len(person.told) > 1 for person in people), 60, keywire.terminal)
        for one in (changer, *people):
            one.stopping.set()
        for one in (changer, *people):
            one.join()
        written = len(keywire.events())
        assert keywire.stop() == 0
        return keywire.terminal(), [told for person in people for told in person.told], written


def check(terminal, told, written):
    assert written > 3
    for text in (terminal, *(said for _, _, said in told)):
        assert "locked" not in text
        assert "Traceback" not in text
    for command, status, said in told:
        if command == "run":
            assert status == 1
            assert len(said.strip().splitlines()) == 1
            assert "already follows" in said
        else:
            assert status == 0, (command, said)


@pytest.mark.alone
def test_commands_and_second_runs_wait_their_turn_while_a_run_writes(tmp_path, address):
    check(*crowd(tmp_path, address, 4))


@pytest.mark.torture("60 s")
@pytest.mark.parametrize("_round", range(5))
def test_a_minute_of_it_five_times(tmp_path, address, _round):
    check(*crowd(tmp_path, address, 60))


def write_beside(folder, seconds):
    """Hold one process's write for a while, and write by another connection meanwhile."""
    mine = open_database(f"sqlite:///{folder}/keywire.db")
    theirs = open_database(f"sqlite:///{folder}/keywire.db")
    held, go = threading.Event(), threading.Event()

    def hold():
        with mine.write() as connection:
            connection.execute(insert(sources), {"url": "https://news.example/1"})
            held.set()
            go.wait(seconds)

    holding = threading.Thread(target=hold)
    holding.start()
    held.wait(5)
    try:
        with theirs.write() as connection:
            connection.execute(insert(sources), {"url": "https://news.example/2"})
    finally:
        go.set()
        holding.join()
        mine.close()
        theirs.close()


def test_a_writer_waits_for_another_process(tmp_path):
    write_beside(tmp_path, 0.5)


def test_a_writer_that_does_not_wait_would_see_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0)
    with pytest.raises(DatabaseError, match="locked"):
        write_beside(tmp_path, 5)
