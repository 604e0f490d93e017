"""One page fetched: conditionally, politely, within limits, from addresses that are permitted.

The only httpx, and only its transports: a client would keep cookies and parse Location itself.
Redirects are followed by hand (RFC 9110 15.4), so that each hop is checked like a first address;
robots.txt (RFC 9309) is asked for through the same path.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, TypeVar

import httpcore
import httpx

from scraper import robots
from scraper.body import Body, check_size
from scraper.connect import GuardedBackend, RefusedError, Resolve, Resolver, explain
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
from scraper.hop import (
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
from scraper.pace import read_retry_after
from scraper.page import Page

KEPT_HOSTS: Final = 4_096
KEEP_ALIVE: Final = 120.0  # seconds; longer than the base interval between two polls
DRAINED: Final = 65_536  # bytes of an unwanted body that are read to keep the connection
DRAIN_TIMEOUT: Final = 0.5

_BROKEN: Final = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified as they came: opaque, they go back byte for byte."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the page is as it was. `headers` (lower-case names) refresh the stored ones."""

    url: str
    fetched_at: datetime
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gone:
    """410, from the address itself or one it has moved to for good: stop asking."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class FetchRules:
    """How to fetch: `timeout` in seconds for the whole, `max_body` in bytes, decoded."""

    user_agent: str
    contact: str = ""
    timeout: float = 20.0
    max_body: int = 10_000_000
    obey_robots: bool = True
    allow_private: tuple[str, ...] = ()


class _Host:
    """One origin: one connection, a line to wait in for it, and what its robots.txt said."""

    def __init__(self, backend: GuardedBackend, tls: ssl.SSLContext | None) -> None:
        self.backend, self.transport = backend, _Transport(backend, tls)
        self.line, self.robots_line = asyncio.Lock(), asyncio.Lock()
        self.robots: robots.Robots | None = None
        self.users = 0


_NO_VALIDATORS: Final = Validators()
_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Fetcher:
    """Fetches pages; one a process. `rules` say how, `now` gives the time in UTC.

    `resolve` (a name's addresses) and `tls` (trusted certificates) default to the system's and
    certifi's.
    """

    def __init__(
        self,
        rules: FetchRules,
        *,
        now: Callable[[], datetime],
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._rules, self._now = rules, now
        self._allow = read_allowed(rules.allow_private)
        self._agent = rules.user_agent + (f" (+{rules.contact})" if rules.contact else "")
        self._resolver = Resolver()
        self._resolve = resolve or self._resolver
        self._tls = tls
        self._hosts: OrderedDict[tuple[tuple[str, str, int], bool], _Host] = OrderedDict()

    async def fetch(
        self,
        url: str,
        validators: Validators = _NO_VALIDATORS,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        typed: bool = False,
    ) -> Page | NotModified | Gone:
        """Fetch a page within the total deadline; every failure is a FetchError.

        With `validators` the request is conditional (RFC 9110 13). `headers` go to the URL's own
        origin only. `typed`: a person typed this URL, so its own host may be private.
        The deadline spans robots.txt, names, redirects and body; waiting in line behind other
        fetches from the same host is not counted.
        """
        hop = Hop(url, check_url(url), dict(headers), _conditions(validators), private=typed)
        try:
            async with asyncio.timeout(self._rules.timeout) as clock:
                return await self._follow(hop, clock, self._read_page, self._ask_robots)
        except TimeoutError:
            reason = f"no whole answer within {self._rules.timeout:g} s"
            raise DeadlineError(url, reason, "it is tried again later") from None

    async def aclose(self) -> None:
        """Close every connection."""
        hosts = list(self._hosts.values())
        self._hosts.clear()
        for host in hosts:
            await host.transport.aclose()
        self._resolver.close()

    async def _follow(
        self,
        hop: Hop,
        clock: asyncio.Timeout,
        read: Callable[[httpx.Response, Hop], Awaitable[T]],
        permit: Callable[[Hop, asyncio.Timeout], Awaitable[None]] | None = None,
    ) -> T:
        """Go from redirect to redirect until an answer that is none, and read that."""
        while True:
            await self._drop_surplus()
            if permit is not None:
                await permit(hop, clock)
            self._check_address(hop)
            async with self._exchange("GET", hop, clock) as response:
                if response.status_code not in REDIRECTS:
                    return await read(response, hop)
                await _drain(response)
            hop = redirect(hop, response.status_code, read_location(response.headers.raw))

    def _check_address(self, hop: Hop) -> None:
        """Refuse a literal address before anything is sent; names are checked when connecting."""
        if hop.target.address is not None and not hop.private:
            reason = why_refused(hop.target.address, self._allow)
            if reason:
                raise refuse(hop, reason)

    @asynccontextmanager
    async def _exchange(
        self, method: str, hop: Hop, clock: asyncio.Timeout
    ) -> AsyncIterator[httpx.Response]:
        """Send one request when its host's connection is free; the body is still to be read."""
        with self._visit(hop) as host:
            async with _turn(host.line, clock):
                with _in_plain_words(hop):
                    headers = request_headers(hop, self._agent)
                    request = httpx.Request(method, hop.target.url, headers=headers)
                    response = await _send(host, request)
                try:
                    yield response
                finally:
                    await response.aclose()

    @contextmanager
    def _visit(self, hop: Hop) -> Iterator[_Host]:
        """Give the host's record, made if need be; while it is visited it is not dropped.

        A connection that only a typed URL may use is kept apart from the others.
        """
        key = (hop.target.origin, hop.private)
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = self._open(hop)
        self._hosts.move_to_end(key)
        host.users += 1
        try:
            yield host
        finally:
            host.users -= 1

    def _open(self, hop: Hop) -> _Host:
        backend = GuardedBackend(self._resolve, self._allow, private=hop.private)
        if self._tls is None and hop.target.scheme == "https":
            self._tls = httpx.create_ssl_context(trust_env=False)
        return _Host(backend, self._tls)

    async def _drop_surplus(self) -> None:
        """Close the hosts visited longest ago: redirects may lead to ever new ones."""
        for key, host in list(self._hosts.items()):
            if len(self._hosts) <= KEPT_HOSTS:
                return
            if not host.users:
                del self._hosts[key]
                await host.transport.aclose()

    async def _read_page(self, response: httpx.Response, hop: Hop) -> Page | NotModified | Gone:
        """Turn a final answer into its value (RFC 9110 15)."""
        now, status = self._now(), response.status_code
        headers = read_headers(response.headers.raw)
        if status == HTTPStatus.OK:
            body = await self._read_body(response, hop)
            return Page(hop.asked, body, self._now(), hop.target.url, status, headers)
        await _drain(response)
        if status == HTTPStatus.NOT_MODIFIED and hop.conditions:
            return NotModified(hop.asked, now, headers)
        if status == HTTPStatus.GONE and hop.moved_for_good:
            return Gone(hop.asked, now)
        raise status_error(hop, status, read_retry_after(headers, now))

    async def _read_body(self, response: httpx.Response, hop: Hop) -> bytes:
        try:
            return await _read_whole(response, self._rules.max_body)
        except (ValueError, httpcore.RemoteProtocolError) as error:
            cut = not isinstance(error, ValueError)
            reason = "the body was cut short or is not framed as announced" if cut else str(error)
            raise BodyError(hop.asked, reason + say_where(hop)) from error
        except _BROKEN as error:
            raise NetworkError(hop.asked, explain(error) + say_where(hop)) from error

    async def _ask_robots(self, hop: Hop, clock: asyncio.Timeout) -> None:
        """Raise RobotsError where robots.txt forbids the hop, asking for it when it is due."""
        if not self._rules.obey_robots:
            return
        with self._visit(hop) as host:
            async with _turn(host.robots_line, clock):
                if host.robots is None or robots.is_due(host.robots, self._now()):
                    host.robots = await self._fetch_robots(hop, clock, host.robots)
                known = host.robots
        verdict = robots.judge(known, hop.target.url, self._agent)
        if not verdict.allowed:
            raise RobotsError(
                hop.asked,
                verdict.reason + say_where(hop),
                "ask the publisher, and set fetch.robots if they agree",
                not_before=known.due if known.rules is None else None,
            )

    async def _fetch_robots(
        self, hop: Hop, clock: asyncio.Timeout, before: robots.Robots | None
    ) -> robots.Robots:
        """Fetch robots.txt of a hop's origin; what fails there is a verdict, not an error.

        Only when the host itself cannot be reached is that the error: the page is there too.
        """
        target = robots_target(hop.target)
        where = start = Hop(hop.asked, target, {}, {}, private=hop.private)

        async def note(here: Hop, _: asyncio.Timeout) -> None:
            nonlocal where
            where = here

        async def read(response: httpx.Response, _: Hop) -> robots.Robots:
            return await self._read_robots(response, before)

        try:
            return await self._follow(start, clock, read, note)
        except EndlessError:  # RFC 9309 2.3.1.2
            return robots.open_all("there is no robots.txt: too many redirects", self._now())
        except (NetworkError, AddressError) as error:
            if where.target.origin == target.origin:
                raise type(error)(hop.asked, error.reason + say_where(hop), error.mend) from error
            return self._close_robots(error, before)
        except RedirectError as error:
            return self._close_robots(error, before)

    def _close_robots(self, error: FetchError, before: robots.Robots | None) -> robots.Robots:
        reason = f"robots.txt could not be read: {error.reason}"
        return robots.close(reason, self._now(), before, error.not_before)

    async def _read_robots(
        self, response: httpx.Response, before: robots.Robots | None
    ) -> robots.Robots:
        """Read a final answer for robots.txt; a Retry-After in a refusal is kept."""
        now, status = self._now(), response.status_code
        wait = read_retry_after(read_headers(response.headers.raw), now)
        if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE) and wait:
            await _drain(response)
            return robots.close(f"robots.txt answers {status}", now, before, wait)
        if not response.is_success:
            await _drain(response)
            return robots.read_answer(status, b"", now, before)
        try:
            body = await _read_whole(response, robots.MAX_BODY + 1, cut=True)
        except (ValueError, *_BROKEN) as error:
            told = str(error) if isinstance(error, ValueError) else explain(error)
            return robots.close(f"robots.txt could not be read: {told}", now, before)
        return robots.read_answer(status, body, now, before)


