"""One server for `streaming.py`: keywire's site as `keywire run` serves it, or bare asyncio.

On an order, both send a change to all listeners and return when it was committed.
"""

import asyncio
import gc
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.child import many_files, obey
from bench.world import OPTIONS, TOPIC
from feeds.site.app import make_site
from keywire.process.loop import run
from keywire.process.server import Server, listen
from store import log
from store.database import open_database
from store.decision.history import Change, ChangeType
from store.entry_cache import entries_of

HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\n\r\nd\r\nretry: 3000\n\n\r\n"
)


def held() -> int:
    """Return this process's resident memory in bytes."""
    gc.collect()
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * resource.getpagesize()


async def memory() -> int:
    return await asyncio.to_thread(held)


async def ours(store: str) -> None:
    database = open_database(f"sqlite:///{store}")
    site = make_site(database, OPTIONS)
    listener = listen("127.0.0.1", 0)
    server = Server(site)
    serving = asyncio.create_task(server.serve(sockets=[listener.bound]))

    def write() -> None:
        with database.write() as connection:
            (stored,) = entries_of(connection, [1])
            change = Change(ChangeType.UPDATED, datetime.now(UTC), stored.entry.block_id, 1)
            log.append(connection, [log.NewChange(change, 1, stored, (TOPIC,))])

    async def commit() -> float:
        await asyncio.to_thread(write)
        at = time.monotonic()
        site.mark_changed([TOPIC])
        return at

    async def port() -> int:
        return int(listener.bound.getsockname()[1])

    await obey({"commit": commit, "memory": memory, "port": port})
    site.close()
    server.should_exit = True
    await serving
    database.close()


class Bare(asyncio.Protocol):
    """A listener of the floor: it gets the head of an answer, and then every change."""

    everyone: set[Any] = set()  # noqa: RUF012 - one server a process

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - uvloop's are no asyncio's
        """Keep the transport, to which the stream is written."""
        self.transport = transport

    def data_received(self, _data: bytes) -> None:
        """Answer any request with the head of a stream, and register the listener."""
        self.transport.write(HEAD)
        self.everyone.add(self.transport)

    def connection_lost(self, _error: Exception | None) -> None:
        """Unregister the listener."""
        self.everyone.discard(self.transport)


async def floor(length: str) -> None:
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", 0, backlog=2048)
    told = b"event: entry.updated\ndata: ".ljust(int(length) - 2, b"x") + b"\n\n"
    chunk = b"%x\r\n%b\r\n" % (len(told), told)

    async def commit() -> float:
        at = time.monotonic()
        for transport in Bare.everyone:
            transport.write(chunk)
        return at

    async def port() -> int:
        return int(server.sockets[0].getsockname()[1])

    await obey({"commit": commit, "memory": memory, "port": port})
    server.close()


if __name__ == "__main__":
    many_files()
    run({"ours": ours, "floor": floor}[sys.argv[1]](sys.argv[2]))
