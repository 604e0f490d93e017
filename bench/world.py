"""A store with one source that is polled without a network, on a clock that the caller sets."""

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
    """A fetcher that returns a page set beforehand."""

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
        """Return `answer`. Raises ValueError if it is not set."""
        if self.answer is None:
            raise ValueError(f"no page is in hand for {url}")
        return self.answer


class World:
    """A store at `path`, a poller for its one source, and the cache of rendered entries."""

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
        """Return the one source as its last poll left it."""
        if self._source is None:
            with self.database.read() as connection:
                self._source = sources.followed(connection)[0]
        return self._source

    def poll(self, page: Page, at: datetime) -> Report:
        """Poll the source once, at the time `at`, with `page` as the answer; skip older pages."""
        self.at, self.fetcher.answer = at, page
        source = replace(self.source(), older_due=None)
        report = self.loop.run_until_complete(self.poller.poll(source))
        self._source = report.source
        return report

    def feed(self) -> Feed:
        """Return the topic's feed, selected as the site does on the next request."""
        with self.database.read() as connection:
            topic = kept_topic(connection, TOPIC)
            assert topic is not None
            window = select_window(connection, TOPIC, Selection.ALL)
        return make_feed(topic, window, FeedKey(TOPIC), OPTIONS)

    def render(self) -> bytes:
        """Return the topic's feed as Atom."""
        return render_atom(self.feed(), fragments=self.fragments)


@contextmanager
def a_world(path: Path, url: str = URL) -> Iterator[World]:
    """Provide a store in a new file, closed at the end of the context."""
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
    """Provide a store with one blog, of id 1, filled by `fill` in fast, unsafe SQLite settings."""
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
