"""A scripted origin on 127.0.0.1: raw asyncio, so that it can misbehave in every way a socket can.

`Origin(routes, tls=…)` is an async context manager. A route is a path (or "*") and a play, which is
a coroutine function of the request and the stage to act on; the usual plays are below.
"""

import asyncio
import contextlib
import gzip
import socket
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as received: `headers` in order, names as sent, bytes."""

    method: str
    path: str
    headers: list[tuple[bytes, bytes]]

    def get(self, name: str) -> bytes | None:
        """Return a header's bytes, None where it was not sent."""
        found = [value for each, value in self.headers if each.lower() == name.lower().encode()]
        return found[0] if found else None


@dataclass(slots=True)
class Stage:
    """What a play acts on: the connection, and whether to close it after the act."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    close: bool = False

    async def send(self, data: bytes) -> None:
        """Send bytes and wait until they are out."""
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection with a TCP reset, if the client has not left before."""
        sock = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        self.close = True


Play = Callable[[Asked, Stage], Awaitable[None]]


class Origin:
    """Serves `routes`; counts `accepted` connections and keeps what was `asked`."""

    def __init__(self, routes: Mapping[str, Play], *, tls=None, host="127.0.0.1", port=0) -> None:
        self.routes = {"/robots.txt": raw(NO_ROBOTS), **routes}
        self.accepted = 0
        self.together = self.most_together = 0
        self.asked: list[Asked] = []
        self._tls, self._host, self.port = tls, host, port
        self._tasks: set[asyncio.Task] = set()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """Return the URL of a path here, with another host name if given."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{host or self._host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths that were requested, without robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, self._host, self.port, ssl=self._tls, limit=2**20
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader, writer) -> None:
        self.accepted += 1
        task = asyncio.current_task()
        self._tasks.add(task)
        stage = Stage(reader, writer)
        try:
            while not stage.close and (asked := await read_request(reader)):
                self.asked.append(asked)
                self.together += 1
                self.most_together = max(self.together, self.most_together)
                try:
                    await self._play(asked)(asked, stage)
                finally:
                    self.together -= 1
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            if stage.close:
                writer.close()
            else:
                writer.transport.abort()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    def _play(self, asked: Asked) -> Play:
        path = asked.path.partition("?")[0]
        return self.routes.get(path) or self.routes.get("*") or answer(404)


async def read_request(reader) -> Asked | None:
    """Read one request without a body; None when the connection ends."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head[:-4].split(b"\r\n")
    method, path, _ = first.decode("latin-1").split(" ")
    pairs = [line.split(b":", 1) for line in lines]
    return Asked(method, path, [(name, value.strip(b" ")) for name, value in pairs])


def head(status: int, headers: Mapping[str, str | bytes]) -> bytes:
    """Return a status line and headers."""
    lines = [f"HTTP/1.1 {status} As Scripted".encode()]
    for name, value in headers.items():
        lines.append(
            name.encode() + b": " + (value if isinstance(value, bytes) else value.encode())
        )
    return b"\r\n".join(lines) + b"\r\n\r\n"


def answer(status: int = 200, body: bytes = b"", **headers: str | bytes) -> Play:
    """Answer with a status and body; header names are written with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if status not in (204, 304):
        named.setdefault("Content-Length", str(len(body)))
    return raw(head(status, named) + body)


def raw(data: bytes, *, close: bool = False) -> Play:
    """Send exactly these bytes."""

    async def play(_: Asked, stage: Stage) -> None:
        await stage.send(data)
        stage.close = close

    return play


def in_turn(*plays: Play) -> Play:
    """Play one after another, one a request; the last one repeats."""
    left = list(plays)

    async def play(asked: Asked, stage: Stage) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, stage)

    return play


def redirect(to: str | bytes, status: int = 302) -> Play:
    """Redirect."""
    return answer(status, Location=to)


def silence() -> Play:
    """Send nothing and keep the connection open."""

    async def play(_: Asked, stage: Stage) -> None:
        await stage.reader.read()
        stage.close = True

    return play


def drip(data: bytes, every: float, size: int = 1) -> Play:
    """Send `data` in pieces of `size` bytes, one every `every` seconds."""

    async def play(_: Asked, stage: Stage) -> None:
        for start in range(0, len(data), size):
            await stage.send(data[start : start + size])
            await asyncio.sleep(every)

    return play


def late(seconds: float, then: Play) -> Play:
    """Wait, then play."""

    async def play(asked: Asked, stage: Stage) -> None:
        await asyncio.sleep(seconds)
        await then(asked, stage)

    return play


def reset(after: bytes = b"") -> Play:
    """Send something, then reset the connection."""

    async def play(_: Asked, stage: Stage) -> None:
        if after:
            await stage.send(after)
            await asyncio.sleep(0.02)
        stage.reset()

    return play


def endless(first: bytes, again: bytes) -> Play:
    """Send `first`, then `again` for ever."""

    async def play(_: Asked, stage: Stage) -> None:
        await stage.send(first)
        while True:
            await stage.send(again)

    return play


def bomb(size: int, *, layers: int = 1) -> bytes:
    """Return a gzip body that expands to `size` zeros, compressed `layers` times."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    part = bytes(2**20)
    packed = b"".join(pack.compress(part) for _ in range(size // len(part))) + pack.flush()
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed
