"""The site: an ASGI app over the store, for readers, programs and people.

It only reads. Feeds are answered before any routing; all else goes through Starlette.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from feeds.fragments import Fragments
from feeds.site import library
from feeds.site.addresses import FeedKey
from feeds.site.feeds import FeedRoutes
from feeds.site.options import SiteOptions
from feeds.site.pages import make_pages
from feeds.site.reading import Reading
from feeds.site.routes import Routes
from feeds.site.shelf import Shelf
from store.catalogue import KeptTopic, topic_or_heir
from store.database import Database

__all__ = ["Site", "SiteOptions", "make_site"]

FEED_READERS = 4
OTHER_READERS = 3


@dataclass(frozen=True, slots=True)
class Site:
    """The ASGI app. After each commit, `shelf.mark_changed(topics)` lets its feeds move."""

    shelf: Shelf
    feeds: FeedRoutes
    rest: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the server's start and stop."""
        if scope["type"] == "http" and scope["path"].startswith("/feeds/"):
            await self.feeds(scope, receive, send)
        else:
            await self.rest(scope, receive, send)


def make_site(
    database: Database,
    options: SiteOptions,
    clock: Callable[[], float] = time.time,
    numbers: Callable[[], bytes] | None = None,
) -> Site:
    """Make the site of a store. `clock` tells seconds since 1970; no document depends on it.

    `numbers` renders /metrics, in Prometheus's text format; without it there is no such address.
    """
    reading = Reading(database, CapacityLimiter(FEED_READERS))
    fragments = Fragments()

    async def look(topic: str) -> KeptTopic | None:
        return await reading.ask(lambda connection: topic_or_heir(connection, topic))

    async def render(key: FeedKey, *, gzipped: bool) -> library.Rendered:
        return await reading.ask(
            lambda connection: library.render(connection, key, options, fragments, gzipped=gzipped)
        )

    shelf = Shelf(look, render, clock)
    others = Reading(database, CapacityLimiter(OTHER_READERS))
    routes = Routes(others, options, make_pages(options), numbers)
    return Site(shelf, FeedRoutes(shelf, clock), routes.app())
