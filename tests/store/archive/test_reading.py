"""A topic read whole, as it stands and as it stood."""

from dataclasses import replace
from datetime import timedelta

import pytest
from archives import ALL, KEYS, MINUTE, NOW, a_day, follow, poll
from pages import START, block, page

from store.archive.archived import Pin
from store.archive.importing import prepare, take_in
from store.archive.reading import Wanted, find_numbers, read_pages
from store.decision.history import ChangeType
from store.errors import UnknownError


def read(database, topic="harbour", **bounds):
    with database.read() as connection:
        wanted = Wanted(topic, **bounds)
        pages = read_pages(connection, wanted, find_numbers(connection, wanted))
        return [archived for page in pages for archived in page]


def ids(archived):
    return [one.stored.entry.block_id for one in archived]


@pytest.fixture
def day(database):
    return a_day(database)


def test_a_topic_is_read_whole_in_order_of_publication(database, day):
    archived = read(database)
    assert ids(archived) == [*"abcdef"]
    d, e = archived[3], archived[4]
    assert [one.text for one in d.revisions] == [
        "What d says",
        "The pier has moved",
        "The pier has moved by two metres",
    ]
    assert d.revisions[-1].text == d.stored.entry.text
    assert all(one.provenance and one.digest for one in d.revisions)
    assert [change.type for change in e.changes] == [
        ChangeType.PUBLISHED,
        ChangeType.UPDATED,
        ChangeType.PROMOTED,
        ChangeType.DEMOTED,
    ]
    assert archived[2].stored.retracted_at is None
    assert archived[1].stored.retracted_at == day[-1]
    assert d.blog_title == "A day at the harbour"


@pytest.mark.usefixtures("day")
def test_bounds_are_from_and_before(database):
    since, until = START + MINUTE, START + 4 * MINUTE
    assert ids(read(database, since=since, until=until)) == [*"bcd"]
    assert ids(read(database, since=START + 9 * MINUTE)) == []


def test_as_of_a_moment_the_topic_is_as_it_stood(database, day):
    assert read(database, as_of=day[0] - MINUTE) == []
    at_first = read(database, as_of=day[0])
    assert [one.stored.entry.text for one in at_first][3] == "What d says"
    assert all(one.stored.revision == 1 and len(one.revisions) == 1 for one in at_first)
    assert not any(one.stored.entry.key_event for one in at_first)
    edited = {one.stored.entry.block_id: one.stored for one in read(database, as_of=day[1])}
    assert edited["d"].entry.text == "The pier has moved"
    assert edited["d"].revision == 2
    away = {one.stored.entry.block_id: one.stored for one in read(database, as_of=day[5])}
    assert away["c"].retracted_at == day[5]
    assert away["e"].entry.key_event
    assert away["e"].entry.title == "A key event"
    back = {one.stored.entry.block_id: one.stored for one in read(database, as_of=day[6])}
    assert back["c"].retracted_at is None
    assert back["e"].entry.key_event is False
    assert read(database, as_of=day[-1]) == read(database)


def test_as_of_a_moment_what_was_pinned_then_is_pinned(database):
    follow(database)
    shown = [block("b", 1), block("a")]
    for minute, pinned in enumerate([False, True, True, False, True]):
        poll(database, page([shown[0], replace(shown[1], pinned=pinned)]), NOW + minute * MINUTE)

    def pinned_at(minute):
        stood = read(database, as_of=NOW + minute * MINUTE)
        return [one.stored.entry.block_id for one in stood if one.stored.entry.pinned]

    assert [pinned_at(minute) for minute in (0, 0.9, 1, 2.9, 3, 3.9, 4, 60)] == [
        *([], [], ["a"], ["a"], [], [], ["a"], ["a"]),
    ]
    first, second = Pin(NOW + MINUTE, NOW + 3 * MINUTE), Pin(NOW + 4 * MINUTE)
    assert [one.pins for one in read(database)] == [(first, second), ()]
    then = read(database, as_of=NOW + 2 * MINUTE)
    assert [one.pins for one in then] == [(Pin(NOW + MINUTE),), ()]


def test_an_entry_is_not_in_a_topic_before_it_joined_it(database, day):
    assert read(database, "keys", as_of=day[1]) == []
    assert ids(read(database, "keys", as_of=day[2])) == ["e"]
    assert ids(read(database, "keys", as_of=day[-1])) == ["e"]  # demoted, it stays


def test_a_rule_made_later_is_asked_of_the_past_too(database, day):
    late = replace(ALL, name="late", title="Later")
    follow(database, (ALL, KEYS, late), now=day[-1] + MINUTE)
    assert ids(read(database, "late", as_of=day[0])) == [*"acdef"]  # b was retracted before


def taken(database, archived, topic="harbour", now=NOW + timedelta(days=400)):
    with database.write() as connection:
        prepare(connection, topic, (ALL, KEYS), [*ALL.follow], now)
        return take_in(connection, archived, topic, now)


def test_a_topic_that_is_not_configured_takes_nothing_in(database):
    with pytest.raises(UnknownError, match="no topic 'else' is configured"):
        taken(database, [], "else")


@pytest.mark.usefixtures("day")
def test_what_is_kept_already_is_not_taken_in_twice(database):
    before = read(database)
    result = taken(database, before)
    assert (result.fresh, result.known) == (0, 6)
    assert read(database) == before


def elsewhere(archived):
    """Return an entry as one of another blog, with no number."""
    blog = "https://news.example/live/2025/harbour"
    entry = replace(archived.stored.entry, blog=blog)
    stored = replace(archived.stored, entry=entry, id=f"{archived.stored.id}-2025", number=0)
    return replace(archived, stored=stored)


@pytest.mark.usefixtures("day")
def test_what_is_taken_in_is_read_as_it_was_given(database):
    given = [elsewhere(archived) for archived in read(database)]
    assert taken(database, given).fresh == 6
    kept = [one for one in read(database) if "2025" in one.stored.entry.blog]
    assert [replace(one, stored=one.stored.numbered(0)) for one in kept] == given
