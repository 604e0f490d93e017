"""Listings as sources: which of their blogs are followed, how, and what a bad listing cannot do."""

from datetime import UTC, datetime, timedelta

import fronts
import pytest
from fronts import HOST
from press import (
    ARTICLE,
    CONSENT,
    DAY,
    ENDED,
    HOUR,
    LIVE,
    MINUTE,
    SERIES,
    SITE,
    Topic,
    card,
    day_blog,
    day_path,
    rss,
    series_page,
)

from keywire.demo.blog import Blog, add, block, close
from keywire.demo.page import render
from store import by_hand, sources
from store.source import SourceState

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TODAY, YESTERDAY = SITE + day_path(START), SITE + day_path(START - DAY)
OLD = SITE + day_path(START - 30 * DAY)
NO_BLOG = """<!doctype html><html lang="en"><head><title>Not what it says</title>
<meta property="og:type" content="article"></head><body><h1>Not what it says</h1>
<p>An article of the harbour.</p></body></html>"""


class Paper:
    """A newspaper that nobody knows: one section, and a live blog about the storm each day."""

    host = HOST
    section = f"{HOST}/news"
    fake = f"{HOST}/news/2026/05/04/not-what-it-says"

    def storm(self, day):
        return f"{HOST}/news/{day:%Y/%m/%d}/storm-at-the-pier"

    def open(self, topic, day):
        path = self.storm(day).removeprefix(HOST)
        blog = Blog(path, f"Storm, {day:%A}", day, series="")
        blog = add(blog, block(f"one-{day.day}", day, "<p>The pier is shut.</p>"))
        topic.press.put(self.storm(day), render(blog, day, HOST))
        return blog

    def listing(self, live, named=None):
        badged = "".join(
            f'<article><span>LIVE</span><a href="{url}"><h3>{title}</h3></a></article>'
            for url, title in live.items()
        )
        return fronts.page(
            "news", badged + fronts.plain((named or {}).items()) + fronts.plain(), []
        ).html


def opened(topic, *more):
    """Put today's blog on show and list it, above an ended one."""
    blog = day_blog(START)
    topic.press.show(blog)
    topic.press.put(
        SERIES,
        series_page(
            SERIES,
            card(TODAY, LIVE, START),
            card(YESTERDAY, ENDED, START - 10 * HOUR),
            card(OLD, ENDED, START - 30 * DAY),
            *more,
        ),
    )
    return blog


def test_a_live_blog_of_a_listing_is_followed_with_its_source_s_options_and_topics(address):
    with Topic(address, START, SERIES, headers={"x-key": "1"}, timezone="Europe/London") as topic:
        opened(topic)
        topic.go_on()
        assert topic.polled() == [TODAY]
        assert [url for url, *_ in topic.press.asked] == [SERIES, TODAY]
        assert {headers["x-key"] for _, headers, _ in topic.press.asked} == {"1"}
        assert [e.entry.blog for e in topic.window().entries] == [TODAY]
        told = topic.source()
        assert (told.source.state, told.source.kind) == (SourceState.OK, "listing")
        assert [(blog.url, blog.state, blog.entries) for blog in told.blogs] == [(TODAY, "live", 1)]
        first = topic.told("entry.published")[0]
        assert (first.backfill, first.topics) == (True, ("harbour",))


def test_headers_go_to_no_other_origin_than_that_of_the_listing(address):
    other = "https://football.theguardian.com/news/live/2026/may/04/match"
    with Topic(address, START, SERIES, headers={"x-key": "1"}) as topic:
        opened(topic, card(other, LIVE, START))
        topic.go_on()
        sent = {url: headers for url, headers, _ in topic.press.asked}
        assert sent[TODAY] == {"x-key": "1"}
        assert sent[other] == {}


def test_what_ended_before_the_source_was_followed_is_not_taken_up(address):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on(START + 2 * HOUR)
        assert topic.polled() == [TODAY]
        asked = {url for url, *_ in topic.press.asked}
        assert YESTERDAY not in asked
        assert OLD not in asked


def test_an_old_blog_that_is_published_once_more_is_not_new(address):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on()
        topic.at += HOUR
        topic.press.put(
            SERIES,
            series_page(SERIES, card(YESTERDAY, ENDED, START + HOUR), card(TODAY, LIVE, START)),
        )
        topic.go_on(topic.at + HOUR)
        assert topic.polled() == [TODAY]


