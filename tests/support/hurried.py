"""keywire run on a fast clock: `python hurried.py BEGAN RATE [careless]`, in its folder.

Its memories of pages, blogs, entries and feeds are limited to a megabyte each, which a day fills in
minutes: memory that grows after that grows without end. With `careless`, it leaks a piece of memory
and an open file at each poll, and never ends a read transaction.
"""

import gc
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from feeds.fragments import Fragments
from keywire.app import App
from keywire.commands.context import load_config
from keywire.journal import Journal
from keywire.process.loop import run
from keywire.process.server import listen
from scraper.markup.memo import Memo
from store.entry_cache import Recall
from store.history_cache import Histories

SQUANDERED = 400_000  # bytes leaked a poll
ROOM = 2**20  # bytes of each memory, at most


@dataclass(frozen=True)
class Hurried:
    """A clock that runs `rate` times as fast as the machine's since `began` (epoch seconds)."""

    began: float
    rate: float

    def __call__(self):
        passed = (time.time() - self.began) * self.rate
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=passed)


class Squanderer:
    """Leaks memory and an open file at every event."""

    def __init__(self):
        self.kept = []

    def hear(self, _):
        never_closed = Path(__file__).open("rb")  # noqa: SIM115 - that is the flaw
        self.kept += [bytearray(SQUANDERED), never_closed]


def forget_soon():
    """Limit every memory to ROOM, by the defaults of their constructors."""
    Histories.__init__.__defaults__ = (ROOM, ROOM)
    Recall.__init__.__defaults__ = Fragments.__init__.__defaults__ = (ROOM,)
    for memo in (one for one in gc.get_objects() if isinstance(one, Memo)):
        memo._most = ROOM // 4


def follow(began, rate, *, careless=False):
    forget_soon()
    config = load_config(Path("config.yaml"))
    teller = Squanderer() if careless else Journal()
    with App(config, tell=teller.hear, now=Hurried(began, rate)) as app:
        if careless:
            reading = app.database.engine.connect()
            reading.execute(text("SELECT count(*) FROM entries"))
        run(app.run(listen(config.host, config.port, config.site.url)))


if __name__ == "__main__":
    follow(float(sys.argv[1]), float(sys.argv[2]), careless="careless" in sys.argv)
