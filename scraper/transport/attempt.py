"""One fetch under way: its deadline, which stands still while it waits, and what it cost so far."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext

from scraper.page import Cost
from scraper.transport.page_budget import Place
from scraper.transport.stream import Traffic


class Line:
    """Those who wait for one thing, one after another, and the one who has it."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._standing = 0

    @property
    def empty(self) -> bool:
        """Whether nobody has it, or is about to: then `join` does not wait."""
        return not self._standing

    async def join(self) -> None:
        """Wait until it is one's turn."""
        self._standing += 1
        try:
            await self._lock.acquire()
        except BaseException:
            self._standing -= 1
            raise

    def leave(self) -> None:
        """Let the next one have it."""
        self._standing -= 1
        self._lock.release()


class Trip:
    """`clock` is the total deadline, `place` the page's, if it has to have one.

    `cost` grows with each request, `verdict` is the last hop's. `crawl_delay` is what the last
    hop's robots.txt asks for, in seconds.
    """

    def __init__(self, clock: asyncio.Timeout, place: Place | None = None) -> None:
        self.clock, self._place = clock, place
        self.cost = Cost()
        self.verdict = ""
        self.crawl_delay = 0.0

    @property
    def overdue(self) -> bool:
        """Whether the deadline is over."""
        return self.clock.expired()

    @asynccontextmanager
    async def turn(self, line: Line) -> AsyncIterator[None]:
        """Wait in line with the clock stopped: those in front have deadlines of their own."""
        with nullcontext() if line.empty else self._paused():
            await line.join()
        try:
            yield
        finally:
            line.leave()

    async def rest(self, seconds: float) -> None:
        """Wait with the clock stopped."""
        with self._paused():
            await asyncio.sleep(seconds)

    @asynccontextmanager
    async def page(self) -> AsyncIterator[None]:
        """Read a page's body, once there is a place for it, waiting with the clock stopped."""
        if self._place is None:
            yield
            return
        with self._paused():
            await self._place.take()
        yield
        self._place.keep()

    @contextmanager
    def counting(self, traffic: Traffic) -> Iterator[None]:
        """Count what goes over an origin's connection meanwhile as ours."""
        requests, received = traffic.requests, traffic.received
        try:
            yield
        finally:
            self.cost += Cost(traffic.requests - requests, traffic.received - received)

    @contextmanager
    def _paused(self) -> Iterator[None]:
        when = self.clock.when()
        if when is None or self.clock.expired():
            yield
            return
        loop = asyncio.get_running_loop()
        left = when - loop.time()
        self.clock.reschedule(None)
        yield
        self.clock.reschedule(loop.time() + left)
