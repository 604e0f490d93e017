"""What alerts make of polls, written and read back on each database."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from pages import PROVENANCE, START, URL, block, page
from sqlalchemy import delete, insert

from store import loading, resorting, sources, timeline
from store.alerting import deliveries, digests, due_deliveries, outbox
from store.alerting import notices as kept_notices
from store.alerting.alerts import AlertRule, Cap, Kind, Quiet, Target, Why
from store.alerting.delivery import DeliveryState, Lane, Result
from store.alerting.due_deliveries import read_due
from store.alerting.rehearsal import rehearse
from store.archive.entry_history import find_entry
from store.changes import diff
from store.database import open_database
from store.errors import UnknownError
from store.schema import deliveries as deliveries_table
from store.schema import notices
from store.topics import Match, TopicRule

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,))
HOOK, ROOM = Target("webhook:x/1"), Target("matrix:y/2", edits=True)
ALERT = AlertRule("desk", ("harbour",), Match(("storm",)), (HOOK, ROOM), backfill=True)
A = block("a", 171, "A storm took 11 boats.")
B = block("b", 174, "The sea is calm.")
C = block("c", 177, "Another storm comes.")


def poll(database, *blocks, now=NOW, alerts=(ALERT,), **more):
    with database.write() as connection:
        sources.follow_sources(connection, [URL])
        resorting.follow_topics(connection, [RULE], now)
        source = sources.followed(connection)[0]
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, page([*blocks], **more), now, provenance=PROVENANCE)
        return timeline.apply(
            connection, kept, outcome, now, source_id=source.id, rules=[RULE], alerts=alerts
        )


def due(database, lane, now=NOW, most=99):
    with database.read() as connection:
        return read_due(connection, lane.lane, now, most)


def finish(database, delivery, message="", state=DeliveryState.DELIVERED):
    with database.write() as connection:
        deliveries.record(
            connection, [Result(delivery, state, NOW, NOW, 204, "as it said", message)]
        )


def texts(found):
    return [(one.kind, one.past.stored.entry.text) for one in found]


def test_what_goes_out_is_written_once_for_each_target_and_read_back_as_it_was(database):
    assert poll(database, C, B, A).deliveries == 4
    first = (Kind.FIRED, "A storm took 11 boats."), (Kind.FIRED, "Another storm comes.")
    assert texts(due(database, HOOK)) == [*first]
    edited = A.edited("A storm took 17 boats.")
    assert poll(database, C, B, edited, now=NOW + MINUTE).deliveries == 2
    assert texts(due(database, HOOK, NOW + MINUTE)) == [*first]  # the edit waits for the first
    finish(database, due(database, ROOM)[0], message="m1")
    (change, other) = sorted(due(database, ROOM, NOW + MINUTE), key=lambda one: one.number)
    assert (change.kind, change.message, change.reason) == (
        Kind.CHANGED,
        "m1",
        "figures: 11 → 17",
    )
    assert change.past.before.entry.text == "A storm took 11 boats."
    assert change.past.stored.entry.text == "A storm took 17 boats."
    assert other.message == ""


def test_a_typo_goes_where_messages_are_edited_and_nowhere_else(database):
    poll(database, A)
    edited = A.edited("A storm took 11 boats")
    assert poll(database, edited, now=NOW + MINUTE).deliveries == 1
    finish(database, due(database, ROOM)[0], message="m1")
    assert [one.kind for one in due(database, ROOM, NOW + MINUTE)] == [Kind.EDITED]


def test_one_target_of_two_alerts_is_told_once(database):
    again = replace(ALERT, name="again")
    poll(database, A, alerts=(ALERT, again))
    assert [one.alert for one in due(database, HOOK)] == ["desk"]
    with database.read() as connection:
        rows = kept_notices.of_entry(connection, 1, "again")
    assert [(one.kind, one.why) for one in rows] == [(Kind.FIRED, Why.TOLD)]


def test_what_one_alert_tells_at_once_stands_in_no_digest_of_another_to_the_same_target(database):
    full = replace(ALERT, name="full", cap=Cap(1, 10 * MINUTE))
    later = replace(ALERT, name="later", when=Match(("another",)))
    poll(database, C, B, A, alerts=(full, later))
    assert [(one.alert, one.kind) for one in due(database, HOOK, NOW + 20 * MINUTE)] == [
        ("full", Kind.FIRED),
        ("later", Kind.FIRED),
    ]
    with database.read() as connection:
        (held,) = kept_notices.of_entry(connection, 3, "full")
    assert (held.why, held.delivery_id) == (Why.TOLD, None)


def test_nothing_matched_is_no_row_and_no_alert_is_no_query(database, monkeypatch):
    poll(database, B)
    with database.read() as connection:
        assert kept_notices.of_entry(connection, 1) == []
    monkeypatch.setattr(outbox, "_known", None)
    assert poll(database, C, B, now=NOW + MINUTE, alerts=()).deliveries == 0


def test_what_is_over_a_cap_waits_for_one_digest(database):
    alert = replace(ALERT, cap=Cap(1, 10 * MINUTE))
    assert poll(database, C, B, A, alerts=(alert,)).deliveries == 4  # one each, and a digest each
    assert texts(due(database, HOOK)) == [(Kind.FIRED, "A storm took 11 boats.")]
    (_, digest) = due(database, HOOK, NOW + 10 * MINUTE)
    assert (digest.kind, digest.digest.count) == (Kind.DIGEST, 1)
    assert digest.digest.pasts[0].stored.entry.text == "Another storm comes."


TIGHT = replace(ALERT, cap=Cap(1, 10 * MINUTE))
LATER = NOW + 11 * MINUTE


def burst(database, count=3):
    """Entries 1, 2, …: the first is told, the others wait for a digest."""
    blocks = [block(f"n{n}", 150 + n, f"Storm {n} sank 11 boats.") for n in range(1, count + 1)]
    show(database, blocks)
    return blocks


def show(database, blocks, now=NOW, alert=TIGHT, **more):
    return poll(database, *reversed(blocks), now=now, alerts=(alert,), **more)


def retract(database, blocks, number, now, alert=TIGHT):
    """Let the publisher state that it took one of the blocks away."""
    left = [one for one in blocks if one is not blocks[number - 1]]
    show(database, left, now, alert, deleted=(blocks[number - 1].id,))


def take_all(database, lane, now):
    """Let all that is due in a lane arrive; give it in the order in which it went."""
    found = []
    while batch := due(database, lane, now):
        found += batch
        for one in batch:
            finish(database, one, message=f"m{one.id}")
    return found


def listed(digest):
    return [past.stored.entry.text for past in digest.digest.pasts]


def test_a_digest_that_has_not_gone_tells_of_its_entries_as_they_are_when_it_goes(database):
    one, two, three, four = burst(database, 4)
    edited = two.edited("Storm 2 sank 17 boats.")
    show(database, [one, edited, three, four], NOW + MINUTE)
    retract(database, [one, edited, three, four], 3, NOW + 2 * MINUTE)
    (_, digest) = take_all(database, HOOK, LATER)
    assert (digest.kind, digest.digest.count) == (Kind.DIGEST, 2)
    assert listed(digest) == ["Storm 2 sank 17 boats.", four.body]
    with database.read() as connection:
        held = [(one.kind, one.why) for one in kept_notices.of_entry(connection, 3)]
    assert held == [(Kind.FIRED, Why.CAPPED), (Kind.RETRACTED, Why.CAPPED)]


def test_whoever_got_a_digest_is_told_what_becomes_of_the_entries_that_it_names(database):
    one, two, three = burst(database)
    digest = take_all(database, ROOM, LATER)[-1]
    edited = two.edited("Storm 2 sank 17 boats.")
    show(database, [one, edited, three], LATER)
    retract(database, [one, edited, three], 3, LATER + MINUTE)
    got = take_all(database, ROOM, LATER + MINUTE)
    assert [(one.kind, one.number, one.listed_in) for one in got] == [
        (Kind.CHANGED, 2, f"m{digest.id}"),
        (Kind.RETRACTED, 3, f"m{digest.id}"),
    ]
    retract(database, [one, edited], 2, LATER + 2 * MINUTE)
    (last,) = take_all(database, ROOM, LATER + 2 * MINUTE)
    assert last.message == f"m{got[0].id}"


def test_a_retraction_is_due_in_quiet_hours_and_waits_for_the_digest_that_told_it(database):
    blocks = burst(database)
    take_all(database, HOOK, NOW)
    night = replace(TIGHT, quiet=Quiet(time(0), time(23, 59)))
    retract(database, blocks, 3, LATER, night)
    (digest,) = due(database, HOOK, LATER)  # its target was out until now
    assert digest.kind is Kind.DIGEST
    finish(database, digest)
    (retraction,) = due(database, HOOK, LATER)
    assert (retraction.kind, retraction.number) == (Kind.RETRACTED, 3)


def test_of_what_a_digest_only_counted_nobody_is_told_more(database):
    blocks = burst(database, 13)
    digest = take_all(database, HOOK, LATER)[-1]
    assert (digest.digest.count, len(listed(digest))) == (12, 10)
    retract(database, blocks, 13, LATER)
    retract(database, blocks[:12], 11, LATER)
    assert [one.number for one in due(database, HOOK, LATER)] == [11]


def test_a_digest_that_was_tried_once_takes_nothing_more(database):
    blocks = burst(database)
    (_, digest) = due(database, HOOK, LATER)
    failed = Result(digest, DeliveryState.WAITING, LATER + 5 * MINUTE, LATER, 500)
    with database.write() as connection:
        deliveries.record(connection, [failed])
    show(database, [*blocks, block("n4", 176, "Storm 4."), block("n5", 177, "Storm 5.")], LATER)
    found = due(database, HOOK, LATER + 30 * MINUTE)
    counts = {one.notice_id: one.digest.count for one in found if one.digest}
    assert [*counts.values()] == [2, 1]


@pytest.mark.parametrize("weak", ["named", "joined"])
def test_a_careless_outbox_tells_of_a_digest_what_it_should_not(database, monkeypatch, weak):
    """These tests can tell: where all that was counted was told, where what went still changes."""
    if weak == "named":
        monkeypatch.setattr(digests, "names", lambda *_: True)
        check = test_of_what_a_digest_only_counted_nobody_is_told_more
    else:
        monkeypatch.setattr(digests, "takes_more", lambda *_: True)
        check = test_a_retraction_is_due_in_quiet_hours_and_waits_for_the_digest_that_told_it
    with pytest.raises((AssertionError, ValueError)):
        check(database)


def steps(database, lane, many):
    """Count the steps (in hundreds) of SQLite's machine that one batch takes of so many."""
    with database.write() as connection:
        connection.execute(delete(deliveries_table))
        connection.execute(delete(notices))
        rows = [{"id": n, "alert": "desk", "kind": "digest"} for n in range(1, many + 1)]
        more = {"reason": "", "before": 0, "written_at": NOW}
        connection.execute(insert(notices), [{**row, **more} for row in rows])
        waiting = {"lane": lane, "state": "waiting", "due": NOW, "attempts": 0}
        connection.execute(
            insert(deliveries_table),
            [{"notice_id": row["id"], "number": row["id"], **waiting} for row in rows],
        )
    counted = []
    with database.read() as connection:
        raw = connection.connection.dbapi_connection
        raw.set_progress_handler(lambda: counted.append(1), 100)
        found = connection.execute(
            due_deliveries._SOONEST, {"of": lane, "now": NOW, "most": 64}
        ).all()
        raw.set_progress_handler(None, 0)
    assert len(found) == 64
    return len(counted)


