"""Tomorrow's blog at another address: found, told, joined to the same feed; and no false one."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from press import (
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
    series_page,
)

from feeds.site.feed_documents import feed_subtitle
from feeds.times import spoken_time
from keywire.demo.blog import add, block, close
from store.decision.history import BlogState
from store.topics import Selection

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
NEXT = START + DAY
TODAY, TOMORROW = SITE + day_path(START), SITE + day_path(NEXT)
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "guardian"


def closing(blog, at, link=""):
    words = (
        f'Our coverage goes on <a href="{link}">in a new blog here</a>.' if link else "Good bye."
    )
    return close(add(blog, block("closing", at, f"<p>{words}</p>")))


def rolled(topic):
    return [
        (change.changes["blog"]["old"]["url"], change.changes["blog"]["new"]["url"])
        for change in topic.told("blog.rolled_over")
    ]


def test_the_next_blog_of_a_series_joins_the_same_feed_and_is_told_before_its_entries(address):
    with Topic(address, START, SERIES) as topic:
        first = day_blog(START)
        topic.press.show(first)
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, LIVE, START)))
        topic.go_on(START + 8 * HOUR)
        topic.press.show(closing(first, START + 8 * HOUR))
        topic.go_on(NEXT)
        topic.press.show(day_blog(NEXT))
        closed_stands_above = (card(TODAY, ENDED, NEXT), card(TOMORROW, LIVE, NEXT - MINUTE))
        topic.press.put(SERIES, series_page(SERIES, *closed_stands_above))
        topic.go_on(NEXT + 2 * HOUR)
        topic.restart()
        topic.go_on(NEXT + 3 * HOUR)
        assert rolled(topic) == [(TODAY, TOMORROW)]
        kinds = [change.type.value for change in topic.told()]
        assert kinds[-3:] == ["blog.discovered", "blog.rolled_over", "entry.published"]
        assert topic.told()[-1].backfill
        assert topic.told("blog.rolled_over")[0].topics == ("harbour",)
        assert topic.told("blog.rolled_over")[0].blog_url == TOMORROW
        assert topic.days() == [5, 4, 4]
        ids = [stored.id for stored in topic.window().entries]
        assert len(set(ids)) == 3


def test_a_single_day_s_source_learns_the_next_from_the_link_in_its_closing_entry(address):
    with Topic(address, START, TODAY) as topic:
        first = day_blog(START)
        topic.press.show(first)
        topic.go_on(START + HOUR)
        topic.press.show(day_blog(NEXT))
        topic.press.show(closing(first, START + 8 * HOUR, TOMORROW))
        topic.go_on(START + 9 * HOUR)
        assert rolled(topic) == [(TODAY, TOMORROW)]
        assert TOMORROW in topic.polled()
        assert [blog.url for blog in topic.source().blogs] == [TOMORROW, TODAY]
        third = SITE + day_path(NEXT + DAY)
        topic.press.show(day_blog(NEXT + DAY))
        topic.at = NEXT
        topic.press.show(closing(day_blog(NEXT), NEXT + 8 * HOUR, third))
        topic.go_on(NEXT + 9 * HOUR)
        assert rolled(topic) == [(TODAY, TOMORROW), (TOMORROW, third)]


def test_the_link_may_stand_in_the_words_under_the_headline(address):
    with Topic(address, START, TODAY) as topic:
        first = closing(day_blog(START), START + HOUR)
        topic.press.show(day_blog(NEXT))
        topic.press.show(first, links=[TOMORROW])
        topic.go_on(START + 2 * HOUR)
        assert rolled(topic) == [(TODAY, TOMORROW)]


def test_a_single_day_s_source_awaits_the_next_in_the_series_that_its_page_names(address):
    with Topic(address, START, TODAY) as topic:
        topic.press.show(day_blog(START))
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, LIVE, START)))
        topic.go_on(START + HOUR)
        assert topic.polled() == []
        topic.press.show(closing(day_blog(START), START + HOUR))
        topic.go_on(START + 10 * HOUR)
        assert topic.polled() == [SERIES]
        topic.press.show(day_blog(NEXT))
        topic.press.put(
            SERIES, series_page(SERIES, card(TODAY, ENDED, NEXT), card(TOMORROW, LIVE, NEXT))
        )
        topic.go_on(NEXT + HOUR, most=2000)
        assert rolled(topic) == [(TODAY, TOMORROW)]


def test_a_series_page_that_cannot_be_read_is_a_warning_and_breaks_no_blog(address):
    with Topic(address, START, TODAY) as topic:
        topic.press.show(closing(day_blog(START), START + HOUR))
        topic.press.put(SERIES, 403)
        topic.go_on(START + 2 * HOUR)
        told = topic.source().source
        assert told.state.value == "ok"
        assert "where the next live blog is awaited" in told.warnings[-1]
        assert topic.told("source.broken") == []


def linked(topic, first, following, before, after):
    """Show two days' blogs of no series, the first closed with a link to the other."""
    url = SITE + following.path
    topic.press.show(following, **after)
    topic.press.show(closing(first, START + HOUR, url), **before)
    topic.go_on(START + 2 * HOUR)
    return url


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"keywords": "a/x,a/y,a/z"}, {"keywords": "a/y,a/z"}, True),
        ({"keywords": "a/x,a/y"}, {"keywords": "a/y,b/z"}, False),
        ({"keywords": ""}, {"keywords": ""}, False),
    ],
    ids=["two keywords", "one keyword", "none"],
)
def test_without_a_series_a_linked_blog_shares_two_keywords_at_least(
    address, before, after, expected
):
    with Topic(address, START, TODAY) as topic:
        following = day_blog(NEXT, slug="storm", series="")
        url = linked(topic, day_blog(START, series=""), following, before, after)
        assert rolled(topic) == ([(TODAY, url)] if expected else [])
        assert topic.polled() == ([url] if expected else [])
        assert len(topic.window().entries) == (3 if expected else 2)


