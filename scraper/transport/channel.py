"""One origin's single connection, HTTP/1.1 or 2: opened when needed, kept while it is usable."""

import re
import ssl
import time
from typing import Final

import httpcore

from scraper.guard import Target
from scraper.transport.answer import Answer, Wire
from scraper.transport.connect import GuardedBackend
from scraper.transport.hop import Headers
from scraper.transport.http1 import Http1
from scraper.transport.http2 import Http2

KEEP_ALIVE: Final = 120.0  # seconds; longer than the base interval between two polls

_OFFERED: Final = ("http/1.1", "h2")  # by ALPN, to servers that speak TLS
# URLs whose path and query are sent as they are: all URL parsers agree on them.
_PLAIN: Final = re.compile(
    r"https?://[a-z0-9.:\-]+(/(?:[a-zA-Z0-9_~!,;@=/\-]|\b\.\b)*+(?:\?[a-zA-Z0-9._~=&\-]++)?)"
)
_UNFIT: Final = re.compile(rb"[\0\r\n]")
_STALE: Final = (
    httpcore.RemoteProtocolError,
    httpcore.ReadError,
    httpcore.WriteError,
    httpcore.ConnectionNotAvailable,
)


class Channel:
    """Sends requests to one origin, one after another, through a guarded backend."""

    def __init__(self, target: Target, backend: GuardedBackend, tls: ssl.SSLContext | None) -> None:
        self._origin = httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)
        self._backend, self._tls = backend, tls
        self._wire: Wire | None = None
        self._kept_until = 0.0

    @property
    def open(self) -> bool:
        """Whether a connection is kept."""
        return self._wire is not None

    async def ask(self, target: Target, headers: Headers) -> Answer:
        """Send a GET; if the kept connection turns out to be closed, again on a new one.

        RFC 9112 9.3.1. Raises the errors in BROKEN. The answer must be handed to `release`.
        """
        _check(headers)
        kept = self._wire
        if kept is not None and kept.available and time.monotonic() < self._kept_until:
            try:
                return await self._send(kept, target, headers)
            except _STALE:
                pass
        return await self._send_anew(target, headers)

    async def post(self, method: bytes, target: Target, headers: Headers, content: bytes) -> Answer:
        """Send a request that has a body, once only; a failure is raised, never retried.

        A kept connection that the server closed in the meantime is replaced first. Raises the
        errors in BROKEN. The answer must be handed to `release`.
        """
        _check(headers)
        kept = self._wire
        fresh = time.monotonic() < self._kept_until
        if kept is not None and fresh and kept.available and not kept.ended:
            return await self._send(kept, target, headers, method, content)
        return await self._send_anew(target, headers, method, content)

    async def release(self, answer: Answer) -> None:
        """Keep the connection if the answer was read to its end, else close it.

        The rest of an HTTP/1.1 body would run into the next answer; HTTP/2 would read all of it.
        """
        await answer.aclose()
        if not answer.whole:
            await self.aclose()
        self._kept_until = time.monotonic() + KEEP_ALIVE

    def detach(self) -> Wire | None:
        """Hand over the connection, None if there is none; the caller has to close it."""
        wire, self._wire = self._wire, None
        return wire

    async def aclose(self) -> None:
        """Close the connection."""
        if (wire := self.detach()) is not None:
            await wire.aclose()

    async def _send_anew(
        self, target: Target, headers: Headers, method: bytes = b"GET", content: bytes = b""
    ) -> Answer:
        """Send on a new connection in place of the kept one."""
        await self.aclose()
        wire = self._wire = await self._connect()
        return await self._send(wire, target, headers, method, content)

    async def _connect(self) -> Wire:
        stream = await self._backend.connect_tcp(self._origin.host.decode(), self._origin.port)
        if self._origin.scheme != b"https" or self._tls is None:
            return Http1(stream)
        self._tls.set_alpn_protocols(_OFFERED)
        secured = await stream.start_tls(self._tls, self._origin.host.decode())
        chosen = secured.get_extra_info("ssl_object").selected_alpn_protocol()
        return Http2(self._origin, secured) if chosen == "h2" else Http1(secured)

    async def _send(
        self,
        wire: Wire,
        target: Target,
        headers: Headers,
        method: bytes = b"GET",
        content: bytes = b"",
    ) -> Answer:
        self._backend.traffic.requests += 1
        try:
            return await wire.ask(method, _spell(target.url), headers, content)
        except BaseException:
            await wire.aclose()
            raise


def _check(headers: Headers) -> None:
    if _UNFIT.search(b" ".join(value for _, value in headers)):
        raise httpcore.LocalProtocolError("a header holds a control character")


def _spell(url: str) -> bytes:
    """Return a URL's path and query as they are sent, percent-encoded where needed."""
    if plain := _PLAIN.fullmatch(url):
        return plain[1].encode()
    import httpx  # noqa: PLC0415 - its client and command line, 5 MB, come with it

    return httpx.URL(url).raw_path
