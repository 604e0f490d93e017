"""Days of topics that are over: sealed once, in order, with all that is in no earlier one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from pages import PROVENANCE, URL, Block, page

from keywire.upkeep.sealing import cut_days, seal_days, take_out
from store import loading, resorting, sources, timeline
from store.archive.sealed import ArchiveName, newest, read_archive
from store.archive.unsealed import next_due
from store.changes import diff
from store.database import open_database
from store.topics import Content, Selection, TopicRule
from store.upkeep.forgetting import forget
from store.window import select_window

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FIRST = datetime(2026, 5, 4, tzinfo=UTC)
RULE = TopicRule("harbour", "The harbour", (URL,))


def entry(name, day, hour=12, body=""):
    return Block(name, FIRST + day * DAY + hour * HOUR, body or f"What {name} says")


A, B, C = entry("a", 0), entry("b", 0, 13), entry("c", 1)


def poll(database, blocks, now):
    with database.write() as connection:
        kept = loading.load(connection, URL)
        outcome = diff(kept.history, page(blocks[::-1]), now, provenance=PROVENANCE)
        timeline.apply(connection, kept, outcome, now, source_id=1, rules=(RULE,))


def at(day, hour=0):
    return FIRST + day * DAY + hour * HOUR


@pytest.fixture
def database(address):
    database = open_database(address)
    yield database
    database.close()


@pytest.fixture
def followed(database):
    with database.write() as connection:
        sources.follow_sources(connection, (URL,))
        resorting.follow_topics(connection, (RULE,), FIRST)
        resorting.sort_batch(connection, RULE, FIRST)
    return database


@pytest.fixture
def kept(followed):
    poll(followed, [A, B], at(0, 14))
    return followed


def named(day, volume=1, selection=Selection.ALL):
    return ArchiveName("harbour", (FIRST + day * DAY).date(), volume, selection)


def read(database, day, selection=Selection.ALL):
    with database.read() as connection:
        return read_archive(connection, named(day, selection=selection))


def held(database, day, selection=Selection.ALL):
    return [
        name
        for fragment in read(database, day, selection).fragments
        for name in "abcdefg"
        if f"/{name}</id>" in fragment.decode()
    ]


def test_a_day_is_sealed_once_it_is_over_settled_and_quiet(kept):
    for now in (at(0, 20), at(1, 0), at(1, 5.9)):
        assert seal_days(kept, "harbour", now) == 0
    assert seal_days(kept, "harbour", at(1, 6)) == 1
    assert seal_days(kept, "harbour", at(1, 7)) == 0
    assert held(kept, 0) == ["b", "a"]


def test_a_day_long_over_that_was_read_only_now_waits_as_well(followed):
    poll(followed, [A, B], at(9, 12))
    assert seal_days(followed, "harbour", at(9, 12.9)) == 0
    assert seal_days(followed, "harbour", at(9, 13.1)) == 1


def test_a_day_of_which_an_entry_has_just_changed_waits_but_not_for_ever(kept):
    for hour in (5.5, 11.5, 17.5, 23.5):
        poll(kept, [A.edited(f"said at {hour}"), B], at(1, hour))
        assert seal_days(kept, "harbour", at(1, hour + 0.4)) == 0
    assert seal_days(kept, "harbour", at(2, 0)) == 1
    assert "said at 23.5" in read(kept, 0).fragments[1].decode()


def test_a_sealed_day_never_changes_and_what_is_edited_stands_in_a_later_one(kept):
    seal_days(kept, "harbour", at(1, 7))
    before = read(kept, 0)
    poll(kept, [A.edited("otherwise"), B, C], at(1, 12.5))
    seal_days(kept, "harbour", at(2, 7))
    after = read(kept, 0)
    assert after.fragments == before.fragments
    assert after.updated == before.updated
    assert held(kept, 1) == ["c", "a"]
    assert "otherwise" in read(kept, 1).fragments[1].decode()
    with kept.read() as connection:
        window = select_window(connection, "harbour", Selection.ALL)
    assert "otherwise" in [one.entry.text for one in window.entries]


def test_what_comes_late_from_before_a_sealed_day_stands_in_the_next(kept):
    poll(kept, [A, B, C], at(1, 12.5))
    seal_days(kept, "harbour", at(2, 7))
    late = [entry("d", -3), A, entry("e", 0, 12.5), B, C, entry("f", 2)]
    poll(kept, late, at(2, 13))
    seal_days(kept, "harbour", at(3, 7))
    assert held(kept, 2) == ["f", "e", "d"]


def test_days_are_linked_both_ways_over_those_without_entries(kept):
    poll(kept, [A, B, C, entry("f", 5)], at(5, 13))
    assert seal_days(kept, "harbour", at(6, 7)) == 3
    days = [named(n) for n in (0, 1, 5)]
    links = [(read(kept, n).before, read(kept, n).after) for n in (0, 1, 5)]
    assert links == [(None, days[1]), (days[0], days[2]), (days[1], None)]
    with kept.read() as connection:
        assert newest(connection, "harbour") == days[2]
        assert read_archive(connection, named(2)) is None


def test_every_entry_as_it_last_stood_is_in_some_day_or_in_the_feed(kept):
    """What RFC 5005 promises, through a week of polls: far more than a feed's window holds."""
    blocks = [A, B]
    for turn, hours in enumerate(range(15, 24 * 7, 4)):
        now = at(0, hours)
        blocks += [
            Block(f"n{hours}-{n}", now - HOUR / (n + 1), f"said at {hours}-{n}") for n in range(5)
        ]
        edited = turn * 37 % len(blocks)
        blocks[edited] = blocks[edited].edited(f"edited at {hours}")
        poll(kept, sorted(blocks, key=lambda one: one.published), now)
        seal_days(kept, "harbour", now)
        if turn % 4 == 3:
            assert reached(kept, blocks) == {one.id: one.body for one in blocks}
    with kept.read() as connection:
        assert len(select_window(connection, "harbour", Selection.ALL).entries) < len(blocks) / 2


