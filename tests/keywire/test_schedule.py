"""The schedule on a real store and a real event loop, with polls that only take time."""

import asyncio
import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from keywire import schedule as scheduling
from keywire.config import SourceOptions
from keywire.report import Report
from keywire.schedule import Schedule
from keywire.wishes import Wishes
from store import sources
from store.database import open_database
from store.errors import DatabaseError
from store.sources import SourceState

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@dataclass
class Clock:
    """Our clock: it may run fast, and be set."""

    rate: float = 1.0
    began: float = field(default_factory=time.monotonic)
    off: timedelta = timedelta()

    def __call__(self):
        return START + self.off + (time.monotonic() - self.began) * self.rate * SECOND


class Polls:
    """Stands where the poller does: each poll takes `takes(source)` seconds and is written down."""

    def __init__(self, database, clock, every, takes):
        self.database, self.now, self.every, self.takes = database, clock, every, takes
        self.wishes = Wishes({}, ())
        self.begun, self.under_way, self.most = [], Counter(), Counter()
        self.fails = lambda _: None

    async def put_off(self, until):
        with self.database.write() as connection:
            sources.put_off(connection, until)

    async def poll(self, source):
        host = urlsplit(source.url).hostname
        self.begun.append((source.url, time.monotonic()))
        self.under_way.update([source.url, host, "all"])
        self.most |= self.under_way
        try:
            await asyncio.sleep(self.takes(source))
        finally:
            self.under_way.subtract([source.url, host, "all"])
        self.fails(source)
        now = self.now()
        after = replace(
            source,
            state=SourceState.OK,
            last_poll=now,
            next_poll=now + self.every,
            polls=source.polls + 1,
        )
        with self.database.write() as connection:
            sources.record(connection, source, after, [])
        return Report(after)

    def of(self, url):
        return [at for asked, at in self.begun if asked == url]

    def counts(self, since=0.0):
        return Counter(url for url, at in self.begun if at >= since)


def site(host, path="live"):
    return f"https://host-{host}.example/{path}"


class Running:
    """A schedule that runs; `waits` are how late polls began."""

    def __init__(self, folder, urls, *, every=HOUR, takes=lambda _: 0.0, rate=1.0, hear=None):
        self.folder, self.urls, self.every, self.takes = folder, urls, every, takes
        self.clock, self.waits = Clock(rate), []
        self.told = hear or self.hear

    async def hear(self, _):
        pass

    async def __aenter__(self):
        self.database = open_database(f"sqlite:///{self.folder}/keywire.db")
        with self.database.write() as connection:
            sources.follow_sources(connection, self.urls)
        self.polls = Polls(self.database, self.clock, self.every, self.takes)
        self.schedule = Schedule(self.polls, self.told, late=self.waits.append)
        self.schedule.start()
        return self

    async def __aexit__(self, *_):
        await self.schedule.stop()
        self.database.close()

    def by_hand(self, change, *arguments):
        with self.database.write() as connection:
            change(connection, *arguments)

    async def until(self, claim, seconds=5.0):
        end = time.monotonic() + seconds
        while not claim():
            assert time.monotonic() < end, f"not within {seconds} s"
            await asyncio.sleep(0.01)

    async def all_polled(self):
        await self.until(lambda: len(self.polls.counts()) == len(self.urls))


def play(folder, urls, tell, **more):
    async def run():
        async with Running(folder, urls, **more) as running:
            await tell(running)

    asyncio.run(run())


# --- order and lanes ---


def test_sources_of_one_host_are_polled_in_the_order_they_were_due(tmp_path):
    urls = [site(1, f"live-{n}") for n in range(6)]
    wanted = [urls[n] for n in (3, 0, 5, 1, 4, 2)]

    async def tell(running):
        await running.all_polled()
        assert [url for url, _ in running.polls.begun] == wanted

    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.write() as connection:
        sources.follow_sources(connection, urls)
        for source in sources.followed(connection):
            due = START - 60 * SECOND + wanted.index(source.url) * SECOND
            sources.record(connection, source, replace(source, next_poll=due), [])
    database.close()
    play(tmp_path, urls, tell)


