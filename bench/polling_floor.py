"""Poll a fleet with aiohttp: the same requests over as many connections; answers are only read.

Due times are kept in a heap; nothing is stored but the entity tags.
"""

import asyncio
import socket
import ssl
import sys
from heapq import heappop, heappush
from time import process_time, time

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult

from bench.child import obey
from bench.fleet import Done, Fleet, Task, tag_of
from bench.usage import watched_memory

_HEADERS = {
    "User-Agent": "keywire-bench",
    "Accept-Encoding": "gzip",
    "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8",
}


class _AtHome(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


class _Asker:
    """Requests the pages that are due; `dues` as in `Done`."""

    def __init__(self, session: aiohttp.ClientSession, fleet: Fleet, tags: list[str]) -> None:
        self.dues: list[list[float]] = []
        self.polls = 0
        self._heap: list[tuple[float, int]] = []
        self._session, self._tags = session, tags
        self._urls = [fleet.url(number) for number in range(fleet.size)]

    def begin(self, first: list[float]) -> None:
        """Begin a task whose blogs are first due at these times."""
        self.dues, self.polls = [[due] for due in first], 0
        self._heap = sorted((due, number) for number, due in enumerate(first))

    async def ask(self, interval: float, enough: int) -> None:
        """Request one page after the other, each when it is due, until `enough` polls were made."""
        while self.polls < enough:
            due, number = heappop(self._heap)
            await asyncio.sleep(due - time())
            headers = {**_HEADERS, "If-None-Match": self._tags[number]}
            async with self._session.get(self._urls[number], headers=headers) as answer:
                await answer.read()
            self._tags[number] = answer.headers["etag"]
            self.polls += 1
            due = time() + interval
            self.dues[number].append(due)
            heappush(self._heap, (due, number))


async def follow(fleet: Fleet, public: str, at_once: int) -> None:
    """Carry out polling tasks until there are no more orders."""
    connector = aiohttp.TCPConnector(
        limit=0,
        limit_per_host=1,
        keepalive_timeout=120,
        ssl=ssl.create_default_context(cafile=public),
        resolver=_AtHome(),
    )
    async with aiohttp.ClientSession(connector=connector) as session:
        asker = _Asker(session, fleet, [tag_of(0)] * fleet.size)

        async def work(**task: float) -> Done:
            return await _work(asker, fleet, msgspec.convert(task, Task), at_once)

        await obey({"work": work})


async def _work(asker: _Asker, fleet: Fleet, task: Task, at_once: int) -> Done:
    asker.begin(task.first_dues(fleet, time()))
    used, begun = process_time(), time()
    async with watched_memory() as memory:
        asking = (
            asker.ask(task.interval, task.enough(fleet)) for _ in range(min(at_once, fleet.hosts))
        )
        workers = [asyncio.create_task(one) for one in asking]
        finished, _ = await asyncio.wait(
            workers, timeout=task.seconds, return_when=asyncio.FIRST_COMPLETED
        )
        ended, used, polls = time(), process_time() - used, asker.polls
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    for worker in finished:
        worker.result()
    return Done(polls, 0, ended - begun, ended, used, memory.most, asker.dues)


def main(fleet: str, public: str, at_once: str) -> None:
    asyncio.run(follow(msgspec.json.decode(fleet, type=Fleet), public, int(at_once)))


if __name__ == "__main__":
    main(*sys.argv[1:])