def test_a_batch_takes_no_longer_the_more_wait_behind_it(tmp_path, monkeypatch):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    assert steps(database, HOOK.lane, 4_000) <= 2 * steps(database, HOOK.lane, 400)
    monkeypatch.setattr(due_deliveries, "_SOONEST", due_deliveries._OLDEST)
    assert steps(database, HOOK.lane, 4_000) > 4 * steps(database, HOOK.lane, 400)
    database.close()


def test_lanes_are_remembered_parked_and_go_on(database):
    poll(database, C, A)
    with database.write() as connection:
        assert deliveries.read_lane(connection, "x") == Lane("x")
        stopped = Lane(HOOK.lane, 3, NOW, NOW, "gone")
        for _ in range(2):
            deliveries.write_lane(connection, stopped)
        assert deliveries.read_lane(connection, HOOK.lane) == stopped
        assert deliveries.park_lane(connection, HOOK.lane, "gone") == 2
        assert {*deliveries.waiting_lanes(connection)} == {ROOM.lane}
    with database.read() as connection:
        surveyed = kept_notices.survey(connection, 10)
    assert surveyed.counts[DeliveryState.PARKED] == 2
    assert [one.answer for one in surveyed.listed if one.lane == HOOK.lane] == ["gone", "gone"]
    assert surveyed.lanes == (stopped,)
    parked = next(one for one in surveyed.listed if one.lane == HOOK.lane)
    with database.write() as connection:
        assert deliveries.retry(connection, parked.delivery_id, NOW) == 1
        assert deliveries.read_lane(connection, HOOK.lane) == Lane(HOOK.lane)
        assert deliveries.retry(connection, None, NOW) == 4
        with pytest.raises(UnknownError):
            deliveries.retry(connection, 99, NOW)


