"""What systemd is told, heard on a real socket."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess

import pytest
from running import KEYWIRE, Keywire, wait_for
from sqlalchemy import create_engine, text

from keywire.process.notify import ServiceManager, read_environment


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    """A service manager's end of NOTIFY_SOCKET, and its address."""
    path = str(tmp_path / "notify")
    address = path if request.param == "path" else f"@keywire-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(path if request.param == "path" else "\0" + address[1:])
        bound.settimeout(20)
        yield bound, address


def hear(bound):
    return bound.recv(4096).decode()


def wait_for_silence(bound, seconds):
    """Wait until nothing was heard for so long; fail when that does not come."""
    bound.settimeout(seconds)

    def is_silent():
        try:
            hear(bound)
        except TimeoutError:
            return True
        return False

    wait_for(is_silent, 20)
    bound.settimeout(20)


def start(mine, address, **environment):
    mine.process = subprocess.Popen(
        [KEYWIRE, "run"],
        cwd=mine.folder,
        env={**os.environ, "NOTIFY_SOCKET": address, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_a_run_says_when_it_serves_that_it_ticks_and_that_it_ends(tmp_path, manager):
    bound, address = manager
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    start(mine, address, WATCHDOG_USEC="1500000")
    try:
        assert hear(bound) == "READY=1"
        assert mine.status("/healthz") == 200
        assert [hear(bound) for _ in range(3)] == ["WATCHDOG=1"] * 3
    finally:
        assert mine.stop() == 0
    last = hear(bound)
    while last == "WATCHDOG=1":
        last = hear(bound)
    assert last == "STOPPING=1"


def test_a_run_that_does_not_tick_gives_no_sign_of_life(tmp_path, manager):
    bound, address = manager
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    start(mine, address, WATCHDOG_USEC="1500000")
    try:
        assert hear(bound) == "READY=1"
        assert hear(bound) == "WATCHDOG=1"
        mine.process.send_signal(signal.SIGSTOP)
        wait_for_silence(bound, 0.7)
        mine.process.send_signal(signal.SIGCONT)
        assert hear(bound) == "WATCHDOG=1"
    finally:
        mine.kill()


def test_a_run_whose_store_hangs_gives_no_sign_of_life(tmp_path, manager, postgresql):
    bound, address = manager
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    config, store = tmp_path / "config.yaml", postgresql()
    config.write_text(config.read_text().replace("sqlite:///keywire.db", store))
    start(mine, address, WATCHDOG_USEC="1500000")
    engine = create_engine(store)
    try:
        assert hear(bound) == "READY=1"
        assert hear(bound) == "WATCHDOG=1"
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE sources, store_facts IN ACCESS EXCLUSIVE MODE"))
            wait_for_silence(bound, 2)
        assert hear(bound) == "WATCHDOG=1"
    finally:
        mine.kill()
        engine.dispose()


def test_a_run_whose_store_refuses_is_alive(tmp_path, manager):
    bound, address = manager
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    start(mine, address, WATCHDOG_USEC="1500000")
    try:
        assert hear(bound) == "READY=1"
        wait_for(lambda: mine.source()["state"] == "broken", 10)
        with sqlite3.connect(tmp_path / "keywire.db", timeout=10) as connection:
            connection.execute("ALTER TABLE sources RENAME TO elsewhere")
        connection.close()
        wait_for(lambda: mine.status("/sources.json") == 503, 10)
        bound.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                hear(bound)
        bound.settimeout(20)
        assert [hear(bound) for _ in range(3)] == ["WATCHDOG=1"] * 3
    finally:
        mine.kill()


def test_a_process_without_a_service_manager_is_stopped_by_none_of_it():
    silent = read_environment({})
    silent.ready()
    silent.alive()
    silent.stopping()


def test_a_manager_that_has_gone_away_stops_nothing(tmp_path):
    ServiceManager(str(tmp_path / "nobody")).ready()


def test_signs_of_life_come_three_times_in_each_wait_and_not_more(manager):
    bound, address = manager
    times = iter([10.0, 10.1, 30.0, 49.0, 51.0])
    told = ServiceManager(address, watchdog=60, monotonic=lambda: next(times))
    for _ in range(5):
        told.alive()
    told.stopping()
    assert [hear(bound) for _ in range(4)] == ["WATCHDOG=1"] * 3 + ["STOPPING=1"]


def test_a_watchdog_for_another_process_is_not_ours(manager):
    bound, address = manager
    told = read_environment(
        {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"}
    )
    told.alive()
    told.stopping()
    assert hear(bound) == "STOPPING=1"
