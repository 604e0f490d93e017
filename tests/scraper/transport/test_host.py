"""What all sources of a host share: its pace, its silence, and one connection a server."""

import asyncio
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from fetching import NOW, RULES, SHORT, Clock, fetching, names, serving_tls, trusting
from origin import Origin, answer, drip, in_turn, late, redirect, reset, silence
from unhurried import own_time

from scraper.errors import DeadlineError, FetchError, NetworkError, StatusError
from scraper.page import Page
from scraper.transport.bucket import Pace


@pytest.fixture
def public(monkeypatch):
    """Let loopback stand for the public network."""
    monkeypatch.setattr("scraper.transport.host.is_own", lambda _: False)
    monkeypatch.setattr("scraper.transport.connect.is_own", lambda _: False)


@pytest.fixture
def brisk(public, monkeypatch):  # noqa: ARG001 - for its effect
    """Let a host's pace be 20 requests a second, 3 at once, so that tests are short."""
    monkeypatch.setattr(
        "scraper.transport.bucket.Pace", lambda rate=20.0, burst=3: Pace(rate, burst)
    )
    monkeypatch.setattr("scraper.transport.bucket.RATE", 20.0)


def timed(origin, play):
    """Play, and note when each request came."""
    origin.times = []

    async def noted(asked, stage):
        origin.times.append(own_time())
        await play(asked, stage)

    return noted


def windowed(times, seconds):
    """Give the most requests that came within so many seconds."""
    return max(sum(first <= each <= first + seconds for each in times) for first in times)


# Pace


@pytest.mark.usefixtures("brisk")
def test_sources_of_a_host_share_its_pace_across_ports_and_schemes():
    async def scenario():
        resolve = names(news_test=["127.0.0.1"])
        async with (
            Origin({}) as one,
            Origin({}, tls=serving_tls()) as two,
            fetching(resolve=resolve, tls=trusting()) as fetcher,
        ):
            times = []

            async def play(asked, stage):
                times.append(own_time())
                await answer(200, b"x")(asked, stage)

            for origin in (one, two):
                origin.routes |= {"/live": play, "/robots.txt": play}
            urls = [origin.url("/live", "news.test") for origin in (one, two)] * 8
            came = await asyncio.gather(*map(fetcher.fetch, urls))
            assert all(isinstance(page, Page) for page in came)
        assert len(times) == 18, "two of them for robots.txt"
        assert times[-1] - times[0] >= (18 - 3) / 20 - 0.05
        for seconds in (0.1, 0.3, 0.5):
            assert windowed(times, seconds) <= 3 + 20 * seconds + 1

    asyncio.run(scenario())


@pytest.mark.usefixtures("brisk")
def test_waiting_for_the_pace_is_not_held_against_a_fetch():
    async def scenario():
        async with Origin({"/live": answer(200, b"x")}) as origin, fetching(SHORT) as fetcher:
            began = own_time()
            await asyncio.gather(*(fetcher.fetch(origin.url("/live")) for _ in range(16)))
            assert own_time() - began > 2 * SHORT.timeout

    asyncio.run(scenario())


@pytest.mark.usefixtures("brisk")
def test_redirects_count_as_requests():
    async def scenario():
        hops = {f"/{i}": redirect(f"/{i + 1}") for i in range(5)} | {"/5": answer(200, b"x")}
        async with Origin(hops) as origin, fetching() as fetcher:
            began = own_time()
            for _ in range(2):
                await fetcher.fetch(origin.url("/0"))
            assert own_time() - began >= (13 - 3) / 20 - 0.05

    asyncio.run(scenario())


def test_ones_own_machine_is_asked_as_fast_as_its_sources_say():
    async def scenario():
        resolve = names(home_test=["127.0.0.1"])
        async with Origin({"/live": answer(200, b"x")}) as origin:
            for host in (None, "home.test"):
                async with fetching(resolve=resolve) as fetcher:
                    began = own_time()
                    for _ in range(40):
                        await fetcher.fetch(origin.url("/live", host))
                    assert own_time() - began < 1

    asyncio.run(scenario())


def test_a_crawl_delay_is_kept_to_and_told():
    async def scenario():
        rules = b"User-agent: *\nCrawl-delay: 9\n\nUser-agent: keywire\nCrawl-delay: 0.6\n"
        async with Origin({"/robots.txt": answer(200, rules)}) as origin, fetching() as fetcher:
            origin.routes["/live"] = timed(origin, answer(200, b"x"))
            pages = [await fetcher.fetch(origin.url("/live")) for _ in range(3)]
            assert {page.crawl_delay for page in pages} == {0.6}
            first, second, third = origin.times
            assert min(second - first, third - second) >= 0.55

    asyncio.run(scenario())