def test_a_poll_that_fails_writes_no_delivery(database, monkeypatch):
    written = outbox._Desk.close

    def write_and_fail(desk):
        assert written(desk) == 2
        raise ZeroDivisionError

    monkeypatch.setattr(outbox._Desk, "close", write_and_fail)
    with pytest.raises(ZeroDivisionError):
        poll(database, A)
    with database.read() as connection:
        assert kept_notices.survey(connection, 10, held=True).listed == ()


def test_the_log_rehearsed_tells_what_was_told(database):
    poll(database, B, A)
    edited = A.edited("A storm took 17 boats.")
    poll(database, C, B, edited, now=NOW + MINUTE)
    with database.read() as connection:
        found = rehearse(connection, [ALERT], {"harbour": Match()}, NOW - MINUTE)
        rows = {
            one.notice_id: one for n in (1, 2, 3) for one in kept_notices.of_entry(connection, n)
        }
    rehearsed = sorted((one.stored.number, one.notice.kind.value) for one in found)
    assert rehearsed == sorted((one.number, one.kind.value) for one in rows.values())


def test_an_entry_is_found_by_its_number_id_or_address(database):
    poll(database, A)
    with database.read() as connection:
        stored = find_entry(connection, "1")
        assert find_entry(connection, stored.id) == stored
        if stored.entry.permalink:
            assert find_entry(connection, stored.entry.permalink) == stored
        for wrong in ("2", "tag:none", "https://none.example/", "", "9" * 40):
            with pytest.raises(UnknownError, match="give its number"):
                find_entry(connection, wrong)
