"""Sources as the store has them, held against watches, on each database."""

from dataclasses import replace
from datetime import timedelta

from pages import START
from sqlalchemy import select

from store import sources
from store.alerting import deliveries, notices, watching
from store.alerting.alerts import Cap, Kind, Target, Why
from store.alerting.delivery import DeliveryState, Result
from store.alerting.due_deliveries import read_due
from store.alerting.watch import WatchRule
from store.schema import found_pages
from store.source import SourceState

NOW, MINUTE = START, timedelta(minutes=1)
LANE = "webhook:desk/1"
RULE = WatchRule("health", (Target(LANE),), silent=30 * MINUTE)
A, B = "https://a.example/live", "https://b.example/live"


def turn(database, url, state, now, **more):
    """Let a poll of a source end so."""
    with database.write() as connection:
        sources.follow_sources(connection, [A, B])
        (source,) = (one for one in sources.followed(connection) if one.url == url)
        after = replace(source, state=state, reason="HTTP 503", last_poll=now, **more)
        sources.record(connection, source, after, ())


def look(database, now, *rules):
    with database.write() as connection:
        return watching.tell(connection, rules or (RULE,), now)


def take_all(database, now):
    """Let all that is due arrive, and give it."""
    found = []
    with database.write() as connection:
        while batch := read_due(connection, LANE, now, 99):
            found += batch
            results = [
                Result(one, DeliveryState.DELIVERED, now, now, 200, "", f"m{one.id}")
                for one in batch
            ]
            deliveries.record(connection, results)
    return found


def test_a_source_that_breaks_and_recovers_is_told_twice_and_the_second_time_in_reply(database):
    turn(database, A, SourceState.OK, NOW - 60 * MINUTE)
    turn(database, A, SourceState.BROKEN, NOW)
    turn(database, A, SourceState.BROKEN, NOW + 3 * MINUTE)  # it stands so since the first
    assert look(database, NOW + 4 * MINUTE) == 0
    assert look(database, NOW + 5 * MINUTE) == 1
    assert look(database, NOW + 6 * MINUTE) == 0
    turn(database, A, SourceState.OK, NOW + 10 * MINUTE)
    assert look(database, NOW + 15 * MINUTE) == 1
    broken, recovered = take_all(database, NOW + 15 * MINUTE)
    assert (broken.kind, broken.trouble.url, broken.trouble.since) == (Kind.BROKEN, A, NOW)
    assert (recovered.kind, recovered.message) == (Kind.RECOVERED, f"m{broken.id}")
    assert broken.message == ""
    assert broken.reason == "broken: HTTP 503"


def test_what_is_told_of_a_source_goes_out_in_order(database):
    turn(database, A, SourceState.BROKEN, NOW)
    look(database, NOW + 5 * MINUTE)
    turn(database, A, SourceState.OK, NOW + 6 * MINUTE)
    look(database, NOW + 12 * MINUTE)
    with database.read() as connection:
        (first,) = read_due(connection, LANE, NOW + 12 * MINUTE, 99)
    assert first.kind is Kind.BROKEN


def test_silence_is_measured_by_polls(database):
    turn(database, A, SourceState.OK, NOW, live=True, last_change=NOW)
    assert look(database, NOW + 40 * MINUTE) == 0  # nobody asked since
    turn(database, A, SourceState.OK, NOW + 40 * MINUTE, live=True)
    assert look(database, NOW + 40 * MINUTE) == 1
    (silent,) = take_all(database, NOW + 40 * MINUTE)
    assert (silent.kind, silent.trouble.since) == (Kind.SILENT, NOW)


def test_a_watch_is_over_the_sources_of_its_topics_and_over_pages_found_for_them(database):
    for url in (A, B):
        turn(database, url, SourceState.OK, NOW - 60 * MINUTE)
    turn(database, B, SourceState.BROKEN, NOW)
    assert look(database, NOW + 5 * MINUTE, replace(RULE, follow=frozenset((A,)))) == 0
    with database.write() as connection:
        ids = {one.url: one.id for one in sources.followed(connection)}
        sources.follow_sources(connection, [A])
        page = {"source_id": ids[A], "page_id": ids[B], "found_at": NOW, "found_on": A}
        connection.execute(found_pages.insert().values(**page, standing="followed"))
        assert connection.scalar(select(found_pages.c.page_id)) == ids[B]
        assert watching.tell(connection, (replace(RULE, follow=frozenset((A,))),), NOW) == 0
        later = NOW + 5 * MINUTE
        assert watching.tell(connection, (replace(RULE, follow=frozenset((A,))),), later) == 1


def test_what_nobody_follows_any_more_is_nobodys_business(database):
    turn(database, A, SourceState.BROKEN, NOW)
    with database.write() as connection:
        sources.follow_sources(connection, [B])
    assert look(database, NOW + 5 * MINUTE) == 0


def test_many_that_break_at_once_come_in_one_digest(database):
    urls = [f"https://a.example/live/{n}" for n in range(20)]
    with database.write() as connection:
        sources.follow_sources(connection, urls)
        for source in sources.followed(connection):
            broken = replace(source, state=SourceState.BROKEN, reason="HTTP 503", last_poll=NOW)
            sources.record(connection, source, broken, ())
    rule = replace(RULE, cap=Cap(3, 10 * MINUTE))
    assert look(database, NOW + 5 * MINUTE, rule) == 4
    assert look(database, NOW + 6 * MINUTE, rule) == 0
    *first, digest = take_all(database, NOW + 15 * MINUTE)
    assert [one.kind for one in first] == [Kind.BROKEN] * 3
    assert (digest.kind, digest.digest.count) == (Kind.DIGEST, 17)
    assert len(digest.digest.troubles) == 10
    with database.read() as connection:
        held = [one for one in notices.survey(connection, 99, held=True).listed if one.why]
    assert {one.why for one in held} == {Why.CAPPED}
    assert {one.url for one in held} <= {*urls}
