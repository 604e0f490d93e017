"""The index of words followed up: beside polls, after a loss, and told of if it takes a while."""

import asyncio
import logging

import pytest
from kept import MINUTE, NOW, add, fill

import keywire.upkeep.search_index
from keywire.upkeep.search_index import Indexer
from store.database import open_database
from store.errors import DatabaseError
from store.search import indexing
from store.search.finding import find
from store.search.index import index_of
from store.search.indexing import Indexing
from store.search.query import read_query


@pytest.fixture
def filled(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    fill(database)
    yield database
    database.close()


def found(database, asked):
    with database.read() as connection:
        entries = find(connection, read_query(asked)).entries
        return sorted(stored.entry.block_id for stored in entries)


def once(database):
    told = []
    asyncio.run(Indexer(database, told.append).once())
    return told


def test_all_that_waits_comes_in_and_that_it_was_much_is_told(filled, monkeypatch):
    for module in (indexing, keywire.upkeep.search_index):
        monkeypatch.setattr(module, "BATCH", 10)
    assert once(filled) == [Indexing(31, 31)]
    assert found(filled, "storm") == ["new"]
    add(filled, "late", NOW + 9 * MINUTE)
    assert found(filled, "late") == []
    assert once(filled) == []  # nothing is told of what a single batch brings
    assert found(filled, "late") == ["late"]


def test_an_index_that_was_lost_is_made_anew(filled):
    once(filled)
    with filled.write() as connection:
        index_of(connection).clear(connection)
    assert found(filled, "ships") == []
    once(filled)
    assert len(found(filled, "ships")) == 30


def test_what_comes_is_found_while_it_runs_also_after_the_store_failed(filled, monkeypatch, caplog):
    monkeypatch.setattr(keywire.upkeep.search_index, "EVERY", 0.01)
    monkeypatch.setattr(keywire.upkeep.search_index, "AFTER_A_FAILURE", MINUTE / 6000)
    failures = iter([DatabaseError("the disk is full")])

    def fail_once(connection):
        for failure in failures:
            raise failure
        return batch(connection)

    batch = indexing.index_batch
    monkeypatch.setattr(indexing, "index_batch", fail_once)

    async def see(asked):
        async with asyncio.timeout(20):
            while not found(filled, asked):  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.01)

    async def scenario():
        running = asyncio.create_task(Indexer(filled, lambda _: None).run())
        await see("storm")
        add(filled, "late", NOW + 9 * MINUTE)
        await see("late")
        running.cancel()

    with caplog.at_level(logging.ERROR):
        asyncio.run(scenario())
    assert [one.getMessage() for one in caplog.records] == [
        "the index of words cannot be kept: the disk is full; it is tried again"
    ]
