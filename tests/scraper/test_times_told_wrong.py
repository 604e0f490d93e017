"""Times as publishers get them wrong or leave them open: right in UTC, or flagged, never ahead."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from stories import entries, page

from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOWS = {
    "a winter's day": datetime(2026, 11, 18, 15, 42, tzinfo=UTC),
    "new year's night": datetime(2027, 1, 1, 0, 20, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 12, 5, tzinfo=UTC),
    "the hour that is struck twice": datetime(2026, 10, 25, 1, 40, tzinfo=UTC),
    "the hour that is left out": datetime(2026, 3, 29, 1, 25, tzinfo=UTC),
}
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def zulu(at, _):
    return f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">x</time>'


def false_zulu(at, zone):
    local = at.astimezone(zone)
    return f'<time datetime="{local:%Y-%m-%dT%H:%M:%SZ}">{local:%H:%M}</time>'


def without_zone(at, zone):
    return f'<time datetime="{at.astimezone(zone):%Y-%m-%dT%H:%M:%S}">x</time>'


def with_offset(at, zone):
    return f'<time datetime="{at.astimezone(zone).isoformat()}">x</time>'


def clock_alone(at, zone):
    return f"<i>{at.astimezone(zone):%H:%M}</i>"


def half_a_day(at, zone):
    return f"<i>{at.astimezone(zone):%-I:%M %p}</i>"


WAYS = (zulu, false_zulu, without_zone, with_offset, clock_alone, half_a_day)


def blog(way, newest, zone):
    told = entries(7, newest=newest, whole=True)
    rows = "".join(
        f'<div class="live-post">{way(e.at, zone)}<h3>{e.title}</h3>{e.html}</div>' for e in told
    )
    changed = f'<meta property="article:modified_time" content="{newest.isoformat()}">'
    return told, page("Storm live", f"<h1>Storm live</h1><div>{rows}</div>", head=changed)


def seen(markup, now, zone=""):
    url = "https://www.anywhere.example/live/storm"
    return read(Page(url, markup.encode(), now, timezone=zone))


def judge(snapshot, told, now):
    """Hold each time to what it is; a flag is an estimate, or none at all."""
    assert len(snapshot.sightings) == len(told)
    for sighting, entry in zip(snapshot.sightings, told, strict=True):
        at = sighting.published
        assert at is None or at <= now + timedelta(minutes=5)
        if at is not None and sighting.time_precision is not TimePrecision.ESTIMATED:
            assert at == entry.at


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", NOWS)
def test_a_time_is_right_or_flagged(day, zone, way):
    """120 blogs in a zone that a person named, read a quarter of an hour after their newest."""
    newest = NOWS[day]
    told, markup = blog(way, newest, ZoneInfo(zone))
    now = newest + timedelta(minutes=15)
    twice = day == "the hour that is struck twice" and way not in {zulu, with_offset}
    snapshot = seen(markup, now, zone)
    if twice and zone == "Europe/Berlin":
        # A clock that is struck twice tells one of two hours; nothing on the page says which.
        assert all(s.published is None or s.published <= now for s in snapshot.sightings)
        return
    judge(snapshot, told, now)
    if way in {zulu, with_offset, without_zone}:
        assert [s.published for s in snapshot.sightings] == [e.at for e in told]


@pytest.mark.parametrize("way", [without_zone, clock_alone, half_a_day], ids=lambda w: w.__name__)
def test_without_a_zone_anywhere_times_are_estimates_and_said_to_be(way):
    newest = NOWS["a winter's day"]
    _, markup = blog(way, newest, ZoneInfo("Asia/Kolkata"))
    snapshot = seen(markup.replace("+00:00", "Z"), newest + HOUR)
    assert {s.time_precision for s in snapshot.sightings} <= {TimePrecision.ESTIMATED, None}
    assert any("zone" in warning for warning in snapshot.warnings)


@pytest.mark.parametrize("off", [HOUR, 9 * HOUR, 30 * DAY, 4000 * DAY])
def test_a_publishers_clock_that_is_ahead_tells_no_instant(off):
    now = NOWS["a winter's day"]
    _, markup = blog(zulu, now + off, UTC)
    latest = now + timedelta(minutes=5)
    snapshot = seen(markup, now)
    assert all(s.published is None or s.published <= latest for s in snapshot.sightings)


def test_times_of_1970_are_none():
    _, markup = blog(zulu, datetime(1970, 1, 1, 3, tzinfo=UTC), UTC)
    assert not any(s.published for s in seen(markup, NOWS["a winter's day"]).sightings)
