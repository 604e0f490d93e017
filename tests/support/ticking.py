"""A schedule on a real store and a real event loop, with polls that only take time."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from unhurried import OwnTime, own_time

from keywire.polling.page_options import Wishes
from keywire.polling.report import Report
from keywire.schedule import Schedule
from store import sources
from store.database import open_database
from store.source import AFTER_RESTART, SourceState

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass
class Clock:
    """Our clock: it may run fast, and be set."""

    rate: float = 1.0
    passing: OwnTime = field(default_factory=OwnTime)
    began: float = 0.0
    off: timedelta = timedelta()

    def __post_init__(self):
        self.began = self.passing()

    def __call__(self):
        return START + self.off + (self.passing() - self.began) * self.rate * SECOND


class Polls:
    """Takes the poller's place: a poll takes `takes(source)` seconds and is written down."""

    def __init__(self, database, clock, every, takes):
        self.database, self.now, self.every, self.takes = database, clock, every, takes
        self.passing = clock.passing if isinstance(clock, Clock) else time.monotonic
        self.wishes = Wishes({}, ())
        self.begun, self.under_way, self.most = [], Counter(), Counter()
        self.fails = lambda _: None

    async def put_off(self, until):
        with self.database.write() as connection:
            sources.put_off(connection, until)

    async def put_forward(self, cut_off):
        with self.database.write() as connection:
            sources.put_forward(connection, cut_off, self.now() + AFTER_RESTART)

    async def poll(self, source):
        host = urlsplit(source.url).hostname
        self.begun.append((source.url, self.passing()))
        self.under_way.update([source.url, host, "all"])
        self.most |= self.under_way
        try:
            await asyncio.sleep(self.takes(source))
        finally:
            self.under_way.subtract([source.url, host, "all"])
        self.fails(source)
        now = self.now()
        after = replace(
            source,
            state=SourceState.OK,
            last_poll=now,
            next_poll=now + self.every,
            polls=source.polls + 1,
        )
        with self.database.write() as connection:
            sources.record(connection, source, after, [])
        return Report(after)

    def of(self, url):
        return [at for asked, at in self.begun if asked == url]

    def counts(self, since=0.0):
        return Counter(url for url, at in self.begun if at >= since)


def site(host, path="live"):
    return f"https://host-{host}.example/{path}"


class Running:
    """A running schedule; `waits` are how many seconds late each poll began."""

    def __init__(
        self, folder, urls, *, every=HOUR, takes=lambda _: 0.0, rate=1.0, hear=None, clock=None
    ):
        self.folder, self.urls, self.every, self.takes = folder, urls, every, takes
        self.clock, self.waits = clock or Clock(rate), []
        self.told = hear or self.hear

    async def hear(self, _):
        pass

    async def __aenter__(self):
        self.database = open_database(f"sqlite:///{self.folder}/keywire.db")
        with self.database.write() as connection:
            sources.follow_sources(connection, self.urls)
        self.polls = Polls(self.database, self.clock, self.every, self.takes)
        self.schedule = Schedule(self.polls, self.told, late=self.waits.append)
        self.schedule.start()
        return self

    async def __aexit__(self, *_):
        await self.schedule.stop()
        self.database.close()

    def by_hand(self, change, *arguments):
        with self.database.write() as connection:
            change(connection, *arguments)

    async def until(self, claim, seconds=5.0):
        end = own_time() + seconds
        while not claim():
            assert own_time() < end, f"not within {seconds} s"
            await asyncio.sleep(0.01)

    async def all_polled(self):
        await self.until(lambda: len(self.polls.counts()) == len(self.urls))


def play(folder, urls, tell, **more):
    async def run():
        async with Running(folder, urls, **more) as running:
            await tell(running)

    asyncio.run(run())
