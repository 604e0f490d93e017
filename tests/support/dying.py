"""Open stores in processes that end as by kill -9: a program driven by standard input.

Each line is JSON: an address, how to open it, and when the process ends: before the statement
`at`, or `after` so many seconds, or not at all. The answer to each line is "killed", or "ended"
with the exit code. Everything is imported once; each opening is a fork.
"""

import json
import os
import signal
import sys

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine

import store.upkeep.migrate
from store.database import open_database


def end_at(statement):
    """Kill this process before its `statement`-th statement runs."""
    count = 0

    def step(*_):
        nonlocal count
        count += 1
        if count >= statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", step)


def open_whole(address):
    open_database(address).close()


def migrate_piecemeal(address):
    """Migrate with each statement committed by itself: the weak control."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(store.upkeep.migrate.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


WAYS = {"whole": open_whole, "piecemeal": migrate_piecemeal}


def live(told):
    """Open one store in a fork, which then exits; it never returns."""
    if told.get("at"):
        end_at(told["at"])
    if told.get("after"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # by default it kills, as SIGKILL
        signal.setitimer(signal.ITIMER_REAL, told["after"])
    try:
        WAYS[told.get("way", "whole")](told["address"])
    except Exception as error:  # noqa: BLE001 - told by the test
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)
    os._exit(0)


def main():
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(json.loads(line))
        _, status = os.waitpid(child, 0)
        became = "killed" if os.WIFSIGNALED(status) else f"ended {os.WEXITSTATUS(status)}"
        sys.stdout.write(became + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
