"""Thousands of stream clients in one process, for `streaming.py`: they report arrival times."""

import asyncio
import select
import socket
import time

from bench.child import many_files, obey

REQUEST = b"GET /events/stream?after=latest HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE = 60.0


class Crowd:
    """A set of open streams, which are watched together."""

    def __init__(self) -> None:
        self.streams: dict[int, socket.socket] = {}
        self.poll = select.epoll()

    def open(self, port: int, count: int) -> int:
        """Open `count` more streams, wait until each has begun, and return the number of all."""
        fresh = set()
        for _ in range(count):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(REQUEST)
            self.streams[stream.fileno()] = stream
            fresh.add(stream.fileno())
            self.poll.register(stream.fileno(), select.EPOLLIN)
        self._hear(b"retry: ", fresh)
        return len(self.streams)

    def hear(self) -> list[float]:
        """Wait until each stream has brought a change; return the times on the monotonic clock."""
        return self._hear(b"event: entry.", {*self.streams})

    def _hear(self, sign: bytes, awaited: set[int]) -> list[float]:
        heard: dict[int, float] = {}
        end = time.monotonic() + PATIENCE
        while len(heard) < len(awaited):
            assert time.monotonic() < end, f"{len(heard)} of {len(awaited)} heard"
            for number, _ in self.poll.poll(1):
                said = self.streams[number].recv(1 << 16)
                assert said, "a stream has ended"
                if sign in said and number in awaited:
                    heard[number] = time.monotonic()
        return [*heard.values()]


async def main() -> None:
    crowd = Crowd()

    async def open_streams(port: int, count: int) -> int:
        return await asyncio.to_thread(crowd.open, port, count)

    async def hear() -> list[float]:
        return await asyncio.to_thread(crowd.hear)

    await obey({"open": open_streams, "hear": hear})


if __name__ == "__main__":
    many_files()
    asyncio.run(main())
