"""The change log as a stream: replayed, then live, without gap or double, and never for ever."""

import asyncio
import contextlib
import socket
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from pages import URL, block, page
from served import hearing, served, until
from sites import NOW, RULE, Station
from sqlalchemy import delete

from feeds.site import sse, stream, tail
from keywire.process import loop
from store.database import open_database
from store.schema import change_topics, changes
from store.topics import Match, TopicRule

STORM = TopicRule("storms", "Storms", (URL,), Match(any=("storm",)))
HARBOUR = block("a", 0)


@pytest.fixture
def kept(address):
    """A store on each database in turn."""
    database = open_database(address)
    yield database
    database.close()


@pytest.fixture
def wire(kept):
    station = Station(kept)
    station.follow(RULE, STORM)
    station.poll(page([block("b", 10, "A storm is near"), HARBOUR]))
    return station


async def poll(station, n, *blocks, quietly=False):
    """Write what a poll of the n-th minute finds; `quietly`, as another process would."""
    now = NOW + timedelta(minutes=n)
    topics = await asyncio.to_thread(station.write_elsewhere, page([*blocks]), now)
    if not quietly:
        station.site.mark_changed(topics)


async def edit(station, n, *, quietly=False):
    blocks = [block("b", 10, "A storm is near"), HARBOUR.edited(f"Said {n} times")]
    await poll(station, n, *blocks, quietly=quietly)


def seqs(heard):
    return [int(one.id) for one in heard]


def test_a_stream_replays_the_log_and_goes_on_with_what_comes(wire):
    async def listen():
        async with served(wire.site) as site, hearing(site.url) as ear:
            heard = await ear.take(3)
            await edit(wire, 1)
            heard += await ear.take(1)
            return heard, ear

    heard, ear = asyncio.run(listen())
    assert seqs(heard) == [1, 2, 3, 4]
    assert ear.retry == sse.RETRY_MILLISECONDS
    asked = wire.ask("/events").json()
    assert [one.told for one in heard] == asked["changes"]
    assert [one.type for one in heard] == [change["type"] for change in asked["changes"]]


def test_its_head_says_that_nobody_may_keep_or_hold_it_back(wire):
    async def look():
        async with (
            served(wire.site) as site,
            hearing(site.url) as ear,
            httpx.AsyncClient(trust_env=False) as client,
        ):
            asked = await client.head(f"{site.url}/events/stream")
            refused = await client.post(f"{site.url}/events/stream")
            # The same connection answers on: nothing of a stream was left in it.
            return ear.answer.headers, asked, refused, await client.get(f"{site.url}/events")

    headers, asked, refused, after = asyncio.run(look())
    for told in (headers, asked.headers):
        assert told["content-type"] == "text/event-stream; charset=utf-8"
        assert (told["cache-control"], told["x-accel-buffering"]) == ("no-store", "no")
        assert "access-control-allow-origin" not in told
    assert (asked.status_code, asked.content, refused.status_code) == (200, b"", 405)
    assert refused.headers["allow"] == "GET, HEAD"
    assert after.json()["next"] == 3


@pytest.mark.parametrize(
    ("query", "headers", "first"),
    [
        ("?after=1", {}, 2),
        ("?after=0", {"last_event_id": "2"}, 3),
        ("?after=99", {"last_event_id": "2"}, 3),
        ("?topic=storms", {}, 1),
        ("?topic=storms&after=1", {}, 2),
        ("?after=0", {"last_event_id": ""}, 1),
    ],
)
def test_a_stream_begins_where_its_reader_stands(wire, query, headers, first):
    async def listen():
        async with served(wire.site) as site, hearing(site.url, query, **headers) as ear:
            return await ear.next()

    heard = asyncio.run(listen())
    told = wire.ask("/events" + ("?topic=storms" if "topic" in query else "")).json()["changes"]
    expected = min(change["seq"] for change in told if change["seq"] >= first)
    assert int(heard.id) == expected


def test_who_wants_only_what_is_to_come_has_a_cursor_at_once(wire):
    async def listen():
        async with served(wire.site) as site, hearing(site.url, "?after=latest") as ear:
            begun = await ear.next()
            await edit(wire, 1)
            return begun, await ear.next()

    begun, heard = asyncio.run(listen())
    assert (begun.type, begun.id) == ("begin", "3")
    assert begun.told == {"epoch": wire.database.epoch, "after": 3}
    assert heard.id == "4"


