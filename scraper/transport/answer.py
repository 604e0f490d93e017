"""An HTTP answer whose body is still to be read, and the connection that it comes over."""

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
    """An answer's status, its headers as they were sent, and its body, read with `parts`.

    `whole` becomes true once the body has been read to its end, or if the status has no body.
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
        """Return the first value of a header by its lower-case name; "" if there is none."""
        found = (value for each, value in self.headers if each.lower() == name)
        return next(found, b"").decode("latin-1")

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Yield the body part by part as it was sent; raises the errors in BROKEN."""
        if self.whole:
            return
        async for part in self._parts:
            yield part
        self.whole = True

    async def aclose(self) -> None:
        """Release the answer, whether its body was read or not."""
        await self._close()


class Wire(Protocol):
    """One connection for one request after another; its methods raise the errors in BROKEN."""

    @property
    def available(self) -> bool:
        """Whether another request may be sent now."""

    @property
    def ended(self) -> bool:
        """Whether the server closed the connection or sent unasked bytes since the last answer."""

    async def ask(self, method: bytes, target: bytes, headers: Headers, content: bytes) -> Answer:
        """Send a request and read the status and headers of its answer.

        `target` is a path with its query, percent-encoded; `content` is the body, b"" for none.
        """

    async def aclose(self) -> None:
        """Close the connection."""