def test_a_blog_that_came_and_went_between_two_looks_is_taken_up(address):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on()
        next_day = START + DAY
        topic.at = next_day + 10 * HOUR
        tomorrow = topic.press.show(close(day_blog(next_day)))
        topic.press.put(
            SERIES,
            series_page(SERIES, card(tomorrow, ENDED, topic.at - HOUR), card(TODAY, ENDED, START)),
        )
        topic.go_on()
        assert tomorrow in topic.polled()
        assert topic.days()[0] == next_day.day


def test_pages_are_kept_over_restarts_and_a_dropped_source_polls_none_of_them(address):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on()
        topic.restart()
        assert topic.polled() == [TODAY]
        due = topic.page(TODAY).next_poll
        topic.press.forget()
        topic.go_on(due - timedelta(seconds=1))
        assert TODAY not in [url for url, *_ in topic.press.asked]
        with topic.database.write() as connection:
            sources.follow_sources(connection, [])
        assert topic.followed() == []
        with topic.database.write() as connection:
            sources.follow_sources(connection, [SERIES])
        assert topic.polled() == [TODAY]


@pytest.mark.parametrize(
    "instead",
    [
        CONSENT,
        series_page(SERIES),
        series_page(SERIES, card(f"{SITE}/news/2026/may/04/story", ARTICLE, START)),
        series_page(f"{SITE}/news/series/other", card(TODAY, LIVE, START)),
        series_page(SITE, card(TODAY, LIVE, START)),
        series_page(SERIES, card(TODAY, LIVE, START)).replace("</ul></main></body></html>", ""),
        500,
        "",
    ],
    ids=["wall", "nothing", "articles alone", "another", "front", "cut short", "500", "empty"],
)
def test_a_listing_that_cannot_be_believed_is_broken_and_drops_nothing(address, instead):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on()
        before = topic.window()
        topic.at = topic.page(SERIES).next_poll
        topic.press.put(SERIES, instead)
        topic.go_on()
        told = topic.source()
        assert told.source.state is SourceState.BROKEN
        assert told.source.reason
        assert topic.polled() == [TODAY]
        assert topic.window() == before
        assert [change.type.value for change in topic.told()][-1] == "source.broken"
        opened(topic)
        topic.go_on(topic.at + HOUR)
        assert topic.source().source.state is SourceState.OK
        assert topic.page(TODAY).failures == 0


def test_a_front_of_other_pages_may_be_without_live_blogs_for_a_while(address):
    front = f"{SITE}/news"
    story = card(f"{SITE}/news/2026/may/04/story", ARTICLE, START)
    with Topic(address, START, front) as topic:
        topic.press.show(day_blog(START))
        topic.press.put(front, series_page(front, story, card(TODAY, LIVE, START)))
        topic.go_on()
        topic.press.put(front, series_page(front, story))
        topic.go_on(START + 2 * HOUR)
        assert topic.source().source.state is SourceState.OK
        assert topic.polled() == [TODAY]


def test_a_listing_that_came_in_a_live_blog_s_place_is_a_fault(address):
    with Topic(address, START, TODAY) as topic:
        opened(topic)
        topic.go_on()
        topic.press.put(TODAY, series_page(SITE, card(YESTERDAY, LIVE, START)))
        topic.go_on(START + HOUR)
        told = topic.source().source
        assert told.state is SourceState.BROKEN
        assert "a listing stands where a live blog was" in told.reason
        assert topic.polled() == []


def test_a_broken_page_makes_its_source_broken_and_says_which(address):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on()
        topic.press.put(TODAY, 500)
        topic.go_on(START + 10 * MINUTE)
        told = topic.source()
        assert told.source.state is SourceState.BROKEN
        assert told.source.reason.startswith(f"{TODAY}: ")
        assert told.blogs[0].following == "broken"


def test_pause_and_resume_act_on_the_whole_source(address):
    with Topic(address, START, SERIES) as topic:
        opened(topic)
        topic.go_on()
        topic.press.forget()
        with topic.database.write() as connection:
            by_hand.pause(connection, SERIES)
        topic.go_on(START + DAY)
        assert topic.press.asked == []
        assert topic.source().source.state is SourceState.PAUSED
        with topic.database.write() as connection:
            by_hand.resume(connection, SERIES)
        topic.go_on()
        assert {url for url, *_ in topic.press.asked} == {SERIES, TODAY}


