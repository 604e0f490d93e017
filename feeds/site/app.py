"""The site: an ASGI app that serves the store to feed readers, programs and people.

Feeds and streams are answered before any routing; all else goes through Starlette.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from anyio import CapacityLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from feeds.fragments import Fragments
from feeds.site import feed_documents
from feeds.site.addresses import FeedKey
from feeds.site.archive import render_archive
from feeds.site.assets import load_assets
from feeds.site.cors import Cors
from feeds.site.documents import Document
from feeds.site.feed_cache import Shelf
from feeds.site.feeds import FeedRoutes
from feeds.site.options import SiteOptions
from feeds.site.pages import make_pages
from feeds.site.reading import Reading
from feeds.site.responses import Moved, Refusal
from feeds.site.restricted import Keyed
from feeds.site.routes import Routes
from feeds.site.stream import PATH as STREAM_PATH
from feeds.site.stream import Stream
from feeds.site.tail import Tail
from store.archive.sealed import ArchiveName
from store.catalogue import KeptTopic, topic_or_heir
from store.database import Database

__all__ = ["Site", "SiteOptions", "make_site"]

FEED_READERS = 4
OTHER_READERS = 3


@dataclass(frozen=True, slots=True)
class Site:
    """The ASGI app. Call `mark_changed` after each commit, so that feeds and streams follow."""

    shelf: Shelf
    tail: Tail
    feeds: FeedRoutes
    stream: ASGIApp
    rest: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the server's start and stop."""
        if scope["type"] == "http" and scope["path"].startswith("/feeds/"):
            await self.feeds(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == STREAM_PATH:
            await self.stream(scope, receive, send)
        else:
            await self.rest(scope, receive, send)

    def mark_changed(self, topics: Iterable[str] | None = None) -> None:
        """Have the feeds of these topics (None: of all) checked, and new changes streamed."""
        self.shelf.mark_changed(topics)
        self.tail.ring()

    def close(self) -> None:
        """End all streams and waiting requests; to be called when the server is about to stop."""
        self.tail.close()


def make_site(
    database: Database,
    options: SiteOptions,
    clock: Callable[[], float] = time.time,
    numbers: Callable[[], bytes] | None = None,
    served: Callable[[float], None] = lambda _seconds: None,
) -> Site:
    """Return the site of a store. `clock` returns seconds since 1970; no document depends on it.

    `numbers` renders /metrics, in Prometheus's text format; without it that address does not exist.
    `served` is called with the seconds from a change of a topic to the first answer with its feed.
    """
    reading = Reading(database, CapacityLimiter(FEED_READERS))
    fragments = Fragments()

    async def look(topic: str) -> KeptTopic | None:
        return await reading.ask(lambda connection: topic_or_heir(connection, topic))

    async def render(key: FeedKey, *, gzipped: bool) -> feed_documents.Rendered:
        return await reading.ask(
            lambda connection: feed_documents.render(
                connection, key, options, fragments, gzipped=gzipped
            )
        )

    async def archive(name: ArchiveName, gzipped: bool) -> Document | Moved | Refusal:  # noqa: FBT001 - as FeedRoutes asks
        return await reading.ask(
            lambda connection: render_archive(connection, name, options, gzipped=gzipped)
        )

    shelf = Shelf(look, render, clock, served=served)
    others = Reading(database, CapacityLimiter(OTHER_READERS))
    tail = Tail(others)
    assets = load_assets()
    keyed = Keyed(others, options.key, clock)
    routes = Routes(others, options, make_pages(options, assets), assets, tail, keyed, numbers)
    stream: ASGIApp = Stream(others, options, tail)
    rest: ASGIApp = routes.app()
    if options.cors:
        stream, rest = Cors(stream, options.cors), Cors(rest, options.cors)
    return Site(shelf, tail, FeedRoutes(shelf, archive, clock, options.prefix), stream, rest)
