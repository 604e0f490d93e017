"""A blog played step by step to real polls: an origin with set answers, and a clock by hand."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from origin import Origin, answer
from sqlalchemy import select

from keywire.config import SourceOptions
from keywire.poll import Poller
from scraper.fetch import Fetcher, FetchRules
from store import loading, log, resorting, sources
from store.archive import kept_pages
from store.database import open_database
from store.schema import revisions
from store.topics import TopicRule

START = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Playing:
    """Follows one address of an origin that answers with `bodies`, by path with query.

    A body may be bytes (200), a status, or a function of the path that returns either. In bytes,
    `HERE` is replaced by the origin's own address. `*` answers for any other path.
    """

    def __init__(self, folder, path, *, every=timedelta(seconds=1), **options):
        self.path, self.at = path, START
        self.options = {"every": every, **options}
        self.bodies = {}
        self.folder = folder
        self.origin = Origin({"*": self._play})

    async def _play(self, asked, stage):
        body = self.bodies.get(asked.path, self.bodies.get("*"))
        if callable(body):
            body = body(asked.path)
        if body is None:
            body = 404
        here = self.origin.url("")
        if isinstance(body, bytes):
            await answer(200, body.replace(b"HERE", here.encode()))(asked, stage)
        else:
            await answer(body)(asked, stage)

    async def __aenter__(self):
        await self.origin.__aenter__()
        self.url = self.origin.url(self.path)
        self.database = open_database(f"sqlite:///{self.folder}/keywire.db")
        rule = TopicRule("play", "Play", (self.url,))
        with self.database.write() as connection:
            sources.follow_sources(connection, [self.url])
            resorting.follow_topics(connection, [rule], START)
        self.poller = self.make_poller(rule)
        return self

    def make_poller(self, rule):
        rules = FetchRules("keywire/test", timeout=5, allow_private=("127.0.0.0/8",))
        return Poller(
            database=self.database,
            fetcher=Fetcher(rules, now=lambda: self.at),
            options={self.url: SourceOptions(self.url, **self.options)},
            topics=(rule,),
            now=lambda: self.at,
            jitter=lambda: 0.0,
        )

    def keep_pages(self):
        """Make the topic keep its pages from now on."""
        rules = [replace(rule, keep_pages=True) for rule in self.poller.topics]
        self.poller.follow(self.poller.options, tuple(rules))

    def assert_kept(self):
        """Assert that each revision's page is kept; return how many pages are."""
        with self.database.read() as connection:
            kept = {seen.sha256: seen for seen in kept_pages.pages_of_topic(connection, "play")}
            for origin in connection.scalars(select(revisions.c.provenance)):
                page = kept[origin["sha256"]].page
                assert page.url == origin["page_url"]
                assert hashlib.sha256(page.body).hexdigest() == origin["sha256"]
        return len(kept)

    async def __aexit__(self, *_):
        self.poller.close()
        await self.poller.fetcher.aclose()
        await self.origin.__aexit__(None, None, None)
        self.database.close()

    @property
    def source(self):
        with self.database.read() as connection:
            return sources.followed(connection)[0]

    async def poll(self, after=MINUTE):
        """Poll once, some time later."""
        self.at += after
        return await self.poller.poll(self.source)

    def history(self, blog=None):
        with self.database.write() as connection:
            url = blog or sources.blogs_of(connection, self.source.id)[0]
            return loading.load(connection, url).history

    async def walk(self):
        """Read older pages, two seconds apart, until none is due soon."""
        while self.source.older_due is not None and self.source.older_due < self.at + MINUTE:
            self.at += timedelta(seconds=2)
            await self.poller.walk(self.source)

    async def restart(self):
        """Continue with a new poller, as a new process would."""
        self.poller.close()
        await self.poller.fetcher.aclose()
        self.poller = self.make_poller(self.poller.topics[0])

    def changes(self, after=0):
        """Return the rows of the log after a seq."""
        with self.database.read() as connection:
            return log.read_after(connection, after, 9999)

    def told(self, after=0):
        """Return (type, block id) of each change after a seq, in order, and the last seq."""
        changes = self.changes(after)
        told = [(c.type.value, (c.entry or {}).get("block_id", "")) for c in changes]
        return told, max((c.seq for c in changes), default=after)


def play(folder, path, tell, **more):
    """Run `tell`, a coroutine function, with a Playing."""

    async def run():
        async with Playing(folder, path, **more) as playing:
            await tell(playing)

    asyncio.run(run())