def test_a_page_that_another_source_follows_too_is_not_paused_with_one(address):
    other = f"{SITE}/news/series/all-live"
    with Topic(address, START, SERIES, other) as topic:
        opened(topic)
        topic.press.put(other, series_page(other, card(TODAY, LIVE, START)))
        topic.go_on()
        assert topic.polled() == [TODAY]
        assert {finding.source for finding in topic.page(TODAY).findings} == {SERIES, other}
        with topic.database.write() as connection:
            by_hand.pause(connection, SERIES)
        assert topic.page(TODAY).state is SourceState.OK


def test_a_listing_is_polled_seldom_while_a_blog_is_live_and_often_when_one_is_awaited(address):
    with Topic(address, START, SERIES) as topic:
        blog = opened(topic)
        topic.go_on()
        listing = topic.page(SERIES)
        assert listing.next_poll - listing.last_poll == 20 * MINUTE
        topic.press.show(close(blog))
        topic.go_on(START + 12 * HOUR)
        listing = topic.page(SERIES)
        assert listing.next_poll - listing.last_poll == 5 * MINUTE
        assert "awaited" in listing.pace


def test_an_ended_blog_is_left_after_two_days_and_remembered(address):
    with Topic(address, START, SERIES, every=HOUR) as topic:
        blog = opened(topic)
        topic.go_on()
        topic.press.show(close(blog))
        topic.go_on(START + 4 * DAY)
        assert topic.polled() == []
        assert [blog.following for blog in topic.source().blogs] == ["left"]
        after_its_end = [url for url, *_ in topic.press.asked].count(TODAY)
        assert after_its_end < 12
        topic.go_on(START + 5 * DAY)
        assert topic.polled() == []


def test_an_rss_tells_nothing_of_live_so_that_its_blogs_are_tried(address):
    feed = f"{SERIES}/rss"
    closed = close(day_blog(START - DAY, first="Good bye"))
    with Topic(address, START, feed) as topic:
        topic.press.show(day_blog(START))
        topic.press.show(closed)
        topic.press.put(
            feed,
            rss(
                SERIES,
                (YESTERDAY, "Yesterday", START - HOUR),
                (TODAY, "Today", START),
                (OLD, "Long ago", START - 30 * DAY),
            ),
        )
        topic.go_on()
        assert topic.polled() == [TODAY]
        assert topic.days() == [START.day]
        assert OLD not in [url for url, *_ in topic.press.asked]
        topic.restart()
        topic.go_on(START + HOUR)
        assert [url for url, *_ in topic.press.asked].count(YESTERDAY) <= 1


def test_what_any_site_s_feed_calls_live_is_tried_and_followed_only_if_it_is(address):
    site = "https://www.harbour-post.example"
    feed, storm, fake = f"{site}/feed", f"{site}/news/storm", f"{site}/news/live/fake"
    blog = Blog("/news/storm", "Storm at the pier – live", START, series="")
    first = add(blog, block("one", START, "<p>The pier is shut.</p>"))
    with Topic(address, START, feed) as topic:
        topic.press.put(storm, render(first, START, site))
        topic.press.put(fake, NO_BLOG)
        told = (
            (storm, "Storm at the pier – live", START - HOUR),
            (fake, "Live: not what it says", START - HOUR),
            (f"{site}/news/gulls", "Where the gulls live", START - HOUR),
            (f"{site}/news/old", "Live: long ago", START - 3 * DAY),
        )
        topic.press.put(feed, rss(site, *told).replace("Guardian News", "Harbour Post"))
        topic.go_on()
        assert (topic.page(feed).state, topic.page(feed).platform) == (SourceState.OK, "feed")
        assert topic.polled() == [storm]
        assert {url for url, *_ in topic.press.asked} == {feed, storm, fake}
        assert [e.entry.blog for e in topic.window().entries] == [storm]
        topic.at += MINUTE
        second = add(first, block("two", topic.at, "<p>The pier is open.</p>"))
        topic.press.put(storm, render(second, topic.at, site))
        topic.go_on(topic.at + HOUR)
        assert [change.topics for change in topic.told("entry.published")] == [("harbour",)] * 2
        assert [url for url, *_ in topic.press.asked].count(fake) == 1
        topic.press.put(feed, rss(site, (f"{site}/news/gulls", "Gulls", topic.at)))
        topic.go_on(topic.at + HOUR)
        assert topic.page(feed).state is SourceState.OK
        assert topic.polled() == [storm]


