"""One poll after another against the built-in origin: what is told, kept, and left alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keywire.config import SourceOptions
from keywire.demo.blog import add, block, close, edit, pin, promote, restore, retract, unpin
from keywire.demo.origin import Fault, Origin, Refusal
from keywire.demo.page import render
from keywire.demo.script import opening
from keywire.poll import Poller
from keywire.polling import applying
from scraper.fetch import Fetcher, FetchRules
from scraper.page import Page
from scraper.read import read
from store import log, resorting, sources
from store.database import open_database
from store.source import SourceState, due_at
from store.topics import Selection, TopicRule
from store.window import select_window

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class World:
    """An origin, a store and a poller, on a clock that is moved by hand."""

    def __init__(self, tmp_path):
        self.at = START
        self.database = open_database(f"sqlite:///{tmp_path}/keywire.db")

    def now(self):
        return self.at

    async def __aenter__(self):
        self.origin = await Origin(opening(START), now=self.now).__aenter__()
        url = self.origin.url
        self.rule = TopicRule("light", "The light", (url,))
        with self.database.write() as connection:
            sources.follow_sources(connection, [url])
            resorting.follow_topics(connection, [self.rule], START)
        self.fetcher = Fetcher(
            FetchRules("keywire/test", timeout=2, allow_private=("127.0.0.1",)), now=self.now
        )
        self.poller = Poller(
            database=self.database,
            fetcher=self.fetcher,
            options={url: SourceOptions(url, every=MINUTE)},
            topics=(self.rule,),
            now=self.now,
            jitter=lambda: 0.0,
        )
        return self

    async def __aexit__(self, *_):
        self.poller.close()
        await self.fetcher.aclose()
        await self.origin.__aexit__(None, None, None)
        self.database.close()

    async def poll(self, after=MINUTE):
        self.at += after
        with self.database.read() as connection:
            source = sources.followed(connection)[0]
        return await self.poller.poll(source)

    def change(self, change, *arguments):
        self.at += timedelta(seconds=5)
        self.origin.show(change(self.origin.blog, *arguments))

    def told(self, after=0):
        with self.database.read() as connection:
            return [
                (c.type.value, c.entry.get("number"))
                for c in log.read_after(connection, after, 999)
            ]

    def window(self, selection=Selection.ALL):
        with self.database.read() as connection:
            return select_window(connection, "light", selection)


def story(tmp_path, tell):
    async def run():
        async with World(tmp_path) as world:
            await tell(world)

    asyncio.run(run())


def new(name, at, body="<p>Something happened just now.</p>"):
    return block(name, at, body)


def test_a_blog_grows_is_edited_promoted_and_closed(tmp_path):
    async def tell(world):
        first = await world.poll()
        assert (first.source.state, first.entries) == (SourceState.OK, 4)
        seen = len(world.told())
        world.change(add, new("one", world.at))
        await world.poll()
        oldest = world.origin.blog.blocks[-1].id
        world.change(lambda blog: edit(blog, oldest, world.at, "<p>Put right.</p>"))
        await world.poll()
        world.change(lambda blog: promote(blog, oldest, title="A turning point"))
        await world.poll()
        world.change(close)
        await world.poll()
        kinds = [kind for kind, _ in world.told(seen)]
        assert kinds == [
            "entry.published",
            "entry.updated",
            "entry.updated",
            "entry.promoted",
            "blog.ended",
        ]
        assert len(world.window().entries) == 5
        assert world.window(Selection.KEY_EVENTS).entries[0].entry.title == "A turning point"

    story(tmp_path, tell)


def test_an_unchanged_page_is_asked_for_conditionally_and_changes_nothing(tmp_path):
    async def tell(world):
        await world.poll()
        before = world.window()
        report = await world.poll()
        assert report.unchanged
        assert world.origin.requests[-1].status == 304
        assert (report.source.last_status, world.window()) == (304, before)

    story(tmp_path, tell)


def test_a_retraction_is_believed_when_a_304_agrees_a_minute_later(tmp_path):
    async def tell(world):
        await world.poll()
        gone = world.origin.blog.blocks[1].id
        world.change(retract, gone)
        look = await world.poll()
        assert (look.source.confirming, dict(look.changes)) == (True, {})
        assert look.source.next_poll - world.at <= MINUTE
        await world.poll()
        assert world.origin.requests[-1].status == 304
        retracted = [s for s in world.window().entries if s.retracted_at]
        assert [s.entry.block_id for s in retracted] == [gone]
        world.change(restore, gone)
        await world.poll()
        assert not any(s.retracted_at for s in world.window().entries)

    story(tmp_path, tell)


def test_pinning_moves_no_feed(tmp_path):
    async def tell(world):
        await world.poll()
        before = world.window()
        world.change(lambda blog: pin(blog, blog.blocks[-1].id))
        await world.poll()
        world.change(unpin)
        await world.poll()
        after = world.window()
        assert (after.version, after.updated) == (before.version, before.updated)

    story(tmp_path, tell)


BAD = [
    (Refusal(503), "503"),
    (Refusal(429), "429"),
    (Refusal(404), "404"),
    (Fault.EMPTY, ""),
    (Fault.CONSENT_WALL, "consent wall"),
    (Fault.ANOTHER_ARTICLE, ""),
    (Fault.TRUNCATED, "cut short"),
    (Fault.NEW_LAYOUT, "not known"),
    (Fault.STALE, "stale"),
    (Fault.HOME, ""),
    (Fault.RESET, ""),
]


@pytest.mark.parametrize(("fault", "reason"), BAD, ids=[str(fault) for fault, _ in BAD])
def test_a_bad_answer_breaks_the_source_at_once_and_leaves_the_feed_alone(tmp_path, fault, reason):
    async def tell(world):
        await world.poll()
        world.change(add, new("one", world.at))
        world.change(lambda blog: edit(blog, blog.blocks[2].id, world.at, "<p>Righted.</p>"))
        await world.poll()
        before = world.window()
        world.origin.fault = fault
        bad = await world.poll()
        assert bad.source.state is SourceState.BROKEN
        assert reason in bad.source.reason
        assert world.window() == before
        assert world.told()[-1][0] == "source.broken"
        again = await world.poll()
        assert (again.source.failures, world.window()) == (2, before)
        world.origin.fault = None
        back = await world.poll()
        assert (back.source.state, back.source.failures) == (SourceState.OK, 0)
        assert world.told()[-1][0] == "source.recovered"
        assert world.window() == before

    story(tmp_path, tell)


def test_half_an_answer_is_no_answer(tmp_path):
    async def tell(world):
        world.origin.fault = Fault.CUT_SHORT
        assert (await world.poll()).source.state is SourceState.BROKEN
        assert world.window().entries == ()
        world.origin.fault = None
        assert (await world.poll()).source.state is SourceState.OK

    story(tmp_path, tell)


def test_retry_after_is_kept_to_the_second_whatever_the_interval(tmp_path):
    async def tell(world):
        await world.poll()
        url = world.origin.url
        world.poller.options[url] = replace(world.poller.options[url], every=timedelta(seconds=1))
        world.origin.fault = Refusal(503, "120")
        report = await world.poll()
        assert report.source.next_poll == world.at + timedelta(seconds=120)

    story(tmp_path, tell)


def test_every_holds_while_a_page_is_broken(tmp_path):
    async def tell(world):
        url = world.origin.url
        world.poller.options[url] = replace(world.poller.options[url], every=timedelta(seconds=1))
        await world.poll()
        world.origin.fault = Fault.EMPTY
        for _ in range(5):
            report = await world.poll()
        assert report.source.next_poll == world.at + timedelta(seconds=1)

    story(tmp_path, tell)


def test_a_page_that_is_gone_is_not_asked_for_again(tmp_path):
    async def tell(world):
        await world.poll()
        world.origin.fault = Refusal(410)
        report = await world.poll()
        assert report.source.state is SourceState.GONE
        assert due_at(report.source, world.at + timedelta(days=9)) is None
        assert len(world.window().entries) == 4

    story(tmp_path, tell)


def test_more_than_half_gone_holds_the_source_until_it_is_put_right(tmp_path):
    async def tell(world):
        await world.poll()
        full = world.origin.blog
        emptied = full
        for one in full.blocks[:3]:
            emptied = retract(emptied, one.id)
        world.change(lambda _: emptied)
        held = await world.poll()
        assert (held.source.state, dict(held.changes)) == (SourceState.HELD, {})
        assert "until a person confirms" in held.source.reason
        world.change(lambda _: full)
        back = await world.poll()
        assert back.source.state is SourceState.OK
        assert not any(s.retracted_at for s in world.window().entries)

    story(tmp_path, tell)


def test_a_blog_that_moved_is_known_by_its_blocks_and_another_is_not_taken_for_it(tmp_path):
    async def tell(world):
        await world.poll()
        html = render(world.origin.blog, world.at, world.origin.site).encode()
        shown = read(Page(world.origin.url, html, world.at))
        moved = replace(shown, url=f"{world.origin.site}/live/elsewhere")
        strange = replace(
            moved, sightings=tuple(replace(s, block_id="f" * 24) for s in shown.sightings[:1])
        )
        with world.database.write() as connection:
            source = sources.followed(connection)[0]
            kept = applying._find(connection, source, moved, world.poller.histories)
            assert kept.history.url == shown.url
            assert kept.history.entries.keys() == {s.block_id for s in shown.sightings}
            refused = applying._find(connection, source, strange, world.poller.histories)
            assert "another live blog stands at this address" in refused.reason

    story(tmp_path, tell)