class _Transport(httpx.AsyncBaseTransport):
    """One connection through the guarded backend; httpcore's errors are let through."""

    def __init__(self, backend: GuardedBackend, tls: ssl.SSLContext | None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=1,
            keepalive_expiry=KEEP_ALIVE,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    """The raw body of httpcore's response."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


@asynccontextmanager
async def _turn(line: asyncio.Lock, clock: asyncio.Timeout) -> AsyncIterator[None]:
    """Wait in line with the clock stopped: those in front have deadlines of their own."""
    when = clock.when()
    if line.locked() and when is not None and not clock.expired():
        loop = asyncio.get_running_loop()
        left = when - loop.time()
        clock.reschedule(None)
        await line.acquire()
        clock.reschedule(loop.time() + left)
    else:
        await line.acquire()
    try:
        yield
    finally:
        line.release()


async def _send(host: _Host, request: httpx.Request) -> httpx.Response:
    """Send; once more when the kept connection turns out to be closed (RFC 9112 9.3.1)."""
    opened = host.backend.opened
    try:
        return await host.transport.handle_async_request(request)
    except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
        if host.backend.opened > opened:
            raise
        return await host.transport.handle_async_request(request)


@contextmanager
def _in_plain_words(hop: Hop) -> Iterator[None]:
    try:
        yield
    except RefusedError as error:
        raise refuse(hop, str(error)) from None
    except _BROKEN as error:
        raise NetworkError(hop.asked, explain(error) + say_where(hop)) from error


async def _read_whole(response: httpx.Response, limit: int, *, cut: bool = False) -> bytes:
    """Read and decode a body up to `limit` bytes; ValueError in plain words when it cannot be."""
    body = Body(response.headers.get("content-encoding", ""), limit, cut=cut)
    if not cut:
        check_size(response.headers.get("content-length", ""), limit)
    async with aclosing(_read_raw(response)) as parts:
        async for part in parts:
            body.add(part)
            if body.full:
                break
    return body.finish()


async def _read_raw(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    async for part in response.aiter_raw():
        yield part


async def _drain(response: httpx.Response) -> None:
    """Read a short body nobody wants, so that its connection can be kept."""
    size = 0
    try:
        async with asyncio.timeout(DRAIN_TIMEOUT), aclosing(_read_raw(response)) as parts:
            async for part in parts:
                size += len(part)
                if size > DRAINED:
                    return
    except (TimeoutError, *_BROKEN):
        return


def _conditions(validators: Validators) -> dict[str, str]:
    """Make the request conditional on both validators (RFC 9110 13.1.2, 13.1.3)."""
    both = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in both.items() if value}
