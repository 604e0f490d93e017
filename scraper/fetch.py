"""One page fetched: conditionally, politely, within limits, from addresses that are permitted.

Redirects are followed by hand (RFC 9110 15.4), so that each hop is checked like a first address;
robots.txt (RFC 9309) is asked for through the same path.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, TypeVar

import httpcore
import httpx

from scraper import robots
from scraper.errors import (
    AddressError,
    BodyError,
    DeadlineError,
    FetchError,
    NetworkError,
    RedirectError,
    RobotsError,
)
from scraper.guard import check_url, read_allowed, why_refused
from scraper.pace import read_retry_after
from scraper.page import FREE, Cost, Page
from scraper.robots import NoNotes, RobotsNotes
from scraper.transport.answer import BROKEN, Answer
from scraper.transport.attempt import Trip
from scraper.transport.body import Body, check_size
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
    EndlessError,
    Hop,
    read_headers,
    read_location,
    redirect,
    refuse,
    request_headers,
    robots_target,
    say_where,
    status_error,
)
from scraper.transport.host import Host, Server, Servers
from scraper.transport.page_budget import Place

DRAINED: Final = 65_536  # bytes of an unwanted body that are read to keep the connection
DRAIN_TIMEOUT: Final = 0.5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified as they came: opaque, they go back byte for byte."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the page is as it was. `headers` (lower-case names) refresh the stored ones.

    `moved_to`, `robots`, `crawl_delay` and `cost` are as a Page has them.
    """

    url: str
    fetched_at: datetime
    headers: Mapping[str, str]
    moved_to: str = ""
    robots: str = ""
    crawl_delay: float = 0.0
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Gone:
    """410, from the address itself or one it has moved to for good: stop asking."""

    url: str
    fetched_at: datetime
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class FetchRules:
    """How to fetch: `timeout` in seconds for the whole, `max_body` in bytes, decoded."""

    user_agent: str
    contact: str = ""
    timeout: float = 20.0
    max_body: int = 10_000_000
    obey_robots: bool = True
    allow_private: tuple[str, ...] = ()