def test_what_another_process_writes_comes_without_a_ring(wire):
    async def listen():
        async with served(wire.site) as site, hearing(site.url, "?after=3") as ear:
            await edit(wire, 1, quietly=True)
            return await ear.next()

    assert asyncio.run(listen()).id == "4"


def test_readers_of_one_topic_hear_nothing_of_others(wire):
    async def listen():
        async with served(wire.site) as site, hearing(site.url, "?topic=storms&after=3") as ear:
            for n in range(3):
                await edit(wire, n + 1)
            stormy = block("b", 10, "The storm is over"), HARBOUR.edited("Said 3 times")
            await poll(wire, 9, *stormy)
            return await ear.next()

    heard = asyncio.run(listen())
    assert heard.told["entry"]["block_id"] == "b"
    assert heard.told["topics"] == ["harbour", "storms"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("?after=4", "after"),
        ("?after=" + "9" * 18, "after"),
        ("?epoch=another", "epoch"),
        ("?after=1&epoch=another", "epoch"),
    ],
)
def test_a_cursor_that_means_nothing_here_is_told_to_begin_anew(wire, query, reason):
    async def listen():
        async with served(wire.site) as site, hearing(site.url, query) as ear:
            return await ear.next(), await ear.next()

    reset, end = asyncio.run(listen())
    assert end is None
    assert (reset.type, reset.id) == ("reset", "0")
    refused = wire.ask("/events" + query)
    assert refused.status_code == 409
    for told, path in ((reset.told, "/events/stream"), (refused.json()["reset"], "/events")):
        assert told["reason"].startswith(f"{reason}: ")
        assert (told["epoch"], told["after"]) == (wire.database.epoch, 0)
        target = urlsplit(told["url"])
        assert target.path == path
        assert wire.ask(f"/events?{target.query}").json()["next"] == 3


def test_a_client_that_reconnects_by_itself_after_a_reset_begins_anew(wire):
    async def listen():
        async with (
            served(wire.site) as site,
            hearing(site.url, "?epoch=another", last_event_id="0") as ear,
        ):
            return await ear.take(3)

    assert seqs(asyncio.run(listen())) == [1, 2, 3]


def test_the_epoch_of_this_log_is_no_reason_to_begin_anew(wire):
    told = wire.ask(f"/events?after=2&epoch={wire.database.epoch}")
    assert [change["seq"] for change in told.json()["changes"]] == [3]


def test_changes_that_are_kept_no_longer_are_not_skipped_in_silence(wire):
    asyncio.run(edit(wire, 1))
    with wire.database.write() as connection:
        connection.execute(delete(change_topics).where(change_topics.c.seq <= 2))
        connection.execute(delete(changes).where(changes.c.seq <= 2))
    assert wire.ask("/events?after=1").status_code == 409
    for whole in ("?after=2", "?after=0"):
        told = wire.ask("/events" + whole).json()
        assert [change["seq"] for change in told["changes"]] == [3, 4]


@pytest.mark.parametrize(
    ("query", "headers", "field"),
    [
        ("?after=-1", {}, "after"),
        ("?after=x", {}, "after"),
        ("?epoch=%00", {}, "epoch"),
        ("?epoch=" + "x" * 65, {}, "epoch"),
        ("", {"last_event_id": "x"}, "Last-Event-ID"),
        ("", {"last_event_id": "-1"}, "Last-Event-ID"),
        ("?topic=football", {}, "topic"),
        ("?topic=%ff", {}, "topic"),
    ],
)
def test_what_is_asked_wrongly_is_refused_by_name(wire, query, headers, field):
    refused = wire.ask("/events/stream" + query, **headers)
    assert refused.status_code == (404 if field == "topic" else 400)
    assert refused.json()["error"].startswith(f"{field}: ")


def test_a_quiet_stream_shows_that_it_lives(wire, monkeypatch):
    monkeypatch.setattr(tail, "LOOK_SECONDS", 0.01)

    async def listen():
        async with served(wire.site) as site, hearing(site.url, "?after=3") as ear:
            with pytest.raises(TimeoutError):
                await ear.next(within=0.5)
            return ear.comments

    assert asyncio.run(listen()) > 1


def test_readers_who_have_gone_are_let_go(wire, monkeypatch):
    monkeypatch.setattr(tail, "LOOK_SECONDS", 0.01)

    async def listen():
        async with served(wire.site) as site:
            async with hearing(site.url, "?after=3"), hearing(site.url, "?after=3"):
                assert len(wire.site.tail) == 2
            await until(lambda: not len(wire.site.tail))

    asyncio.run(listen())


