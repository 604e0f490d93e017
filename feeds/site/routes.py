"""Routes for all but feeds and streams: pages, events, source states, decisions, health."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from feeds.site import openapi, opml, pages, search
from feeds.site.assets import Assets
from feeds.site.conditions import read_conditions, takes_gzip
from feeds.site.cursors import Reset, refuse_cursor, tell_reset
from feeds.site.diffs import Diffs, read_entry_key, read_number_of
from feeds.site.documents import Document, make_document, respond
from feeds.site.endpoints import endpoint
from feeds.site.entries import read_entry
from feeds.site.events import EventsPage, read_asked, read_events
from feeds.site.options import SiteOptions
from feeds.site.page_addresses import read_leaf
from feeds.site.pages import Page, Pages
from feeds.site.reading import Reading
from feeds.site.responses import (
    BUG,
    NO_STORE,
    RETRY_SOON,
    UNREADABLE,
    Answer,
    Header,
    Refusal,
    answer,
    extras,
    json,
    plain,
    redirect,
    refuse_in_json,
)
from feeds.site.restricted import Keyed
from feeds.site.sources import read_sources, tell_source
from feeds.site.tail import Listener, Tail
from feeds.site.topics import read_topics
from store import log
from store.catalogue import followed_topics
from store.errors import DatabaseError

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_IN_JSON = {"/events", "/readyz"}
_UNDER_JSON = ("/sources/", "/deliveries/")
_VARY_ACCEPT: Header = (b"vary", b"Accept")
_NOT_FOUND = (
    "Nothing has this address. / lists the topics with their feeds, /feeds.opml has them all in "
    "one file, /sources shows how following goes; /openapi.json lists what is for programs."
)
_WRONG_METHOD = "This address does not take that method; Allow names those that it takes."


@dataclass(frozen=True, slots=True)
class Routes:
    """The handlers, and what they need; each reads the store in a thread.

    `numbers` renders /metrics; without it that address does not exist.
    """

    reading: Reading
    options: SiteOptions
    pages: Pages
    assets: Assets
    tail: Tail
    keyed: Keyed
    numbers: Callable[[], bytes] | None = None

    def app(self) -> Starlette:
        """Return the Starlette app of these routes."""
        handlers: dict[Any, Any] = {
            HTTPException: self.refuse,
            DatabaseError: self.refuse_for_now,
            Exception: self.own_up,
        }
        app = Starlette(routes=self._routes(), exception_handlers=handlers)
        # Starlette makes these redirects of the Host header, which anybody can set.
        app.router.redirect_slashes = False
        return app

    def _routes(self) -> list[Route]:
        handlers: dict[str, Callable[[Request], Any]] = {
            "/": partial(self._show, self.pages.front),
            "/sources": partial(self._show, self.pages.sources),
            "/topics/{topic}": self.timeline,
            "/topics/{topic}/{selection}": self.timeline,
            "/search": self.search,
            "/search.atom": self.search_feed,
            "/feeds.opml": self.opml,
            "/events": self.events,
            "/sources.json": self.sources,
            "/topics.json": self.topics,
            "/entries/{number}.json": self.entry,
            "/entries/{number}": self.entry_page,
            "/openapi.json": partial(self._give, self._openapi()),
            "/healthz": self.healthz,
            "/readyz": self.readyz,
            "/robots.txt": self.robots,
        }
        if self.numbers is not None:
            handlers["/metrics"] = partial(self.metrics, self.numbers)
        for path, document in self.assets.documents.items():
            handlers[path] = partial(self._give, document)
        routes = [Route(path, endpoint(handler)) for path, handler in handlers.items()]
        return [*routes, *Diffs(self.reading).routes(), *self.keyed.routes()]

    # --- documents ---

    async def _show(
        self, render: Callable[[Connection], Page | Answer | Refusal], request: Request
    ) -> Answer:
        conditions = read_conditions(request.scope["headers"])
        gzipped = takes_gzip(conditions.accept_encoding)

        def make(connection: Connection) -> Document | Answer | Refusal:
            page = render(connection)
            return page.document(gzipped=gzipped) if isinstance(page, Page) else page

        found = await self.reading.ask(make)
        if isinstance(found, Document):
            return respond(found, conditions)
        return self._refuse(request, found) if isinstance(found, Refusal) else found

    async def timeline(self, request: Request) -> Answer:
        """Answer with the page of one leaf of a topic."""
        key = read_leaf(request.scope["path"], request.scope["query_string"], self.options.zone)
        if isinstance(key, Refusal):
            return self._refuse(request, key)
        return await self._show(partial(self.pages.timeline, key=key), request)

    async def entry_page(self, request: Request) -> Answer:
        """Answer with the page of an entry and its history."""
        key = read_entry_key(request)
        if isinstance(key, Refusal):
            return self._refuse(request, key)
        return await self._show(partial(self.pages.entry, key=key), request)

    async def opml(self, request: Request) -> Answer:
        """Answer with the feeds of all followed topics as OPML."""
        conditions = read_conditions(request.scope["headers"])
        topics = await self.reading.ask(followed_topics)
        body = opml.kept_opml(topics, self.options)
        gzipped = takes_gzip(conditions.accept_encoding)
        return respond(make_document(body, opml.MEDIA_TYPE, gzipped=gzipped), conditions)

    async def _give(self, document: Document, request: Request) -> Answer:
        return respond(document, read_conditions(request.scope["headers"]))

    async def search(self, request: Request) -> Answer:
        """Answer with the results of a search as a page."""
        asked = search.read_asked(request.scope["query_string"])
        if isinstance(asked, Refusal):
            return self._refuse(request, asked)
        return await self._show(partial(self.pages.search, asked=asked), request)

    async def search_feed(self, request: Request) -> Answer:
        """Answer with the results of a search as an Atom feed."""
        asked = search.read_asked(request.scope["query_string"])
        if isinstance(asked, Refusal):
            return self._refuse(request, asked)
        render = partial(search.render_feed, asked=asked, options=self.options)
        body = await self.reading.ask(render)
        if isinstance(body, Refusal):
            return self._refuse(request, body)
        if isinstance(body, search.Asked):
            return redirect(self.options.prefix + body.again("/search.atom"))
        conditions = read_conditions(request.scope["headers"])
        gzipped = takes_gzip(conditions.accept_encoding)
        return respond(make_document(body, search.MEDIA_TYPE, gzipped=gzipped), conditions)

    # --- for programs ---

    async def events(self, request: Request) -> Answer:
        """Answer with a page of the change log; if it is empty, wait for changes where asked to."""
        asked = read_asked(request.scope["query_string"])
        if isinstance(asked, Refusal):
            return refuse_in_json(asked)
        epoch = self.reading.database.epoch
        read = partial(read_events, epoch=epoch, asked=asked)
        page = await self.reading.ask(read)
        if isinstance(page, EventsPage) and not page.changes and asked.may_wait:
            listener = Listener(asked.topic, page.head)
            with self.tail.listening(listener, page.head):
                await self.tail.arrival(listener, asked.wait)
            page = await self.reading.ask(partial(read, asked=asked.after(page.after)))
        if isinstance(page, Refusal):
            return refuse_in_json(page)
        if isinstance(page, Reset):
            return refuse_cursor(page, tell_reset(page, epoch, self.options, "/events"))
        return json(page.told(epoch))

    async def sources(self, _request: Request) -> Answer:
        """Answer with the state of every source."""
        return json([tell_source(one) for one in await self.reading.ask(read_sources)])

    async def topics(self, _request: Request) -> Answer:
        """Answer with the topics and the addresses of their feeds."""
        read = partial(read_topics, options=self.options)
        return json(await self.reading.ask(read))

    async def entry(self, request: Request) -> Answer:
        """Answer with an entry and its revisions as JSON."""
        number = read_number_of(request)
        if isinstance(number, Refusal):
            return refuse_in_json(number)
        told = await self.reading.ask(partial(read_entry, number=number))
        return refuse_in_json(told) if isinstance(told, Refusal) else json(told)

    def _openapi(self) -> Document:
        return make_document(openapi.render(self.options), openapi.MEDIA_TYPE, gzipped=True)

    async def healthz(self, _request: Request) -> Answer:
        """Answer 200 as long as the process runs."""
        return plain(200, "ok")

    async def readyz(self, _request: Request) -> Answer:
        """Answer 200 and the newest seq if the store can be read, else 503."""
        seq = await self.reading.ask(log.head)
        return json({"ready": True, "seq": seq})

    async def metrics(self, numbers: Callable[[], bytes], _request: Request) -> Answer:
        """Answer with the metrics in Prometheus's text format."""
        return answer(200, _METRICS_TYPE, numbers(), NO_STORE)

    async def robots(self, _request: Request) -> Answer:
        """Answer with a robots.txt that allows everything (RFC 9309): the site is to be read."""
        return plain(200, "User-agent: *\nDisallow:")

    # --- refusals ---

    async def refuse(self, request: Request, error: HTTPException) -> Answer:
        """Answer a request for an unknown address (404) or with a wrong method (405)."""
        message = {404: _NOT_FOUND, 405: _WRONG_METHOD}.get(error.status_code, error.detail)
        allowed = ", ".join(sorted((error.headers or {}).get("Allow", "").split(", ")))
        return self._refuse(request, Refusal(error.status_code, message, allowed))

    async def refuse_for_now(self, request: Request, _error: DatabaseError) -> Answer:
        """Answer 503: the store cannot be read."""
        if request.scope["path"] == "/readyz":
            return json({"ready": False, "error": UNREADABLE}, RETRY_SOON, status=503)
        return self._refuse(request, Refusal(503, UNREADABLE))

    async def own_up(self, request: Request, _error: Exception) -> Answer:
        """Answer 500: there is a bug, which the server logs."""
        return self._refuse(request, Refusal(500, BUG))

    def _refuse(self, request: Request, refusal: Refusal) -> Answer:
        path = request.scope["path"]
        if path in _IN_JSON or path.endswith(".json") or path.startswith(_UNDER_JSON):
            return refuse_in_json(refusal)
        more = (_VARY_ACCEPT, *extras(refusal))
        if "text/html" not in request.headers.get("accept", ""):
            return plain(refusal.status, refusal.message, *more)
        page = self.pages.refusal(refusal)
        kind = pages.MEDIA_TYPE
        return answer(refusal.status, kind, page.body, NO_STORE, *more, policy=page.policy)
