"""Serve /feeds/… over HTTP; a cached document takes neither a router nor a thread."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from starlette.types import Receive, Scope, Send

from feeds.site.addresses import read_target
from feeds.site.archive_addresses import read_path, target_of
from feeds.site.conditions import read_conditions, takes_gzip
from feeds.site.documents import Document, respond
from feeds.site.feed_cache import Shelf
from feeds.site.responses import BUG, UNREADABLE, Answer, Moved, Refusal, redirect, refuse
from store.archive.sealed import ArchiveName
from store.errors import DatabaseError

_LOG = logging.getLogger(__name__)
_WRONG_METHOD = Refusal(405, "Feeds can be read with GET and HEAD, and with those alone.")


@dataclass(frozen=True, slots=True)
class FeedRoutes:
    """An ASGI app for /feeds/…, GET and HEAD.

    `archive` returns a sealed document by its name, gzipped on request. `clock` returns seconds
    since 1970. `prefix` is the path under which a proxy shows the site.
    """

    shelf: Shelf
    archive: Callable[[ArchiveName, bool], Awaitable[Document | Moved | Refusal]]
    clock: Callable[[], float]
    prefix: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            answer = await self._answer(scope)
        except Exception:  # noqa: BLE001 - a bug costs one answer, and no feed but this one
            _LOG.exception("feed %s", scope["path"])
            answer = refuse(Refusal(500, BUG))
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            return refuse(_WRONG_METHOD)
        if (name := read_path(scope["path"])) is not None:
            return await self._archived(name, scope)
        key = read_target(scope["path"], scope["query_string"])
        if isinstance(key, Refusal):
            return refuse(key)
        conditions = read_conditions(scope["headers"])
        gzipped = takes_gzip(conditions.accept_encoding)
        document = self.shelf.at_hand(key, gzipped=gzipped) or await self.shelf.fetch(
            key, gzipped=gzipped
        )
        if isinstance(document, Refusal):
            return refuse(document)
        if isinstance(document, Moved):
            return redirect(self.prefix + replace(key, topic=document.topic).target)
        return respond(document, conditions, self.clock())

    async def _archived(self, name: ArchiveName, scope: Scope) -> Answer:
        """Answer with an archive document. It is not cached: a client fetches each of them once."""
        conditions = read_conditions(scope["headers"])
        try:
            found = await self.archive(name, takes_gzip(conditions.accept_encoding))
        except DatabaseError:
            return refuse(Refusal(503, UNREADABLE))
        if isinstance(found, Refusal):
            return refuse(found)
        if isinstance(found, Moved):
            return redirect(self.prefix + target_of(replace(name, topic=found.topic)))
        return respond(found, conditions, self.clock())
