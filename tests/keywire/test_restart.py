"""keywire started again and again: each source is asked once an interval all the same."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from following import Following
from running import Keywire, OriginThread, wait_for
from served import until

from keywire import due_times
from keywire import schedule as scheduling
from keywire.demo.origin import Fault, Refusal
from keywire.demo.script import opening
from keywire.poll import Poller
from keywire.schedule import Schedule
from scraper.fetch import Fetcher, FetchRules
from scraper.pace import BASE, SHORTEST
from store.source import due_at

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def one_run(following, asked=None):
    """Run the schedule on the followed blog's store for a moment, as a process of its own would.

    With `asked` it is killed, as soon as it has asked for the page if that is due.
    """
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

    ticked = asyncio.Event()
    schedule = Schedule(poller, hear, ticked.set)
    schedule.start()
    if asked is None:
        await ticked.wait()
        await until(lambda: not (schedule._announcing or schedule._tasks))
        await schedule.stop()
    else:
        await asking(following, asked)
        await kill(schedule)
    await poller.fetcher.aclose()
    poller.close()


async def asking(following, asked):
    """Wait until the page is asked for, if it is due; else for a moment."""
    before, due = len(asked), due_at(following.source, following.at) <= following.at
    for _ in range(100 if due else 2):
        if len(asked) > before:
            return
        await asyncio.sleep(0.02)


async def kill(schedule):
    """End a schedule as a kill of its process does: nothing is written any more."""
    schedule._scheduler.pause()
    schedule._scheduler.shutdown(wait=False)
    for task in schedule._tasks:
        task.cancel()
    await asyncio.gather(*schedule._tasks, *schedule._announcing, return_exceptions=True)


def storm(folder, *, starts, apart, fault=None, every=None, killed=False):
    """Start as often, so far apart on our clock; give when the page was asked for."""

    async def run():
        async with Following(folder, every=every) as following:
            following.origin.fault = fault
            asked = noted(following)
            for _ in range(starts):
                await one_run(following, asked if killed else None)
                following.at += apart
            return asked

    return asyncio.run(run())


def noted(following):
    """Note when the page is asked for, whether it is ever answered or not."""
    asked, answer = [], following.origin._answer

    def note(method, target, headers):
        if target != "/robots.txt":
            asked.append(following.at)
        return answer(method, target, headers)

    following.origin._answer = note
    return asked


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
    monkeypatch.setattr(due_times, "due_at", lambda _, now: now)
    asked = storm(tmp_path, starts=20, apart=6 * SECOND)
    assert not never_too_soon(asked, SHORTEST)


def test_a_hundred_kills_while_the_page_is_asked_for_ask_once_an_interval(tmp_path):
    asked = storm(tmp_path, starts=100, apart=4 * SECOND, fault=Fault.DRIP, killed=True)
    assert never_too_soon(asked, BASE)
    assert len(asked) >= 6


def test_a_process_that_asks_before_it_writes_that_down_would_be_noticed(tmp_path, monkeypatch):
    async def forget(*_):
        pass

    monkeypatch.setattr(Poller, "put_off", forget)
    asked = storm(tmp_path, starts=5, apart=4 * SECOND, fault=Fault.DRIP, killed=True)
    assert not never_too_soon(asked, BASE)


def test_what_was_not_asked_any_more_at_the_end_is_due_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "AT_ONCE", 0)
    assert storm(tmp_path, starts=1, apart=SECOND) == []
    monkeypatch.setattr(scheduling, "AT_ONCE", 1)
    assert len(storm(tmp_path, starts=1, apart=SECOND)) == 1


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
