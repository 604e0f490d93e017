"""Sending of requests from redirect to redirect: each permitted, in turn, at its host's pace.

keywire follows redirects itself (RFC 9110 15.4), so that each hop is checked like a first address.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TypeVar

from scraper.errors import AddressError, FetchError, NetworkError
from scraper.guard import Network, why_refused
from scraper.transport.answer import BROKEN, Answer
from scraper.transport.attempt import Trip
from scraper.transport.body import drain
from scraper.transport.connect import (
    GuardedBackend,
    RefusedError,
    Resolve,
    Resolver,
    explain,
    is_ours,
)
from scraper.transport.hop import (
    REDIRECTS,
    Hop,
    read_location,
    redirect,
    refuse,
    request_headers,
    say_where,
)
from scraper.transport.host import Host, Server, Servers
from scraper.transport.trust import trusted

T = TypeVar("T")


class Client:
    """Sends requests as `agent`, to private addresses only where `allow` names them.

    `resolve` (a name's addresses) and `tls` (trusted certificates) default to the system's and
    certifi's; `now` returns the time in UTC.
    """

    def __init__(
        self,
        agent: str,
        allow: Sequence[Network],
        *,
        now: Callable[[], datetime],
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.agent, self._allow, self._now = agent, allow, now
        self._resolver = Resolver()
        self._resolve = resolve or self._resolver
        self._tls = tls
        self._servers = Servers(self._make_server)

    def visit(self, hop: Hop) -> AbstractContextManager[Server]:
        """Return a context with a hop's server, which is not dropped within it."""
        return self._servers.visit(hop)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._servers.aclose()
        self._resolver.close()

    async def follow(
        self,
        hop: Hop,
        trip: Trip,
        read: Callable[[Answer, Hop, Trip], Awaitable[T]],
        permit: Callable[[Hop, Trip], Awaitable[None]],
    ) -> T:
        """Follow redirects to the first other answer, and return what `read` makes of that.

        `permit` is called before each hop. Raises FetchError.
        """

        async def read_or_turn(answer: Answer, hop: Hop) -> T | Hop:
            if answer.status not in REDIRECTS:
                return await read(answer, hop, trip)
            await drain(answer)
            return redirect(hop, answer.status, read_location(answer.headers))

        while True:
            await permit(hop, trip)
            self._check_address(hop)
            came = await self._exchange(hop, trip, read_or_turn)
            if not isinstance(came, Hop):
                return came
            hop = came

    def _check_address(self, hop: Hop) -> None:
        """Raise AddressError for a refused literal address; names are checked when connecting."""
        if hop.target.address is not None and not hop.private:
            reason = why_refused(hop.target.address, self._allow)
            if reason:
                raise refuse(hop, reason)

    async def _exchange(
        self, hop: Hop, trip: Trip, read: Callable[[Answer, Hop], Awaitable[T]]
    ) -> T:
        """Send one request in its server's turn and at its host's pace, and read the answer."""
        with self._servers.visit(hop) as server:
            async with trip.turn(server.line):
                self._check_breaker(server, hop)
                await server.host.wait(trip, own=server.own)
                with trip.counting(server.traffic):
                    return await self._ask(server, hop, trip, read)

    def _check_breaker(self, server: Server, hop: Hop) -> None:
        until = server.refused_until(self._now())
        if until is not None:
            raise NetworkError(
                hop.asked,
                f"{hop.target.host} has not answered {server.failures} times; it is asked again "
                f"at {until:%H:%M} UTC",
                f"the last time: {server.last_failure}",
                not_before=until,
            )

    async def _ask(
        self, server: Server, hop: Hop, trip: Trip, read: Callable[[Answer, Hop], Awaitable[T]]
    ) -> T:
        """Send one request and read the answer; note whether the server answered at all."""
        try:
            answer = await self._send(server, hop)
            try:
                came = await read(answer, hop)
            finally:
                await server.channel.release(answer)
        except NetworkError as error:
            if error.__cause__ is None or not is_ours(error.__cause__):
                server.failed(error.reason, self._now())
            raise
        except asyncio.CancelledError:
            if trip.overdue:
                server.failed("no whole answer in time", self._now())
            raise
        except AddressError:
            raise
        except FetchError:
            server.answered()
            raise
        server.answered()
        return came

    async def _send(self, server: Server, hop: Hop) -> Answer:
        try:
            answer = await server.channel.ask(hop.sent, request_headers(hop, self.agent))
        except RefusedError as error:
            raise refuse(hop, str(error)) from None
        except BROKEN as error:
            raise NetworkError(hop.asked, explain(error) + say_where(hop)) from error
        server.host.note(answer.status)
        return answer

    def _make_server(self, hop: Hop, host: Host) -> Server:
        backend = GuardedBackend(self._resolve, self._allow, private=hop.private)
        if self._tls is None and hop.target.scheme == "https":
            self._tls = trusted()
        return Server(hop.target, host, backend, self._tls)
