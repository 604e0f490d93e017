"""HTTP/2 from a server that offers it: the same pages, limits and words as over HTTP/1.1."""

import asyncio
import gc
import gzip
import re
import tracemalloc
from dataclasses import replace

import origin as scripted
import pytest
from fetching import MB, RULES, SHORT, fetching, names, serving_tls, trusting
from origin import Origin, answer
from origin2 import Origin2, answer2, drip2, endless2, frames2, in_turn2, silence2
from unhurried import own_time

from scraper.errors import BodyError, DeadlineError, NetworkError, RobotsError, StatusError
from scraper.page import NotModified, Validators


def serve(routes):
    return Origin2(routes, tls=serving_tls("h2", "http/1.1"))


def fetch(routes, *, rules=RULES, **options):
    async def scenario():
        async with serve(routes) as origin, fetching(rules, tls=trusting()) as fetcher:
            return await fetcher.fetch(origin.url("/live"), **options), origin

    return asyncio.run(scenario())


def fail(routes, error, **options):
    with pytest.raises(error) as caught:
        fetch(routes, **options)
    assert type(caught.value) is error
    return caught.value


def test_a_page_comes_by_one_stream_after_another_over_one_connection():
    async def scenario():
        routes = {"/live": in_turn2(answer2(200, b"<p>Hi", etag='"1"'), answer2(304))}
        async with serve(routes) as origin, fetching(tls=trusting()) as fetcher:
            url = origin.url("/live?a=b")
            page = await fetcher.fetch(url, headers={"Cookie": "k=v", "Connection": "close"})
            assert (page.body, page.headers["etag"]) == (b"<p>Hi", '"1"')
            came = await fetcher.fetch(url, Validators('"1"', "Sun, 01 Mar 2026 11:00:00 GMT"))
            assert isinstance(came, NotModified)
            assert came.cost.requests == 1
            assert 0 < came.cost.received < 100
            assert origin.accepted == 1
            _, first, second = origin.asked
        assert first[":path"] == "/live?a=b"
        assert first[":authority"] == f"127.0.0.1:{origin.port}"
        assert first["user-agent"] == "keywire/0.1 (+https://example.org/bot)"
        assert (first["accept-encoding"], first["cookie"]) == ("gzip", "k=v")
        assert not {"host", "connection"} & set(first)
        assert second["if-none-match"] == '"1"'
        assert second["if-modified-since"] == "Sun, 01 Mar 2026 11:00:00 GMT"

    asyncio.run(scenario())


def test_a_server_that_offers_only_http_1_gets_that():
    async def scenario():
        tls = serving_tls("http/1.1")
        async with (
            Origin({"/live": answer(200, b"x")}, tls=tls) as origin,
            fetching(tls=trusting()) as fetcher,
        ):
            assert (await fetcher.fetch(origin.url("/live"))).body == b"x"

    asyncio.run(scenario())


def test_a_large_page_and_a_packed_one_come_whole():
    page = bytes(range(256)) * 8_000
    assert fetch({"/live": answer2(200, page)})[0].body == page
    packed = answer2(200, gzip.compress(page), content_encoding="gzip")
    assert fetch({"/live": packed})[0].body == page


def test_a_connection_that_was_ended_meanwhile_is_opened_again():
    async def end(_, stream):
        await stream.goaway(last=0)

    async def refuse(_, stream):
        await stream.reset(7)

    async def hang_up(_, stream):
        stream.connection.writer.close()

    async def scenario():
        for leave in (end, refuse, hang_up):
            play = in_turn2(answer2(200, b"1"), leave, answer2(200, b"2"))
            async with serve({"/live": play}) as origin, fetching(tls=trusting()) as fetcher:
                bodies = [(await fetcher.fetch(origin.url("/live"))).body for _ in range(2)]
                assert bodies == [b"1", b"2"]
                assert origin.accepted == 2

    asyncio.run(scenario())


def test_what_was_left_half_read_never_comes_with_the_next_answer():
    async def scenario():
        play = in_turn2(endless2(b"x", b"x" * 60_000), silence2(), answer2(200, b"fresh"))
        async with serve({"/live": play}) as origin, fetching(SHORT, tls=trusting()) as fetcher:
            with pytest.raises((BodyError, DeadlineError)):
                await fetcher.fetch(origin.url("/live"))
            with pytest.raises(DeadlineError):
                await fetcher.fetch(origin.url("/live"))
            assert (await fetcher.fetch(origin.url("/live"))).body == b"fresh"
            assert origin.accepted == 3

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [204, 404, 410, 429, 500, 503])
def test_a_status_that_brings_no_page_says_so(status):
    routes = {"/live": answer2(status, retry_after="60")}
    if status == 410:
        assert type(fetch(routes)[0]).__name__ == "Gone"
    else:
        assert fail(routes, StatusError).status == status