@pytest.mark.parametrize("run", [asyncio.run, loop.run], ids=["asyncio", "as keywire runs"])
def test_who_has_gone_takes_nobody_elses_changes_along(wire, run):
    async def listen():
        async with served(wire.site) as site, contextlib.AsyncExitStack() as staying:
            ears = []
            for n in range(40):
                opened = hearing(site.url, "?after=3")
                if n % 2:
                    ears.append(await staying.enter_async_context(opened))
                else:
                    async with opened:
                        await until(lambda n=n: len(wire.site.tail) >= n // 2 + 1)
            await asyncio.sleep(0.05)  # those who left have left, and wait for their turn no more
            await edit(wire, 1)
            heard = [await ear.next() for ear in ears]
            await edit(wire, 2)
            return heard, [await ear.next() for ear in ears]

    first, second = run(listen())
    assert ({one.id for one in first}, {one.id for one in second}) == ({"4"}, {"5"})


def test_a_client_of_http_1_0_hears_changes_too(wire):
    async def listen():
        async with served(wire.site) as site:
            parts = urlsplit(site.url)
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(b"GET /events/stream?after=3 HTTP/1.0\r\n\r\n")
            await until(lambda: len(wire.site.tail) == 1)
            await edit(wire, 1)
            told = await reader.readuntil(b"data: ")
            writer.close()
            return told

    told = asyncio.run(listen())
    assert b"\nid: 4\nevent: entry.updated\ndata: " in told


def test_streams_and_waiting_end_when_the_server_stops(wire):
    async def listen():
        async with (
            served(wire.site) as site,
            hearing(site.url, "?after=3") as ear,
            httpx.AsyncClient(trust_env=False) as client,
        ):
            waiting = asyncio.create_task(client.get(f"{site.url}/events?after=3&wait=60"))
            await until(lambda: len(wire.site.tail) == 2)
            wire.site.close()
            ended = await ear.next()
            late = await client.get(f"{site.url}/events/stream")
            return ended, (await waiting).json(), late

    ended, waited, late = asyncio.run(listen())
    assert ended is None
    assert (waited["changes"], waited["next"]) == ([], 3)
    assert (late.status_code, late.headers["retry-after"]) == (503, "5")


def test_no_more_listen_than_there_is_room_for(wire, monkeypatch):
    monkeypatch.setattr(stream, "MOST_LISTENERS", 1)

    async def listen():
        async with served(wire.site) as site, hearing(site.url), hearing(site.url) as second:
            return second.answer.status_code

    assert asyncio.run(listen()) == 503


def test_who_takes_nothing_is_cut_and_can_go_on_later(wire, monkeypatch):
    monkeypatch.setattr(tail, "SLOW_SECONDS", 0.1)
    monkeypatch.setattr(tail, "LOOK_SECONDS", 0.02)
    long = "word " * 40_000

    async def listen():
        async with served(wire.site) as site:
            host, port = urlsplit(site.url).hostname, urlsplit(site.url).port
            sleeper = socket.socket()
            sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sleeper.connect((host, port))
            sleeper.sendall(b"GET /events/stream?after=3 HTTP/1.1\r\nHost: x\r\n\r\n")
            await until(lambda: len(wire.site.tail) == 1)
            n = 0
            async with asyncio.timeout(60):
                while len(wire.site.tail):
                    n += 1
                    await poll(wire, n, HARBOUR.edited(f"{long} {n}"))
            sleeper.close()
            async with hearing(site.url, "?after=3") as ear:
                return await ear.take(n)

    heard = asyncio.run(listen())
    assert seqs(heard) == [*range(4, 4 + len(heard))]


def test_who_falls_behind_what_is_in_memory_reads_on_from_the_log(kept):
    station = Station(kept)
    station.follow(RULE)
    station.site.tail._memory = 2000  # a frame or two
    station.poll(page([HARBOUR]))

    async def listen():
        async with served(station.site) as site, hearing(site.url) as ear:
            heard = await ear.take(2)
            many = [block(f"c{n}", 20 + n) for n in range(60)][::-1]
            await poll(station, 1, *many, HARBOUR)
            return heard + await ear.take(60)

    assert seqs(asyncio.run(listen())) == [*range(1, 63)]
