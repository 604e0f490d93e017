"""HTTP/2 over one stream, by httpcore's connection and h2; one request at a time here too."""

from collections.abc import AsyncGenerator

import httpcore
from h2.exceptions import ProtocolError

from scraper.transport.answer import Answer
from scraper.transport.hop import Headers


class Http2:
    """A `Wire` that speaks HTTP/2."""

    def __init__(self, origin: httpcore.Origin, stream: httpcore.AsyncNetworkStream) -> None:
        self._origin = origin
        self._connection = httpcore.AsyncHTTP2Connection(origin, stream)

    @property
    def available(self) -> bool:
        """Whether another request may be sent now."""
        return self._connection.is_available()

    @property
    def ended(self) -> bool:
        """Whether the server closed the connection or sent unasked bytes since the last answer."""
        return self._connection.has_expired()

    async def ask(self, method: bytes, target: bytes, headers: Headers, content: bytes) -> Answer:
        """Send a request and read the status and headers of its answer."""
        origin = self._origin
        url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target)
        request = httpcore.Request(method, url, headers=list(headers), content=content)
        try:
            answer = await self._connection.handle_async_request(request)
        except httpcore.LocalProtocolError as error:
            if _is_theirs(error):
                raise httpcore.RemoteProtocolError(error.args[0]) from error
            raise
        return Answer(answer.status, answer.headers, _parts(answer), answer.aclose)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._connection.aclose()


async def _parts(answer: httpcore.Response) -> AsyncGenerator[bytes, None]:
    try:
        async for part in answer.aiter_stream():
            yield part
    except ProtocolError as error:  # httpcore does not translate h2's errors here
        raise httpcore.RemoteProtocolError(error) from error


def _is_theirs(error: httpcore.LocalProtocolError) -> bool:
    """Return whether the server broke the protocol: keywire's headers were checked before."""
    return bool(error.args) and isinstance(error.args[0], ProtocolError)