def test_a_source_is_never_polled_twice_at_a_time_however_slow_it_is(tmp_path):
    async def tell(running):
        await asyncio.sleep(1.2)
        assert len(running.polls.begun) >= 2
        assert running.polls.most[site(1)] == 1

    play(tmp_path, [site(1)], tell, every=SECOND / 100, takes=lambda _: 0.4)


def test_one_source_of_a_host_at_a_time_and_many_hosts_at_once(tmp_path):
    urls = [site(host, f"live-{n}") for host in range(20) for n in range(3)]

    async def tell(running):
        await running.all_polled()
        most = running.polls.most
        assert {most[f"host-{host}.example"] for host in range(20)} == {1}
        assert most["all"] == 20
        assert set(running.polls.counts().values()) == {1}

    play(tmp_path, urls, tell, takes=lambda _: 0.2)


def test_a_host_that_hangs_delays_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "GRACE_SECONDS", 0.1)
    urls = [site(host) for host in range(50)]

    async def tell(running):
        await asyncio.sleep(2.0)
        counts = running.polls.counts()
        assert counts.pop(site(7)) == 1
        assert min(counts.values()) >= 3
        assert max(running.waits) < 0.5

    play(
        tmp_path,
        urls,
        tell,
        every=SECOND / 2,
        takes=lambda source: 60.0 if source.url == site(7) else 0.0,
    )


def test_no_more_hosts_are_asked_at_once_than_there_are_places(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "AT_ONCE", 5)
    urls = [site(host) for host in range(20)]

    async def tell(running):
        await running.all_polled()
        assert running.polls.most["all"] == 5

    play(tmp_path, urls, tell, takes=lambda _: 0.05)


# --- a person's word ---


def test_pause_and_resume_are_seen_within_two_seconds(tmp_path):
    async def tell(running):
        await running.all_polled()
        running.by_hand(sources.pause, site(1))
        await asyncio.sleep(2.3)
        since = time.monotonic()
        await asyncio.sleep(0.6)
        assert running.polls.counts(since)[site(1)] == 0
        assert running.polls.counts(since)[site(2)] >= 2
        running.by_hand(sources.resume, site(1))
        await running.until(lambda: running.polls.counts(since)[site(1)], 2.3)

    play(tmp_path, [site(1), site(2)], tell, every=SECOND / 5)


def test_what_is_paused_while_it_is_polled_stays_paused(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "LOOK_SECONDS", 0.1)

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        running.by_hand(sources.pause, site(1))
        await asyncio.sleep(1.2)
        assert running.polls.under_way["all"] == 0
        assert len(running.polls.begun) == 1

    play(tmp_path, [site(1)], tell, every=SECOND / 10, takes=lambda _: 0.6)


def test_what_is_paused_while_it_waits_behind_another_is_not_polled(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "LOOK_SECONDS", 0.1)
    first, second = site(1, "first"), site(1, "second")

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        running.by_hand(sources.pause, second)
        await asyncio.sleep(1.2)
        assert running.polls.counts() == {first: 1}

    play(tmp_path, [first, second], tell, takes=lambda _: 0.6)


def test_a_look_that_is_asked_for_while_another_is_under_way_is_not_lost(tmp_path):
    added = site(2)

    async def tell(running):
        await running.all_polled()
        read = running.schedule._read

        def read_just_before(known, *, anew):
            running.schedule._read = read
            was = read(known, anew=anew)
            running.by_hand(sources.follow_sources, [site(1), added])
            running.schedule.look_again()
            return was

        running.schedule._read = read_just_before
        running.schedule.look_again()
        await running.until(lambda: running.polls.of(added), 1.0)

    play(tmp_path, [site(1)], tell)


def test_what_was_read_before_a_poll_ended_does_not_undo_what_it_came_to(tmp_path):
    reading, go = threading.Event(), threading.Event()

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        read = running.schedule._read

        def linger(known, *, anew):
            found = read(known, anew=anew)
            reading.set()
            go.wait(5)
            return found

        running.schedule._read = linger
        running.schedule.look_again()
        await running.until(reading.is_set)
        await running.until(lambda: not running.schedule._waiting)
        go.set()
        running.schedule._read = read
        await running.until(lambda: len(running.polls.begun) >= 3)

    play(tmp_path, [site(1)], tell, every=SECOND / 5, takes=lambda _: 0.5)


