"""One origin's one connection: opened when it is needed, kept while it is good. HTTP/1.1 or 2.

httpcore's connections without its pool, which is there for many at once.
"""

import re
import ssl
import time
from collections.abc import AsyncGenerator
from functools import lru_cache
from typing import Final

import httpcore
import httpx
from h2.exceptions import ProtocolError

from scraper.connect import GuardedBackend
from scraper.guard import Target
from scraper.hop import Headers

KEEP_ALIVE: Final = 120.0  # seconds; longer than the base interval between two polls
BROKEN: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
)

_UNFIT: Final = re.compile(rb"[\0\r\n]")
_STALE: Final = (
    httpcore.RemoteProtocolError,
    httpcore.ReadError,
    httpcore.WriteError,
    httpcore.ConnectionNotAvailable,
)


class Answer:
    """An answer whose body is still to be read: its status and its headers as they were sent."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer
        self.status = answer.status
        self.headers: Headers = answer.headers
        self.whole = False

    def get(self, name: bytes) -> str:
        """Give the first value of a header by its lower-case name; "" when there is none."""
        found = (value for each, value in self.headers if each.lower() == name)
        return next(found, b"").decode("latin-1")

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Give the body part by part as it was sent; raises what BROKEN lists."""
        try:
            async for part in self._answer.aiter_stream():
                yield part
        except ProtocolError as error:  # httpcore lets those of HTTP/2 through here
            raise httpcore.RemoteProtocolError(error) from error
        self.whole = True

    async def aclose(self) -> None:
        """Let go of the answer, read or not."""
        await self._answer.aclose()


class Channel:
    """Sends requests to one origin, one after another, through a guarded backend."""

    def __init__(self, target: Target, backend: GuardedBackend, tls: ssl.SSLContext | None) -> None:
        self._origin = httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)
        self._backend, self._tls = backend, tls
        self._connection: httpcore.AsyncHTTPConnection | None = None
        self._kept_until = 0.0

    @property
    def open(self) -> bool:
        """Whether a connection is kept."""
        return self._connection is not None

    async def ask(self, target: Target, headers: Headers) -> Answer:
        """Send a GET, once more when the kept connection turns out to be closed (RFC 9112 9.3.1).

        Raises what BROKEN lists. The answer must be handed to `release`.
        """
        kept = self._connection
        if kept is not None and kept.is_available() and time.monotonic() < self._kept_until:
            try:
                return await self._send(kept, target, headers)
            except _STALE:
                pass
        return await self._send(await self._connect(), target, headers)

    async def post(self, method: bytes, target: Target, headers: Headers, content: bytes) -> Answer:
        """Send a request that has a body, once only: what did not arrive is told to the caller.

        A kept connection that was closed in the meantime is noticed before. Raises what BROKEN
        lists. The answer must be handed to `release`.
        """
        kept = self._connection
        fresh = time.monotonic() < self._kept_until
        if kept is not None and fresh and kept.is_available() and not kept.has_expired():
            return await self._send(kept, target, headers, method, content)
        return await self._send(await self._connect(), target, headers, method, content)

    async def release(self, answer: Answer) -> None:
        """Keep the connection if the answer was read to its end, else close it.

        What is left of a body would come with the next answer; HTTP/2 would read it all.
        """
        await answer.aclose()
        if not answer.whole:
            await self.aclose()
        self._kept_until = time.monotonic() + KEEP_ALIVE

    def detach(self) -> httpcore.AsyncHTTPConnection | None:
        """Give the connection away, if there is one: it is the taker's to close."""
        connection, self._connection = self._connection, None
        return connection

    async def aclose(self) -> None:
        """Close the connection."""
        if (connection := self.detach()) is not None:
            await connection.aclose()

    async def _connect(self) -> httpcore.AsyncHTTPConnection:
        """Make a new connection in place of the kept one."""
        await self.aclose()
        self._connection = httpcore.AsyncHTTPConnection(
            self._origin,
            self._tls,
            http2=True,
            network_backend=self._backend,
        )
        return self._connection

    async def _send(
        self,
        connection: httpcore.AsyncHTTPConnection,
        target: Target,
        headers: Headers,
        method: bytes = b"GET",
        content: bytes = b"",
    ) -> Answer:
        if any(_UNFIT.search(value) for _, value in headers):
            raise httpcore.LocalProtocolError("a header holds a control character")
        url = httpcore.URL(
            scheme=self._origin.scheme,
            host=self._origin.host,
            port=self._origin.port,
            target=_spell(target.url),
        )
        request = httpcore.Request(method, url, headers=list(headers), content=content)
        self._backend.traffic.requests += 1
        try:
            return Answer(await connection.handle_async_request(request))
        except BaseException as error:
            await connection.aclose()
            if isinstance(error, httpcore.LocalProtocolError) and _is_theirs(error):
                raise httpcore.RemoteProtocolError(error.args[0]) from error
            raise


def _is_theirs(error: httpcore.LocalProtocolError) -> bool:
    """Tell whether what is wrong in HTTP/2 came from the server: our headers were looked at."""
    return bool(error.args) and isinstance(error.args[0], ProtocolError)


@lru_cache(maxsize=4_096)
def _spell(url: str) -> bytes:
    """Give a URL's path and query as they are sent, percent-encoded where need be."""
    return httpx.URL(url).raw_path
