"""A store that follows one page in hand: polls without a network, on a clock moved by hand."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert

from bench.floors import bare
from bench.pages import NOON, URL
from feeds.atom import render_atom
from feeds.feed import Feed
from feeds.fragments import Fragments
from feeds.site.addresses import FeedKey
from feeds.site.feed_documents import make_feed
from feeds.site.options import SiteOptions
from keywire.config import SourceOptions
from keywire.poll import Poller
from keywire.polling.report import Report
from scraper.fetch import Fetcher
from scraper.page import Gone, NotModified, Page, Validators
from scraper.transport.page_budget import Place
from store import resorting, sources
from store.catalogue import kept_topic
from store.database import Database, open_database
from store.schema import blogs
from store.source import Source
from store.topics import Selection, TopicRule
from store.window import select_window

TOPIC = "bench"
_NO_VALIDATORS = Validators()
_NO_HEADERS: Mapping[str, str] = {}
OPTIONS = SiteOptions(title="Bench", url="http://127.0.0.1:8700")


class InHand(Fetcher):
    """A fetcher whose answer is there before it is asked."""

    def __init__(self) -> None:
        self.answer: Page | None = None

    async def fetch(
        self,
        url: str,
        validators: Validators = _NO_VALIDATORS,  # noqa: ARG002 - the fetcher's signature
        *,
        headers: Mapping[str, str] = _NO_HEADERS,  # noqa: ARG002
        secret: str = "",  # noqa: ARG002
        typed: bool = False,  # noqa: ARG002
        place: Place | None = None,  # noqa: ARG002
    ) -> Page | NotModified | Gone:
        """Give the page in hand."""
        if self.answer is None:
            raise ValueError(f"no page is in hand for {url}")
        return self.answer


class World:
    """A store at `path`, a poller on it for one source, and what was rendered before."""

    def __init__(
        self, path: Path, database: Database, url: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.path, self.database, self.loop = path, database, loop
        self.rule = TopicRule(TOPIC, "Bench", (url,))
        self.at = NOON
        self.fetcher, self.fragments = InHand(), Fragments()
        self.poller = Poller(
            database=database,
            fetcher=self.fetcher,
            options={url: SourceOptions(url)},
            topics=(self.rule,),
            now=lambda: self.at,
            jitter=lambda: 0.0,
        )
        self._source: Source | None = None

    def source(self) -> Source:
        """Give the one source as its last poll left it, as the schedule has it."""
        if self._source is None:
            with self.database.read() as connection:
                self._source = sources.followed(connection)[0]
        return self._source

    def poll(self, page: Page, at: datetime) -> Report:
        """Poll the source once, at a time, with a page in hand; older pages are let be."""
        self.at, self.fetcher.answer = at, page
        source = replace(self.source(), older_due=None)
        report = self.loop.run_until_complete(self.poller.poll(source))
        self._source = report.source
        return report

    def feed(self) -> Feed:
        """Select the topic's window as the site does when its feed is next asked for."""
        with self.database.read() as connection:
            topic = kept_topic(connection, TOPIC)
            assert topic is not None
            window = select_window(connection, TOPIC, Selection.ALL)
        return make_feed(topic, window, FeedKey(TOPIC), OPTIONS)

    def render(self) -> bytes:
        """Select the window and render it."""
        return render_atom(self.feed(), fragments=self.fragments)


@contextmanager
def a_world(path: Path, url: str = URL) -> Iterator[World]:
    """Make a store in a new file, and let it go afterwards."""
    database = open_database(f"sqlite:///{path}")
    loop = asyncio.new_event_loop()
    try:
        world = World(path, database, url, loop)
        with database.write() as connection:
            sources.follow_sources(connection, [url])
            resorting.follow_topics(connection, [world.rule], NOON)
        yield world
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        database.close()


@contextmanager
def a_filled_world(path: Path, fill: Callable[[sqlite3.Connection], None]) -> Iterator[World]:
    """Make a store of one blog, number 1, that is filled by SQL alone, and quickly."""
    with a_world(path) as world:
        with world.database.write() as connection:
            connection.execute(insert(blogs).values(id=1, url=URL, first_seen=NOON, last_seen=NOON))
        with closing(bare(path)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA cache_size=-200000")
            connection.execute("BEGIN")
            fill(connection)
            connection.execute("COMMIT")
        yield world
