"""What is polled when: order, lanes, lateness, what a person changes, and what fails."""

import asyncio
import logging
import threading
from dataclasses import replace
from itertools import pairwise

from ticking import HOUR, SECOND, START, Running, play, site
from unhurried import own_time

from keywire import schedule as scheduling
from keywire.config import SourceOptions
from keywire.polling.page_options import Wishes
from store import by_hand, sources
from store.database import open_database
from store.errors import DatabaseError
from store.source import AFTER_RESTART, SourceState

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
        running.by_hand(by_hand.pause, site(1))
        await asyncio.sleep(2.3)
        since = own_time()
        await asyncio.sleep(0.6)
        assert running.polls.counts(since)[site(1)] == 0
        assert running.polls.counts(since)[site(2)] >= 2
        running.by_hand(by_hand.resume, site(1))
        await running.until(lambda: running.polls.counts(since)[site(1)], 2.3)

    play(tmp_path, [site(1), site(2)], tell, every=SECOND / 5)


def test_what_is_paused_while_it_is_polled_stays_paused(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "LOOK_SECONDS", 0.1)

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        running.by_hand(by_hand.pause, site(1))
        await asyncio.sleep(1.2)
        assert running.polls.under_way["all"] == 0
        assert len(running.polls.begun) == 1

    play(tmp_path, [site(1)], tell, every=SECOND / 10, takes=lambda _: 0.6)


def test_what_is_paused_while_it_waits_behind_another_is_not_polled(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "LOOK_SECONDS", 0.1)
    first, second = site(1, "first"), site(1, "second")

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        running.by_hand(by_hand.pause, second)
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
        await running.until(lambda: not running.schedule._due.waiting)
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
        since = own_time()
        await asyncio.sleep(0.5)
        assert set(running.polls.counts(since)) == {site(2)}

    play(tmp_path, [site(1), site(2)], tell, every=SECOND / 10)


def test_a_shorter_every_that_a_person_writes_counts_at_once(tmp_path):
    async def tell(running):
        await running.all_polled()
        options = {site(1): SourceOptions(site(1), every=SECOND / 4)}
        running.polls.wishes = Wishes(options, ())
        since = own_time()
        running.schedule.look_again()
        await running.until(lambda: running.polls.counts(since)[site(1)], 1.0)
        first, second = running.polls.of(site(1))[:2]
        assert second - first >= 0.25
        assert running.polls.counts(since)[site(2)] == 0

    play(tmp_path, [site(1), site(2)], tell)


def test_a_shorter_every_for_many_makes_no_storm(tmp_path):
    urls = [site(n) for n in range(1, 31)]

    async def tell(running):
        options = {url: SourceOptions(url, every=SECOND) for url in urls}
        running.polls.wishes = Wishes(options, ())
        running.schedule.look_again()
        await running.all_polled()
        times = [at for _, at in running.polls.begun]
        assert times[-1] - times[0] > 0.5

    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.write() as connection:
        sources.follow_sources(connection, urls)
        for source in sources.followed(connection):
            known = replace(source, state=SourceState.OK, last_poll=START - HOUR)
            sources.record(connection, source, replace(known, next_poll=START + HOUR), [])
    database.close()
    play(tmp_path, urls, tell)


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
        since = own_time()
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
        since = own_time()
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


def test_a_tick_that_comes_while_keywire_ends_begins_nothing(tmp_path):
    async def run():
        running = Running(tmp_path, [site(1)])
        await running.__aenter__()
        await asyncio.gather(running.schedule.stop(), running.schedule._tick())
        await asyncio.sleep(0.1)
        with running.database.read() as connection:
            (source,) = sources.followed(connection)
        running.database.close()
        assert running.polls.begun == []
        assert source.next_poll is None

    asyncio.run(run())


def test_at_the_end_a_poll_that_hangs_is_let_go(tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "GRACE_SECONDS", 0.2)

    async def tell(running):
        await running.until(lambda: running.polls.begun)
        begun = own_time()
        await running.__aexit__()
        assert own_time() - begun < 1.0

    async def run():
        running = Running(tmp_path, [site(1)], takes=lambda _: 60.0)
        await running.__aenter__()
        await tell(running)

    asyncio.run(run())


def test_a_poll_that_is_cut_off_at_the_end_is_due_within_a_minute_unless_it_was_kept(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(scheduling, "GRACE_SECONDS", 0.1)
    hanging, kept = site(1), site(2)

    async def hang(report):
        await asyncio.sleep(60.0 if report.source.url == kept else 0.0)

    def takes(source):
        return 60.0 if source.url == hanging else 0.0

    async def run():
        running = Running(tmp_path, [hanging, kept], takes=takes, hear=hang)
        await running.__aenter__()
        await running.until(lambda: len(running.polls.counts()) == 2)
        await running.until(lambda: running.polls.under_way["all"] == 1)
        await running.schedule.stop()
        with running.database.read() as connection:
            due = {source.url: source.next_poll for source in sources.followed(connection)}
        now = running.clock()
        running.database.close()
        assert now < due[hanging] <= now + AFTER_RESTART
        assert due[kept] > now + HOUR / 2

    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.write() as connection:
        sources.follow_sources(connection, [hanging, kept])
        for source in sources.followed(connection):
            read = replace(source, last_poll=START - 3 * HOUR, next_poll=START - HOUR)
            sources.record(connection, source, read, [])
    database.close()
    asyncio.run(run())
