"""Blogs that pages merely embed, followed by answers: what goes wrong there is never news."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keywire.config import SourceOptions
from keywire.poll import Poller
from scraper.errors import StatusError
from scraper.page import Page
from store import log, resorting, sources
from store.database import open_database
from store.source import SourceState
from store.topics import TopicRule

FIXTURES = Path(__file__).parents[1] / "fixtures"
START = datetime(2026, 11, 18, 18, tzinfo=UTC)


def fixture(name):
    folder = FIXTURES / name
    body = next(path for path in folder.iterdir() if path.stem == "page").read_bytes()
    return json.loads((folder / "meta.json").read_text())["url"], body


EMBEDS = {
    "tickaroo": ("tickaroo/2024-09-embed", "tickaroo/2026-11-prefetch", 3),
    "norkon": ("norkon/2026-08-frame", "norkon/2026-08-initial", 2),
    "npr": ("npr/2020-11-featured", "npr/2020-11-feed", 3),
}
OTHER = {
    "tickaroo": (b"65a0c0ffee00000000000001", b"65a0c0ffee00000000000002"),
    "norkon": (b'"id": 900', b'"id": null, "x": 900'),
    "npr": (b"20261118-storm", b"20261119-thaw"),
}


class Web:
    """Pages by their addresses; a number in place of a body is a status."""

    def __init__(self, bodies, now):
        self.bodies, self.now = bodies, now

    async def fetch(self, url, _validators, **_options):
        body = self.bodies.get(url, 404)
        if isinstance(body, int):
            raise StatusError(url, body, f"the server says {body}")
        return Page(url, body, self.now(), final_url=url)


class Following:
    """Follow one page by a clock that is moved by hand."""

    def __init__(self, folder, name):
        page, answer, self.entries = EMBEDS[name]
        self.url, body = fixture(page)
        self.answer, self.stated = fixture(answer)
        self.bodies = {self.url: body, self.answer: self.stated}
        self.at, self.polls = START, 0
        self.database = open_database(f"sqlite:///{folder}/keywire.db")
        rule = TopicRule("one", "One", (self.url,))
        with self.database.write() as connection:
            sources.follow_sources(connection, [self.url])
            resorting.follow_topics(connection, [rule], START)
        self.poller = Poller(
            database=self.database, fetcher=Web(self.bodies, lambda: self.at), topics=(rule,),
            options={self.url: SourceOptions(self.url)}, now=lambda: self.at, jitter=lambda: 0.0,
        )  # fmt: skip

    async def poll(self, after=timedelta(minutes=20)):
        self.at, self.polls = self.at + after, self.polls + 1
        # The page moves as real ones do, so that it is read anew.
        page = self.bodies[self.url]
        self.bodies[self.url] = page.replace(b"</body>", b"<!-- %d --></body>" % self.polls)
        with self.database.read() as connection:
            source = sources.followed(connection)[0]
        return (await self.poller.poll(source)).source

    def told(self):
        with self.database.read() as connection:
            changes = log.read_after(connection, 0, 999)
        return [change.type.value for change in changes if change.type.value.startswith("entry.")]


def follow(tmp_path, name, story):
    async def run():
        following = Following(tmp_path, name)
        try:
            await story(following)
        finally:
            following.poller.close()
            following.database.close()

    asyncio.run(run())


@pytest.mark.parametrize("name", EMBEDS)
def test_an_embedded_blog_is_followed_by_the_answer_that_its_page_names(tmp_path, name):
    async def story(following):
        source = await following.poll()
        assert source.state is SourceState.OK, source.reason
        assert following.told() == ["entry.published"] * following.entries

    follow(tmp_path, name, story)


@pytest.mark.parametrize("name", EMBEDS)
@pytest.mark.parametrize(
    "bad", [404, 503, b"{}", b"[]", b'{"error": "gone"}', b'{"html": ""}', b"<html>Error", "other"]
)
def test_an_answer_that_is_none_or_another_blogs_changes_nothing(tmp_path, name, bad):
    async def story(following):
        await following.poll()
        before = following.told()
        other = following.stated.replace(*OTHER[name])
        assert other != following.stated
        following.bodies[following.answer] = other if bad == "other" else bad
        for _ in range(3):
            source = await following.poll()
            assert source.reason or source.warnings, "nobody is told"
        assert following.told() == before
        following.bodies[following.answer] = following.stated
        source = await following.poll()
        assert source.state is SourceState.OK, source.reason
        assert following.told() == before

    follow(tmp_path, name, story)


@pytest.mark.parametrize("name", ["tickaroo", "norkon"])
def test_a_page_whose_answer_never_came_is_broken_and_says_why(tmp_path, name):
    async def story(following):
        following.bodies[following.answer] = 403
        source = await following.poll()
        assert source.state is SourceState.BROKEN
        assert "403" in source.reason
        assert following.told() == []

    follow(tmp_path, name, story)


@pytest.mark.parametrize("name", ["tickaroo", "norkon"])
def test_a_page_that_embeds_nothing_any_more_removes_nothing(tmp_path, name):
    async def story(following):
        await following.poll()
        before = following.told()
        following.bodies[following.url] = (
            b"<html><body><h1>An article</h1><p>Words.</p></body></html>"
        )
        for _ in range(3):
            source = await following.poll()
        assert source.state is SourceState.BROKEN
        assert following.told() == before

    follow(tmp_path, name, story)
