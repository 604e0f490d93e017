"""An entry's whole life, read back on each database."""

from dataclasses import replace

import pytest
from pages import URL, block, page
from sites import MINUTE, NOW, Station

from store.archive.entry_history import Flags, find_entry, life_of
from store.decision.history import ChangeType
from store.errors import UnknownError

NOTHING = Flags(key_event=False, summary=False, pinned=False, retracted=False)
KEY = replace(NOTHING, key_event=True)
A, B = block("a", 0), block("b", 10, title="Second title")


@pytest.fixture
def station(database):
    station = Station(database)
    station.follow()
    station.poll(page([B, A]))
    return station


def read_life(database, number=2):
    with database.read() as connection:
        return life_of(connection, number)


def test_a_life_has_every_revision_every_change_and_the_topics(station, database):
    station.poll(page([replace(B.edited("Other words"), key=True), A]), NOW + MINUTE)
    for minutes in (2, 4):
        now = NOW + minutes * MINUTE
        station.poll(page([A], page_time=now), now)
    life = read_life(database)
    assert [one.text for one in life.revisions] == ["What b says", "Other words"]
    assert [one.type for one in life.changes] == [
        ChangeType.PUBLISHED,
        ChangeType.UPDATED,
        ChangeType.PROMOTED,
        ChangeType.RETRACTED,
    ]
    assert life.topics == ("harbour",)
    assert life.stored.retracted_at is not None


def test_flags_are_those_at_a_revisions_first_sight_and_todays_for_the_last(station, database):
    station.poll(page([replace(B, key=True), A]), NOW + MINUTE)
    station.poll(page([replace(B.edited("Other words"), key=True), A]), NOW + 2 * MINUTE)
    station.poll(page([B.edited("Other words"), A]), NOW + 3 * MINUTE)
    life = read_life(database)
    assert life.flags(1) == NOTHING
    assert life.flags(2) == NOTHING
    station.poll(page([replace(B.edited("More words"), key=True), A]), NOW + 4 * MINUTE)
    life = read_life(database)
    assert life.flags(2) == KEY
    assert life.flags(3) == KEY
    assert life.flags(9) == Flags()


@pytest.mark.usefixtures("station")
def test_an_entry_that_is_not_kept_has_no_life(database):
    assert read_life(database, 77) is None


@pytest.mark.usefixtures("station")
def test_an_entry_is_found_by_any_of_its_names(database):
    stored = read_life(database).stored
    page_here = "https://wire.example/wire/entries/2"
    with database.read() as connection:
        for name in ("2", " 2 ", stored.id, f"{URL}#b", page_here, f"{page_here}.json"):
            assert find_entry(connection, name) == stored
        for name in (
            "77",
            "tag:news.example,2026:x",
            "https://x.example/",
            "/entries/2",
            "",
            "0x2",
        ):
            with pytest.raises(UnknownError, match="give its number"):
                find_entry(connection, name)
