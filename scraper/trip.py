"""One fetch under way: its deadline, which stands still while it waits, and what it cost so far."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from scraper.connect import Traffic
from scraper.page import Cost


class Trip:
    """`clock` is the total deadline. `cost` grows with each request, `verdict` is the last hop's.

    `crawl_delay` is what the last hop's robots.txt asks for, in seconds.
    """

    def __init__(self, clock: asyncio.Timeout) -> None:
        self.clock = clock
        self.cost = Cost()
        self.verdict = ""
        self.crawl_delay = 0.0

    @property
    def overdue(self) -> bool:
        """Whether the deadline is over."""
        return self.clock.expired()

    @asynccontextmanager
    async def turn(self, line: asyncio.Lock) -> AsyncIterator[None]:
        """Wait in line with the clock stopped: those in front have deadlines of their own."""
        with self._paused():
            await line.acquire()
        try:
            yield
        finally:
            line.release()

    async def rest(self, seconds: float) -> None:
        """Wait with the clock stopped."""
        with self._paused():
            await asyncio.sleep(seconds)

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
