"""One fetch under way: its deadline, which is paused while it waits, and its cost so far."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext

from scraper.page import Cost
from scraper.transport.page_budget import Place
from scraper.transport.stream import Traffic


class Line:
    """A first-come lock that knows whether anyone holds it or waits for it."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._standing = 0

    @property
    def empty(self) -> bool:
        """Whether nobody holds the line or waits in it, so that `join` does not wait."""
        return not self._standing

    async def join(self) -> None:
        """Wait for the caller's turn and take it."""
        self._standing += 1
        try:
            await self._lock.acquire()
        except BaseException:
            self._standing -= 1
            raise

    def leave(self) -> None:
        """End the caller's turn; the next in line gets it."""
        self._standing -= 1
        self._lock.release()


class Trip:
    """One fetch, from its first hop to its answer. `clock` is its total deadline.

    `place` is what the page's body needs before it is read, None for no limit. `cost` grows with
    each request; `verdict` is what robots.txt said of the last hop, in plain words; `crawl_delay`
    is what it asks for there, in seconds.
    """

    def __init__(self, clock: asyncio.Timeout, place: Place | None = None) -> None:
        self.clock, self._place = clock, place
        self.cost = Cost()
        self.verdict = ""
        self.crawl_delay = 0.0

    @property
    def overdue(self) -> bool:
        """Whether the deadline has passed."""
        return self.clock.expired()

    @asynccontextmanager
    async def turn(self, line: Line) -> AsyncIterator[None]:
        """Hold a turn in line; the clock is stopped during the wait for those in front."""
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
        """Enter once there is a place for a page's body; the clock is stopped during the wait.

        The body is read within; afterwards the place is kept.
        """
        if self._place is None:
            yield
            return
        with self._paused():
            await self._place.take()
        yield
        self._place.keep()

    @contextmanager
    def counting(self, traffic: Traffic) -> Iterator[None]:
        """Add to `cost` the requests and bytes that an origin's connection counts meanwhile."""
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
