"""A cursor never skips: parallel writers, one reader, and a weak log that fails the same test."""

import random
import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, update

from store import log
from store.database import open_database
from store.decision.history import Change, ChangeType
from store.schema import changes, log_head

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
WRITERS = 8


def append_by_the_counter(database, count):
    with database.write() as connection:
        log.append(connection, [log.NewChange(Change(ChangeType.DISCOVERED, NOW))] * count)


def append_without_its_lock(database, count):
    """Take numbers in one transaction and commit the rows in another: what must not be done."""
    with database.write() as connection:
        last = connection.execute(
            update(log_head).values(seq=log_head.c.seq + count).returning(log_head.c.seq)
        ).scalar_one()
    time.sleep(random.random() * 0.002)
    with database.write() as connection:
        connection.execute(
            insert(changes),
            [
                {
                    "seq": seq,
                    "type": "blog.discovered",
                    "occurred_at": NOW,
                    "told": {"entry": {}, "changes": {}, "source": {}},
                }
                for seq in range(last - count + 1, last + 1)
            ],
        )


def follow_writers(address, append, total):
    """Let eight writers log `total` changes; return the seqs in the order a reader met them."""
    database = open_database(address)
    each, batch = total // WRITERS, 25
    failures = []

    def write(seed):
        chance, left = random.Random(seed), each
        try:
            while left:
                count = min(left, chance.randrange(1, batch))
                append(database, count)
                left -= count
        except Exception as error:  # noqa: BLE001 - told below, in the thread that can fail
            failures.append(error)

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(WRITERS)]
    for writer in writers:
        writer.start()
    met, cursor = [], 0
    while True:
        done = not any(writer.is_alive() for writer in writers)
        with database.read() as connection:
            told = log.read_after(connection, cursor, 500)
        met += [change.seq for change in told]
        cursor = met[-1] if met else 0
        if done and not told:
            break
        time.sleep(0.001)  # a reader that spins holds the interpreter, not the store
    for writer in writers:
        writer.join()
    database.close()
    assert failures == []
    return met


@pytest.mark.parametrize(
    "total", [10_000, pytest.param(100_000, marks=pytest.mark.torture("100,000 changes"))]
)
def test_a_reader_meets_each_change_of_parallel_writers_once_and_in_order(address, total):
    assert follow_writers(address, append_by_the_counter, total) == list(range(1, total + 1))


def test_without_the_counters_lock_a_reader_skips(postgresql):
    met = follow_writers(postgresql(), append_without_its_lock, 1_600)
    assert len(met) < 1_600, "the weak log was not weak enough to prove anything"


def test_a_reader_of_one_topic_skips_nothing_either(database):
    for n in range(30):
        with database.write() as connection:
            topics = ("even",) if n % 2 == 0 else ("odd",)
            log.append(
                connection, [log.NewChange(Change(ChangeType.DISCOVERED, NOW), topics=topics)]
            )
    met, cursor = [], 0
    while True:
        with database.read() as connection:
            told = log.read_after(connection, cursor, 4, "even")
        if not told:
            break
        met += [change.seq for change in told]
        cursor = met[-1]
    assert met == list(range(1, 31, 2))
