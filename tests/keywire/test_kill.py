"""kill -9 at random moments against a changing page: nothing lost, nothing doubled."""

import random
import threading
import time
from datetime import UTC, datetime
from http.client import HTTPException

import feedparser
import pytest
from changing import Changer
from running import Keywire, OriginThread, wait_for
from sqlalchemy import func, select, text

from keywire.demo.script import opening
from store.database import open_database
from store.decision.history import ChangeType
from store.schema import changes, entries

SERVING_AGAIN = 2.0  # seconds, as promised


class Bot(threading.Thread):
    """A bot that follows /events by cursor and remembers every change it was given."""

    def __init__(self, keywire):
        super().__init__(daemon=True)
        self.keywire, self.seen, self.stopping = keywire, {}, threading.Event()

    def run(self):
        cursor = 0
        while not self.stopping.wait(0.03):
            try:
                page = self.keywire.json(f"/events?after={cursor}&limit=100")
            except (OSError, ValueError, HTTPException):  # killed before or within its answer
                continue
            for change in page["changes"]:
                assert change["seq"] not in self.seen, "a change was told twice"
                self.seen[change["seq"]] = change
            cursor = page["next"]


def torment(folder, address, kills, seed):
    moments = random.Random(seed)
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(folder, [origin.url], store=address)
        changer, bot = Changer(origin, seed), Bot(keywire)
        keywire.start()
        changer.start()
        bot.start()
        slowest = 0.0
        for _ in range(kills):
            time.sleep(moments.uniform(0.1, 2.2))
            keywire.kill()
            slowest = max(slowest, keywire.start())
        changer.stopping.set()
        changer.join()
        newest = origin.blog.blocks[0].id
        wait_for(
            lambda: newest in keywire.get("/feeds/news.atom")[1].decode(), 10, keywire.terminal
        )
        time.sleep(0.3)
        bot.stopping.set()
        bot.join()
        events = keywire.events()
        feed = feedparser.parse(keywire.get("/feeds/news.atom")[1])
        assert keywire.stop() == 0
    return keywire, bot, events, feed, slowest


def kept(address):
    """Count the entries of a store that is whole, and how many of them its log tells of."""
    database = open_database(address, create=False)
    with database.read() as connection:
        if database.path:
            assert connection.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
        counted = connection.scalar(select(func.count()).select_from(entries))
        told = select(changes.c.entry).where(changes.c.type == ChangeType.PUBLISHED.value)
        told = connection.scalars(told).all()
    database.close()
    assert len(told) == len(set(told))
    return counted, len(told)


def check(keywire, bot, events, feed, slowest):
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    logged = {e["seq"]: e for e in events}
    assert all(logged[seq] == change for seq, change in bot.seen.items()), "an event was lost"
    published = [e["entry"]["id"] for e in events if e["type"] == "entry.published"]
    assert len(published) == len(set(published)), "an entry was published twice"
    revisions = [
        (e["entry"]["id"], e["entry"]["revision"]) for e in events if e["type"] == "entry.updated"
    ]
    assert len(revisions) == len(set(revisions)), "an edit was told twice"
    ids = [entry.id for entry in feed.entries]
    assert not feed.bozo
    assert len(ids) == len(set(ids))
    assert set(ids) <= set(published)
    counted, told = kept(keywire.store)
    assert counted == told >= len(published)
    assert "Traceback" not in keywire.terminal()
    assert slowest <= SERVING_AGAIN


@pytest.mark.alone
def test_five_kills_lose_nothing_and_double_nothing(tmp_path, address):
    check(*torment(tmp_path, address, 5, seed=5))


@pytest.mark.alone
@pytest.mark.torture("100 kills")
def test_a_hundred_kills_lose_nothing_and_double_nothing(tmp_path, address):
    check(*torment(tmp_path, address, 100, seed=100))
