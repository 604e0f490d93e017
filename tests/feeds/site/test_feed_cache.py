"""What stands on the shelf: rendered once, given out while current, and when all else fails."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from sites import NOW, Clock

from feeds.site.addresses import FeedKey
from feeds.site.documents import make_document, pack
from feeds.site.feed_cache import Shelf
from feeds.site.feed_documents import Rendered
from feeds.site.responses import Refusal
from store.catalogue import KeptTopic
from store.errors import DatabaseError
from store.topics import Selection

KEY = FeedKey("harbour")


@dataclass(slots=True)
class Ledger:
    """A store as a shelf sees it, counting how often it is asked."""

    version: int = 1
    followed: bool = True
    broken: bool = False
    length: int = 0
    looks: int = 0
    renderings: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self, topic: str) -> KeptTopic | None:
        self.looks += 1
        self._fail()
        version = self.version
        await asyncio.sleep(0)
        return KeptTopic(
            name=topic,
            title="T",
            born=topic,
            followed=self.followed,
            created=NOW,
            updated=NOW,
            versions=dict.fromkeys(Selection, version),
        )

    async def render(self, key: FeedKey, *, gzipped: bool) -> Rendered:
        self.renderings += 1
        self._fail()
        version = self.version
        await self.gate.wait()
        text = f"{key.target} {version}".ljust(self.length).encode()
        return Rendered(make_document(text, "text/plain", gzipped=gzipped), version)

    def _fail(self) -> None:
        if self.broken:
            raise DatabaseError("the disk is gone")


@pytest.fixture
def ledger():
    ledger = Ledger()
    ledger.gate.set()
    return ledger


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shelf(ledger, clock):
    return Shelf(ledger.look, ledger.render, clock)


def body(shelf, key=KEY):
    async def fetch():
        return shelf.at_hand(key) or await shelf.fetch(key)

    found = asyncio.run(fetch())
    return found if isinstance(found, Refusal) else found.plain.full.body.decode()


def test_what_has_not_moved_asks_nobody(shelf, ledger):
    assert body(shelf) == f"{KEY.target} 1"
    for _ in range(100):
        assert shelf.at_hand(KEY)
    assert (ledger.looks, ledger.renderings) == (1, 1)


def test_what_was_marked_is_compared_and_only_then_rendered(shelf, ledger):
    body(shelf)
    shelf.mark_changed(["harbour"])
    assert shelf.at_hand(KEY) is None
    assert body(shelf) == f"{KEY.target} 1"
    assert (ledger.looks, ledger.renderings) == (2, 1)
    ledger.version = 2
    shelf.mark_changed()
    assert body(shelf) == f"{KEY.target} 2"
    assert ledger.renderings == 2


def test_a_move_is_told_of_as_served_once_when_its_feed_of_everything_was_given_out(ledger, clock):
    told = []
    shelf = Shelf(ledger.look, ledger.render, clock, served=told.append)
    body(shelf)
    clock.seconds += 10
    shelf.mark_changed(["harbour"])
    clock.seconds += 2
    shelf.mark_changed(["harbour"])
    ledger.version = 2
    clock.seconds += 5
    body(shelf, replace(KEY, selection=Selection.KEY_EVENTS))
    assert told == []
    for _ in range(3):
        body(shelf)
        clock.seconds += 1
    assert told == [7]
    assert body(shelf) == f"{KEY.target} 2"


def test_what_cannot_be_read_was_not_served(ledger, clock):
    told = []
    shelf = Shelf(ledger.look, ledger.render, clock, served=told.append)
    body(shelf)
    shelf.mark_changed(["harbour"])
    ledger.broken = True
    body(shelf)
    assert told == []
    ledger.broken = False
    shelf.mark_changed(["harbour"])
    clock.seconds += 3
    body(shelf)
    assert told == [3]


def test_another_topics_change_moves_nothing_here(shelf, ledger):
    body(shelf)
    shelf.mark_changed(["football"])
    assert shelf.at_hand(KEY)
    assert ledger.looks == 1


def test_another_process_is_noticed_within_a_second(shelf, ledger, clock):
    body(shelf)
    ledger.version = 2
    clock.pass_by(0.9)
    assert body(shelf) == f"{KEY.target} 1"
    clock.pass_by(0.2)
    assert body(shelf) == f"{KEY.target} 2"


def test_a_clock_that_was_put_back_does_not_freeze_a_feed(shelf, ledger, clock):
    body(shelf)
    ledger.version = 2
    clock.pass_by(-2 * 24 * 3600)
    assert body(shelf) == f"{KEY.target} 2"


def test_however_many_ask_it_is_rendered_once(shelf, ledger):
    async def crowd():
        ledger.gate.clear()
        asked = [asyncio.create_task(shelf.fetch(KEY)) for _ in range(200)]
        await asyncio.sleep(0.01)
        ledger.gate.set()
        return await asyncio.gather(*asked)

    assert len(set(map(id, asyncio.run(crowd())))) == 1
    assert (ledger.looks, ledger.renderings) == (1, 1)


def test_it_is_gzipped_when_somebody_takes_it_so_and_once(shelf, ledger):
    async def crowd():
        plain = await shelf.fetch(KEY)
        assert plain.gzipped is None
        assert shelf.at_hand(KEY, gzipped=True) is None
        asked = await asyncio.gather(*(shelf.fetch(KEY, gzipped=True) for _ in range(50)))
        return plain, asked, shelf.at_hand(KEY), shelf.at_hand(KEY, gzipped=True)

    plain, asked, *at_hand = asyncio.run(crowd())
    assert len(set(map(id, [*asked, *at_hand]))) == 1
    assert asked[0] == pack(plain)
    assert (ledger.looks, ledger.renderings) == (1, 1)


def test_a_plain_and_a_gzipped_reader_share_one_rendering(shelf, ledger):
    async def both():
        ledger.gate.clear()
        asked = [asyncio.create_task(shelf.fetch(KEY, gzipped=form)) for form in (False, True)]
        await asyncio.sleep(0.01)
        ledger.gate.set()
        return await asyncio.gather(*asked)

    plain, packed = asyncio.run(both())
    assert (plain.gzipped, packed.plain) == (None, plain.plain)
    assert packed.gzipped
    assert ledger.renderings == 1


def test_a_packing_that_comes_late_does_not_bring_an_old_document_back(shelf, ledger):
    async def race():
        await shelf.fetch(KEY)
        late = asyncio.create_task(shelf.fetch(KEY, gzipped=True))
        for _ in range(20):
            await asyncio.sleep(0)
        ledger.version, ledger.length = 2, 0
        shelf.mark_changed(["harbour"])
        newer = await shelf.fetch(KEY)
        assert not late.done()
        return await late, newer, shelf.at_hand(KEY)

    ledger.length = 10_000_000
    older, newer, kept = asyncio.run(race())
    assert older.gzipped
    assert older.plain.full.body.rstrip() == f"{KEY.target} 1".encode()
    assert newer is kept
    assert newer.plain.full.body == f"{KEY.target} 2".encode()


def test_a_store_that_fails_leaves_both_forms(shelf, ledger, clock):
    body(shelf)
    ledger.broken = True
    clock.pass_by(2)
    assert asyncio.run(shelf.fetch(KEY, gzipped=True)).gzipped


def test_who_goes_away_takes_nobody_elses_answer_along(shelf, ledger):
    async def crowd():
        ledger.gate.clear()
        first, second = (asyncio.create_task(shelf.fetch(KEY)) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        ledger.gate.set()
        return await second

    assert asyncio.run(crowd()).plain.full.body


def test_a_rendering_that_comes_late_does_not_replace_a_newer_one(shelf, ledger):
    async def race():
        ledger.gate = late = asyncio.Event()
        slow = asyncio.create_task(shelf.fetch(KEY))
        await asyncio.sleep(0.01)
        ledger.version, ledger.gate = 2, asyncio.Event()
        ledger.gate.set()
        shelf.mark_changed(["harbour"])
        fast = await asyncio.wait_for(shelf.fetch(KEY), 5)
        late.set()
        await slow
        return fast.plain.full.body, (shelf.at_hand(KEY) or await shelf.fetch(KEY)).plain.full.body

    assert asyncio.run(race()) == (f"{KEY.target} 2".encode(),) * 2
    assert ledger.renderings == 2


@pytest.mark.parametrize("waits", [True, False])
def test_a_commit_while_the_topic_is_looked_at_is_seen_by_the_next_reader(
    shelf, ledger, clock, waits
):
    async def race():
        asked = asyncio.create_task(shelf.fetch(KEY))
        for _ in range(2):
            await asyncio.sleep(0)
        assert ledger.looks == 2
        ledger.version = 2
        shelf.mark_changed(["harbour"])
        if waits:
            await asked
        found = (shelf.at_hand(KEY) or await shelf.fetch(KEY)).plain.full.body
        await asked
        return found

    body(shelf)
    clock.pass_by(2)
    assert asyncio.run(race()) == f"{KEY.target} 2".encode()


def test_a_store_that_fails_leaves_what_stands_here(shelf, ledger, clock):
    body(shelf)
    ledger.broken = True
    clock.pass_by(2)
    assert body(shelf) == f"{KEY.target} 1"
    looks = ledger.looks
    assert body(shelf) == f"{KEY.target} 1"
    assert ledger.looks == looks, "it is asked once a second, not at each request"
    assert body(shelf, FeedKey("harbour", limit=3)).status == 503
    ledger.broken, ledger.version = False, 2
    clock.pass_by(2)
    assert body(shelf) == f"{KEY.target} 2"


def test_a_topic_that_was_dropped_is_refused_though_its_feed_stands_here(shelf, ledger):
    body(shelf)
    ledger.followed = False
    shelf.mark_changed()
    assert body(shelf).status == 410


def test_the_shelf_is_bounded_and_what_was_not_asked_for_goes_first(ledger, clock):
    shelf = Shelf(ledger.look, ledger.render, clock, limit=1000)
    keys = [FeedKey("harbour", limit=n) for n in range(1, 100)]
    for key in keys:
        body(shelf, key)
        body(shelf, keys[0])
        asyncio.run(shelf.fetch(key, gzipped=True))
    assert shelf._size == sum(kept.document.size for kept in shelf._documents.values()) <= 1000
    assert {keys[0], keys[-1]} <= shelf._documents.keys()


def test_a_bug_is_told_to_everyone_who_waited_and_tried_again(shelf, ledger):
    async def fail(_key, **_asked):
        raise ZeroDivisionError

    broken = Shelf(ledger.look, fail, Clock())
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            body(broken)
    assert body(shelf)