_NO_VALIDATORS: Final = Validators()
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Fetcher:
    """Fetches pages; one a process. `rules` say how, `now` gives the time in UTC.

    `resolve` (a name's addresses) and `tls` (trusted certificates) default to the system's and
    certifi's; `notes` keep robots.txt over restarts, by default not at all.
    """

    def __init__(
        self,
        rules: FetchRules,
        *,
        now: Callable[[], datetime],
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        notes: RobotsNotes | None = None,
    ) -> None:
        self._rules, self._now = rules, now
        self._allow = read_allowed(rules.allow_private)
        self._agent = rules.user_agent + (f" (+{rules.contact})" if rules.contact else "")
        self._resolver = Resolver()
        self._resolve = resolve or self._resolver
        self._tls = tls
        self._notes = notes or NoNotes()
        self._servers = Servers(self._make_server)

    async def fetch(
        self,
        url: str,
        validators: Validators = _NO_VALIDATORS,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        secret: str = "",
        typed: bool = False,
        place: Place | None = None,
    ) -> Page | NotModified | Gone:
        """Fetch a page within the total deadline; every failure is a FetchError.

        With `validators` the request is conditional (RFC 9110 13). `headers` go to the URL's own
        origin only, and so does `secret`, a query that stands in no address which is told to anyone
        (`api-key=…`). `typed`: a person typed this URL, so its own host may be private.
        A page's body is read once it has its `place`, if one is given. The deadline spans
        robots.txt, names, redirects and body; waiting in line behind other fetches from the same
        host, for the host's pace or for a place, is not counted. A server that did not answer
        three times in a row is let be for a while: then a NetworkError comes at once, with the
        time (`not_before`) from which on it is asked again.
        """
        target, conditions = check_url(url), _conditions(validators)
        hop = Hop(url, target, dict(headers), conditions, private=typed, secret=secret)
        trip = Trip(asyncio.timeout(self._rules.timeout), place)
        try:
            async with trip.clock:
                came = await self._follow(hop, trip, self._read_page, self._ask_robots)
        except TimeoutError:
            reason = f"no whole answer within {self._rules.timeout:g} s"
            error = DeadlineError(url, reason, "it is tried again later")
            error.cost = trip.cost
            raise error from None
        except FetchError as error:
            error.cost = trip.cost
            raise
        return replace(came, cost=trip.cost)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._servers.aclose()
        self._resolver.close()

    # --- from hop to hop ---

    async def _follow(
        self,
        hop: Hop,
        trip: Trip,
        read: Callable[[Answer, Hop, Trip], Awaitable[T]],
        permit: Callable[[Hop, Trip], Awaitable[None]],
    ) -> T:
        """Go from redirect to redirect until an answer that is none, and read that."""

        async def read_or_turn(answer: Answer, hop: Hop) -> T | Hop:
            if answer.status not in REDIRECTS:
                return await read(answer, hop, trip)
            await _drain(answer)
            return redirect(hop, answer.status, read_location(answer.headers))

        while True:
            await permit(hop, trip)
            self._check_address(hop)
            came = await self._exchange(hop, trip, read_or_turn)
            if not isinstance(came, Hop):
                return came
            hop = came

    def _check_address(self, hop: Hop) -> None:
        """Refuse a literal address before anything is sent; names are checked when connecting."""
        if hop.target.address is not None and not hop.private:
            reason = why_refused(hop.target.address, self._allow)
            if reason:
                raise refuse(hop, reason)

    async def _exchange(
        self, hop: Hop, trip: Trip, read: Callable[[Answer, Hop], Awaitable[T]]
    ) -> T:
        """Send one request when it is its turn and its host's pace allows, and read the answer."""
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
            answer = await server.channel.ask(hop.sent, request_headers(hop, self._agent))
        except RefusedError as error:
            raise refuse(hop, str(error)) from None
        except BROKEN as error:
            raise NetworkError(hop.asked, explain(error) + say_where(hop)) from error
        server.host.note(answer.status)
        return answer

    def _make_server(self, hop: Hop, host: Host) -> Server:
        backend = GuardedBackend(self._resolve, self._allow, private=hop.private)
        if self._tls is None and hop.target.scheme == "https":
            self._tls = httpx.create_ssl_context(trust_env=False)
        return Server(hop.target, host, backend, self._tls)

    # --- what comes of a final answer ---

    async def _read_page(self, answer: Answer, hop: Hop, trip: Trip) -> Page | NotModified | Gone:
        """Turn a final answer into its value (RFC 9110 15)."""
        now, status = self._now(), answer.status
        headers = read_headers(answer.headers)
        if status == HTTPStatus.OK:
            async with trip.page():
                body = await self._read_body(answer, hop)
            return Page(
                hop.asked,
                body,
                self._now(),
                hop.target.url,
                status,
                headers,
                moved_to=hop.moved_to,
                robots=trip.verdict,
                crawl_delay=trip.crawl_delay,
            )
        await _drain(answer)
        if status == HTTPStatus.NOT_MODIFIED and hop.conditions:
            return NotModified(
                hop.asked, now, headers, hop.moved_to, trip.verdict, trip.crawl_delay
            )
        if status == HTTPStatus.GONE and hop.moved_for_good:
            return Gone(hop.asked, now)
        raise status_error(hop, status, read_retry_after(headers, now))

    async def _read_body(self, answer: Answer, hop: Hop) -> bytes:
        try:
            return await _read_whole(answer, self._rules.max_body)
        except (ValueError, httpcore.RemoteProtocolError) as error:
            cut = not isinstance(error, ValueError)
            reason = "the body was cut short or is not framed as announced" if cut else str(error)
            raise BodyError(hop.asked, reason + say_where(hop)) from error
        except BROKEN as error:
            raise NetworkError(hop.asked, explain(error) + say_where(hop)) from error

    # --- robots.txt ---

    async def _ask_robots(self, hop: Hop, trip: Trip) -> None:
        """Raise RobotsError where robots.txt forbids the hop, asking for it when it is due."""
        if not self._rules.obey_robots:
            trip.verdict = "robots.txt is set aside by the configuration"
            return
        with self._servers.visit(hop) as server:
            known = server.robots
            if known is None or robots.is_due(known, self._now()):
                known = await self._learn_robots(server, hop, trip)
            verdict = server.judge(hop.target.url, self._agent)
        trip.verdict, trip.crawl_delay = verdict.reason, server.host.crawl_delay
        if not verdict.allowed:
            raise RobotsError(
                hop.asked,
                verdict.reason + say_where(hop),
                "ask the publisher, and set fetch.robots if they agree",
                not_before=known.due if known.text is None else None,
            )

    async def _learn_robots(self, server: Server, hop: Hop, trip: Trip) -> robots.Robots:
        """Recall robots.txt from the notes, or fetch it; one fetch does it for all."""
        origin = f"{hop.target.scheme}://{hop.target.authority}"
        async with trip.turn(server.robots_line):
            known = server.robots
            if known is None and not hop.private:
                known = await self._notes.recall(origin)
            if known is None or robots.is_due(known, self._now()):
                known = await self._fetch_robots(hop, trip, known)
                if not hop.private:
                    await self._notes.keep(origin, known)
            if known is not server.robots:
                server.heed(known, self._agent)
        return known

    async def _fetch_robots(
        self, hop: Hop, trip: Trip, before: robots.Robots | None
    ) -> robots.Robots:
        """Fetch robots.txt of a hop's origin; what fails there is a verdict, not an error.

        Only when the host itself cannot be reached is that the error: the page is there too.
        """
        target = robots_target(hop.target)
        where = start = Hop(hop.asked, target, {}, {}, private=hop.private)

        async def note(here: Hop, _: Trip) -> None:
            nonlocal where
            where = here

        async def read(answer: Answer, _: Hop, __: Trip) -> robots.Robots:
            return await self._read_robots(answer, before)

        try:
            return await self._follow(start, trip, read, note)
        except EndlessError:  # RFC 9309 2.3.1.2
            return robots.open_all("there is no robots.txt: too many redirects", self._now())
        except (NetworkError, AddressError) as error:
            if where.target.origin == target.origin:
                reason = error.reason + say_where(hop)
                raise type(error)(
                    hop.asked, reason, error.mend, not_before=error.not_before
                ) from error
            return self._close_robots(error, before)
        except RedirectError as error:
            return self._close_robots(error, before)

    def _close_robots(self, error: FetchError, before: robots.Robots | None) -> robots.Robots:
        reason = f"robots.txt could not be read: {error.reason}"
        return robots.close(reason, self._now(), before, error.not_before)

    async def _read_robots(self, answer: Answer, before: robots.Robots | None) -> robots.Robots:
        """Read a final answer for robots.txt; a Retry-After in a refusal is kept."""
        now, status = self._now(), answer.status
        wait = read_retry_after(read_headers(answer.headers), now)
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) and wait:
            await _drain(answer)
            return robots.close(f"robots.txt answers {status}", now, before, wait)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            await _drain(answer)
            return robots.read_answer(status, b"", now, before)
        try:
            body = await _read_whole(answer, robots.MAX_BODY + 1, cut=True)
        except (ValueError, *BROKEN) as error:
            told = str(error) if isinstance(error, ValueError) else explain(error)
            return robots.close(f"robots.txt could not be read: {told}", now, before)
        return robots.read_answer(status, body, now, before)


async def _read_whole(answer: Answer, limit: int, *, cut: bool = False) -> bytes:
    """Read and decode a body up to `limit` bytes; ValueError in plain words when it cannot be."""
    body = Body(answer.get(b"content-encoding"), limit, cut=cut)
    if not cut:
        check_size(answer.get(b"content-length"), limit)
    async with aclosing(answer.parts()) as parts:
        async for part in parts:
            body.add(part)
            if body.full:
                break
    return body.finish()


async def _drain(answer: Answer) -> None:
    """Read a short body nobody wants, so that its connection can be kept."""
    if answer.whole:
        return
    size = 0
    try:
        async with asyncio.timeout(DRAIN_TIMEOUT), aclosing(answer.parts()) as parts:
            async for part in parts:
                size += len(part)
                if size > DRAINED:
                    return
    except (TimeoutError, *BROKEN):
        return


def _conditions(validators: Validators) -> dict[str, str]:
    """Make the request conditional on both validators (RFC 9110 13.1.2, 13.1.3)."""
    both = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in both.items() if value}
