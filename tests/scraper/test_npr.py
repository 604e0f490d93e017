import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "npr"
PAGE = (FIXTURES / "2020-11-standalone" / "page.html").read_text()
FEATURED = (FIXTURES / "2020-11-featured" / "page.html").read_text()
FEED = (FIXTURES / "2020-11-feed" / "page.rss").read_text()
URL = json.loads((FIXTURES / "2020-11-standalone" / "meta.json").read_text())["url"]


def seen(markup, url=URL):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return read(Page(url=url, body=body, fetched_at=datetime(2026, 11, 19, 4, tzinfo=UTC)))


def test_the_whole_blog_is_on_its_page_so_that_an_absence_counts():
    snapshot = seen(PAGE)
    assert (snapshot.complete, snapshot.unread, snapshot.answers) == (True, False, ())
    cut = seen(PAGE[: PAGE.index('id="first-rain"')])
    assert (cut.complete, cut.whole) == (None, False)


def test_drafts_and_scheduled_posts_are_not_shown_to_readers():
    assert "not-yet" not in [each.block_id for each in seen(PAGE).sightings]
    later = PAGE.replace("9:41 p.m. ET", "9:41 p.m. ET (scheduled)")
    assert seen(later).sightings[0].published == datetime(2026, 11, 19, 2, 41, tzinfo=UTC)


def test_a_featured_post_is_known_by_the_feed_alone_and_the_page_proves_no_absence():
    snapshot = seen(FEATURED)
    assert "featured" not in [each.block_id for each in snapshot.sightings]
    assert (snapshot.unread, snapshot.complete) == (True, None)
    assert snapshot.answers == (f"{URL}feed.rss",)
    feed = seen(FEED, f"{URL}feed.rss")
    assert {each.block_id for each in feed.sightings} - {
        each.block_id for each in snapshot.sightings
    } == {"levees-hold"}


def test_the_feed_and_the_page_agree_on_ids_titles_and_kinds():
    told = [
        [(each.block_id, each.title, each.key_event) for each in seen(*source).sightings]
        for source in ((PAGE,), (FEED, f"{URL}feed.rss"))
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("link", ["https://elsewhere.example/feed.rss", "//evil.example/feed.rss"])
def test_a_feed_of_another_site_is_not_named(link):
    assert seen(FEATURED.replace('href="feed.rss"', f'href="{link}"')).answers == ()


def test_a_feed_of_another_live_blog_is_refused():
    with pytest.raises(LayoutError, match="of another live blog"):
        seen(FEED, "https://apps.npr.org/liveblogs/20261119-thaw/feed.rss")


@pytest.mark.parametrize(
    ("old", "new"),
    [("</item>", "</thing>"), ("#first-rain</guid>", "</guid>"), ("EST</pubDate>", "</pubDate>"),
     ('<rss version="2.0">', '<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0">')],
)  # fmt: skip
def test_a_feed_in_another_form_is_an_alarm(old, new):
    with pytest.raises(LayoutError):
        seen(FEED.replace(old, new, 1) if old != "</item>" else FEED.replace(old, new))


@pytest.mark.parametrize(("old", "new"), [('id="first-rain"', ""), ("11:58 p.m. ET", "late")])
def test_a_post_without_id_or_time_is_an_alarm(old, new):
    with pytest.raises(LayoutError, match="no id, or no time"):
        seen(PAGE.replace(old, new))


def test_another_publishers_page_with_the_same_class_is_not_nprs():
    other = '<html><body><main class="liveblog"><article class="post">Text</article></main></html>'
    assert seen(other, "https://a.example/live").kind is not Kind.LIVE_BLOG


def test_a_blog_that_has_not_begun_has_no_entries():
    start, end = PAGE.index("<article"), PAGE.rindex("</article>") + len("</article>")
    snapshot = seen(PAGE[:start] + PAGE[end:])
    assert (snapshot.kind, snapshot.sightings, snapshot.complete) == (Kind.LIVE_BLOG, (), True)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from((PAGE, FEATURED, FEED)),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 6000),
)
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(markup, changes, end):
    body = bytearray(markup.encode())
    for place, piece in changes:
        body[place : place + len(piece)] = piece
    with suppress(ScrapeError):
        seen(bytes(body[:end]))
