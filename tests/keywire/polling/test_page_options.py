"""What the configuration wishes for a page: which API is asked by a key, and where the key goes."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keywire.config import SourceOptions
from keywire.poll import Poller
from keywire.polling.page_options import Wishes
from scraper.page import Page
from store import resorting, sources
from store.database import open_database
from store.source import Source, SourceState
from store.topics import Selection, TopicRule
from store.window import select_window

BLOG = "https://www.theguardian.com/uk-news/live/2026/nov/18/storm-on-the-coast-live"
FIXTURE = Path(__file__).parents[2] / "fixtures" / "guardian" / "2026-11-content-api" / "page.json"
NOW = datetime(2026, 11, 18, 15, 20, tzinfo=UTC)
KEY = {"guardian": "s3cret&key"}


def wishes(keys=KEY, url=BLOG):
    return Wishes({url: SourceOptions(url, keys=keys)}, ())


SOURCE = Source(1, BLOG, SourceState.NEW)


def test_by_a_key_the_api_is_asked_in_a_pages_place():
    assert wishes().address(SOURCE, BLOG).startswith("https://content.guardianapis.com/uk-news/")
    assert wishes({}).address(SOURCE, BLOG) == BLOG
    front = "https://www.theguardian.com/"
    assert wishes().address(SOURCE, front) == front


@pytest.mark.parametrize(
    "url",
    [
        BLOG,
        "http://content.guardianapis.com/a",
        "https://content.guardianapis.com.evil.example/a",
        "https://evil.example/content.guardianapis.com",
    ],
)
def test_a_key_goes_to_the_api_alone_and_never_in_the_clear(url):
    assert wishes().secret(SOURCE, url) == ""
    api = "https://content.guardianapis.com/a"
    assert wishes().secret(SOURCE, api) == "api-key=s3cret%26key"
    assert wishes({}).secret(SOURCE, api) == ""


class Api:
    """Answers as the Content API does, and keeps what was asked."""

    def __init__(self):
        self.asked, self.headers = [], {}

    async def fetch(self, url, _validators, *, headers, secret, **_others):
        self.asked.append((url, secret, dict(headers)))
        return Page(url, FIXTURE.read_bytes(), NOW, final_url=url, headers=self.headers)


def polled(tmp_path, api, times=1):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    rule = TopicRule("storm", "The storm", (BLOG,))
    with database.write() as connection:
        sources.follow_sources(connection, [BLOG])
        resorting.follow_topics(connection, [rule], NOW)
    poller = Poller(
        database=database, fetcher=api, options={BLOG: SourceOptions(BLOG, keys=KEY)},
        topics=(rule,), now=lambda: NOW, jitter=lambda: 0.0,
    )  # fmt: skip

    async def run():
        for _ in range(times):
            with database.read() as connection:
                source = sources.followed(connection)[0]
            await poller.poll(source)

    asyncio.run(run())
    poller.close()
    with database.read() as connection:
        source = sources.followed(connection)[0]
        window = select_window(connection, "storm", Selection.KEY_EVENTS)
    database.close()
    return source, window


def test_a_blog_is_followed_by_the_api_whole_with_its_dates_and_flags(tmp_path):
    api = Api()
    source, window = polled(tmp_path, api)
    assert source.state is SourceState.OK
    assert api.asked[0][1] == "api-key=s3cret%26key"
    told = [(each.entry.title, each.entry.key_event) for each in window.entries]
    assert ("Ferries run again", True) in told


def test_no_key_is_kept_anywhere(tmp_path):
    polled(tmp_path, Api(), times=2)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Ferries run again" in kept
    assert b"s3cret" not in kept


def test_a_quota_that_nothing_tells_of_is_a_free_keys_and_one_that_is_told_counts(tmp_path):
    source, _ = polled(tmp_path, Api())
    assert source.next_poll - NOW == timedelta(days=1) / 500
    assert "quota" in source.pace


def test_what_is_told_of_the_quota_counts(tmp_path):
    api = Api()
    api.headers = {"x-ratelimit-remaining-day": "52"}
    source, _ = polled(tmp_path, api)
    assert source.next_poll - NOW == timedelta(minutes=10)
    assert json.loads(FIXTURE.read_text())["response"]["userTier"] == "developer"


SERIES = "https://www.theguardian.com/uk-news/series/storm-live"
SEARCH = FIXTURE.parents[1] / "2026-11-content-api-search" / "page.json"


class Whole:
    """The Content API with a series and its newest live blog; nothing else answers."""

    def __init__(self):
        self.asked = []

    async def fetch(self, url, _validators, *, secret, **_others):
        self.asked.append(url)
        assert secret.startswith("api-key=")
        body = SEARCH if url.startswith("https://content.guardianapis.com/search?") else FIXTURE
        return Page(url, body.read_bytes(), NOW, final_url=url)


def test_by_a_key_a_series_is_searched_and_what_it_finds_is_followed_by_the_api_too(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    rule = TopicRule("storm", "The storm", (SERIES,))
    with database.write() as connection:
        sources.follow_sources(connection, [SERIES])
        resorting.follow_topics(connection, [rule], NOW)
    api = Whole()
    poller = Poller(
        database=database, fetcher=api, options={SERIES: SourceOptions(SERIES, keys=KEY)},
        topics=(rule,), now=lambda: NOW, jitter=lambda: 0.0,
    )  # fmt: skip

    async def run():
        for number in (0, 1):
            with database.read() as connection:
                source = sources.followed(connection)[number]
            await poller.poll(source)
            with database.read() as connection:
                assert sources.followed(connection)[number].state is SourceState.OK

    asyncio.run(run())
    poller.close()
    with database.read() as connection:
        followed = [source.url for source in sources.followed(connection)]
        window = select_window(connection, "storm", Selection.ALL)
    database.close()
    assert followed == [SERIES, BLOG]
    assert [url.partition("?")[0] for url in api.asked] == [
        "https://content.guardianapis.com/search",
        BLOG.replace("www.theguardian.com", "content.guardianapis.com"),
    ]
    assert len(window.entries) == 4
    assert all(each.id.startswith("tag:theguardian.com,2026:") for each in window.entries)


def test_a_page_that_a_person_follows_may_be_a_list_until_anything_was_believed_of_it():
    page = Page(BLOG, b"<p>Hello", NOW)
    assert wishes().reading(SOURCE, page).as_new
    assert not wishes().reading(replace(SOURCE, kind="live-blog"), page).as_new
    assert not wishes().reading(replace(SOURCE, configured=False), page).as_new