def test_redirects_and_robots_txt_are_kept_to():
    routes = {"/live": answer2(301, location="/new"), "/new": answer2(200, b"x")}
    page, origin = fetch(routes)
    assert (page.final_url, page.moved_to) == (origin.url("/new"), origin.url("/new"))
    forbid = answer2(200, b"User-agent: *\nDisallow: /new")
    fail({**routes, "/robots.txt": forbid}, RobotsError)


BOMBS = {
    "a gzip bomb": answer2(200, scripted.bomb(200 * 2**20), content_encoding="gzip"),
    "endless data": endless2(b"", b"x" * 65_536),
    "endless empty frames": frames2(b""),
    "endless tiny frames": frames2(b"x"),
}


@pytest.mark.parametrize("play", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_no_more_memory_than_a_page(play):
    gc.collect()
    tracemalloc.start()
    began = own_time()
    try:
        with pytest.raises((BodyError, DeadlineError)):
            fetch({"/live": play}, rules=replace(RULES, timeout=1.5))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 * MB
    assert own_time() - began < 4


@pytest.mark.parametrize("where", ["/live", "/robots.txt"])
@pytest.mark.parametrize("play", [silence2(), drip2(b"x" * 1_000, 0.02)], ids=["silent", "drips"])
def test_a_slow_answer_ends_with_the_total_deadline(play, where):
    began = own_time()
    fail({"/live": silence2(), where: play}, DeadlineError, rules=SHORT)
    assert 0.25 < own_time() - began < 0.9


async def _cut(_, stream):
    await stream.head(200)
    await stream.data(b"half")
    stream.connection.writer.close()


async def _reset_within(_, stream):
    await stream.head(200)
    await stream.data(b"half")
    await stream.reset()


async def _leave_within(_, stream):
    await stream.head(200)
    await stream.data(b"half")
    await stream.goaway()


async def _promise_more(_, stream):
    await stream.head(200, content_length="9")
    await stream.data(b"half")
    await stream.end()


async def _send_garbage_within(_, stream):
    await stream.head(200)
    await stream.raw(b"\x00\x00\x01\x00\x00\x00\x00\x00\x00!" * 3)


CUT = [_cut, _reset_within, _leave_within, _promise_more, _send_garbage_within]


@pytest.mark.parametrize("play", CUT)
def test_a_body_that_is_not_whole_is_no_page(play):
    fail({"/live": play}, BodyError)


async def _reset_at_once(_, stream):
    await stream.reset()


async def _leave_at_once(_, stream):
    await stream.goaway(last=0)


async def _hang_up(_, stream):
    stream.connection.writer.close()


async def _send_garbage(_, stream):
    await stream.raw(b"\x00\x00\x01\x00\x00\x00\x00\x00\x00!" * 3)


async def _head_without_end(_, stream):
    while True:
        await stream.raw(b"\x00\x40\x00\x01\x00" + stream.number.to_bytes(4) + b"\x82" * 16_384)


BREAKS = {
    "reset": (_reset_at_once, "connection broke off"),
    "goaway": (_leave_at_once, "connection broke off"),
    "closed": (_hang_up, "connection broke off"),
    "garbage": (_send_garbage, "not proper HTTP"),
    "a head without end": (_head_without_end, "HTTP"),
}


@pytest.mark.parametrize(("play", "words"), BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("where", ["/live", "/robots.txt"])
def test_a_broken_connection_is_told_in_plain_words(play, words, where):
    error = fail({"/live": answer2(), where: play}, NetworkError)
    assert re.search(words, error.reason)


def test_a_header_that_cannot_be_sent_is_not_shown():
    error = fail({"/live": answer2()}, NetworkError, headers={"X": "a\nkey"})
    assert "header" in error.reason
    assert "key" not in str(error).replace("keywire", "")


def test_the_name_is_checked_all_the_same():
    async def scenario():
        resolve = names(other_test=["127.0.0.1"])
        async with (
            serve({"/live": answer2()}) as origin,
            fetching(resolve=resolve, tls=trusting()) as fetcher,
        ):
            with pytest.raises(NetworkError, match="TLS certificate not valid"):
                await fetcher.fetch(origin.url("/live", "other.test"))

    asyncio.run(scenario())
