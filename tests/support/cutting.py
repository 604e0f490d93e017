"""A proxy that breaks: bytes pass through to a server, and every connection is cut in the end."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True)
class Wire:
    """A proxy to a server. Each connection is cut once a random number of bytes has come back."""

    chance: random.Random
    least: int
    most: int
    host: str = ""
    port: int = 0
    cuts: int = 0
    url: str = ""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            far_reader, far_writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        left = self.chance.randrange(self.least, self.most)
        asked = asyncio.create_task(_pass_on(reader, far_writer))
        with suppress(ConnectionError, asyncio.CancelledError):
            while left > 0 and (some := await far_reader.read(min(left, 65536))):
                left -= len(some)
                writer.write(some)
                await writer.drain()
        self.cuts += left <= 0
        asked.cancel()
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()
        far_writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65536):
        writer.write(some)


@asynccontextmanager
async def breaking(url: str, seed: int, least: int, most: int) -> AsyncIterator[Wire]:
    """Proxy to the server at `url` while the block lasts, over connections that break."""
    parts = urlsplit(url)
    wire = Wire(random.Random(seed), least, most, parts.hostname, parts.port)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in [*wire._tasks]:
            task.cancel()
        await asyncio.gather(*wire._tasks, return_exceptions=True)
