"""Answers of the Guardian's Content API, and where it is asked in the place of which page."""

import copy
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.platforms.guardian.api import api_address
from scraper.read import read
from store.decision.identity import mint
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "guardian"
ITEM = json.loads((FIXTURES / "2026-11-content-api" / "page.json").read_text())
SEARCH = json.loads((FIXTURES / "2026-11-content-api-search" / "page.json").read_text())
BLOG = "https://www.theguardian.com/uk-news/live/2026/nov/18/storm-on-the-coast-live"
ADDRESS = api_address(BLOG)


def seen(said, url=ADDRESS):
    body = json.dumps(said).encode()
    return read(Page(url=url, body=body, fetched_at=datetime(2026, 11, 18, 16, tzinfo=UTC)))


def changed(change):
    said = copy.deepcopy(ITEM)
    change(said["response"]["content"])
    return said


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (
            BLOG,
            "https://content.guardianapis.com/uk-news/live/2026/nov/18/storm-on-the-coast-live?",
        ),
        (f"{BLOG}?page=with:block-1#block-1", "https://content.guardianapis.com/uk-news/live/"),
        (
            "https://www.theguardian.com/politics/series/politics-live-with-andrew-sparrow",
            "https://content.guardianapis.com/search?tag=politics/series/"
            "politics-live-with-andrew-sparrow,tone/minutebyminute&order-by=newest",
        ),
        ("https://www.theguardian.com/", ""),
        ("https://www.theguardian.com.evil.example/politics/series/x", ""),
        ("https://content.guardianapis.com/search?tag=a/b", ""),
    ],
)
def test_the_api_is_asked_in_the_place_of_live_blogs_series_and_tags(page, address):
    asked = api_address(page)
    assert asked.startswith(address)
    assert bool(asked) is bool(address)


def test_an_answer_speaks_for_the_blogs_own_page_so_that_ids_are_the_same():
    snapshot = seen(ITEM)
    assert snapshot.url == BLOG
    first = snapshot.sightings[0]
    assert first.permalink.startswith(f"{BLOG}?page=with:block-")
    assert mint(snapshot.url, first.block_id, first.published).endswith(
        "/uk-news/live/2026/nov/18/storm-on-the-coast-live/6a5e00000000000000000005"
    )


def test_an_answer_from_anywhere_else_does_not_speak_for_the_guardian():
    assert seen(ITEM, "https://elsewhere.example/copy.json").url.startswith("https://elsewhere")


def test_no_key_stands_in_any_address_of_a_snapshot():
    assert "k1" not in repr(seen(ITEM, f"{ADDRESS}&api-key=k1"))
    assert "k1" not in repr(
        seen(SEARCH, "https://content.guardianapis.com/search?api-key=k1&tag=a")
    )


def test_nothing_of_who_works_on_a_block_is_read():
    assert "example.org" not in repr(seen(ITEM))


def test_flags_may_be_words_and_are_false_where_they_are_absent():
    flags = [(s.key_event, s.summary, s.pinned) for s in seen(ITEM).sightings]
    assert flags == [
        (True, False, False), (False, False, True), (False, True, False), (False, False, False),
    ]  # fmt: skip


def test_a_block_that_was_published_once_is_stated_to_be_deleted_and_a_draft_is_not():
    assert seen(ITEM).deleted == ("6a5e00000000000000000003",)

    def draft(content):
        content["blocks"]["body"][2]["firstPublishedDate"] = None

    assert seen(changed(draft)).deleted == ()


@pytest.mark.parametrize(
    ("change", "reach"),
    [
        (lambda c: c["blocks"].update(totalBodyBlocks=40), (None, None)),
        (lambda c: c["blocks"].pop("totalBodyBlocks"), (True, True)),
        (
            lambda c: c["blocks"].update(
                requestedBodyBlocks={"body:latest:5": c["blocks"].pop("body")}, totalBodyBlocks=40
            ),
            (True, None),
        ),
    ],
)
def test_how_far_an_answer_reaches_is_told_by_what_was_asked_for(change, reach):
    snapshot = seen(changed(change))
    assert (snapshot.shows_top, snapshot.shows_bottom) == reach
    assert len(snapshot.sightings) == 4


def test_an_answer_without_the_address_that_was_asked_tells_no_reach():
    said = changed(lambda c: c["blocks"].pop("totalBodyBlocks"))
    assert seen(said, "file:///tmp/answer.json").complete is None


@pytest.mark.parametrize(("told", "live"), [("true", True), (False, False), (None, None)])
def test_whether_a_blog_is_live_is_told_by_its_field(told, live):
    snapshot = seen(changed(lambda c: c["fields"].update(liveBloggingNow=told)))
    assert snapshot.live is live


def test_an_article_is_no_live_blog():
    def article(content):
        content.update(type="article", id="uk-news/2026/nov/18/a-storm", tags=[])

    assert seen(changed(article)).kind is not Kind.LIVE_BLOG


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["blocks"]["body"][0].pop("bodyHtml"),
        lambda c: c["blocks"]["body"][0].update(id="5"),
    ],
)
def test_a_block_in_another_form_is_an_alarm(change):
    with pytest.raises(LayoutError):
        seen(changed(change))


@pytest.mark.parametrize(
    "said",
    [
        {"message": "Unauthorized"},
        {"response": {"status": "error", "message": "The requested resource could not be found."}},
        {"response": {"status": "ok", "total": 1, "content": {}}},
        {"response": {}},
    ],
)
def test_an_error_in_the_place_of_an_answer_is_never_a_live_blog(said):
    snapshot = seen(said)
    assert (snapshot.kind, snapshot.sightings, snapshot.blogs) == (Kind.UNKNOWN, (), ())


def test_a_search_lists_live_blogs_alone_with_their_flags():
    snapshot = seen(SEARCH, "https://content.guardianapis.com/search?tag=uk-news/series/storm-live")
    assert snapshot.kind is Kind.LISTING
    assert snapshot.url == "https://www.theguardian.com/uk-news/series/storm-live"
    assert [(blog.url == BLOG, blog.live) for blog in snapshot.blogs] == [
        (True, True),
        (False, False),
    ]


def test_a_search_that_finds_nothing_is_a_listing_of_nothing():
    said = {"response": {"status": "ok", "total": 0, "results": []}}
    assert (seen(said).kind, seen(said).blogs) == (Kind.LISTING, ())


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


def holders(said):
    if isinstance(said, dict | list):
        for place in range(len(said)) if isinstance(said, list) else list(said):
            yield said, place
            yield from holders(said[place])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from((ITEM, SEARCH)), st.data(), JUNK)
def test_an_answer_with_anything_in_any_place_is_read_or_refused(said, data, junk):
    said = copy.deepcopy(said)
    holder, place = data.draw(st.sampled_from(list(holders(said))))
    holder[place] = junk
    with suppress(ScrapeError):
        seen(said)
