"""Pages speak in the days and times of the site's zone; machines are told UTC all the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pages import block, page
from selectolax.lexbor import LexborHTMLParser
from sites import AT, NOW, Station

from feeds.site.options import SiteOptions
from store.entry import TimePrecision

EVENING = datetime(2026, 5, 4, 21, 30, tzinfo=UTC)  # past midnight in Damascus
A, B = block("a", 0), replace(block("b"), published=EVENING)


@pytest.fixture
def damascus(database):
    station = Station(database, SiteOptions("Wire", AT, timezone="Asia/Damascus"))
    station.follow()
    station.poll(page([B, A]), EVENING + timedelta(minutes=1))
    return station


def open_page(station, path="/topics/harbour"):
    answer = station.ask(path, accept="text/html")
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def said(node):
    return " ".join(node.text().split())


def days(tree):
    return [said(node) for node in tree.css(".day")]


def test_a_timelines_days_and_times_are_the_zones(damascus):
    tree = open_page(damascus)
    assert days(tree) == ["Tuesday, 5 May 2026", "Monday, 4 May 2026"]
    assert [said(time) for time in tree.css(".when time")] == ["00:30", "12:00"]
    assert tree.css_first(".when time").attributes["datetime"] == "2026-05-04T21:30:00Z"
    assert "Asia/Damascus" in said(tree.css_first("footer"))
    link = tree.css("h2.day a")[1].attributes["href"]
    assert days(open_page(damascus, link)) == ["Monday, 4 May 2026"]


def test_a_moment_without_a_zone_is_the_zones(damascus):
    tree = open_page(damascus, "/topics/harbour?as_of=2026-05-05T00:32")
    assert len(tree.css("article.post")) == 2
    assert "As it stood on 5 May 2026, 00:32:00 UTC+3" in said(tree.css_first(".lead"))
    field = tree.css_first("#as_of")
    assert field.attributes["value"] == "2026-05-05T00:32"
    assert "(Asia/Damascus)" in said(tree.css_first(".back label"))
    assert not open_page(damascus, "/topics/harbour?as_of=2026-05-05T00:30").css("article.post")


def test_every_other_page_speaks_so_too(damascus):
    damascus.record(last_poll=EVENING, next_poll=EVENING)
    assert days(open_page(damascus, "/")) == ["5 May 2026", "4 May 2026"]
    assert "5 May 2026, 00:30 UTC+3" in said(open_page(damascus, "/sources").css_first("main"))
    assert "5 May 2026, 00:30 UTC+3" in said(open_page(damascus, "/search?q=b").css_first("main"))
    entry = open_page(damascus, "/entries/1" if entry_is(damascus, 1, "b") else "/entries/2")
    assert said(entry.css_first("h1")) == "5 May 2026, 00:30 UTC+3"
    assert "5 May 2026, 00:30:00 UTC+3 (to the second)" in said(entry.css_first("main"))


def entry_is(station, number, block_id):
    return station.ask(f"/entries/{number}.json").json()["block_id"] == block_id


def test_feeds_and_programs_are_told_utc(damascus, database):
    plain = Station(database, SiteOptions("Wire", AT))
    for path in ("/feeds/harbour.atom", "/feeds/harbour.rss", "/entries/1.json", "/topics.json"):
        assert damascus.ask(path).content == plain.ask(path).content


def test_an_estimate_stays_one_and_a_day_is_that_day_in_any_zone(database):
    station = Station(database, SiteOptions("Wire", AT, timezone="America/New_York"))
    station.follow()
    blog = page([replace(A, published=datetime(2026, 5, 4, tzinfo=UTC)), block("c", 5)])
    day, vague = (
        replace(sighting, time_precision=precision)
        for sighting, precision in zip(
            blog.sightings, (TimePrecision.DAY, TimePrecision.ESTIMATED), strict=True
        )
    )
    station.poll(replace(blog, sightings=(day, vague)), NOW)
    whens = [said(node) for node in open_page(station).css(".when")]
    assert whens == ["about 05:05", "4 May 2026 that day"]