@pytest.fixture
def crowded(followed):
    """Poll a page every other hour until far more stands on it than a feed holds.

    Each poll brings 130 entries and edits every fiftieth of those before. Gives its blocks.
    """

    def follow(*, sealing):
        blocks = []
        for hours in range(1, 14, 2):
            for place in range(hours, len(blocks), 50):
                blocks[place] = blocks[place].edited(f"{blocks[place].id}, edited at {hours}")
            names = [f"n{hours}-{n}" for n in range(130)]
            blocks += [
                Block(name, at(0, hours) + n * MINUTE / 3, f"{name}, new")
                for n, name in enumerate(names)
            ]
            now = at(0, hours + 1)
            poll(followed, blocks, now)
            if sealing:
                seal_days(followed, "harbour", now)
            yield blocks

    return follow


def test_what_a_crowded_feed_has_no_room_for_is_sealed_before_it_leaves(followed, crowded):
    for blocks in crowded(sealing=True):
        assert {*reached(followed, blocks)} == {one.id for one in blocks}
    with followed.read() as connection:
        assert newest(connection, "harbour") == named(0, 2)
    assert seal_days(followed, "harbour", at(1, 7)) == 1
    assert reached(followed, blocks) == {one.id: one.body for one in blocks}
    assert all(len(held) <= 500 for held in documents(followed))


def test_without_that_some_of_a_crowded_day_would_be_nowhere(followed, crowded):
    *_, blocks = crowded(sealing=False)
    assert len(reached(followed, blocks)) == 500 < len(blocks)


def test_who_follows_feed_and_links_is_told_of_everything_once(followed, crowded):
    """A reader keeps what it read, and goes back to the first document that it knows."""
    known, documents_read, told = {}, set(), []

    def look_in():
        for name, at, said in news(followed, documents_read):
            if known.get(name) != said:
                known[name] = said
                told.append((name, at))

    for blocks in crowded(sealing=True):
        look_in()
        assert {*known} == {one.id for one in blocks}
    seal_days(followed, "harbour", at(1, 7))
    look_in()
    assert known == {one.id: one.body for one in blocks}
    assert len(told) == len({*told}) > len(blocks) + 20


def news(database, documents_read):
    """Read documents from one that is known on, then the feed: the newest state comes last."""
    with database.read() as connection:
        feed = select_window(connection, "harbour", Selection.ALL).entries
        found = [(one.entry.block_id, one.changed_at, one.entry.text) for one in feed]
        name = newest(connection, "harbour")
        while name is not None and name not in documents_read:
            documents_read.add(name)
            archive = read_archive(connection, name)
            found += map(state, archive.fragments)
            name = archive.before
    return {name: (name, at, said) for name, at, said in sorted(found)}.values()