def test_a_source_that_is_no_longer_followed_is_polled_no_more(tmp_path):
    async def tell(running):
        await running.all_polled()
        running.by_hand(sources.follow_sources, [site(2)])
        running.schedule.look_again()
        await asyncio.sleep(0.5)
        since = time.monotonic()
        await asyncio.sleep(0.5)
        assert set(running.polls.counts(since)) == {site(2)}

    play(tmp_path, [site(1), site(2)], tell, every=SECOND / 10)


def test_a_shorter_every_that_a_person_writes_counts_at_once(tmp_path):
    async def tell(running):
        await running.all_polled()
        options = {site(1): SourceOptions(site(1), every=SECOND / 4)}
        running.polls.wishes = Wishes(options, ())
        since = time.monotonic()
        running.schedule.look_again()
        await running.until(lambda: running.polls.counts(since)[site(1)], 1.0)
        assert running.polls.of(site(1))[1] - since >= 0.25
        assert running.polls.counts(since)[site(2)] == 0

    play(tmp_path, [site(1), site(2)], tell)


# --- our clock ---


def test_a_clock_that_goes_back_costs_one_poll_at_most_and_stops_nothing(tmp_path):
    urls = [site(host) for host in range(5)]

    async def tell(running):
        await running.all_polled()
        running.clock.off -= timedelta(days=2)
        set_at = time.monotonic()
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
        set_at = time.monotonic()
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
EVERY, WATCHED = 0.5, 1.7  # seconds


async def polls_after(folder, jump, moment):
    """Let the clock jump at a moment; give how often the source is polled within `WATCHED`."""
    folder.mkdir()
    takes = 0.2 if moment == "while a poll is under way" else 0.0
    running = Running(folder, [site(1)], every=EVERY * SECOND, takes=lambda _: takes)
    await running.__aenter__()
    try:
        await running.until(lambda: running.polls.begun)
        await asyncio.sleep(0.1)
        for number, seconds in enumerate(jump):
            await asyncio.sleep(0.1 * number)
            if moment == "while keywire is down":
                await running.until(lambda: not running.schedule._waiting)
                await running.__aexit__()
                running.clock.off += seconds * SECOND
                await running.__aenter__()
            else:
                running.clock.off += seconds * SECOND
        set_at = time.monotonic()
        await asyncio.sleep(WATCHED)
        return running.polls.counts(set_at)[site(1)]
    finally:
        await running.__aexit__()


def jumped(folder):
    """Try every jump at every moment, all at once; give those that cost too much or stop it all."""

    async def run():
        cases = [(name, moment) for name in JUMPS for moment in MOMENTS]
        assert len(cases) >= 24
        counts = await asyncio.gather(
            *(
                polls_after(folder / str(n), JUMPS[name], moment)
                for n, (name, moment) in enumerate(cases)
            )
        )
        usual = int(WATCHED / EVERY) + 1
        return [
            (case, polls)
            for case, polls in zip(cases, counts, strict=True)
            if not 1 <= polls <= usual + 1
        ]

    return asyncio.run(run())


def test_whenever_the_clock_jumps_it_costs_a_poll_at_most_and_stops_nothing(tmp_path):
    assert jumped(tmp_path) == []


def test_a_schedule_that_trusts_the_clock_would_be_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(Schedule, "_has_jumped", lambda *_: False)
    monkeypatch.setattr(scheduling, "due_at", lambda source, now: source.next_poll or now)
    stopped = {name for (name, _), polls in jumped(tmp_path) if polls == 0}
    assert {"back an hour", "back two days"} <= stopped


# --- what fails ---