@pytest.mark.alone
@pytest.mark.usefixtures("brisk")
def test_a_host_that_asks_for_patience_is_asked_slowly_by_all_its_sources(monkeypatch):
    monkeypatch.setattr("scraper.transport.bucket.SLOW_RATE", 2.0)

    async def scenario():
        for status in (429, 503):
            routes = {"/busy": in_turn(answer(status), answer(200)), "/live": answer(200, b"x")}
            async with Origin(routes) as origin, fetching() as fetcher:
                await fetcher.fetch(origin.url("/live"))
                with pytest.raises(StatusError):
                    await fetcher.fetch(origin.url("/busy"))
                began = own_time()
                await fetcher.fetch(origin.url("/live?a"))
                assert 0.2 < own_time() - began < 1
                began = own_time()
                await fetcher.fetch(origin.url("/live?b"))
                assert own_time() - began < 0.4, "it answers again"

    asyncio.run(scenario())


@pytest.mark.alone
@pytest.mark.usefixtures("brisk")
def test_a_fetch_that_was_called_off_while_it_waited_costs_no_token():
    async def scenario():
        async with Origin({"/live": answer(200, b"x")}) as origin, fetching() as fetcher:
            await asyncio.gather(*(fetcher.fetch(origin.url("/live")) for _ in range(4)))
            for _ in range(50):
                task = asyncio.create_task(fetcher.fetch(origin.url("/live")))
                await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            began = own_time()
            await fetcher.fetch(origin.url("/live"))
            assert own_time() - began < 0.3

    asyncio.run(scenario())


# Silence


SILENT = {
    "silence": silence(),
    "a drip": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"x" * 999, 0.05),
    "a reset": reset(),
    "a reset within": reset(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
}


@pytest.mark.parametrize("play", SILENT.values(), ids=SILENT)
@pytest.mark.usefixtures("public")
def test_a_server_that_did_not_answer_three_times_is_let_be(play):
    async def scenario():
        clock = Clock()
        rules = replace(SHORT, obey_robots=False)
        async with Origin({"/live": play}) as origin, fetching(rules, now=clock) as fetcher:
            url = origin.url("/live")
            for _ in range(3):
                with pytest.raises((NetworkError, DeadlineError)) as caught:
                    await fetcher.fetch(url)
                assert caught.value.not_before is None
            asked = len(origin.asked)
            began = own_time()
            for i in range(10):
                with pytest.raises(NetworkError) as caught:
                    await fetcher.fetch(f"{url}?{i}")
                assert caught.value.reason == (
                    "127.0.0.1 has not answered 3 times; it is asked again at 12:00 UTC"
                )
                assert caught.value.mend.startswith("the last time: ")
                assert caught.value.not_before == NOW + timedelta(seconds=30)
                assert caught.value.cost.requests == 0
            assert own_time() - began < 0.4
            assert len(origin.asked) == asked
            clock.now += timedelta(seconds=30)
            with pytest.raises((NetworkError, DeadlineError)):
                await fetcher.fetch(url)
            with pytest.raises(NetworkError, match="not answered 4 times") as caught:
                await fetcher.fetch(url)
            assert caught.value.not_before == clock.now + timedelta(seconds=60)
            clock.now += timedelta(seconds=60)
            origin.routes["/live"] = answer(200, b"x")
            for _ in range(3):
                assert (await fetcher.fetch(url)).body == b"x"

    asyncio.run(scenario())


@pytest.mark.usefixtures("public")
def test_an_error_page_is_an_answer():
    async def scenario():
        play = in_turn(*[reset()] * 2, answer(404), *[reset()] * 3, answer(200, b"x"))
        rules = replace(RULES, obey_robots=False)
        async with Origin({"/live": play}) as origin, fetching(rules) as fetcher:
            for _ in range(5):
                with pytest.raises(FetchError):
                    await fetcher.fetch(origin.url("/live"))
            assert (await fetcher.fetch(origin.url("/live"))).body == b"x"

    asyncio.run(scenario())


@pytest.mark.usefixtures("public")
def test_those_who_wait_in_line_before_a_dead_server_are_sent_home_at_once():
    async def scenario():
        async with Origin({"/live": silence()}) as origin, fetching(SHORT) as fetcher:
            began = own_time()
            came = await asyncio.gather(
                *(fetcher.fetch(origin.url(f"/live?{i}")) for i in range(40)),
                return_exceptions=True,
            )
            assert own_time() - began < 4 * SHORT.timeout
            kinds = [type(error) for error in came]
            assert (kinds.count(DeadlineError), kinds.count(NetworkError)) == (3, 37)

    asyncio.run(scenario())


