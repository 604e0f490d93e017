"""Decisions written and read back: entries, revisions, the log, topics and their windows."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from pages import PROVENANCE, START, URL, block, page
from sqlalchemy import func, select, text

from store import by_hand, loading, log, resorting, sources, timeline
from store.archive.revisions import revisions_of
from store.blog_addresses import find_blog, find_moved
from store.changes import agree, diff
from store.errors import UnknownError
from store.schema import entries, revisions
from store.source import SourceState, due_at
from store.topics import Match, Selection, TopicRule
from store.window import select_window

NOW = START + timedelta(hours=3)
MINUTE = timedelta(minutes=1)
RULE = TopicRule("harbour", "The harbour", (URL,))
STORM = TopicRule("storms", "Storms", (URL,), Match(any=("storm",)))
A, B, C = block("a", 0), block("b", 10), block("c", 20)


def follow(database, rules=(RULE,), now=NOW):
    with database.write() as connection:
        sources.follow_sources(connection, [URL])
        resorting.follow_topics(connection, rules, now)


def poll(database, snapshot, now=NOW, rules=(RULE,)):
    with database.write() as connection:
        source = sources.followed(connection)[0]
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, snapshot, now, provenance=PROVENANCE)
        return timeline.apply(connection, kept, outcome, now, source_id=source.id, rules=rules)


def window(database, topic="harbour", selection=Selection.ALL, limit=None):
    with database.read() as connection:
        return select_window(connection, topic, selection, limit)


def ids(database, **which):
    return [stored.entry.block_id for stored in window(database, **which).entries]


def events(database, after=0, topic=None, limit=100):
    with database.read() as connection:
        return log.read_after(connection, after, limit, topic)


def test_what_was_decided_is_what_is_read_back(database):
    follow(database)
    poll(database, page([replace(C, key=True, title="A title"), B, A]))
    with database.read() as connection:
        kept = loading.load(connection, URL).history
    fresh = diff(
        timeline.BlogHistory(URL),
        page([replace(C, key=True, title="A title"), B, A]),
        NOW,
        provenance=PROVENANCE,
    ).after
    for block_id, known in fresh.entries.items():
        number = kept.entries[block_id].stored.number
        assert number > 0
        expected = replace(known, stored=replace(known.stored, number=number))
        assert kept.entries[block_id] == expected
    assert replace(kept, entries={}) == replace(fresh, entries={})


def test_numbers_count_up_from_the_oldest_entry(database):
    follow(database)
    poll(database, page([C, B, A]))
    assert [s.number for s in window(database).entries] == [3, 2, 1]


def test_a_feed_shows_what_joined_last_first(database):
    follow(database)
    poll(database, page([B, A]))
    poll(database, page([C, B, A]), NOW + MINUTE)
    assert ids(database) == ["c", "b", "a"]


def test_an_edit_keeps_every_revision(database):
    follow(database)
    poll(database, page([A]))
    poll(database, page([A.edited("two")]), NOW + MINUTE)
    with database.read() as connection:
        kept = connection.execute(
            select(revisions.c.revision, revisions.c.text).order_by(revisions.c.revision)
        ).all()
    assert [tuple(row) for row in kept] == [(1, "What a says"), (2, "two")]
    assert ids(database) == ["a"]


def test_a_stronger_view_fills_in_and_leaves_when_the_revision_was_first_seen(database):
    follow(database)
    known_by_name = replace(A, key=True)
    poll(database, page([B, known_by_name], shown=1))
    poll(database, page([B, known_by_name]), NOW + MINUTE)
    with database.read() as connection:
        number = loading.load(connection, URL).history.entries["a"].stored.number
        (kept,) = revisions_of(connection, number)
    assert kept.provenance.view == "block"
    assert kept.seen_at == NOW


def test_the_log_tells_each_change_once_and_in_order(database):
    follow(database)
    poll(database, page([B, A]))
    poll(database, page([B, A.edited("two")]), NOW + MINUTE)
    told = events(database)
    assert [change.seq for change in told] == [1, 2, 3, 4]
    assert [change.type.value for change in told] == [
        "blog.discovered",
        "entry.published",
        "entry.published",
        "entry.updated",
    ]
    assert told[3].changes == {"text": {"old": "What a says", "new": "two"}}
    assert (told[3].entry["revision"], told[3].entry["block_id"]) == (2, "a")
    assert told[3].topics == ("harbour",)
    assert [change.seq for change in events(database, after=2, limit=1)] == [3]


def test_an_entry_that_says_the_word_later_joins_the_topic_then(database):
    rules = (RULE, STORM)
    follow(database, rules)
    poll(database, page([B, A]), rules=rules)
    assert ids(database, topic="storms") == []
    poll(database, page([B, A.edited("A storm is near")]), NOW + MINUTE, rules)
    poll(database, page([B, A.edited("It passed us by")]), NOW + 2 * MINUTE, rules)
    assert ids(database, topic="storms") == ["a"]
    assert [c.type.value for c in events(database, topic="storms")][-2:] == ["entry.updated"] * 2


def test_a_promotion_joins_the_key_events_at_its_own_time(database):
    follow(database)
    poll(database, page([C, B, A]))
    poll(database, page([C, B, replace(A, key=True)]), NOW + MINUTE)
    poll(database, page([C, replace(B, summary=True), replace(A, key=True)]), NOW + 2 * MINUTE)
    assert ids(database, selection=Selection.KEY_EVENTS) == ["b", "a"]
    assert ids(database, selection=Selection.SUMMARIES) == ["b"]
    assert ids(database) == ["c", "b", "a"]


def test_a_feeds_updated_is_its_newest_change_and_its_version_counts(database):
    follow(database)
    poll(database, page([B, A]))
    first = window(database)
    assert first.updated == B.published
    poll(database, page([B, A]), NOW + MINUTE)
    assert window(database) == first
    poll(database, page([B, A.edited("two")]), NOW + 2 * MINUTE)
    assert window(database).updated == NOW + 2 * MINUTE
    assert window(database).version > first.version
    assert window(database).modified > first.modified


def test_pinning_moves_no_feed(database):
    follow(database)
    poll(database, page([B, A]))
    before = window(database)
    poll(database, page([B, replace(A, pinned=True)]), NOW + MINUTE)
    after = window(database)
    assert (after.version, after.updated) == (before.version, before.updated)


def test_a_retracted_entry_stays_in_the_window(database):
    follow(database)
    for n, blocks in enumerate([[C, B, A], [C, A], [C, A]]):
        poll(database, page(blocks), NOW + n * MINUTE)
    assert ids(database) == ["c", "b", "a"]
    assert window(database).entries[1].retracted_at == NOW + 2 * MINUTE
    assert events(database)[-1].type.value == "entry.retracted"


def test_a_304_can_be_the_second_look(database):
    follow(database)
    poll(database, page([C, B, A]))
    poll(database, page([C, A]), NOW + MINUTE)
    with database.write() as connection:
        kept = loading.load(connection, URL)
        outcome = agree(kept.history, NOW + 2 * MINUTE)
        source = sources.followed(connection)[0]
        timeline.apply(
            connection, kept, outcome, NOW + 2 * MINUTE, source_id=source.id, rules=(RULE,)
        )
    assert window(database).entries[1].retracted_at == NOW + 2 * MINUTE


def test_a_window_holds_fifty_or_two_days_and_at_most_what_is_asked(database):
    follow(database)
    old = [block(f"o{n:03}", n) for n in range(60)]
    poll(database, page(old[::-1]))
    assert len(ids(database)) == 60
    late = replace(block("late"), published=START + timedelta(days=3))
    poll(database, page([late, *old[::-1]]), START + timedelta(days=3, hours=1))
    assert len(ids(database)) == 50
    poll(
        database,
        page([late, *old[::-1][:-1], old[0].edited("changed today")]),
        START + timedelta(days=3, hours=2),
    )
    assert len(ids(database)) == 51
    assert ids(database)[-1] == "o000"
    assert ids(database, limit=2) == ["late", "o059"]


def test_a_failing_poll_leaves_nothing_behind(database):
    follow(database)
    poll(database, page([A]))

    def fail_late():
        with database.write() as connection:
            kept = loading.load(connection, URL)
            outcome = diff(kept.history, page([B, A]), NOW + MINUTE, provenance=PROVENANCE)
            timeline.apply(connection, kept, outcome, NOW + MINUTE, source_id=1, rules=(RULE,))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_late()
    assert ids(database) == ["a"]
    assert len(events(database)) == 2


def test_a_topic_that_is_no_longer_configured_is_not_served(database):
    follow(database, (RULE, STORM))
    follow(database, (RULE,))
    with pytest.raises(UnknownError, match="storms"):
        window(database, topic="storms")


def test_a_blog_is_found_by_any_of_its_spellings(database):
    follow(database)
    poll(database, page([A]))
    with database.read() as connection:
        for spelling in (URL, URL + "/", "http://www.news.example:80/live/2026/may/04/harbour"):
            assert find_blog(connection, spelling) == 1
        assert find_moved(connection, {"zz": NOW, "a": A.published}, "news.example") == URL
        assert find_moved(connection, {"zz": NOW, "a": NOW}, "news.example") is None
        assert find_moved(connection, {"a": A.published}, "other.example") is None


def test_a_confirmed_blog_is_confirmed_until_it_is_used(database):
    follow(database)
    poll(database, page([C, B, A]))
    poll(database, page([C]), NOW + MINUTE)
    with database.write() as connection:
        by_hand.confirm(connection, URL)
    poll(database, page([C]), NOW + 2 * MINUTE)
    assert [s.retracted_at is not None for s in window(database).entries] == [False, True, True]
    with database.write() as connection, pytest.raises(UnknownError):
        by_hand.confirm(connection, "https://news.example/unknown")


def test_a_source_that_breaks_and_recovers_says_so_once(database):
    follow(database)
    for n, state in enumerate(["broken", "broken", "ok", "ok", "held"]):
        with database.write() as connection:
            source = sources.followed(connection)[0]
            after = replace(
                source, state=SourceState(state), reason="why", last_poll=NOW + n * MINUTE
            )
            sources.record(connection, source, after, ["harbour"])
    told = [(c.type.value, c.source["state"], c.topics) for c in events(database)]
    assert told == [
        ("source.broken", "broken", ("harbour",)),
        ("source.recovered", "ok", ("harbour",)),
        ("source.broken", "held", ("harbour",)),
    ]


def test_sources_are_due_when_new_and_when_their_time_has_come(database):
    follow(database)
    with database.write() as connection:
        source = sources.followed(connection)[0]
        assert due_at(source, NOW) == NOW
        polled = replace(source, last_poll=NOW, next_poll=NOW + MINUTE, state=SourceState.OK)
        sources.record(connection, source, polled, [])
        assert sources.followed(connection) == [polled]
        assert due_at(polled, NOW) == NOW + MINUTE
        sources.follow_sources(connection, ["https://news.example/other"])
        assert [s.url for s in sources.followed(connection)] == ["https://news.example/other"]


def test_a_clock_that_went_back_neither_hurries_nor_stalls_a_source(database):
    follow(database)
    with database.read() as connection:
        source = sources.followed(connection)[0]
    polled = replace(source, last_poll=NOW, next_poll=NOW + MINUTE)
    assert due_at(polled, NOW - timedelta(days=2)) == NOW - timedelta(days=2) + MINUTE


def test_a_paused_source_stays_paused_and_a_resumed_one_is_due_at_once(database):
    follow(database)
    with database.write() as connection:
        source = sources.followed(connection)[0]
        before = by_hand.revision(connection)
        by_hand.pause(connection, URL)
        answered = replace(source, state=SourceState.OK, last_poll=NOW, next_poll=NOW + MINUTE)
        sources.record(connection, source, answered, [])
        paused = sources.followed(connection)[0]
        assert (paused.state, due_at(paused, NOW)) == (SourceState.PAUSED, None)
        assert paused.reason == "paused by hand"
        by_hand.resume(connection, URL)
        resumed = sources.followed(connection)[0]
        assert (resumed.state, due_at(resumed, NOW)) == (SourceState.NEW, NOW)
        assert by_hand.revision(connection) == before + 2
        with pytest.raises(UnknownError, match="keywire sources lists them"):
            by_hand.pause(connection, "https://news.example/unknown")


def test_readers_see_whole_polls_while_writers_write(database):
    follow(database)
    poll(database, page([A]))
    stop, torn = threading.Event(), []

    def read():
        while not stop.is_set():
            with database.read() as connection:
                head = log.head(connection)
                kept = connection.scalar(select(func.count()).select_from(entries))
                seen = len(log.read_after(connection, 0, 1000))
            if head != seen or kept != seen - 1:
                torn.append((head, kept, seen))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    blocks = [A]
    for n in range(40):
        blocks.insert(0, block(f"n{n}", n + 1))
        poll(database, page(blocks), NOW + n * MINUTE)
    stop.set()
    for reader in readers:
        reader.join()
    assert torn == []


def test_the_newest_entries_are_found_by_their_index(database):
    if database.path is None:
        pytest.skip("PostgreSQL reads so small a table faster without its index")
    follow(database)
    with database.read() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT number FROM joined WHERE topic='harbour' AND "
                "selection='all' ORDER BY joined_at DESC, joined_seq DESC LIMIT 50"
            )
        ).all()
    assert any("ix_joined_newest" in str(step) for step in plan)
    assert not any("TEMP B-TREE" in str(step) for step in plan)


def test_the_end_of_a_blog_moves_its_feeds_but_not_their_updated(database):
    follow(database)
    poll(database, page([B, A]))
    before = window(database)
    poll(database, page([B, A], live=False), NOW + MINUTE)
    after = window(database)
    assert (before.ended, after.ended) == (False, True)
    assert after.version > before.version
    assert after.updated == before.updated
