"""httpcore's network streams, plain and TLS, on the event loop's own transports.

TLS runs in memory and is fed a little at a time: as long as a connection is kept, OpenSSL keeps a
buffer as large as the most that ever waited in it, and thousands of connections are kept.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import httpcore

MOST_WAITING: Final = 16_384  # bytes received and not read yet at which receiving is paused
FED: Final = 1_024  # bytes fed into TLS at a time

T = TypeVar("T")
_LANDING: Final = memoryview(bytearray(MOST_WAITING))  # shared by all: each copies its bytes out


@dataclass(slots=True)
class Traffic:
    """The requests sent and bytes received over an origin's connections so far.

    The bytes are HTTP's, as they were sent, compressed or not, without what TLS adds.
    """

    requests: int = 0
    received: int = 0


async def connect(
    address: str, port: int, seconds: float | None, local_address: str | None, traffic: Traffic
) -> "Stream":
    """Connect to a literal address within `seconds`, None for no limit.

    Raises httpcore.ConnectError and httpcore.ConnectTimeout.
    """
    loop = asyncio.get_running_loop()
    local = None if local_address is None else (local_address, 0)
    try:
        async with asyncio.timeout(seconds):
            _, line = await loop.create_connection(_Line, address, port, local_addr=local)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(error) from error
    except OSError as error:
        raise httpcore.ConnectError(error) from error
    return Stream(line, traffic)


class _Line(asyncio.BufferedProtocol):
    """The bytes received over a connection and not read yet, and whether it is still open.

    All lines receive into one small buffer, so that no more comes at once than is wanted: hundreds
    of pages may wait for their places.
    """

    __slots__ = ("_came", "_failure", "_full", "_over", "_stopped", "_transport", "_waiter")

    def __init__(self) -> None:
        self._came = bytearray()
        self._over = self._full = self._stopped = False
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport

    # --- called by the event loop ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        del sizehint
        return _LANDING

    def buffer_updated(self, nbytes: int) -> None:
        self._came += _LANDING[:nbytes]
        if len(self._came) >= MOST_WAITING and not self._stopped:
            self._transport.pause_reading()
            self._stopped = True
        self._wake()

    def eof_received(self) -> bool:
        self._over = True
        self._wake()
        return True  # keep the transport open: `close` closes it

    def connection_lost(self, exc: Exception | None) -> None:
        self._over, self._full = True, False
        self._failure = exc
        self._wake()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

    # --- called by a stream ---

    @property
    def readable(self) -> bool:
        """Whether unread bytes or the end of the connection have arrived."""
        return bool(self._came) or self._over

    async def read(self, most: int) -> bytes:
        """Wait for bytes and return at most `most` of them; b"" at the end of the connection."""
        while not self._came and not self._over:
            await self._wait()
        if not self._came and self._failure is not None:
            raise httpcore.ReadError(self._failure) from self._failure
        data = bytes(self._came[:most])
        del self._came[:most]
        if self._stopped and not self._over and len(self._came) < MOST_WAITING:
            self._transport.resume_reading()
            self._stopped = False
        return data

    async def write(self, data: bytes) -> None:
        """Send all the bytes; waits while too many are still to be sent."""
        if not self._transport.is_closing():
            self._transport.write(data)
        while self._full:
            await self._wait()
        if self._transport.is_closing():
            error = self._failure or ConnectionResetError("the connection was closed")
            raise httpcore.WriteError(error) from error

    def close(self) -> None:
        """Close at once; bytes not sent yet are lost."""
        self._transport.abort()

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Stream(httpcore.AsyncNetworkStream):
    """A connection whose received bytes are counted.

    Timeouts that httpcore passes are ignored: the deadline of a fetch covers them all.
    """

    def __init__(self, line: _Line, traffic: Traffic) -> None:
        self._line, self._traffic = line, traffic

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return at most `max_bytes` as soon as there are any, and count them; b"" at the end."""
        del timeout
        data = await self._line.read(max_bytes)
        self._traffic.received += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of a buffer."""
        del timeout
        if buffer:
            await self._line.write(buffer)

    async def aclose(self) -> None:
        """Close the connection at once."""
        self._line.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Return TLS over this connection, its bytes counted after decryption.

        Closes the connection and raises httpcore.ConnectError if the handshake fails.
        """
        del timeout
        secured = _Secured(self._line, self._traffic, ssl_context, server_hostname)
        try:
            await secured.shake_hands()
        except BaseException as error:
            self._line.close()
            if isinstance(error, ssl.SSLError | httpcore.ReadError | httpcore.WriteError):
                raise httpcore.ConnectError(error) from error
            raise
        return secured

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        """Return for "is_readable" whether unread bytes or the end have arrived, else None."""
        return self._line.readable if info == "is_readable" else None


class _Secured(httpcore.AsyncNetworkStream):
    """TLS over a connection; received bytes are counted after decryption."""

    def __init__(
        self, line: _Line, traffic: Traffic, context: ssl.SSLContext, name: str | None
    ) -> None:
        self._line, self._traffic = line, traffic
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    async def shake_hands(self) -> None:
        await self._do(self._tls.do_handshake)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Do what Stream.read does; an end without TLS's closing alert is an end too."""
        del timeout
        if not (self._incoming.pending or self._tls.pending()):
            await self._feed()  # checking first is cheaper than a read that fails
        try:
            data = await self._do(lambda: self._tls.read(max_bytes))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        except ssl.SSLError as error:
            raise httpcore.ReadError(error) from error
        self._traffic.received += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of a buffer."""
        del timeout
        if not buffer:
            return
        try:
            await self._do(lambda: self._tls.write(buffer))
        except ssl.SSLError as error:
            raise httpcore.WriteError(error) from error

    async def aclose(self) -> None:
        """Close the connection at once."""
        self._line.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        """Return for "ssl_object" the TLS object, for "is_readable" what Stream does, else None."""
        if info == "is_readable":
            return self._line.readable
        return self._tls if info == "ssl_object" else None

    async def _do(self, step: Callable[[], T]) -> T:
        """Run a step of TLS to its end, sending the bytes it makes and feeding those it needs."""
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                await self._send()
                await self._feed()
            except ssl.SSLError:
                await self._send()  # the alert for the server
                raise
            else:
                await self._send()
                return done

    async def _feed(self) -> None:
        if data := await self._line.read(FED):
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def _send(self) -> None:
        if self._outgoing.pending:
            await self._line.write(self._outgoing.read())
