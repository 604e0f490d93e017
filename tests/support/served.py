"""A site on a real port of the loopback interface, and a reader of its stream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import httpx
import msgspec

from feeds.site.app import Site
from keywire.process.server import Server, listen


async def until(claim: Callable[[], bool], within: float = 10) -> None:
    """Wait until a claim holds, while the event loop goes on."""
    async with asyncio.timeout(within):
        while not claim():  # noqa: ASYNC110 - what is waited for sends no signal
            await asyncio.sleep(0.005)


@dataclass(frozen=True, slots=True)
class Serving:
    """A site that is served at `url` by `server`."""

    url: str
    server: Server


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Serving]:
    """Serve a site on this event loop while the block lasts."""
    listener = listen("127.0.0.1", 0)
    up = asyncio.Event()
    server = Server(site, up.set)
    running = asyncio.create_task(server.serve(sockets=[listener.bound]))
    await up.wait()
    try:
        yield Serving(listener.url, server)
    finally:
        site.close()
        server.should_exit = True
        await running
        listener.bound.close()


@contextmanager
def served_aside(site: Site) -> Iterator[str]:
    """Serve a site in its own thread while the block lasts; yield its address."""
    told, up, stop = [], Event(), Event()

    async def serve() -> None:
        async with served(site) as serving:
            told.append(serving.url)
            up.set()
            await asyncio.to_thread(stop.wait)

    thread = Thread(target=asyncio.run, args=[serve()])
    thread.start()
    try:
        assert up.wait(10)
        yield told[0]
    finally:
        stop.set()
        thread.join()


@dataclass(slots=True)
class Heard:
    """One event as received: its id, type and data."""

    id: str = ""
    type: str = ""
    data: str = ""

    @property
    def told(self) -> dict:
        return msgspec.json.decode(self.data)


@dataclass(slots=True)
class Ear:
    """An open stream, parsed by WHATWG HTML §9.2; comments are counted, not returned."""

    answer: httpx.Response
    comments: int = 0
    retry: int = 0
    last_id: str = ""
    _lines: AsyncIterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = self.answer.aiter_lines()

    async def next(self, within: float = 10) -> Heard | None:
        """Wait for the next event; None where the stream ends."""
        async with asyncio.timeout(within):
            return await self._next()

    async def take(self, number: int) -> list[Heard]:
        """Wait for `number` events."""
        heard = [await self.next() for _ in range(number)]
        assert None not in heard, "the stream ended"
        return heard

    async def _next(self) -> Heard | None:
        heard = Heard()
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if line.startswith(":"):
                self.comments += 1
            elif name == "retry":
                self.retry = int(value)
            elif name == "id":
                self.last_id = heard.id = value
            elif name == "event":
                heard.type = value
            elif name == "data":
                heard.data += value
            elif not line and heard.data:
                return heard
        return None


@asynccontextmanager
async def hearing(url: str, query: str = "", **headers: str) -> AsyncIterator[Ear]:
    """Open a stream; header names are written with underscores."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as client,
        client.stream("GET", f"{url}/events/stream{query}", headers=sent) as answer,
    ):
        yield Ear(answer)