def state(fragment):
    """Read an entry of a document: its id, when it changed, and its title, which is all it says."""
    document = b"<feed xmlns='http://www.w3.org/2005/Atom'>%b</feed>" % fragment
    (entry,) = feedparser.parse(document).entries
    return entry.id.rpartition("/")[2], datetime.fromisoformat(entry.updated), entry.title


def documents(database):
    with database.read() as connection:
        at = newest(connection, "harbour")
        while at is not None:
            archive = read_archive(connection, at)
            yield archive.fragments
            at = archive.before


def test_key_events_and_summaries_have_days_of_their_own(followed):
    key, digest = replace(A, key=True), replace(C, key=True, summary=True)
    poll(followed, [key, B], at(0, 14))
    seal_days(followed, "harbour", at(1, 7))
    assert held(followed, 0) == ["b", "a"]
    assert held(followed, 0, Selection.KEY_EVENTS) == ["a"]
    assert read(followed, 0, Selection.SUMMARIES) is None
    poll(followed, [key, replace(B, key=True), digest], at(1, 13))
    seal_days(followed, "harbour", at(2, 7))
    assert held(followed, 1, Selection.KEY_EVENTS) == ["b", "c"]
    assert held(followed, 1, Selection.SUMMARIES) == ["c"]
    first = read(followed, 0, Selection.KEY_EVENTS)
    assert (first.before, first.after) == (None, named(1, selection=Selection.KEY_EVENTS))


def reached(database, blocks):
    """Walk from the feed through all archives; give each entry's text where it first stands."""
    with database.read() as connection:
        window = select_window(connection, "harbour", Selection.ALL)
        seen = {one.entry.block_id: one.entry.text for one in window.entries}
        day = newest(connection, "harbour")
        while day is not None:
            archive = read_archive(connection, day)
            said = [fragment.decode() for fragment in archive.fragments]
            for one in blocks:
                for fragment in said:
                    if f"/{one.id}</id>" in fragment:
                        seen.setdefault(one.id, one.body if one.body in fragment else fragment)
            day = archive.before
    return seen


def test_a_day_is_not_sealed_while_its_topic_is_sorted_anew(kept):
    with kept.write() as connection:
        resorting.sort_anew(connection, ["harbour"])
    assert seal_days(kept, "harbour", at(2)) == 0


def test_a_topic_that_moved_while_its_day_was_rendered_is_sealed_later(kept):
    from store.archive.sealed import seal  # noqa: PLC0415 - what seal_days does, with something between

    with kept.read() as connection:
        sealing = next_due(connection, "harbour", Selection.ALL, at(1, 7))
    poll(kept, [A, B, C], at(1, 12.5))
    with kept.write() as connection:
        assert not seal(connection, sealing, [b"", b""], at(1, 13))
    assert read(kept, 0) is None


def test_a_takedown_empties_the_entry_in_sealed_days_alone(kept):
    seal_days(kept, "harbour", at(1, 7))
    before = read(kept, 0)
    with kept.write() as connection:
        number = loading.load(connection, URL).history.entries["a"].stored.number
        forgotten = forget(connection, number, "a court said so", at(2))
        take_out(connection, forgotten.stored, at(2))
    after = read(kept, 0)
    assert after.fragments[0] == before.fragments[0]
    assert "What a says" in before.fragments[1].decode()
    assert "What a says" not in after.fragments[1].decode()
    assert "a court said so" in after.fragments[1].decode()
    assert after.modified > before.modified


def test_another_content_is_given_out_of_sealed_days_too(kept):
    seal_days(kept, "harbour", at(1, 7))
    nothing = TopicRule("harbour", "The harbour", (URL,), content=Content.NONE)
    for rule, said in ((nothing, False), (RULE, True)):
        with kept.write() as connection:
            resorting.follow_topics(connection, (rule,), at(2))
        assert cut_days(kept, at(2)) == {"harbour"}
        assert cut_days(kept, at(2)) == set()
        assert (b"What a says" in read(kept, 0).fragments[1]) is said


def test_a_renamed_topic_takes_its_days_along(kept):
    seal_days(kept, "harbour", at(1, 7))
    with kept.write() as connection:
        renamed = TopicRule("port", "The port", (URL,), was=("harbour",))
        resorting.follow_topics(connection, (renamed,), at(2))
        assert newest(connection, "port").day == FIRST.date()
        assert newest(connection, "harbour") is None