@pytest.mark.usefixtures("public")
def test_one_probe_decides_for_all_who_wait():
    async def scenario():
        clock = Clock()
        rules = replace(SHORT, obey_robots=False)
        async with Origin({"/live": reset()}) as origin, fetching(rules, now=clock) as fetcher:
            urls = [origin.url(f"/live?{i}") for i in range(5)]
            await asyncio.gather(*map(fetcher.fetch, urls), return_exceptions=True)
            clock.now += timedelta(seconds=30)
            origin.asked.clear()
            await asyncio.gather(*map(fetcher.fetch, urls), return_exceptions=True)
            assert len(origin.asked) == 1
            clock.now += timedelta(seconds=60)
            origin.routes["/live"] = late(0.05, answer(200, b"x"))
            came = await asyncio.gather(*map(fetcher.fetch, urls))
            assert [page.body for page in came] == [b"x"] * 5

    asyncio.run(scenario())


@pytest.mark.usefixtures("public")
def test_a_dead_port_says_nothing_of_the_others_and_a_dead_host_nothing_of_its_neighbours():
    async def scenario():
        resolve = names(dead_test=["127.0.0.1"], live_test=["127.0.0.1"])
        async with Origin({"*": answer(200, b"x")}) as live, fetching(resolve=resolve) as fetcher:
            async with Origin({}) as dead:
                port = dead.port
            for _ in range(5):
                with pytest.raises(NetworkError):
                    await fetcher.fetch(f"http://dead.test:{port}/live")
            for host in ("dead.test", "live.test"):
                assert (await fetcher.fetch(live.url("/live", host))).body == b"x"

    asyncio.run(scenario())


@pytest.mark.usefixtures("brisk")
def test_what_is_wrong_on_our_side_is_not_held_against_a_server():
    async def scenario():
        known = {}

        async def resolve(host, _):
            if host not in known:
                raise socket.gaierror(socket.EAI_AGAIN, "no network")
            return known[host]

        async with (
            Origin({"/live": answer(200, b"x")}) as origin,
            fetching(resolve=resolve) as fetcher,
        ):
            url = origin.url("/live", "news.test")
            for _ in range(9):
                with pytest.raises(NetworkError, match="no network") as caught:
                    await fetcher.fetch(url)
                assert caught.value.not_before is None
            known["news.test"] = ["127.0.0.1"]
            for _ in range(9):
                with pytest.raises(NetworkError, match="a header"):
                    await fetcher.fetch(url, headers={"X": "a\nb"})
            assert (await fetcher.fetch(url)).body == b"x"

    asyncio.run(scenario())


def test_ones_own_server_is_asked_again_within_seconds():
    async def scenario():
        clock = Clock()
        async with fetching(now=clock) as fetcher:
            async with Origin({"/live": answer(200, b"x")}) as origin:
                port = origin.port
            for _ in range(30):
                with pytest.raises(NetworkError) as caught:
                    await fetcher.fetch(f"http://127.0.0.1:{port}/live")
                clock.now = caught.value.not_before or clock.now
                assert clock.now <= NOW + timedelta(seconds=120)
            async with Origin({"/live": answer(200, b"x")}, port=port):
                clock.now += timedelta(seconds=4)
                assert (await fetcher.fetch(f"http://127.0.0.1:{port}/live")).body == b"x"

    asyncio.run(scenario())


# Connections


def test_a_connection_that_is_not_used_is_closed_in_time(monkeypatch):
    monkeypatch.setattr("scraper.transport.host.KEEP_ALIVE", 0.2)
    closed = []

    async def wait_for_the_end(_, stage):
        await stage.reader.read()
        closed.append(own_time())
        stage.close = True

    async def play(asked, stage):
        await answer(200, b"x")(asked, stage)
        await wait_for_the_end(asked, stage)

    async def scenario():
        async with Origin({"/live": play}) as origin, fetching() as fetcher:
            began = own_time()
            await fetcher.fetch(origin.url("/live"))
            await asyncio.sleep(0.9)
            assert 0.15 < closed[0] - began < 0.8
            assert len(fetcher._client._servers) == 1, "its robots.txt is still known"
            await fetcher.fetch(origin.url("/live"))
            assert [asked.path for asked in origin.asked] == ["/robots.txt", "/live", "/live"]

    asyncio.run(scenario())
