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
    """The address to listen on is not available; `str()` is one line with the remedy."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket, and the address at which readers reach it."""

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
    # asyncio turns Nagle's algorithm off only for sockets whose protocol is given as TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(BACKLOG)  # requests before the site serves wait
    except OSError as error:
        bound.close()
        raise PortError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; stop what does, {mend}"
        ) from error
    shown = f"[{host}]" if family is socket.AF_INET6 else host
    return Listener(bound, (url or f"http://{shown}:{bound.getsockname()[1]}").rstrip("/"))


class _Line:
    """A connection as the site may use it: see `feeds.site.tail.Connection`.

    It does what uvicorn's own `send` does, without waking the client's task, and has few fields:
    thousands of connections are written to at once, and each object looked at takes time.
    """

    __slots__ = ("_transport", "chunked", "paused")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.paused = self.chunked = False

    def is_closing(self) -> bool:
        """Return whether the client has gone."""
        return self._transport.is_closing()

    def abort(self) -> None:
        """Close the connection without sending what is still buffered."""
        self._transport.abort()

    def push(self, body: bytes) -> bool:
        """Send a part of the current body; return False where that would have to wait."""
        if self.paused or not self.chunked:
            return False
        self._transport.write(_chunk(body))
        return True


class _Connection(HttpToolsProtocol):
    """uvicorn's side of a connection, which passes its `_Line` to the site."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make the line of this connection."""
        super().connection_made(transport)
        self.line = _Line(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop pushing: a closed transport of uvloop's would raise."""
        self.line.chunked = False
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Put the line into the scope of each request."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self.line}  # type: ignore[dict-item]

    def on_headers_complete(self) -> None:
        """Remember whether a body without a length is sent in chunks (RFC 9112 §7.1)."""
        super().on_headers_complete()
        self.line.chunked = self.scope["http_version"] == "1.1"

    def pause_writing(self) -> None:
        """Stop pushing: the client does not read what it was sent."""
        super().pause_writing()
        self.line.paused = True

    def resume_writing(self) -> None:
        """Allow pushing again."""
        super().resume_writing()
        self.line.paused = False


@lru_cache(maxsize=8)
def _chunk(body: bytes) -> bytes:
    """Return a part of a body as a chunk (RFC 9112 §7.1); cached, as many clients get the same."""
    return b"%x\r\n%b\r\n" % (len(body), body)


class Server(uvicorn.Server):
    """Serves `site`. It leaves signals to keywire, so uvicorn installs no handlers.

    `serving` is called when it is up.
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
        """Start to serve, and call `serving`."""
        await super().startup(sockets)
        self._serving()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handlers."""
        yield
