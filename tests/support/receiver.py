"""A receiver of pushes on 127.0.0.1, which keeps the requests and answers as a test says."""

import asyncio
import contextlib
import inspect
import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Got:
    """One request as received; headers by lower-case names."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers every request with `answer(got)`: a status, or (status, body, headers)."""

    answer: object = 204
    got: list[Got] = field(default_factory=list)
    host: str = "127.0.0.1"

    async def __aenter__(self):
        self._tasks, self._came = set(), asyncio.Condition()
        self._server = await asyncio.start_server(self._serve, self.host, 0, limit=2**20)
        self.url = f"http://{self.host}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def until(self, count, seconds=5):
        """Wait until `count` requests have come."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: len(self.got) >= count)

    async def __aexit__(self, *_):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            await self._answer_all(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer_all(self, reader, writer):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head[:-4].split("\r\n")
            method, path, _ = first.split(" ")
            headers = {n.lower(): v.strip() for n, _, v in (x.partition(":") for x in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            got = Got(method, path, headers, body)
            self.got.append(got)
            async with self._came:
                self._came.notify_all()
            said = self.answer(got) if callable(self.answer) else self.answer
            if inspect.isawaitable(said):
                said = await said
            status, body, more = (said, b"", {}) if isinstance(said, int) else said
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
            named = {"Content-Length": str(len(body)), **more}
            lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
            writer.write(f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode() + body)
            await writer.drain()