def test_what_any_site_s_section_calls_live_is_tried_and_followed_only_if_it_is(address):
    paper = Paper()
    long_ago = START - 9 * DAY
    finished = Blog("/news/vote-as-it-happened-54321", "The vote", long_ago, series="")
    finished = close(add(finished, block("old", long_ago, "<p>They voted.</p>")))
    with Topic(address, START, paper.section) as topic:
        first = paper.open(topic, START)
        topic.press.put(paper.fake, NO_BLOG)
        topic.press.put(paper.host + finished.path, render(finished, START, paper.host))
        live = {paper.storm(START): "Storm", paper.fake: "Not what it says"}
        topic.press.put(paper.section, paper.listing(live, {finished.path: "The vote: live"}))
        topic.go_on()
        told = topic.page(paper.section)
        assert (told.state, told.platform) == (SourceState.OK, "listing")
        assert topic.polled() == [paper.storm(START)]
        topic.go_on(START + 3 * HOUR)
        asked = [url for url, *_ in topic.press.asked]
        assert (asked.count(paper.fake), asked.count(paper.host + finished.path)) == (1, 1)
        assert [e.entry.blog for e in topic.window().entries] == [paper.host + first.path]


def test_the_next_day_s_blog_is_found_on_the_section_and_follows_that_of_the_day_before(address):
    paper, tomorrow = Paper(), START + DAY
    with Topic(address, START, paper.section) as topic:
        paper.open(topic, START)
        topic.press.put(paper.section, paper.listing({paper.storm(START): "Storm"}))
        topic.go_on(START + HOUR)
        topic.at = tomorrow
        paper.open(topic, tomorrow)
        topic.press.put(
            paper.section,
            paper.listing({paper.storm(START): "Storm", paper.storm(tomorrow): "Storm"}),
        )
        topic.go_on(tomorrow + HOUR)
        assert paper.storm(tomorrow) in topic.polled()
        assert topic.days() == [tomorrow.day, START.day]
        rolled = topic.told("blog.rolled_over")
        assert [change.blog_url for change in rolled] == [paper.storm(tomorrow)]


def test_a_section_on_which_nothing_is_live_any_more_is_well_and_drops_nothing(address):
    paper = Paper()
    with Topic(address, START, paper.section) as topic:
        paper.open(topic, START)
        topic.press.put(paper.section, paper.listing({paper.storm(START): "Storm"}))
        topic.go_on(START + HOUR)
        topic.press.put(paper.section, paper.listing({}))
        topic.go_on(START + 2 * HOUR)
        assert topic.page(paper.section).state is SourceState.OK
        assert topic.polled() == [paper.storm(START)]


def test_a_feed_of_nothing_but_live_blogs_is_well_when_none_is_live(address):
    paper = Paper()
    feed = f"{paper.host}/live/feed"
    with Topic(address, START, feed) as topic:
        paper.open(topic, START)
        told = rss(paper.host, (paper.storm(START), "Live: storm", START))
        topic.press.put(feed, told.replace("Guardian News", "Harbour Post"))
        topic.go_on(START + HOUR)
        assert topic.polled() == [paper.storm(START)]
        told = rss(paper.host, (f"{paper.host}/news/gulls", "Gulls", topic.at))
        topic.press.put(feed, told.replace("Guardian News", "Harbour Post"))
        topic.go_on(START + 3 * HOUR)
        assert topic.page(feed).state is SourceState.OK
        assert topic.polled() == [paper.storm(START)]


def test_a_blog_that_was_followed_by_itself_is_polled_once_and_joins_the_listing_s_topic(address):
    with Topic(address, START, TODAY, SERIES) as topic:
        opened(topic)
        topic.go_on()
        assert topic.polled() == []
        assert [url for url, *_ in topic.press.asked].count(TODAY) == 1
        assert len(topic.source(SERIES).blogs) == 1


def test_a_hostile_listing_is_followed_no_further_than_fifty_blogs_and_its_own_site(address):
    slugs = [SITE + day_path(START, f"b{n}") for n in range(80)]
    with Topic(address, START, SERIES) as topic:
        topic.press.put(
            SERIES,
            series_page(
                SERIES,
                card("https://elsewhere.example/news/live/2026/may/04/x", LIVE, START),
                *(card(url, LIVE, START) for url in slugs),
            ),
        )
        topic.go_on()
        assert topic.polled() == slugs[:50]
        assert "30 more live blogs" in topic.page(SERIES).warnings[0]


def test_new_entries_of_a_found_blog_are_no_backfill(address):
    with Topic(address, START, SERIES) as topic:
        blog = opened(topic)
        topic.go_on()
        topic.at += MINUTE
        topic.press.show(add(blog, block("late", topic.at, "<p>A boat came in.</p>")))
        topic.go_on(topic.at + HOUR)
        assert [change.backfill for change in topic.told("entry.published")] == [True, False]
