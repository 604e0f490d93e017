"""The change log as Server-Sent Events: replayed from a cursor, then live.

A bare ASGI app, as a stream stays open for days and would keep a framework's stack frames.
"""

import asyncio
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection
from starlette.types import Receive, Scope, Send

from feeds.site.addresses import read_query
from feeds.site.cursors import Cursor, Reset, place, read_cursor, tell_reset
from feeds.site.events import no_topic
from feeds.site.options import SiteOptions
from feeds.site.reading import Reading
from feeds.site.responses import (
    BUG,
    NO_STORE,
    SECURITY,
    UNREADABLE,
    Header,
    Refusal,
    refuse_in_json,
)
from feeds.site.sse import BEAT, OPENING, begin_frame, frame, reset_frame
from feeds.site.tail import Listener, Piece, Tail, Unconnected
from store.catalogue import contents, kept_topic
from store.errors import DatabaseError
from store.log import bounds, read_after
from store.log import head as log_head

PATH = "/events/stream"
# A server may put its transport under this name into a scope's extensions. Listeners that have
# disconnected are then noticed, and those that read nothing are cut off.
CONNECTION = "keywire.connection"
MOST_LISTENERS = 20_000
_PAGE = 200
_ID = re.compile(rb"[0-9]{1,18}")
_LOG = logging.getLogger(__name__)
_HEADERS: tuple[Header, ...] = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    NO_STORE,
    (b"x-accel-buffering", b"no"),
    *SECURITY,
)
_WRONG_METHOD = Refusal(405, "The stream can be read with GET and HEAD, and with those alone.")
_FULL = Refusal(503, f"{MOST_LISTENERS} listen here already; try again in a few seconds.")
_CLOSING = Refusal(503, "This keywire is being stopped; try again in a few seconds.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A listener's request: changes after `cursor`, of one topic or (None) of all."""

    cursor: Cursor
    topic: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a stream begins: after the seq `after`, when the log's newest seq was `head`.

    `said` is sent first.
    """

    after: int
    head: int
    said: bytes = b""


@dataclass(frozen=True, slots=True)
class Stream:
    """An ASGI app for /events/stream, GET and HEAD. `topics` are names known to be stored."""

    reading: Reading
    options: SiteOptions
    tail: Tail
    topics: set[str] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, until the client leaves or the site closes."""
        begun = await self._begin(scope)
        if isinstance(begun, Refusal):
            await refuse_in_json(begun)(scope, receive, send)
            return
        wanted, found = begun
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        if scope["method"] == "HEAD":
            await _end(send)
        elif isinstance(found, Reset):
            told = tell_reset(found, self.reading.database.epoch, self.options, PATH)
            body = OPENING + reset_frame(told)
            await send({"type": "http.response.body", "body": body, "more_body": False})
        else:
            connection = (scope.get("extensions") or {}).get(CONNECTION) or Unconnected()
            _lighten(scope)
            await self._serve(Listener(wanted.topic, found.after, connection), found, send)

    # --- where to begin ---

    async def _begin(self, scope: Scope) -> tuple[Wanted, Begun | Reset] | Refusal:
        if scope["method"] not in {"GET", "HEAD"}:
            return _WRONG_METHOD
        wanted = read_wanted(scope["query_string"], scope["headers"])
        if isinstance(wanted, Refusal):
            return wanted
        if self.tail.closed or len(self.tail) >= MOST_LISTENERS:
            return _CLOSING if self.tail.closed else _FULL
        try:
            found: Begun | Reset | Refusal | None = self._at_hand(wanted)
            if found is None:
                found = await self.reading.ask(partial(self._look, wanted))
        except DatabaseError:
            return Refusal(503, UNREADABLE)
        except Exception:  # noqa: BLE001 - a bug costs one answer
            _LOG.exception("%s", PATH)
            return Refusal(500, BUG)
        return found if isinstance(found, Refusal) else (wanted, found)

    def _at_hand(self, wanted: Wanted) -> Begun | None:
        """Return where to begin, without reading the store, or None: many may connect at once."""
        cursor, head = wanted.cursor, self.tail.head
        after = head if cursor.after is None else cursor.after
        if not self.tail.reaches(after) or cursor.epoch not in {"", self.reading.database.epoch}:
            return None
        if wanted.topic is not None and wanted.topic not in self.topics:
            return None
        return self._begun(wanted, after, head)

    def _look(self, wanted: Wanted, connection: Connection) -> Begun | Reset | Refusal:
        if wanted.topic is not None:
            if kept_topic(connection, wanted.topic) is None:
                return no_topic(wanted.topic)
            self.topics.add(wanted.topic)
        kept = bounds(connection)
        after = place(wanted.cursor, self.reading.database.epoch, kept)
        return after if isinstance(after, Reset) else self._begun(wanted, after, kept.last)

    def _begun(self, wanted: Wanted, after: int, head: int) -> Begun:
        unaware = wanted.cursor.after is None
        return Begun(after, head, begin_frame(after, self.reading.database.epoch) * unaware)

    # --- sending ---

    async def _serve(self, listener: Listener, begun: Begun, send: Send) -> None:
        await _give(listener, send, OPENING + begun.said)
        with self.tail.listening(listener, begun.head):
            try:
                await self._follow(listener, send)
            except DatabaseError as error:
                _LOG.warning("a stream ends, for the log cannot be read: %s", error)
        await _end(send)

    async def _follow(self, listener: Listener, send: Send) -> None:
        while not (self.tail.closed or listener.connection.is_closing()):
            piece = self.tail.after(listener.cursor, listener.topic)
            if piece is None:
                piece = await self.reading.ask(partial(self._replay, listener))
            listener.cursor = piece.cursor
            if piece.body:
                await _give(listener, send, piece.body)
            elif piece.cursor >= self.tail.head and await self.tail.turn(listener):
                await _give(listener, send, BEAT)

    def _replay(self, listener: Listener, connection: Connection) -> Piece:
        """Return what comes after the listener's cursor, read from the log in the store."""
        head, epoch = log_head(connection), self.reading.database.epoch
        changes = read_after(connection, listener.cursor, _PAGE, listener.topic)
        given = contents(connection)
        body = b"".join(frame(change, epoch, given).body for change in changes)
        return Piece(body, changes[-1].seq if len(changes) == _PAGE else head)


def read_wanted(query: bytes, headers: Iterable[Header]) -> Wanted | Refusal:
    """Return what a request asks for, or why it cannot; Last-Event-ID overrides `after`."""
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    cursor = read_cursor(asked)
    seen = next((value.strip() for name, value in headers if name == b"last-event-id"), b"")
    if isinstance(cursor, Refusal) or not seen:
        return cursor if isinstance(cursor, Refusal) else Wanted(cursor, asked.get("topic"))
    if not _ID.fullmatch(seen):
        return Refusal(400, "Last-Event-ID: it is the id of an event of this stream, a number.")
    # 0 is the id of a reset: a client that sends it begins anew, whatever its address says.
    after = int(seen)
    return Wanted(Cursor(after, cursor.epoch if after else ""), asked.get("topic"))


def _lighten(scope: Scope) -> None:
    """Free a request's data but for what the server still reads: a stream may last for days."""
    scope["headers"].clear()
    kept = {name: scope[name] for name in ("type", "method")}
    scope.clear()
    scope.update(kept)


async def _give(listener: Listener, send: Send, body: bytes) -> None:
    listener.sending_since = asyncio.get_running_loop().time()
    await send({"type": "http.response.body", "body": body, "more_body": True})
    listener.sending_since = None


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})
