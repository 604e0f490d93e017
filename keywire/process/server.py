"""The HTTP server: the only uvicorn."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from feeds.site.stream import CONNECTION

GRACE_SECONDS = 3
BACKLOG = 2048


class PortError(Exception):
    """The address to listen on cannot be had; `str()` is one line with the mend."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket and the address that people reach it at."""

    bound: socket.socket
    url: str


def listen(
    host: str,
    port: int,
    url: str | None = None,
    *,
    mend: str = "or set site.listen in the configuration",
) -> Listener:
    """Bind the address to listen on (port 0 takes a free one). Raises PortError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off for sockets that say that they are TCP's, no others.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)  # who asks before the site serves, waits
    except OSError as error:
        bound.close()
        raise PortError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; stop what does, {mend}"
        ) from error
    shown = f"[{host}]" if family is socket.AF_INET6 else host
    return Listener(bound, (url or f"http://{shown}:{bound.getsockname()[1]}").rstrip("/"))


class _Line:
    """A connection as the site may use it: see `feeds.site.tail.Connection`.

    What uvicorn's own `send` comes to, without a turn of the client's task, and small: thousands
    are told at once, and each object that has to be looked at for that takes its time.
    """

    __slots__ = ("_transport", "chunked", "paused")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.paused = self.chunked = False

    def is_closing(self) -> bool:
        """Say whether the client has gone."""
        return self._transport.is_closing()

    def abort(self) -> None:
        """End the connection, whatever is still to be sent."""
        self._transport.abort()

    def push(self, body: bytes) -> bool:
        """Send a part of the body that is under way; False where that would have to wait."""
        if self.paused or not self.chunked:
            return False
        self._transport.write(_chunk(body))
        return True


class _Connection(HttpToolsProtocol):
    """uvicorn's side of a connection, which gives the site its line."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make the line."""
        super().connection_made(transport)
        self.line = _Line(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let nobody push any more: a closed transport of uvloop's would raise."""
        self.line.chunked = False
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Put the line into the scope of each of its requests."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self.line}  # type: ignore[dict-item]

    def on_headers_complete(self) -> None:
        """Remember whether a body without a length is sent in chunks (RFC 9112 §7.1)."""
        super().on_headers_complete()
        self.line.chunked = self.scope["http_version"] == "1.1"

    def pause_writing(self) -> None:
        """Hold back: the client does not take what it was sent."""
        super().pause_writing()
        self.line.paused = True

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self.line.paused = False


@lru_cache(maxsize=8)
def _chunk(body: bytes) -> bytes:
    """Frame a part of a body (RFC 9112 §7.1): for all to whom it is told, once."""
    return b"%x\r\n%b\r\n" % (len(body), body)


class Server(uvicorn.Server):
    """Serves `site`. uvicorn's handlers for signals are left out: they are ours.

    `serving` hears that it is up.
    """

    def __init__(self, site: ASGIApp, serving: Callable[[], None] = lambda: None) -> None:
        super().__init__(
            uvicorn.Config(
                site,
                http=_Connection,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._serving = serving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets)
        self._serving()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield
