"""One blog followed on a clock that the test moves: an origin, a store, and a poller."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from keywire.config import SourceOptions
from keywire.demo.origin import Origin
from keywire.demo.script import opening
from keywire.poll import Poller
from scraper.fetch import Fetcher, FetchRules
from store import log, resorting, sources
from store.database import open_database
from store.source import due_at
from store.topics import TopicRule

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


class ProbedOrigin(Origin):
    """The built-in origin; `probe` replaces its small answer, if it is set."""

    probe = None

    def _answer(self, method, target, headers):
        if self.probe is not None and urlsplit(target).path.endswith(".json"):
            return self.probe
        return super()._answer(method, target, headers)


class Following:
    """Follows the demo's blog; `every` is the configured interval, None is keywire's own pace.

    Another `origin` must have a `url`, and is entered and left with this one.
    """

    def __init__(self, folder, *, every=None, max_age=0, at=START, origin=None, store=""):
        self.folder, self.every, self.max_age, self.at = folder, every, max_age, at
        self.store = store or f"sqlite:///{folder}/keywire.db"
        self.origin = origin or ProbedOrigin(opening(START), now=self.now, max_age=max_age)

    def now(self):
        return self.at

    async def __aenter__(self):
        self.database = open_database(self.store)
        await self.origin.__aenter__()
        self.url = self.origin.url
        rule = TopicRule("light", "The light", (self.url,))
        with self.database.write() as connection:
            sources.follow_sources(connection, [self.url])
            resorting.follow_topics(connection, [rule], self.at)
        self.poller = Poller(
            database=self.database,
            fetcher=Fetcher(
                FetchRules("keywire/test", timeout=2, allow_private=("127.0.0.0/8",)), now=self.now
            ),
            options={self.url: SourceOptions(self.url, every=self.every)},
            topics=(rule,),
            now=self.now,
            jitter=lambda: 0.0,
        )
        return self

    async def __aexit__(self, *_):
        self.poller.close()
        await self.poller.fetcher.aclose()
        await self.origin.__aexit__(None, None, None)
        self.database.close()

    @property
    def source(self):
        with self.database.read() as connection:
            return sources.followed(connection)[0]

    async def poll(self):
        """Move the clock to when the source is due, unless it is overdue, and poll it."""
        source = self.source
        self.at = max(self.at, due_at(source, self.at))
        return await self.poller.poll(source)

    async def poll_until(self, end):
        """Poll whenever the source is due, until `end`; return the reports."""
        reports = []
        while due_at(self.source, self.at) <= end:
            reports.append(await self.poll())
        self.at = end
        return reports

    async def settle(self):
        """Poll the page once, so that robots.txt is known too; forget the requests so far."""
        report = await self.poll()
        self.origin.requests.clear()
        return report

    def change(self, change, *arguments, after=timedelta(seconds=5)):
        self.at += after
        self.origin.show(change(self.origin.blog, *arguments))

    def asked(self):
        """Return what was requested since `settle`: `page`, `probe` or another path, in order."""
        kinds = {self.origin.blog.path: "page", f"{self.origin.blog.path}.json": "probe"}
        paths = [urlsplit(request.target).path for request in self.origin.requests]
        return [kinds.get(path, path) for path in paths]

    def told(self):
        with self.database.read() as connection:
            return [(c.type.value, c.entry) for c in log.read_after(connection, 0, 999)]


def follow(folder, tell, **more):
    """Run `tell`, a coroutine function, with a Following."""

    async def run():
        async with Following(folder, **more) as following:
            await tell(following)

    asyncio.run(run())
