"""Times in East Asia, without a year, by weekday, and in an hour that is struck twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from inventions_dated import BELOW, BOLD, DE_DAYS, MODIFIED, SPAN, body_children, dated

from scraper.page import Page
from scraper.read import read
from scraper.times.clocks import clock_at, stamp_alone, stamp_at
from scraper.times.dates import day_alone, weekday_alone
from store.entry import TimePrecision
from store.sighting import Kind

NEAR = date(2026, 11, 18)
CLOCKS = {
    "15時42分": 942,
    "15時 嵐": 900,
    "午後3時42分 嵐": 942,
    "午後0時5分": 725,
    "午前0時5分": 5,
    "下午3:42 风暴": 942,
    "下午15:42": 942,
    "凌晨1点05分": 65,
    "15：42": 942,
    "오후 3:42": 942,
    "오전 12:05": 5,
    "15시 42분": 942,
    "【15:42】嵐": 942,
}
NO_CLOCKS = ("3時間", "3시간", "3点", "15時〜16時", "오후 3:00 ~ 오후 4:00", "午後25時3分", "3小时")
DAYS = (
    *("2026年11月18日", "11月18日", "11月18日(水)", "11月18日 星期三"),
    *("11월 18일", "2026년 11월 18일 수요일"),
    *("2026. 11. 18.", "18 ноября", "среда, 18 ноября 2026 г."),
)  # fmt: skip
STAMPS = {
    "18 Nov 15:42 – Fog": "Fog",
    "Nov 18, 3:42 PM: Fog": "Fog",
    "18 ноября, 15:42. Туман": ". Туман",
    "11月18日 15:42 霧": "霧",
    "11월 18일 오후 3:42 안개": "안개",
    "18.11. 15:42 Nebel": "Nebel",
    "Wed, 18 Nov 15:42": "",
}
OVERLAP = '<meta property="article:modified_time" content="2026-10-25T02:50:00Z">'


def story(stamp, form=SPAN, **options):
    return dated("told", "Storm live", stamp, form, **options)()


def seen(made, zone=None):
    named = made.zone if zone is None else zone
    return read(Page(made.url, made.html.encode(), made.fetched_at, timezone=named))


def times(snapshot):
    return [sighting.published for sighting in snapshot.sightings]


def precisions(snapshot):
    return [sighting.time_precision for sighting in snapshot.sightings]


def by_weekday(at):
    return f"{DE_DAYS[at.weekday()]}, {at:%H:%M} Uhr"


def without_year(at):
    return f"{at:%-d %b %H:%M}"


@pytest.mark.parametrize("text", CLOCKS)
def test_a_time_of_day_is_read_in_chinese_japanese_and_korean(text):
    assert clock_at(text).minutes == CLOCKS[text]


@pytest.mark.parametrize("text", NO_CLOCKS)
def test_how_long_how_many_and_from_when_to_when_are_no_time_of_day(text):
    assert clock_at(text) is None


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_in_chinese_japanese_korean_and_russian(text):
    assert day_alone(text, NEAR) == NEAR


@pytest.mark.parametrize("text", STAMPS)
def test_a_date_without_a_year_may_stand_before_the_time(text):
    day, clock = stamp_at(text)
    assert day_alone(day, NEAR) == NEAR
    assert (clock.minutes, clock.rest) == (942, STAMPS[text])


@pytest.mark.parametrize("text", ["18.11. 15:42", "2026. 11. 18. 15:42", "11月18日(水) 15時42分"])
def test_a_stamp_is_parted_where_its_date_looks_like_a_time(text):
    day, clock = stamp_alone(text)
    assert (day_alone(day, NEAR), clock.minutes) == (NEAR, 942)


@pytest.mark.parametrize(
    ("text", "day"),
    [("am Mittwoch,", 2), ("Wednesday", 2), ("수요일", 2), ("(水)", 2), ("Mittwoch Abend", None)],
)
def test_a_weekday_alone_is_one(text, day):
    assert weekday_alone(text) == day


def test_a_year_that_the_page_tells_makes_no_estimate():
    assert set(precisions(seen(story(without_year, BOLD)))) == {TimePrecision.MINUTE}


def test_a_year_that_nothing_tells_makes_estimates_of_the_last_such_days():
    made = story(without_year, BOLD, head="", newest=datetime(2027, 1, 1, 0, 21, tzinfo=UTC))
    snapshot = seen(made)
    assert times(snapshot) == [entry.at for entry in made.entries]
    assert {at.year for at in times(snapshot)} == {2026, 2027}
    assert set(precisions(snapshot)) == {TimePrecision.ESTIMATED}


def test_a_weekday_is_the_last_whose_time_was_not_ahead():
    made = story(by_weekday, BELOW, head="", later=-timedelta(hours=1))
    snapshot = seen(made)
    told = [at for at in times(snapshot) if at is not None]
    assert len(told) == len(made.entries)
    assert max(told) <= made.fetched_at
    assert told[0] == made.entries[0].at - timedelta(days=7)
    assert set(precisions(snapshot)) == {TimePrecision.ESTIMATED}


def test_weekdays_are_counted_from_the_pages_last_change_however_late_it_is_read():
    made = story(by_weekday, BELOW, step=12, later=timedelta(days=40))
    snapshot = seen(made)
    assert times(snapshot) == [entry.at for entry in made.entries]
    assert set(precisions(snapshot)) == {TimePrecision.MINUTE}


def test_weekdays_of_a_page_of_many_weeks_are_estimates():
    issued = '<meta property="article:published_time" content="2026-10-01T06:00:00Z">'
    snapshot = seen(story(by_weekday, BELOW, head=MODIFIED + issued))
    assert set(precisions(snapshot)) == {TimePrecision.ESTIMATED}


def test_the_zone_that_a_person_names_goes_before_the_pages_own():
    head = MODIFIED.replace("15:50:00Z", "10:50:00-05:00")
    made = story(without_year, head=head, zone="Asia/Tokyo")
    assert times(seen(made)) == [entry.at for entry in made.entries]
    assert times(seen(made, zone="")) != [entry.at for entry in made.entries]


@pytest.mark.parametrize("stamp", ["{:%H:%M}", "{:%-d %b %H:%M}"])
def test_in_an_hour_that_is_struck_twice_the_first_is_taken_as_an_estimate(stamp):
    newest = datetime(2026, 10, 25, 2, 42, tzinfo=UTC)
    made = story(stamp.format, zone="Europe/Berlin", newest=newest, head=OVERLAP)
    snapshot = seen(made)
    second = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC)
    for entry, at, precision in zip(
        made.entries, times(snapshot), precisions(snapshot), strict=True
    ):
        twice = second[0] <= entry.at < second[1]
        assert at == entry.at - timedelta(hours=twice)
        assert precision is (TimePrecision.ESTIMATED if twice else TimePrecision.MINUTE)
    assert any("struck the hour twice" in warning for warning in snapshot.warnings)


def test_local_times_in_attributes_are_estimates_in_an_hour_that_is_struck_twice():
    made = body_children()
    html = made.html
    for n, entry in enumerate(made.entries):
        html = html.replace(f'"{entry.iso}"', f'"2026-10-25T02:{50 - 3 * n:02}"')
    fetched = datetime(2026, 10, 25, 9, tzinfo=UTC)
    snapshot = read(Page(made.url, html.encode(), fetched, timezone="Europe/Berlin"))
    assert snapshot.kind is Kind.LIVE_BLOG
    assert times(snapshot)[0] == datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert set(precisions(snapshot)) == {TimePrecision.ESTIMATED}
    assert any("struck the hour twice" in warning for warning in snapshot.warnings)
