"""An answer whose body is still to be read, whichever HTTP it comes by, and what may break it."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Final, Protocol

import httpcore

from scraper.transport.hop import Headers

BROKEN: Final = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
)


class Answer:
    """Its status, its headers as they were sent, and its body: `parts`, let go of with `close`.

    `whole`: nothing of it is left to read; from the beginning where the status has no body.
    """

    def __init__(
        self,
        status: int,
        headers: Headers,
        parts: AsyncIterator[bytes],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.status, self.headers = status, headers
        self._parts, self._close = parts, close
        self.whole = False

    def get(self, name: bytes) -> str:
        """Give the first value of a header by its lower-case name; "" when there is none."""
        found = (value for each, value in self.headers if each.lower() == name)
        return next(found, b"").decode("latin-1")

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Give the body part by part as it was sent; raises what BROKEN lists."""
        if self.whole:
            return
        async for part in self._parts:
            yield part
        self.whole = True

    async def aclose(self) -> None:
        """Let go of the answer, read or not."""
        await self._close()


class Wire(Protocol):
    """One connection, on which one request is sent after another. Raises what BROKEN lists."""

    @property
    def available(self) -> bool:
        """Whether another request may be sent."""

    @property
    def ended(self) -> bool:
        """Whether the server has closed it, or said something unasked, since the last answer."""

    async def ask(self, method: bytes, target: bytes, headers: Headers, content: bytes) -> Answer:
        """Send a request; `target` is a path with its query, percent-encoded."""

    async def aclose(self) -> None:
        """Close the connection."""
