"""What rules let go: content, never a feed's entries, a cursor's promise or an id."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from indexed import index
from pages import PROVENANCE, URL, Block, page
from sqlalchemy import func, select, text, update

from store import loading, log, resorting, sources, timeline
from store.alerting.alerts import AlertRule, Target
from store.archive import kept_pages
from store.archive.entry_history import life_of
from store.archive.responses import FetchedPage
from store.changes import diff
from store.schema import changes, deliveries, entries, notices, page_bodies, revisions
from store.search.finding import find
from store.search.query import read_query
from store.topics import Match, Retain, Selection, TopicRule
from store.upkeep.forgetting import forget
from store.upkeep.pruning import LetGo, Waiting, waiting
from store.upkeep.retention import let_go, read_tally
from store.window import select_window

DAY = timedelta(days=1)
FIRST = datetime(2026, 5, 4, 12, tzinfo=UTC)
WEEK = Retain(days=7 * DAY)
RULE = TopicRule("harbour", "The harbour", (URL,), retain=WEEK)
COUNT = 120


def blocks(count=COUNT):
    """A blog of so many entries, four a day, newest first."""
    times = (FIRST + DAY * n / 4 for n in range(count))
    return [Block(f"n{n}", at, f"said number{n}") for n, at in enumerate(times)][::-1]


LAST = blocks()[0].published
NOW = LAST + timedelta(hours=1)


def follow(database, *rules):
    with database.write() as connection:
        sources.follow_sources(connection, (URL,))
        resorting.follow_topics(connection, rules, FIRST)
        for rule in rules:
            while not resorting.sort_batch(connection, rule, FIRST).finished:
                pass


def poll(database, shown, now=NOW, rules=(RULE,), alerts=()):
    with database.write() as connection:
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, page(shown), now, provenance=PROVENANCE)
        timeline.apply(connection, kept, outcome, now, source_id=1, rules=rules, alerts=alerts)
    index(database)
    return outcome


def tidy(database, *rules, now=NOW, keep=None):
    """Let go until nothing goes any more; return how much went."""
    gone = LetGo()
    while True:
        with database.write() as connection:
            more = let_go(connection, rules or (RULE,), keep, now)
        if not more.total:
            return gone
        gone += more


@pytest.fixture
def kept(database):
    follow(database, RULE)
    poll(database, blocks())
    return database


def window(database, topic="harbour"):
    with database.read() as connection:
        return select_window(connection, topic, Selection.ALL)


def said(database):
    with database.read() as connection:
        rows = connection.execute(select(entries.c.block_id).where(entries.c.text != ""))
        return {block_id for (block_id,) in rows}


def head(database):
    with database.read() as connection:
        return log.bounds(connection)


def test_nothing_goes_without_a_rule(kept):
    forever = replace(RULE, retain=Retain())
    assert tidy(kept, forever, now=NOW + 9999 * DAY) == LetGo()
    assert len(said(kept)) == COUNT


def test_entries_older_than_so_many_days_go_but_never_those_that_the_feed_shows(kept):
    before = window(kept)
    with kept.read() as connection:
        told = waiting(connection, RULE, NOW)
        assert (told.entries, told.revisions) == (COUNT - 50, COUNT - 50)
        # Each says "said numberN", as text and in a paragraph beside a picture.
        assert 70 * 2 * len("said number0") < told.size < 70 * 200
    gone = tidy(kept)
    assert (gone.left, gone.entries) == (COUNT - 50, COUNT - 50)
    after = window(kept)
    assert after.entries == before.entries
    assert (after.version, after.updated) == (before.version, before.updated)
    assert said(kept) == {one.entry.block_id for one in after.entries}
    with kept.read() as connection:
        assert waiting(connection, RULE, NOW) == Waiting()
        assert read_tally(connection) == gone


def test_a_rule_of_a_count_keeps_the_newest(kept):
    newest = replace(RULE, retain=Retain(count=100))
    tidy(kept, newest)
    assert said(kept) == {f"n{n}" for n in range(COUNT - 100, COUNT)}


def test_what_another_topic_keeps_is_not_erased(database):
    other = replace(RULE, name="storms", match=Match(any=("number3",)), retain=Retain())
    follow(database, RULE, other)
    poll(database, blocks(), rules=(RULE, other))
    gone = tidy(database, RULE, other)
    assert (gone.left, gone.entries) == (COUNT - 50, COUNT - 51)
    assert "n3" in said(database)
    assert [one.entry.block_id for one in window(database, "storms").entries] == ["n3"]


def test_what_has_gone_is_nowhere_and_not_told_again_though_the_page_shows_it(kept):
    tidy(kept)
    for _ in "at once", "later":
        with kept.read() as connection:
            assert find(connection, read_query("number3")).entries == ()
        index(kept)
    with kept.read() as connection:
        number = connection.scalar(select(entries.c.number).where(entries.c.block_id == "n3"))
        assert life_of(connection, number).revisions == ()
        told = connection.execute(select(changes.c.told).where(changes.c.entry == number)).all()
    assert "number3" not in repr(told)
    for minutes in (2, 4):
        outcome = poll(kept, blocks(), NOW + timedelta(minutes=minutes))
        assert (outcome.changes, outcome.entries) == ((), ())


def test_an_entry_that_is_edited_comes_back_under_its_id(kept):
    with kept.read() as connection:
        query = select(entries.c.guid, entries.c.number).where(entries.c.block_id == "n3")
        before = connection.execute(query).one()
    tidy(kept)
    shown = [one.edited("a new word") if one.id == "n3" else one for one in blocks()]
    poll(kept, shown, NOW + timedelta(minutes=2))
    newest = window(kept).entries[0]
    assert (newest.entry.text, newest.id) == ("a new word", before.guid)
    with kept.read() as connection:
        assert [one.text for one in life_of(connection, before.number).revisions] == ["a new word"]
        assert find(connection, read_query("new word")).entries


def test_an_entry_that_becomes_a_key_event_comes_back_whole(kept):
    tidy(kept)
    shown = [replace(one, key=True) if one.id == "n3" else one for one in blocks()]
    poll(kept, shown, NOW + timedelta(minutes=2))
    with kept.read() as connection:
        (key,) = select_window(connection, "harbour", Selection.KEY_EVENTS).entries
        assert (key.entry.text, len(life_of(connection, key.number).revisions)) == (
            "said number3",
            1,
        )


def test_a_changed_rule_takes_nothing_that_has_no_words_any_more(kept):
    tidy(kept)
    wider = replace(RULE, match=Match(none=("football",)))
    follow(kept, wider)
    assert len(window(kept).entries) == 50


def test_a_cursor_from_before_what_is_kept_is_beyond_the_logs_beginning(kept):
    tidy(kept, now=NOW + 5 * DAY)
    assert head(kept).first == 1  # what the log says first is not old enough
    tidy(kept, now=NOW + 8 * DAY)
    kept_now = head(kept)
    assert (kept_now.first > 1, kept_now.last) == (True, COUNT + 1)
    with kept.read() as connection:
        first = log.read_after(connection, 0, 1)[0]
        assert first.seq == kept_now.first
        assert first.entry["block_id"] in {one.entry.block_id for one in window(kept).entries}


def test_revisions_go_oldest_first_and_the_last_stays(kept):
    for edit in range(4):
        shown = blocks()
        shown[0] = shown[0].edited(f"edit{edit}")
        poll(kept, shown, NOW + timedelta(minutes=edit + 1))
    two = replace(RULE, retain=Retain(revisions=2))
    with kept.read() as connection:
        told = waiting(connection, two, NOW)
    assert (told.entries, told.revisions) == (0, 3)
    assert tidy(kept, two).revisions == 3
    with kept.read() as connection:
        left = connection.scalars(select(revisions.c.text).where(revisions.c.revision > 1)).all()
        assert sorted(left) == ["edit2", "edit3"]
        told = repr(connection.execute(select(changes.c.told)).all())
    assert "edit0" not in told
    assert window(kept).entries[0].entry.text == "edit3"


def test_another_topic_may_keep_more_revisions(database):
    other = replace(RULE, name="other", retain=Retain(revisions=3))
    two = replace(RULE, retain=Retain(revisions=2))
    follow(database, two, other)
    poll(database, blocks(5), rules=(two, other))
    for edit in range(4):
        shown = blocks(5)
        shown[0] = shown[0].edited(f"edit{edit}")
        poll(database, shown, NOW + timedelta(minutes=edit + 1), rules=(two, other))
    tidy(database, two, other)
    with database.read() as connection:
        count = select(func.count()).select_from(revisions).where(revisions.c.revision > 1)
        assert connection.scalar(count) == 3


def test_deliveries_go_once_they_are_old_and_what_waits_does_not(kept):
    alert = AlertRule(name="all", topics=("harbour",), targets=(Target("wire"),), max_age=999 * DAY)
    fresh = [Block(f"late{n}", NOW - timedelta(minutes=n), "late") for n in (1, 2)]
    poll(kept, [*fresh, *blocks()], alerts=(alert,))
    with kept.write() as connection:
        first = connection.scalar(select(func.min(deliveries.c.id)))
        sent = update(deliveries).where(deliveries.c.id == first)
        connection.execute(sent.values(state="delivered", tried_at=NOW))
    forever = replace(RULE, retain=Retain())
    assert tidy(kept, forever, keep=30 * DAY, now=NOW + 29 * DAY) == LetGo()
    assert tidy(kept, forever, keep=30 * DAY, now=NOW + 31 * DAY).deliveries == 2
    with kept.read() as connection:
        assert connection.scalars(select(deliveries.c.state)).all() == ["waiting"]
        assert connection.scalar(select(func.count()).select_from(notices)) == 1


def test_a_takedown_outlasts_every_rule(kept):
    with kept.write() as connection:
        number = connection.scalar(text("SELECT number FROM entries WHERE block_id = 'n3'"))
        forget(connection, number, "a court said so", FIRST + 2 * DAY)
    tidy(kept)
    with kept.read() as connection:
        assert life_of(connection, number).stored.forgotten == "a court said so"


# --- kept pages ---------------------------------------------------------------------------------


def keep_pages(database):
    """Keep a page a day, each as what differs from the first, or from the eleventh."""
    furniture = random.Random(3).randbytes(20_000)
    for day in range(30):
        said = furniture if day < 10 else furniture[::-1]
        fetched = FetchedPage(URL, said + b"day %d" % day, FIRST + day * DAY)
        with database.write() as connection:
            kept_pages.keep(connection, kept_pages.pack(connection, fetched), 1)


def days_kept(database):
    with database.read() as connection:
        pages = [*kept_pages.pages_of_topic(connection, "harbour")]
        bodies = connection.scalar(select(func.count()).select_from(page_bodies))
    return [(one.page.fetched_at - FIRST).days for one in pages], bodies


def test_pages_go_that_are_older_than_all_that_is_left(kept):
    keep_pages(kept)
    assert days_kept(kept) == ([*range(30)], 30)
    gone = tidy(kept, RULE)
    (oldest,) = window(kept).entries[-1:]
    first = (oldest.entry.published - FIRST).days
    days, bodies = days_kept(kept)
    assert days == [day for day in range(30) if FIRST + day * DAY >= oldest.entry.published]
    assert 10 < first < 30
    assert gone.pages == 30 - len(days)
    # The base of those that are left stays, though the day that brought it has gone.
    assert bodies == len(days) + 1
    with kept.read() as connection:
        assert {one.page.body[-5:-2] for one in kept_pages.pages_of_topic(connection, "harbour")}


def test_pages_stay_where_another_topic_keeps_everything(kept):
    keep_pages(kept)
    other = TopicRule("all", "All", (URL,))
    follow(kept, RULE, other)
    assert tidy(kept, RULE, other).pages == 0
    assert days_kept(kept)[0] == [*range(30)]
