"""What is kept between fetches of each server: its connection, its robots.txt, and its pace.

A host is a name, a server one scheme and port of it. All servers of a host share one token bucket.
One's own machines (private addresses) are asked as fast as their sources say; what their
robots.txt asks for is kept there too.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from scraper.guard import Target
from scraper.robots import Robots, Verdict, crawl_delay, judge
from scraper.transport import breaker, bucket
from scraper.transport.attempt import Line, Trip
from scraper.transport.breaker import Breaker
from scraper.transport.bucket import Bucket, Pace
from scraper.transport.channel import KEEP_ALIVE, Channel
from scraper.transport.connect import GuardedBackend, is_own
from scraper.transport.hop import Hop

KEPT_SERVERS: Final = 4_096

_KEPT_VERDICTS: Final = 1_000  # a server; judging costs a hundred times more than looking one up
_PATIENCE: Final = (429, 503)


class Host:
    """One host name: how fast it may be asked, by all that follow something there."""

    def __init__(self) -> None:
        self._bucket = Bucket()
        self._slow = False
        self._delays: dict[tuple[str, str, int], float] = {}

    @property
    def crawl_delay(self) -> float:
        """The longest delay between requests that a robots.txt of its servers asks for, seconds."""
        return max(self._delays.values(), default=0.0)

    async def wait(self, trip: Trip, *, own: bool) -> None:
        """Wait until another request may be sent; a fetch's deadline stands still meanwhile."""
        if own and not self.crawl_delay:
            return
        loop = asyncio.get_running_loop()
        self._bucket, seconds = bucket.take(self._bucket, loop.time(), self._pace())
        if seconds:
            try:
                await trip.rest(seconds)
            except asyncio.CancelledError:
                self._bucket = bucket.give_back(self._bucket)
                raise

    def note(self, status: int) -> None:
        """Slow down after 429 or 503, for whatever page, until the host answers otherwise."""
        self._slow = status in _PATIENCE

    def heed(self, origin: tuple[str, str, int], crawl_delay: float) -> None:
        """Keep what one server's robots.txt asks for, in seconds; 0 for nothing."""
        self._delays[origin] = crawl_delay

    def _pace(self) -> Pace:
        return bucket.choose_pace(self.crawl_delay, slow=self._slow)


class Server:
    """One scheme, host and port: one connection and a line to wait in for it."""

    def __init__(
        self, target: Target, host: Host, backend: GuardedBackend, tls: ssl.SSLContext | None
    ) -> None:
        self.host, self.traffic = host, backend.traffic
        self._backend = backend
        self.channel = Channel(target, backend, tls)
        self.line, self.robots_line = Line(), Line()
        self.users, self.used_at = 0, 0.0
        self._target = target
        self._breaker = Breaker()
        self.last_failure = ""
        self._robots: Robots | None = None
        self._verdicts: dict[str, Verdict] = {}

    @property
    def own(self) -> bool:
        """Whether this is one's own machine: its address is private."""
        address = self._target.address
        return self._backend.own if address is None else is_own(address)

    @property
    def robots(self) -> Robots | None:
        """What its robots.txt said; None before it was asked for."""
        return self._robots

    def heed(self, robots: Robots, agent: str) -> None:
        """Keep what robots.txt says from now on."""
        self._robots = robots
        self._verdicts.clear()
        self.host.heed(self._target.origin, crawl_delay(robots, agent))

    def judge(self, url: str, agent: str) -> Verdict:
        """Tell whether a page may be fetched, once robots.txt is known."""
        verdict = self._verdicts.get(url)
        if verdict is None:
            assert self._robots is not None  # noqa: S101 - for the type checker
            if len(self._verdicts) >= _KEPT_VERDICTS:
                self._verdicts.clear()
            verdict = self._verdicts[url] = judge(self._robots, url, agent)
        return verdict

    def refused_until(self, now: datetime) -> datetime | None:
        """Tell until when the server is let be; None lets this one request through."""
        until = breaker.refused_until(self._breaker, now)
        if until is None:
            self._breaker = breaker.let_through(self._breaker, now, self._pauses())
        return until

    @property
    def failures(self) -> int:
        """How often in a row it did not answer."""
        return self._breaker.failures

    def answered(self) -> None:
        """Note that it answered, whatever it said."""
        self._breaker = Breaker()

    def failed(self, reason: str, now: datetime) -> None:
        """Note that it did not answer, and what came instead."""
        self.last_failure = reason
        self._breaker = breaker.fail(self._breaker, now, self._pauses())

    def _pauses(self) -> breaker.Pauses:
        return breaker.OWN if self.own else breaker.PUBLIC


class Servers:
    """The servers visited last, made with `make`; connections long unused are closed in time."""

    def __init__(self, make: Callable[[Hop, Host], Server]) -> None:
        self._make = make
        self._known: OrderedDict[tuple[tuple[str, str, int], bool], Server] = OrderedDict()
        self._hosts: WeakValueDictionary[str, Host] = WeakValueDictionary()
        self._sweeping: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._known)

    @contextmanager
    def visit(self, hop: Hop) -> Iterator[Server]:
        """Give a hop's server, made if need be; while it is visited it is not dropped.

        A connection that only a typed URL may use is kept apart from the others.
        """
        key = (hop.target.origin, hop.private)
        server = self._known.get(key)
        if server is None:
            host = self._hosts.setdefault(hop.target.host, Host())
            server = self._known[key] = self._make(hop, host)
            self._drop_surplus()
        self._known.move_to_end(key)
        server.users += 1
        try:
            yield server
        finally:
            server.users -= 1
            loop = asyncio.get_running_loop()
            server.used_at = loop.time()
            if self._sweeping is None and server.channel.open:
                self._sweeping = loop.call_later(KEEP_ALIVE / 2, self._sweep, loop)

    async def aclose(self) -> None:
        """Close every connection and forget every server."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        servers = list(self._known.values())
        self._known.clear()
        for server in servers:
            await server.channel.aclose()
        await asyncio.gather(*self._closing)

    def _drop_surplus(self) -> None:
        """Drop the servers visited longest ago: redirects may lead to ever new ones."""
        surplus = len(self._known) - KEPT_SERVERS
        if surplus > 0:
            unused = [key for key, server in self._known.items() if not server.users]
            for key in unused[:surplus]:
                self._close(self._known.pop(key))

    def _close(self, server: Server) -> None:
        if (connection := server.channel.detach()) is not None:
            task = asyncio.create_task(connection.aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Close the connections that were not used for a while."""
        before, kept = loop.time() - KEEP_ALIVE, False
        for server in self._known.values():
            if server.users or server.used_at > before:
                kept = kept or server.channel.open
            else:
                self._close(server)
        self._sweeping = loop.call_later(KEEP_ALIVE / 2, self._sweep, loop) if kept else None
