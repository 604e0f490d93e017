"""A topic's entries leaf by leaf, whatever comes meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pages import START, URL, at_another, block, page
from sites import MINUTE, NOW, RULE, Station
from sqlalchemy import update

from store.archive import places
from store.archive.pagination import (
    blog_names,
    leaf_after,
    leaf_as_of,
    leaf_before,
    newest_change,
    newest_leaf,
)
from store.archive.places import Part, Way, blogs_of, find_places
from store.log import head
from store.schema import blogs
from store.topics import Selection

ALL, KEYS = Selection.ALL, Selection.KEY_EVENTS
TOPIC = "harbour"
MOST = 4


@pytest.fixture
def station(database):
    station = Station(database)
    station.follow()
    return station


def blocks(*numbers, **more):
    return [block(f"n{n}", n, **more) for n in sorted(numbers, reverse=True)]


def names(leaf):
    return [one.stored.entry.block_id for one in leaf.entries]


def in_all(leaves):
    return [name for leaf in leaves for name in names(leaf)]


def leaf_through(database, selection=ALL, between=lambda: None):
    """Read from the newest leaf to the last, letting something happen between two."""
    with database.read() as connection:
        leaf = newest_leaf(connection, Part(TOPIC, selection), MOST)
    leaves = [leaf]
    while leaf.older:
        between()
        with database.read() as connection:
            leaf = leaf_before(connection, Part(TOPIC, selection), leaf.entries[-1].place, MOST)
        leaves.append(leaf)
    return leaves


def test_from_leaf_to_leaf_every_entry_stands_once_the_newest_first(station, database):
    station.poll(page(blocks(*range(11))))
    leaves = leaf_through(database)
    assert [len(leaf.entries) for leaf in leaves] == [4, 4, 3]
    assert in_all(leaves) == [f"n{n}" for n in range(10, -1, -1)]
    assert [(leaf.newer, leaf.older) for leaf in leaves] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_entries_of_one_instant_are_told_apart_at_a_leafs_end(station, database):
    station.poll(page([block(f"n{n}", 5) for n in range(11)]))
    shown = in_all(leaf_through(database))
    assert len(shown) == len(set(shown)) == 11


def test_new_entries_move_no_older_leaf(station, database):
    station.poll(page(blocks(*range(11))))
    still = [names(leaf) for leaf in leaf_through(database)][1:]
    known = [*range(11)]

    def another():
        known.append(len(known))
        station.poll(page(blocks(*known)), NOW + len(known) * MINUTE)

    moved = [names(leaf) for leaf in leaf_through(database, between=another)][1:]
    assert len(known) > 11
    assert moved == still


def test_a_page_counted_from_the_newest_would_have_moved(station, database):
    station.poll(page(blocks(*range(11))))
    station.poll(page(blocks(*range(12))), NOW + MINUTE)
    with database.read() as connection:
        whole = names(newest_leaf(connection, Part(TOPIC, ALL), 99))
    assert whole[MOST : 2 * MOST] != [f"n{n}" for n in range(6, 2, -1)]


def test_what_joins_later_stands_where_it_joined_and_moves_nothing_else(station, database):
    station.poll(page(blocks(*range(0, 12, 2), key=True)))
    before = [names(leaf) for leaf in leaf_through(database, KEYS)]
    assert before == [["n10", "n8", "n6", "n4"], ["n2", "n0"]]
    later = blocks(*range(0, 12, 2), key=True)
    later.insert(5, block("n1", 1, key=False))
    station.poll(page(later), NOW + MINUTE)
    later[5] = block("n1", 1, key=True)
    station.poll(page(later), NOW + 2 * MINUTE)
    leaves = leaf_through(database, KEYS)
    assert names(leaves[0])[0] == "n1"
    assert leaves[0].entries[0].place.at == NOW + 2 * MINUTE
    assert leaves[0].entries[0].stored.entry.published == START + timedelta(minutes=1)
    assert in_all(leaves)[1:] == [name for some in before for name in some]


def test_one_can_read_back_up(station, database):
    station.poll(page(blocks(*range(11))))
    leaves = leaf_through(database)
    with database.read() as connection:
        bottom = leaves[-1].entries[0].place
        second = leaf_after(connection, Part(TOPIC, ALL), bottom, MOST)
        first = leaf_after(connection, Part(TOPIC, ALL), second.entries[0].place, MOST)
        none = leaf_after(connection, Part(TOPIC, ALL), first.entries[0].place, MOST)
    assert names(second) == names(leaves[1])
    assert (second.newer, second.older) == (True, True)
    assert names(first)[-3:] == names(leaves[0])[-3:]
    assert (first.newer, first.older) == (False, True)
    assert (none.entries, none.newer, none.older) == ((), False, True)


def test_as_of_a_moment_entries_stand_as_they_stood_and_what_came_later_is_not_there(
    station, database
):
    known = blocks(*range(6, 11))
    station.poll(page(known, shows_bottom=False))
    known[0] = known[0].edited("Other words")
    station.poll(page([*known, *blocks(*range(6))]), NOW + MINUTE)
    shown = {}
    with database.read() as connection:
        for minute in range(-1, 2):
            then = (connection, Part(TOPIC, ALL), NOW + minute * MINUTE)
            leaf = leaf_as_of(*then, most=MOST)
            shown[minute] = names(leaf)
            if leaf.older:
                shown[minute] += names(leaf_as_of(*then, most=MOST, before=leaf.end))
        first = leaf_as_of(connection, Part(TOPIC, ALL), NOW, most=1).entries[0].stored
        later = leaf_as_of(connection, Part(TOPIC, ALL), NOW + MINUTE, most=1).entries[0].stored
    assert shown[-1] == []
    assert shown[0] == ["n10", "n9", "n8", "n7", "n6"]
    assert shown[1] == ["n10", "n9", "n8", "n7", "n6", "n5", "n4", "n3"]
    assert (first.revision, first.entry.text) == (1, "What n10 says")
    assert (later.revision, later.entry.text) == (2, "Other words")


def test_a_place_between_entries_is_as_good_as_one_at_an_entry(station, database):
    station.poll(page(blocks(*range(11))))
    with database.read() as connection:
        top = newest_leaf(connection, Part(TOPIC, ALL), 1).entries[0].place
        early = type(top)(START + timedelta(minutes=3, seconds=1), 0, 0)
        leaf = leaf_before(connection, Part(TOPIC, ALL), early, MOST)
        nothing = leaf_before(connection, Part(TOPIC, ALL), type(top)(START, 0, 0), MOST)
    assert names(leaf) == ["n3", "n2", "n1", "n0"]
    assert (leaf.newer, leaf.older) == (True, False)
    assert (nothing.entries, nothing.newer, nothing.older) == ((), True, False)


OTHER = "https://other.example/live/quay"


@pytest.fixture
def two(station, database):
    """A topic of two publishers, the second of which wrote of every seventh minute alone."""
    station.follow(replace(RULE, follow=(URL, OTHER)), urls=(URL, OTHER))
    station.poll(page(blocks(*(n for n in range(40) if n % 7), key=True)))
    rare = [block(f"r{n}", n, key=n > 20) for n in range(35, -1, -7)]
    station.poll(at_another(page(rare), OTHER), NOW + MINUTE)
    return database


@pytest.mark.parametrize(
    "looks", [(1, 0, 1), (1, 0, 9), (5, 0, 50), (1, 99, 1), (2000, 2000, 50_000)]
)
@pytest.mark.parametrize("selection", [ALL, KEYS])
def test_some_blogs_entries_stand_where_they_stand_among_all(two, monkeypatch, looks, selection):
    for name, value in zip(("NEAR", "FEW", "FAR"), looks, strict=True):
        monkeypatch.setattr(places, name, value)
    with two.read() as connection:
        ids = {url: blog_id for blog_id, url in blogs_of(connection, TOPIC).items()}
        assert {*ids} == {URL, OTHER}
        every = find_places(connection, Part(TOPIC, selection), 99)
        for url, of in ((URL, "n"), (OTHER, "r")):
            part = Part(TOPIC, selection, (ids[url],))
            entries = newest_leaf(connection, part, 99).entries
            assert {one.stored.entry.block_id[0] for one in entries} == {of}
            theirs = [one.place for one in entries]
            assert theirs == [place for place in every if place in theirs]
            for at in every:
                below = find_places(connection, part, 3, Way.BELOW, at)
                above = find_places(connection, part, 3, Way.ABOVE, at)
                assert below == [place for place in theirs if place < at][:3]
                assert above == [place for place in theirs if place > at][::-1][:3]
        assert len(every) == sum(
            len(find_places(connection, Part(TOPIC, selection, (one,)), 99)) for one in ids.values()
        )


def test_of_a_blog_that_ended_all_is_found_from_its_end_on(two):
    """Its last entry may stand minutes after it was last seen: publishers' clocks go ahead."""
    ended = START + 27 * MINUTE
    with two.write() as connection:
        connection.execute(update(blogs).where(blogs.c.url == OTHER).values(last_seen=ended))
        (of,) = (number for number, url in blogs_of(connection, TOPIC).items() if url == OTHER)
        part = Part(TOPIC, ALL, (of,))
        every = find_places(connection, part, 99)
        assert len(every) == 6
        assert every[0].at > ended
        assert find_places(connection, part, 3, Way.BELOW, every[1]) == every[2:5]
        assert find_places(connection, part, 3, Way.ABOVE, every[2]) == every[1::-1]


def test_a_blog_that_no_topic_follows_is_none_of_its(two):
    with two.read() as connection:
        assert blogs_of(connection, "another") == {}
        assert find_places(connection, Part(TOPIC, ALL, (77,)), 9) == []
        assert find_places(connection, Part(TOPIC, ALL, ()), 9) == []


def test_a_topics_newest_change_and_its_blogs_names_are_told(station, database):
    with database.read() as connection:
        assert newest_change(connection, TOPIC) == 0
    station.poll(page(blocks(1)))
    with database.read() as connection:
        assert newest_change(connection, TOPIC) == head(connection) > 0
        (entry,) = newest_leaf(connection, Part(TOPIC, ALL), 1).entries
        (name,) = blog_names(connection, [entry.stored.entry.blog, "https://x.example"]).values()
    assert (name.title, name.state) == ("A day at the harbour", "live")
