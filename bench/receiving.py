"""A receiver of webhooks in a separate process: reads each message, answers 204, counts it."""

import asyncio
import sys

from bench.child import obey

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Counted:
    """The number of received messages, and of the bytes of their bodies."""

    def __init__(self) -> None:
        self.messages = self.size = 0


class Receiving(asyncio.Protocol):
    """One connection: HTTP/1.1 with Content-Length, which senders of webhooks use."""

    def __init__(self, counted: Counted) -> None:
        self._counted, self._came = counted, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, to which answers are written."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer and count each message that is complete."""
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            head = self._came[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            if len(self._came) < end + 4 + length:
                return
            del self._came[: end + 4 + length]
            self._counted.messages += 1
            self._counted.size += length
            self._transport.write(_ANSWER)


async def main() -> None:
    counted = Counted()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Receiving(counted), "127.0.0.1", 0)

    async def where() -> int:
        return int(server.sockets[0].getsockname()[1])

    async def count() -> list[int]:
        return [counted.messages, counted.size]

    await obey({"where": where, "count": count})


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
