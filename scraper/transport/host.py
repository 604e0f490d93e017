"""What is kept of each server between fetches: its connection, its robots.txt and its pace.

A host is a name, a server one scheme and port at it. All servers of a host share one token bucket.
The user's own machines (private addresses) have no pace but that of their sources, and a
crawl-delay in their robots.txt.
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
    """One host name: how fast all sources there together may ask it."""

    def __init__(self) -> None:
        self._bucket = Bucket()
        self._slow = False
        self._delays: dict[tuple[str, str, int], float] = {}

    @property
    def crawl_delay(self) -> float:
        """The longest crawl-delay in the robots.txt of its servers, in seconds; 0 if none."""
        return max(self._delays.values(), default=0.0)

    async def wait(self, trip: Trip, *, own: bool) -> None:
        """Wait until another request may be sent, with the fetch's deadline paused.

        `own`: the server is the user's own machine, which is asked at once without a crawl-delay.
        """
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
        """Note the crawl-delay that one server's robots.txt asks for, in seconds; 0 for none."""
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
        """Whether this is the user's own machine: its address is private."""
        address = self._target.address
        return self._backend.own if address is None else is_own(address)

    @property
    def robots(self) -> Robots | None:
        """What its robots.txt says; None until it has been asked for."""
        return self._robots

    def heed(self, robots: Robots, agent: str) -> None:
        """Apply this robots.txt from now on; `agent` is who asks."""
        self._robots = robots
        self._verdicts.clear()
        self.host.heed(self._target.origin, crawl_delay(robots, agent))

    def judge(self, url: str, agent: str) -> Verdict:
        """Return whether `agent` may fetch a page; `robots` must be known."""
        verdict = self._verdicts.get(url)
        if verdict is None:
            assert self._robots is not None  # noqa: S101 - for the type checker
            if len(self._verdicts) >= _KEPT_VERDICTS:
                self._verdicts.clear()
            verdict = self._verdicts[url] = judge(self._robots, url, agent)
        return verdict

    def refused_until(self, now: datetime) -> datetime | None:
        """Return until when the server is left alone; None if this request may be sent.

        After a pause only one request may: until its outcome is known, others are refused.
        """
        until = breaker.refused_until(self._breaker, now)
        if until is None:
            self._breaker = breaker.let_through(self._breaker, now, self._pauses())
        return until

    @property
    def failures(self) -> int:
        """How often in a row the server did not answer."""
        return self._breaker.failures

    def answered(self) -> None:
        """Note that the server answered, with whatever status."""
        self._breaker = Breaker()

    def failed(self, reason: str, now: datetime) -> None:
        """Note that the server did not answer, and why."""
        self.last_failure = reason
        self._breaker = breaker.fail(self._breaker, now, self._pauses())

    def _pauses(self) -> breaker.Pauses:
        return breaker.OWN if self.own else breaker.PUBLIC


class Servers:
    """The KEPT_SERVERS servers visited last, made with `make`; idle connections are closed."""

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
        """Yield a hop's server, made if it is not known; while it is visited it is not dropped.

        A server that only a typed URL may reach at a private address is kept apart from others.
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
        """Drop servers beyond KEPT_SERVERS, unused longest first: redirects may add any number."""
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
        """Close the connections that were not used for KEEP_ALIVE seconds."""
        before, kept = loop.time() - KEEP_ALIVE, False
        for server in self._known.values():
            if server.users or server.used_at > before:
                kept = kept or server.channel.open
            else:
                self._close(server)
        self._sweeping = loop.call_later(KEEP_ALIVE / 2, self._sweep, loop) if kept else None
