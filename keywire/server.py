"""The HTTP server: the only uvicorn."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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
    bound = socket.socket(family, socket.SOCK_STREAM)
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


class _Connection(HttpToolsProtocol):
    """uvicorn's side of a connection, which the site may end: see `feeds.site.stream`."""

    def on_message_begin(self) -> None:
        """Put the connection into the scope of each of its requests."""
        super().on_message_begin()
        self.scope["extensions"] = {CONNECTION: self.transport}  # type: ignore[dict-item]


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
