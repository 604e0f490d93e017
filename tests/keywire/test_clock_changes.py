"""Whatever our clock does, a source is polled once more at most, and polling goes on."""

import asyncio
import contextlib
import os
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from ticking import HOUR, SECOND, Running, play, site
from unhurried import own_time

from keywire import due_times
from keywire.clock import clock
from keywire.schedule import Schedule


def test_a_clock_that_goes_back_costs_one_poll_at_most_and_stops_nothing(tmp_path):
    urls = [site(host) for host in range(5)]

    async def tell(running):
        await running.all_polled()
        running.clock.off -= timedelta(days=2)
        set_at = own_time()
        await asyncio.sleep(0.7)
        assert max(running.polls.counts(set_at).values(), default=0) <= 1
        await asyncio.sleep(1.3)
        assert set(running.polls.counts(set_at)) == set(urls)
        assert max(running.polls.counts(set_at).values()) <= 3

    play(tmp_path, urls, tell, every=SECOND)


def test_a_clock_that_goes_back_while_a_poll_is_under_way_stops_nothing(tmp_path):
    async def tell(running):
        await running.until(lambda: running.polls.begun)
        running.clock.off -= timedelta(days=2)
        await asyncio.sleep(2.0)
        assert 2 <= len(running.polls.begun) <= 4

    play(tmp_path, [site(1)], tell, every=SECOND / 2, takes=lambda _: 0.3)


def test_a_clock_that_goes_forward_an_hour_costs_one_poll(tmp_path):
    urls = [site(host) for host in range(5)]

    async def tell(running):
        await running.all_polled()
        await asyncio.sleep(0.3)
        set_at = own_time()
        running.clock.off += HOUR
        await asyncio.sleep(1.0)
        assert running.polls.counts(set_at) == dict.fromkeys(urls, 1)

    play(tmp_path, urls, tell, every=600 * SECOND)


def test_on_a_clock_a_hundred_times_as_fast_each_interval_has_its_poll(tmp_path):
    urls = [site(host) for host in range(5)]

    async def tell(running):
        await asyncio.sleep(2.0)
        assert set(running.polls.counts().values()) <= {2, 3, 4}

    play(tmp_path, urls, tell, every=60 * SECOND, rate=100)


# What the clock does, in seconds, one after the other.
JUMPS = {
    "back a second": (-1,),
    "back ten minutes": (-600,),
    "back an hour": (-3600,),
    "back two days": (-172_800,),
    "on half a minute": (30,),
    "on an hour, as after a rest": (3600,),
    "on two days": (172_800,),
    "on an hour and back": (3600, -3600),
}
MOMENTS = ("between polls", "while a poll is under way", "while keywire is down")
EVERY = 0.5  # seconds
PATIENCE = 300.0  # where polling goes on, it does so long before
GOES_ON = 3  # polls


async def polls_across_jumps(folder, jump, moment, patience):
    """Let the clock jump at a moment; give how many polls came after it, and how many too early."""
    folder.mkdir()
    takes = 0.2 if moment == "while a poll is under way" else 0.0
    running = Running(folder, [site(1)], every=EVERY * SECOND, takes=lambda _: takes)
    polls = []
    await running.__aenter__()
    try:
        await running.until(lambda: running.polls.begun, PATIENCE)
        await asyncio.sleep(0.1)
        for number, seconds in enumerate(jump):
            await asyncio.sleep(0.1 * number)
            if moment == "while keywire is down":
                await running.until(lambda: not running.schedule._due.waiting, PATIENCE)
                await running.__aexit__()
                polls += running.polls.of(site(1))
                running.clock.off += seconds * SECOND
                await running.__aenter__()
            else:
                running.clock.off += seconds * SECOND
        set_at = own_time()
        with contextlib.suppress(AssertionError):
            await running.until(lambda: running.polls.counts(set_at)[site(1)] >= GOES_ON, patience)
        polls += running.polls.of(site(1))
        early = sum(later - earlier < EVERY - 0.05 for earlier, later in pairwise(polls))
        return running.polls.counts(set_at)[site(1)], early
    finally:
        await running.__aexit__()


