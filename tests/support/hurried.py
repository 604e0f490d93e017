"""keywire run on a clock that runs fast: `python hurried.py BEGAN RATE [careless]`, in its folder.

A careless one keeps a piece of memory and a file open for each poll, and never ends a reading.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from keywire.app import App
from keywire.commands.context import load_config
from keywire.journal import Journal
from keywire.process.loop import run
from keywire.process.server import listen

SQUANDERED = 400_000  # bytes a poll


@dataclass(frozen=True)
class Hurried:
    """A clock that runs `rate` times as fast as the machine's since the time `began`, seconds."""

    began: float
    rate: float

    def __call__(self):
        passed = (time.time() - self.began) * self.rate
        return datetime.fromtimestamp(self.began, UTC) + timedelta(seconds=passed)


class Squanderer:
    """Hears of what happens, and lets nothing go."""

    def __init__(self):
        self.kept = []

    def hear(self, _):
        never_closed = Path(__file__).open("rb")  # noqa: SIM115 - that is the flaw
        self.kept += [bytearray(SQUANDERED), never_closed]


def follow(began, rate, *, careless=False):
    config = load_config(Path("config.yaml"))
    teller = Squanderer() if careless else Journal()
    with App(config, tell=teller.hear, now=Hurried(began, rate)) as app:
        if careless:
            reading = app.database.engine.connect()
            reading.execute(text("SELECT count(*) FROM entries"))
        run(app.run(listen(config.host, config.port, config.site.url)))


if __name__ == "__main__":
    follow(float(sys.argv[1]), float(sys.argv[2]), careless="careless" in sys.argv)