@pytest.mark.parametrize(
    ("slug", "name"),
    [("harbour", "Good morning"), ("storm", "Harbour news live: hello")],
    ids=["its address but for the day", "the name that both run under"],
)
def test_without_series_and_keywords_a_linked_blog_shares_its_address_or_its_name(
    address, slug, name
):
    with Topic(address, START, TODAY) as topic:
        first = day_blog(START, series="", first=name)
        following = day_blog(NEXT, slug=slug, series="", first=name)
        url = linked(topic, first, following, {"keywords": ""}, {"keywords": ""})
        assert rolled(topic) == [(TODAY, url)]
        assert topic.polled() == [url]


def test_a_linked_blog_of_another_series_an_older_one_and_an_article_are_refused_for_good(address):
    other, older = SITE + day_path(NEXT, "football"), SITE + day_path(START - DAY)
    article = f"{SITE}/news/live-music"
    with Topic(address, START, TODAY) as topic:
        topic.press.show(day_blog(NEXT, slug="football", series="Football live"), keywords="a,b")
        topic.press.show(day_blog(START - DAY), keywords="a,b")
        topic.press.put(
            article,
            '<html><head><meta property="og:type" content="article"><title>Music</title></head>'
            "<body><article><h1>Music</h1><p>About music in harbours.</p></article></body></html>",
        )
        topic.press.show(
            closing(day_blog(START), START + HOUR), keywords="a,b", links=[other, older, article]
        )
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, ENDED, START)))
        topic.go_on(START + 3 * HOUR)
        topic.restart()
        topic.go_on(START + DAY)
        asked = [url for url, *_ in topic.press.asked]
        assert asked.count(other) == 1
        assert asked.count(article) == 1
        assert older not in asked
        assert rolled(topic) == []
        assert topic.polled() == [SERIES]
        assert topic.told("source.broken") == []


def test_a_link_that_leads_nowhere_is_given_up_and_breaks_nothing(address):
    with Topic(address, START, TODAY) as topic:
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, ENDED, START)))
        topic.press.show(closing(day_blog(START), START + HOUR, TOMORROW))
        topic.go_on(START + 6 * HOUR)
        assert [url for url, *_ in topic.press.asked].count(TOMORROW) == 3
        assert topic.source().source.state.value == "ok"
        assert topic.told("source.broken") == []


def test_an_old_blog_leads_to_nothing_as_old(address):
    with Topic(address, START + 30 * DAY, TODAY) as topic:
        topic.press.show(day_blog(NEXT))
        topic.press.show(closing(day_blog(START), START + HOUR, TOMORROW))
        topic.go_on(START + 31 * DAY)
        assert topic.polled() == []
        assert {url for url, *_ in topic.press.asked} == {TODAY}


def test_two_matches_of_one_day_do_not_follow_one_another(address):
    front = f"{SITE}/football"
    one, two = SITE + day_path(START, "one"), SITE + day_path(START, "two")
    shared = {"keywords": "football/football,sport/sport"}
    with Topic(address, START, front) as topic:
        first = day_blog(START, slug="one", series="")
        topic.press.show(first, **shared)
        topic.press.put(front, series_page(front, card(one, LIVE, START)))
        topic.go_on(START + HOUR)
        topic.press.show(closing(first, START + 2 * HOUR), **shared)
        topic.go_on(START + 3 * HOUR)
        topic.press.show(day_blog(START + 3 * HOUR, slug="two", series=""), **shared)
        topic.press.put(
            front, series_page(front, card(one, ENDED, START), card(two, LIVE, START + 3 * HOUR))
        )
        topic.go_on(START + 5 * HOUR)
        assert sorted(topic.polled()) == [one, two]
        assert rolled(topic) == []