def jumped(folder, moment, patience):
    """Try every jump at a moment, all at once; give those that cost too much or stop it all."""

    async def run():
        found = await asyncio.gather(
            *(
                polls_across_jumps(folder / str(n), jump, moment, patience)
                for n, jump in enumerate(JUMPS.values())
            )
        )
        return [
            (name, polls, early)
            for name, (polls, early) in zip(JUMPS, found, strict=True)
            if polls < GOES_ON or early > len(JUMPS[name])
        ]

    return asyncio.run(run())


def test_there_are_as_many_jumps_as_make_it_believable():
    assert len(JUMPS) * len(MOMENTS) >= 24


@pytest.mark.parametrize("moment", MOMENTS)
def test_whenever_the_clock_jumps_it_costs_a_poll_at_most_and_stops_nothing(tmp_path, moment):
    assert jumped(tmp_path, moment, PATIENCE) == []


def test_a_schedule_that_trusts_the_clock_would_be_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(Schedule, "_has_jumped", lambda *_: False)
    monkeypatch.setattr(due_times, "due_at", lambda source, now: source.next_poll or now)
    stopped = {name for name, polls, _ in jumped(tmp_path, MOMENTS[0], 2.0) if polls == 0}
    assert {"back an hour", "back two days"} <= stopped


# --- summer time ---


def zone_that_changes(at, direction):
    """Name a zone whose summer time, an hour on, begins or ends at a second in UTC."""
    begins, ends = at, at + timedelta(days=90)
    if direction == "back":
        begins, ends = at - timedelta(days=90), at
    days = [f"{told.timetuple().tm_yday - 1}/{told:%H:%M:%S}" for told in (begins, ends + HOUR)]
    return f"AAA0BBB-1,{','.join(days)}"


@pytest.fixture
def _zones():
    before = os.environ.get("TZ")
    yield
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def local_time():
    """Tell the time as a clock on the wall does, and call it UTC."""
    return datetime.now().replace(tzinfo=UTC)  # noqa: DTZ005 - that is what is wrong with it


def polls_across(folder, direction, tell_time, watched, *, every):
    """Poll until summer time begins or ends, and on until `watched` is over.

    Give how many polls there were by then, and the moments of all.
    """

    async def run():
        async with Running(folder, [site(1)], every=every, clock=tell_time) as running:
            await running.until(lambda: running.polls.begun)
            at = clock().replace(microsecond=0) + 2 * SECOND
            os.environ["TZ"] = zone_that_changes(at, direction)
            time.tzset()
            hours = [time.localtime(at.timestamp() + off).tm_hour for off in (-1, 0)]
            assert (hours[1] - hours[0]) % 24 == (1 if direction == "on" else 23)
            await running.until(lambda: clock() > at, seconds=PATIENCE)
            before = len(running.polls.begun)
            await watched(running, before)
            return before, [moment for _, moment in running.polls.begun]

    return asyncio.run(run())


async def three_more(running, before):
    await running.until(lambda: len(running.polls.begun) >= before + 3, seconds=PATIENCE)


async def a_second_one(running, _before):
    await running.until(lambda: len(running.polls.begun) > 1, seconds=PATIENCE)


@pytest.mark.usefixtures("_zones")
@pytest.mark.parametrize("direction", ["on", "back"])
def test_when_summer_time_begins_or_ends_nothing_is_polled_early_and_nothing_stops(
    tmp_path, direction
):
    _, polls = polls_across(tmp_path, direction, clock, three_more, every=EVERY * SECOND)
    assert all(later - earlier > EVERY - 0.05 for earlier, later in pairwise(polls))


@pytest.mark.usefixtures("_zones")
def test_a_schedule_that_lives_by_local_time_would_be_noticed(tmp_path):
    _, polls = polls_across(tmp_path, "on", local_time, a_second_one, every=60 * SECOND)
    assert polls[1] - polls[0] < 60
