"""HTTP/1.1 over one stream, written and parsed by h11; only this module uses h11.

httpcore's own connection guards itself against concurrent tasks, with locks that yield to the event
loop several times in a request. Here tasks wait in line beforehand, and one at a time sends.
"""

from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final

import h11
import httpcore

from scraper.transport.answer import Answer
from scraper.transport.hop import Headers

LONGEST_HEAD: Final = 102_400  # bytes of an answer's status and headers
_BODILESS: Final = (204, 304)  # RFC 9112 6.3
_AT_ONCE: Final = 16_384  # bytes read at once; a TLS record holds no more


class Http1:
    """A `Wire` that speaks HTTP/1.1."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)

    @property
    def available(self) -> bool:
        """Whether another request may be sent now."""
        return self._state.our_state is h11.IDLE

    @property
    def ended(self) -> bool:
        """Whether the server closed the connection or sent unasked bytes since the last answer."""
        return bool(self._stream.get_extra_info("is_readable"))

    async def ask(self, method: bytes, target: bytes, headers: Headers, content: bytes) -> Answer:
        """Send a request and read the status and headers of its final answer."""
        request = self._write(method, target, headers, content)
        # A server may answer and close before it has read the whole request: read its answer.
        with suppress(httpcore.WriteError):
            await self._stream.write(request)
        while not isinstance(event := await self._next_event(), h11.Response):
            pass  # an answer on the way to the final one (RFC 9110 15.2)
        answer = Answer(event.status_code, event.headers.raw_items(), self._parts(), self._let_go)
        if event.status_code in _BODILESS:
            await self._next_event()  # its end, which is there already
            answer.whole = True
        return answer

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    def _write(self, method: bytes, target: bytes, headers: Headers, content: bytes) -> bytes:
        send = self._state.send
        try:
            head = send(h11.Request(method=method, target=target, headers=list(headers)))
            body = send(h11.Data(data=content)) if content else b""
            return (head or b"") + (body or b"") + (send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError as error:
            raise httpcore.LocalProtocolError(error) from error

    async def _parts(self) -> AsyncGenerator[bytes, None]:
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            try:
                event = self._state.next_event()
            except h11.RemoteProtocolError as error:
                raise httpcore.RemoteProtocolError(error) from error
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]  # mypy cannot tell the markers apart
            came = await self._stream.read(_AT_ONCE)
            if not came and self._state.their_state is h11.SEND_RESPONSE:
                raise httpcore.RemoteProtocolError("the server disconnected without an answer")
            self._state.receive_data(came)

    async def _let_go(self) -> None:
        """Make ready for the next request if this answer was read to its end, else close."""
        if self._state.our_state is self._state.their_state is h11.DONE:
            self._state.start_next_cycle()
        else:
            await self.aclose()
