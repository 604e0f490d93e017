"""Clients that others wrote follow the stream over a wire that breaks: no gap, no double.

npm's eventsource is tried where it is installed; KEYWIRE_NODE_MODULES names a folder that has it.
"""

import asyncio
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import httpx
import httpx_sse
import pytest
from cutting import breaking
from pages import block, page
from served import served
from sites import NOW, RULE, Station

from feeds.site import stream
from store.database import open_database
from store.decision.history import ChangeType
from store.log import head

SUPPORT = Path(__file__).parents[2] / "support"
BLOCKS = 50
SOME, MANY = 600, pytest.param(10_000, marks=pytest.mark.torture("10,000 changes"))


@pytest.fixture
def wire(address, monkeypatch):
    monkeypatch.setattr(stream, "OPENING", b"retry: 10\n")  # clients that wait test nothing more
    database = open_database(address)
    station = Station(database)
    station.follow(RULE)
    yield station
    database.close()


def write(station, changes):
    """Write so many changes, poll by poll, as another process would every second time."""
    written = n = 0
    while written < changes:
        n += 1
        blocks = [block(f"b{b}", b, f"Version {n} of {b}") for b in range(BLOCKS)][::-1]
        topics = station.write_elsewhere(page(blocks), NOW + timedelta(minutes=n))
        with station.database.read() as connection:
            written = head(connection)
        if n % 2:
            yield topics


async def write_meanwhile(station, changes):
    polls = write(station, changes)
    while (topics := await asyncio.to_thread(next, polls, None)) is not None:
        station.site.mark_changed(topics)
        await asyncio.sleep(0.002)


async def follow(url, changes):
    """Follow with httpx-sse, as the README has it."""
    seen, cursor = [], "0"
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        while len(seen) < changes:
            headers = {"Last-Event-ID": cursor}
            connecting = httpx_sse.aconnect_sse(
                client, "GET", f"{url}/events/stream", headers=headers
            )
            try:
                async with connecting as source:
                    async for event in source.aiter_sse():
                        seen.append(event.json()["seq"])
                        cursor = event.id
                        if len(seen) == changes:
                            break
            except httpx.TransportError:
                continue
    return seen


@pytest.mark.parametrize("changes", [SOME, MANY])
def test_httpx_sse_misses_nothing_and_doubles_nothing(wire, changes):
    async def run():
        async with (
            served(wire.site) as site,
            breaking(site.url, 7, 200, 40_000) as way,
        ):
            writing = asyncio.create_task(write_meanwhile(wire, changes))
            async with asyncio.timeout(300):
                seen = await follow(way.url, changes)
            await writing
            return seen, way.cuts

    seen, cuts = asyncio.run(run())
    assert seen == [*range(1, changes + 1)]
    assert cuts > changes / 100


def test_a_client_that_forgets_its_cursor_would_have_been_noticed(wire):
    async def run():
        async with served(wire.site) as site, breaking(site.url, 7, 4_000, 9_000) as way:
            await write_meanwhile(wire, 100)
            seen = []
            async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
                while len(seen) < 30:
                    connecting = httpx_sse.aconnect_sse(client, "GET", f"{way.url}/events/stream")
                    try:
                        async with connecting as source:
                            seen += [event.json()["seq"] async for event in source.aiter_sse()]
                    except httpx.TransportError:
                        seen += [1]
            return seen

    seen = asyncio.run(run())
    assert len(seen) != len(set(seen))


def node_modules():
    """Find a folder that has npm's eventsource; say why there is none."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    named = os.environ.get("KEYWIRE_NODE_MODULES", "")
    if not (Path(named) / "eventsource").is_dir() or not named:
        pytest.skip("KEYWIRE_NODE_MODULES names no folder with npm's eventsource")
    return named


@pytest.mark.parametrize("changes", [SOME, MANY])
def test_npms_eventsource_misses_nothing_and_doubles_nothing(wire, changes):
    modules = node_modules()

    async def run():
        async with served(wire.site) as site, breaking(site.url, 7, 6_000, 60_000) as way:
            writing = asyncio.create_task(write_meanwhile(wire, changes))
            await asyncio.sleep(0.05)
            types = ",".join(kind.value for kind in ChangeType)
            client = await asyncio.create_subprocess_exec(
                *("node", str(SUPPORT / "eventsource.cjs"), f"{way.url}/events/stream?after=0"),
                *(str(changes), types),
                env={**os.environ, "NODE_PATH": modules},
                stdout=subprocess.PIPE,
            )
            async with asyncio.timeout(300):
                told, _ = await client.communicate()
            await writing
            return [int(line) for line in told.split()], way.cuts

    seen, cuts = asyncio.run(run())
    assert seen == [*range(1, changes + 1)]
    assert cuts > changes / 200
