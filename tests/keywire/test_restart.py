"""keywire started again and again: each source is asked once an interval all the same."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from following import Following
from running import Keywire, OriginThread, wait_for

from keywire import schedule as scheduling
from keywire.demo.origin import Refusal
from keywire.demo.script import opening
from keywire.poll import Poller
from keywire.schedule import Schedule
from scraper.fetch import Fetcher, FetchRules
from scraper.pace import BASE, SHORTEST

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def one_run(following, seconds):
    """Run the schedule on the followed blog's store for a moment, as a process of its own would."""
    poller = Poller(
        database=following.database,
        fetcher=Fetcher(
            FetchRules("keywire/test", timeout=2, allow_private=("127.0.0.1",)), now=following.now
        ),
        options=following.poller.options,
        topics=following.poller.topics,
        now=following.now,
        jitter=lambda: 0.0,
    )

    async def hear(_):
        pass

    schedule = Schedule(poller, hear)
    schedule.start()
    await asyncio.sleep(seconds)
    await schedule.stop()
    await poller.fetcher.aclose()
    poller.close()


def storm(folder, *, starts, apart, fault=None, every=None):
    """Start as often, so far apart on our clock; give when the page was asked for."""

    async def run():
        async with Following(folder, every=every) as following:
            following.origin.fault = fault
            for _ in range(starts):
                await one_run(following, 0.05)
                following.at += apart
            asked = following.origin.requests
            return [request.at for request in asked if request.target != "/robots.txt"]

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(scheduling, "TICK_SECONDS", 0.01)


def never_too_soon(asked, least):
    return all(later - earlier >= least for earlier, later in pairwise(asked))


def test_a_hundred_starts_in_ten_minutes_ask_no_more_often_than_the_interval(tmp_path):
    asked = storm(tmp_path, starts=100, apart=6 * SECOND)
    assert never_too_soon(asked, SHORTEST)
    assert 5 <= len(asked) <= 20


def test_starts_ask_an_ailing_page_no_more_often_than_its_back_off(tmp_path):
    asked = storm(tmp_path, starts=35, apart=6 * SECOND, fault=Refusal(503))
    assert [later - earlier for earlier, later in pairwise(asked)] == [BASE, 2 * BASE]


def test_starts_keep_retry_after(tmp_path):
    asked = storm(tmp_path, starts=30, apart=6 * SECOND, fault=Refusal(429, "150"))
    assert [later - earlier for earlier, later in pairwise(asked)] == [150 * SECOND]


def test_due_times_that_a_restart_forgets_would_be_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "due_at", lambda _, now: now)
    asked = storm(tmp_path, starts=20, apart=6 * SECOND)
    assert not never_too_soon(asked, SHORTEST)


def hits(origin):
    return Counter(request.target for request in origin.requests)


def test_a_process_that_is_started_anew_asks_for_nothing_before_it_is_due(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(tmp_path, [origin.url], every="1h")
        keywire.start()
        wait_for(lambda: keywire.source()["last_poll"], 10, keywire.terminal)
        for end in (keywire.stop, keywire.kill, keywire.kill):
            end()
            keywire.start()
            time.sleep(0.4)
        assert keywire.stop() == 0
        assert hits(origin)[origin.blog.path] == 1


def test_a_process_that_is_started_anew_asks_for_robots_txt_once_a_day(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(tmp_path, [origin.url])
        for n in (1, 2):
            keywire.start()
            wait_for(lambda n=n: hits(origin)[origin.blog.path] >= n, 10, keywire.terminal)
            keywire.stop()
        assert hits(origin)["/robots.txt"] == 1
