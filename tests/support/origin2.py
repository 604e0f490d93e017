"""A scripted HTTP/2 origin on 127.0.0.1, one task a stream; the usual plays are below.

`Origin2(routes, tls=…)` is an async context manager. A route is a path (or "*") and a play: a
coroutine function of the request's headers and the stream to act on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Self

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, RequestReceived, StreamReset, WindowUpdated
from h2.exceptions import ProtocolError


class Stream:
    """One stream of a connection: what a play answers with."""

    def __init__(self, connection: "Connection", number: int) -> None:
        self.connection, self.number = connection, number
        self.state = connection.state

    async def head(self, status: int, **headers: str) -> None:
        named = [(name.replace("_", "-").lower(), value) for name, value in headers.items()]
        self.state.send_headers(self.number, [(":status", str(status)), *named])
        await self.connection.flush()

    async def data(self, data: bytes) -> None:
        """Send data as far as flow control allows."""
        while data:
            room = min(
                self.state.local_flow_control_window(self.number),
                self.state.max_outbound_frame_size,
            )
            if not room:
                self.connection.room.clear()
                await self.connection.room.wait()
                continue
            self.state.send_data(self.number, data[:room])
            data = data[room:]
            await self.connection.flush()

    async def end(self) -> None:
        self.state.end_stream(self.number)
        await self.connection.flush()

    async def reset(self, code: int = 2) -> None:
        self.state.reset_stream(self.number, code)
        await self.connection.flush()

    async def goaway(self, last: int | None = None) -> None:
        self.state.close_connection(last_stream_id=self.number if last is None else last)
        await self.connection.flush()
        self.connection.writer.close()

    async def raw(self, data: bytes) -> None:
        self.connection.writer.write(data)
        await self.connection.writer.drain()


Play = Callable[[dict[str, str], Stream], Awaitable[None]]


class Connection:
    """One connection, read until it ends."""

    def __init__(self, origin: "Origin2", reader, writer) -> None:
        self.origin, self.reader, self.writer = origin, reader, writer
        self.state = H2Connection(H2Configuration(client_side=False, header_encoding="latin-1"))
        self.room = asyncio.Event()
        self.plays: dict[int, asyncio.Task] = {}

    async def flush(self) -> None:
        self.writer.write(self.state.data_to_send())
        await self.writer.drain()

    async def serve(self) -> None:
        self.state.initiate_connection()
        try:
            await self.flush()
            while data := await self.reader.read(65_536):
                for event in self.state.receive_data(data):
                    self._take(event)
                await self.flush()
        finally:
            for play in self.plays.values():
                play.cancel()
            await asyncio.gather(*self.plays.values(), return_exceptions=True)

    def _take(self, event) -> None:
        match event:
            case RequestReceived():
                asked = dict(event.headers)
                self.origin.asked.append(asked)
                play = self.origin.play(asked)(asked, Stream(self, event.stream_id))
                self.plays[event.stream_id] = asyncio.create_task(_quietly(play))
            case WindowUpdated():
                self.room.set()
            case StreamReset() | ConnectionTerminated():
                self.origin.resets += 1


class Origin2:
    """Serves `routes`; counts `accepted` connections and keeps what was `asked`."""

    def __init__(self, routes: Mapping[str, Play], *, tls) -> None:
        self.routes = {"/robots.txt": answer2(404), **routes}
        self.accepted = self.resets = 0
        self.asked: list[dict[str, str]] = []
        self._tls = tls
        self._tasks: set[asyncio.Task] = set()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"https://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths that were requested, without robots.txt."""
        return [asked[":path"] for asked in self.asked if asked[":path"] != "/robots.txt"]

    def play(self, asked: dict[str, str]) -> Play:
        path = asked[":path"].partition("?")[0]
        return self.routes.get(path) or self.routes.get("*") or answer2(404)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
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
        try:
            await _quietly(Connection(self, reader, writer).serve())
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()


async def _quietly(act: Awaitable[None]) -> None:
    with contextlib.suppress(ConnectionError, ProtocolError, asyncio.CancelledError):
        await act


def answer2(status: int = 200, body: bytes = b"", **headers: str) -> Play:
    """Answer with a status and body; header names are written with _ for -."""

    async def play(_, stream: Stream) -> None:
        await stream.head(status, **headers)
        await stream.data(body)
        await stream.end()

    return play


def in_turn2(*plays: Play) -> Play:
    """Play one after another, one a request; the last one repeats."""
    left = list(plays)

    async def play(asked, stream: Stream) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(asked, stream)

    return play


def endless2(first: bytes, again: bytes, **headers: str) -> Play:
    """Send `first`, then `again` for ever."""

    async def play(_, stream: Stream) -> None:
        await stream.head(200, **headers)
        await stream.data(first)
        while True:
            await stream.data(again)
            await asyncio.sleep(0)

    return play


def frames2(body: bytes) -> Play:
    """Send DATA frames of this body for ever, ignoring flow control (RFC 9113 6.1)."""

    async def play(_, stream: Stream) -> None:
        await stream.head(200)
        frame = len(body).to_bytes(3) + b"\0\0" + stream.number.to_bytes(4) + body
        while True:
            await stream.raw(frame * (65_536 // len(frame)))
            await asyncio.sleep(0)

    return play


def drip2(data: bytes, every: float, **headers: str) -> Play:
    """Send `data` byte by byte, one every `every` seconds."""

    async def play(_, stream: Stream) -> None:
        await stream.head(200, **headers)
        for byte in data:
            await stream.data(bytes([byte]))
            await asyncio.sleep(every)
        await stream.end()

    return play


def silence2() -> Play:
    """Send nothing."""

    async def play(_, __) -> None:
        await asyncio.sleep(99)

    return play