@pytest.mark.skipif(
    not (CORPUS / "rollover-1-day1-live").is_dir(),
    reason="the corpus of real pages is not beside the repository",
)
@pytest.mark.parametrize("follow", ["series", "blog"])
def test_the_real_pages_of_two_days_of_politics_make_one_feed(address, follow):
    steps = json.loads((CORPUS / "rollover-1-day1-live" / "sequence.json").read_text())["steps"]
    day_one, day_two = steps[0]["url"], steps[3]["url"]
    series = "https://www.theguardian.com/politics/series/politics-live-with-andrew-sparrow"

    def real(name):
        return (CORPUS / name / "page.html").read_bytes()

    start = datetime.fromisoformat(steps[0]["at"])
    with Topic(address, start, series if follow == "series" else day_one) as topic:
        topic.press.put(series, real("listing-series-politics-1"))
        topic.press.put(day_one, real(steps[0]["page"]))
        topic.go_on(start + 30 * MINUTE)
        topic.at = datetime.fromisoformat(steps[1]["at"])
        topic.press.put(day_one, real(steps[1]["page"]))
        topic.go_on(topic.at + 10 * HOUR)
        assert rolled(topic) == []
        topic.at = datetime.fromisoformat(steps[2]["at"])
        topic.press.put(series, real("listing-series-politics-2"))
        topic.press.put(day_one, real(steps[2]["page"]))
        topic.press.put(day_two, real(steps[3]["page"]))
        topic.go_on(topic.at + 4 * HOUR)
        topic.restart()
        topic.go_on(topic.at + HOUR)
        assert rolled(topic) == [(day_one, day_two)]
        expected = {*steps[2]["ids"], *steps[3]["ids"]}
        shown = [stored.entry.block_id for stored in topic.window().entries]
        assert sorted(shown) == sorted(expected)
        assert shown[0] == steps[3]["ids"][0] or shown[1] == steps[3]["ids"][0]
        states = {blog.url: blog.state for blog in topic.source().blogs}
        assert states == {day_one: BlogState.ENDED.value, day_two: BlogState.LIVE.value}
        asked = {url.partition(".json?")[0] for url, *_ in topic.press.asked}
        assert asked == {series, day_one, day_two}
        assert len(topic.window(Selection.SUMMARIES).entries) == 1
        assert topic.told("source.broken") == []


def test_a_day_s_gap_between_blogs_costs_few_requests(address):
    with Topic(address, START, SERIES) as topic:
        topic.press.show(closing(day_blog(START), START))
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, LIVE, START)))
        topic.go_on(START + timedelta(hours=24), most=2000)
        assert len(topic.press.asked) < 310


def subtitle(topic, selection=Selection.ALL):
    return feed_subtitle("The harbour", topic.window(selection))


def version(topic):
    return topic.window().version, topic.window().modified, topic.window().updated


def test_between_two_blogs_the_feed_says_so_and_moves_when_that_changes(address):
    with Topic(address, START, SERIES) as topic:
        first = day_blog(START)
        topic.press.show(first)
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, LIVE, START)))
        topic.go_on(START + HOUR)
        plain, live = subtitle(topic), version(topic)
        assert plain == "Every entry of the live blogs followed for The harbour"
        topic.press.show(close(first))
        topic.go_on(START + 2 * HOUR)
        between, ended = subtitle(topic), version(topic)
        end = topic.page(TODAY).ended_at
        assert between == (
            f"{plain}. The last live blog ended on {spoken_time(end)}; "
            f"the next is awaited at {SERIES}"
        )
        assert not topic.window().ended
        assert ended[0] > live[0]
        assert ended[1] > live[1]
        assert ended[2] == live[2]  # no entry changed
        topic.go_on(START + 20 * HOUR)
        assert (subtitle(topic), version(topic)) == (between, ended)
        topic.at = NEXT
        topic.press.show(day_blog(NEXT))
        topic.press.put(SERIES, series_page(SERIES, card(TOMORROW, LIVE, NEXT)))
        topic.go_on(NEXT + HOUR)
        assert subtitle(topic) == plain
        assert version(topic)[0] > ended[0]


def test_a_series_without_a_blog_yet_says_that_one_is_awaited(address):
    with Topic(address, START, SERIES) as topic:
        before = version(topic)
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, ENDED, START - DAY)))
        topic.go_on()
        assert subtitle(topic, Selection.KEY_EVENTS).endswith(
            f". No live blog is on; the next is awaited at {SERIES}"
        )
        assert version(topic)[0] > before[0]
        assert not topic.window().ended


def test_a_blog_that_ended_and_awaits_nothing_is_over(address):
    with Topic(address, START, TODAY) as topic:
        topic.press.show(close(day_blog(START, series="")))
        topic.go_on(START + HOUR)
        assert topic.window().ended
        assert subtitle(topic).endswith("The last live blog ended on 4 May 2026, 09:00 UTC")


def test_a_single_day_s_feed_moves_when_its_series_is_awaited(address):
    with Topic(address, START, TODAY) as topic:
        topic.press.show(close(day_blog(START)))
        topic.press.put(SERIES, series_page(SERIES, card(TODAY, ENDED, START)))
        asyncio.run(topic.poller.poll(topic.page(TODAY)))
        over = version(topic)
        assert topic.window().ended
        topic.go_on(START + MINUTE)
        assert not topic.window().ended
        assert version(topic)[0] > over[0]
