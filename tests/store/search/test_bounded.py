"""However common a word and however rare a topic, a search looks at so many places and no more."""

from dataclasses import replace

import pytest
from pages import block, page
from sites import MINUTE, NOW, RULE, Station

from store import resorting
from store.search import finding, index, tsvector
from store.search.finding import find
from store.search.query import read_query
from store.topics import Match

RARE = replace(RULE, name="rare", match=Match(any=("otter",)))


@pytest.fixture
def filled(database, monkeypatch):
    """Forty entries of the harbour; every tenth tells of an otter, and is in the rare topic."""
    monkeypatch.setattr(finding, "FEW", 2)
    monkeypatch.setattr(finding, "STEPS", (3, 6))
    station = Station(database)
    station.follow(RULE, RARE)
    said = [f"The harbour {'and its otter ' * (n % 10 == 0)}at {n}" for n in range(40)]
    station.poll(page([block(f"n{n}", n, said[n]) for n in range(39, -1, -1)]))
    with database.write() as connection:
        while not resorting.sort_batch(connection, RARE, NOW + MINUTE).finished:
            pass
    return database


def ids(found):
    return [stored.entry.block_id for stored in found.entries]


def ask(database, text="harbour", **more):
    with database.read() as connection:
        return find(connection, read_query(text), **more)


def test_a_rare_topics_entries_are_all_found_by_going_on(filled):
    seen, rounds, before = [], 0, None
    while rounds == 0 or before is not None:
        found = ask(filled, topic="rare", before=before)
        seen += ids(found)
        assert before is None or found.older is None or found.older < before
        before, rounds = found.older, rounds + 1
    assert seen == ["n30", "n20", "n10", "n0"]
    assert rounds > 3


def test_of_one_search_no_more_is_looked_at(filled, monkeypatch):
    looked = []
    for kind in (type(index._FTS5), type(index._TSVECTOR)):
        finds = kind.find

        def counted(self, connection, asked, most, finds=finds):
            places = finds(self, connection, asked, most)
            looked.append(len(places))
            return places

        monkeypatch.setattr(kind, "find", counted)
    found = ask(filled, topic="rare")
    assert (ids(found), sum(looked)) == ([], 3 + 6)
    assert ids(ask(filled, topic="rare", before=found.older)) == ["n30"]


def test_a_topic_of_few_entries_is_searched_whole(filled, monkeypatch):
    monkeypatch.setattr(finding, "FEW", 4)
    found = ask(filled, topic="rare")
    assert (ids(found), found.older) == (["n30", "n20", "n10", "n0"], None)
    again = ask(filled, topic="rare", most=3)
    assert ids(again) == ["n30", "n20", "n10"]
    assert ids(ask(filled, topic="rare", before=again.older)) == ["n0"]


def test_the_best_are_found_in_a_topic_too(filled):
    assert ids(ask(filled, "otter", topic="rare", ranked=True)) == ["n30", "n20", "n10", "n0"]
    assert ask(filled, "otter", topic="rare", ranked=True).older is None


def test_the_best_are_those_of_the_newest_that_are_found(database, monkeypatch):
    station = Station(database)
    station.follow()
    blocks = [
        block(f"n{n}", n, "A storm passes by", title="Storm" if n in {2, 7} else "Calm")
        for n in range(10)
    ]
    station.poll(page(blocks[::-1]))
    assert ids(ask(database, "storm", ranked=True, most=2)) == ["n7", "n2"]
    monkeypatch.setattr(finding, "RANKED", 5)
    assert ids(ask(database, "storm", ranked=True, most=2)) == ["n7", "n9"]


@pytest.fixture
def years(database):
    """Four hundred entries of twelve years, all of the sea, a few of a gull, two of an otter."""
    station = Station(database)
    station.follow()
    day = 24 * 60

    def said(n):
        return f"The sea{' and its gull' * (n % 40 == 7)}{' and an otter' * (n in {3, 390})} at {n}"

    blocks = [block(f"n{n}", -((n * n) // 36) * day - n, said(n)) for n in range(400)]
    station.poll(page(blocks))
    return database


@pytest.mark.parametrize(
    ("asked", "there"),
    [("sea", range(400)), ("gull", range(7, 400, 40)), ("otter", (3, 390)), ("whale", ())],
)
def test_however_long_ago_all_is_found_newest_first_page_by_page(years, asked, there):
    for most in (3, 60):
        seen, before, ended = [], None, False
        while not ended:
            found = ask(years, asked, before=before, most=most)
            seen += ids(found)
            before, ended = found.older, found.older is None
        assert seen == [f"n{n}" for n in there]


def test_on_a_server_what_is_common_is_looked_for_among_the_newest_alone(years, monkeypatch):
    if years.path is not None:
        pytest.skip("SQLite walks from the newest place, and needs no blocks")
    asked = []
    finds = tsvector.Tsvector._find

    def noted(self, connection, wanted, query, most):
        asked.append(query)
        return finds(self, connection, wanted, query, most)

    monkeypatch.setattr(tsvector.Tsvector, "_find", noted)
    ask(years, "sea", most=5)
    assert all("/" in query for query in asked)
    assert ids(ask(years, "whale")) == []
    assert len(asked) <= 5