def complaints(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def full(_):
    raise DatabaseError("the disk is full; make room")


def test_what_the_store_cannot_keep_is_tried_again_and_complained_of_once(
    tmp_path, monkeypatch, caplog
):
    assert scheduling.AFTER_A_FAILURE == 15 * SECOND
    monkeypatch.setattr(scheduling, "AFTER_A_FAILURE", SECOND / 4)
    monkeypatch.setattr(scheduling, "LOOK_SECONDS", 0.1)
    urls = [site(1), site(2), site(3)]

    async def tell(running):
        running.polls.fails = full
        await asyncio.sleep(1.3)
        counts = running.polls.counts()
        assert set(counts) == set(urls)
        assert set(counts.values()) <= {3, 4, 5}
        assert len(complaints(caplog)) == 1
        assert "the disk is full; make room; it is tried again" in complaints(caplog)[0]
        running.polls.fails = lambda _: None
        since = time.monotonic()
        await asyncio.sleep(0.8)
        assert running.polls.counts(since) == dict.fromkeys(urls, 1)
        running.polls.fails = full
        running.clock.off += HOUR
        await running.until(lambda: len(complaints(caplog)) == 2)

    play(tmp_path, urls, tell)


def test_a_store_that_cannot_be_read_is_complained_of_once_and_got_over(tmp_path, caplog):
    async def tell(running):
        await running.all_polled()
        read = running.schedule._read

        def fail(*_, **__):
            raise DatabaseError("the server is away")

        running.schedule._read = fail
        running.schedule.look_again()
        await asyncio.sleep(0.6)
        assert complaints(caplog) == ["the server is away; it is tried again"]
        running.schedule._read = read
        since = time.monotonic()
        await running.until(lambda: running.polls.counts(since))
        assert len(complaints(caplog)) == 1

    play(tmp_path, [site(1)], tell, every=SECOND / 5)


def test_a_bug_in_one_source_stops_no_other_of_its_host(tmp_path, caplog):
    def bug(source):
        if source.url == site(1, "bad"):
            raise ZeroDivisionError

    async def tell(running):
        running.polls.fails = bug
        await running.until(lambda: len(running.polls.of(site(1, "good"))) >= 3)
        assert len(running.polls.of(site(1, "bad"))) == 1
        assert "the other sources go on" in complaints(caplog)[0]

    play(tmp_path, [site(1, "bad"), site(1, "good")], tell, every=SECOND / 5)


def test_a_bug_is_met_again_after_growing_pauses(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "AFTER_A_FAILURE", SECOND / 10)

    def bug(source):
        if source.url == site(1, "bad"):
            raise ZeroDivisionError

    async def tell(running):
        running.polls.fails = bug
        await running.until(lambda: len(running.polls.of(site(1, "bad"))) >= 4)
        times = running.polls.of(site(1, "bad"))
        pauses = [later - earlier for earlier, later in pairwise(times)]
        assert all(pause >= 0.1 * 2**n for n, pause in enumerate(pauses))
        running.polls.fails = lambda _: None
        await running.until(lambda: len(running.polls.of(site(1, "bad"))) >= 7)
        times = running.polls.of(site(1, "bad"))
        assert times[-1] - times[-2] < pauses[-1]

    play(tmp_path, [site(1, "bad"), site(2, "good")], tell, every=SECOND / 10)


def test_a_listener_that_fails_stops_no_polling(tmp_path, caplog):
    async def fail(_):
        raise BrokenPipeError

    async def tell(running):
        await running.until(lambda: len(running.polls.begun) >= 3)
        assert "telling of" in complaints(caplog)[0]

    play(tmp_path, [site(1)], tell, every=SECOND / 5, hear=fail)


# --- the end ---


def test_at_the_end_a_poll_under_way_is_finished_and_none_is_begun(tmp_path):
    first, second = site(1, "first"), site(1, "second")

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        await running.schedule.stop()
        assert running.polls.counts() == {first: 1}
        with running.database.read() as connection:
            states = {source.url: source.state for source in sources.followed(connection)}
        assert states == {first: SourceState.OK, second: SourceState.NEW}

    async def run():
        running = Running(tmp_path, [first, second], takes=lambda _: 0.5)
        await running.__aenter__()
        await tell(running)
        running.database.close()

    asyncio.run(run())


def test_at_the_end_a_poll_that_hangs_is_let_go(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "GRACE_SECONDS", 0.2)

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        begun = time.monotonic()
        await running.__aexit__()
        assert time.monotonic() - begun < 1.0

    async def run():
        running = Running(tmp_path, [site(1)], takes=lambda _: 60.0)
        await running.__aenter__()
        await tell(running)

    asyncio.run(run())
