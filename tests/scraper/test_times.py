from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.times.instants import epoch_ms, instant, iso, javascript_date, moment, zone_named
from store.entry import TimePrecision


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023-12-13T17:25:40.000Z", datetime(2023, 12, 13, 17, 25, 40, tzinfo=UTC)),
        ("2013-09-18T15:27:12.156+01:00", datetime(2013, 9, 18, 14, 27, 12, 156000, tzinfo=UTC)),
        ("2026-11-18 13:36:45+00:00", datetime(2026, 11, 18, 13, 36, 45, tzinfo=UTC)),
        (" 2026-03-29T02:30:00+0100 ", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_iso_times_with_an_offset_become_utc(written, meant):
    assert iso(written) == meant
    assert iso(written).tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "17:25",
        "2023-12-13T17:25:40",
        "2023-13-45T00:00Z",
        "0001-01-01T00:00+23:59",
    ],
)
def test_a_time_without_a_zone_or_without_sense_is_none(written):
    assert iso(written) is None


AT = datetime(2026, 11, 18, 15, 42, 10, tzinfo=UTC)


def test_a_javascript_date_is_read_with_its_offset():
    written = "Wed Dec 13 2023 17:35:51 GMT+0100 (Central European Standard Time)"
    assert javascript_date(written) == datetime(2023, 12, 13, 16, 35, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["Wed Foo 13 2023 17:35:51 GMT+0000", "Wed Feb 31 2023 17:35:51 GMT+0000", "Invalid Date"],
)
def test_what_is_no_javascript_date_is_none(written):
    assert javascript_date(written) is None


@pytest.mark.parametrize("written", [1702487140156, 1702487140156.0, "1702487140156"])
def test_milliseconds_since_1970_are_read_from_numbers_and_digits(written):
    assert epoch_ms(written) == datetime(2023, 12, 13, 17, 5, 40, 156000, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, True, "soon", float("nan"), float("inf"), 10**30, {}])
def test_what_counts_no_milliseconds_is_none(written):
    assert epoch_ms(written) is None


NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def told(written):
    found = moment(written, ZoneInfo("Europe/Paris"))
    return found and found.at


@pytest.mark.parametrize(
    ("written", "precision", "zoned"),
    [
        ("2026-11-18T12:00:00Z", TimePrecision.SECOND, True),
        ("2026-11-18T12:00:00.000+00:00", TimePrecision.SECOND, True),
        ("2026-11-18 13:00:00 +0100", TimePrecision.SECOND, True),
        ("2026-11-18T12:00:00 UTC", TimePrecision.SECOND, True),
        ("2026-11-18T12:00Z", TimePrecision.MINUTE, True),
        ("2026-11-18T13:00", TimePrecision.MINUTE, False),
        ("2026-11-18 13:00:00", TimePrecision.SECOND, False),
        ("20261118130000", TimePrecision.SECOND, False),
        ("Wed, 18 Nov 2026 12:00:00 GMT", TimePrecision.SECOND, True),
        ("Wed Nov 18 2026 13:00:00 GMT+0100 (CET)", TimePrecision.SECOND, True),
        ("1795003200", TimePrecision.SECOND, True),
        ("1795003200.0", TimePrecision.SECOND, True),
        ("1795003200000", TimePrecision.SECOND, True),
        (1795003200, TimePrecision.SECOND, True),
        (1795003200000, TimePrecision.SECOND, True),
    ],
)
def test_a_moment_is_told_in_many_forms(written, precision, zoned):
    assert moment(written, ZoneInfo("Europe/Paris")) == (NOON, precision, zoned)


def test_a_bare_date_is_a_day_in_its_publishers_zone():
    found = moment("2026-11-18", ZoneInfo("Europe/Paris"))
    assert found == (datetime(2026, 11, 17, 23, tzinfo=UTC), TimePrecision.DAY, False)


@pytest.mark.parametrize("written", ["", "soon", "12:00", "20269918130000", None, True, [], 10**30])
def test_what_names_no_moment_is_none(written):
    assert moment(written) is None


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "\x00"])
def test_a_name_of_no_zone_is_none(name):
    assert zone_named(name) is None


@given(st.text())
def test_no_text_makes_a_reader_of_times_raise(written):
    for read in (instant, iso, javascript_date, epoch_ms, told):
        got = read(written)
        assert got is None or got.tzinfo is UTC


WRITTEN = {
    "2026-11-18 21:12:10 IST": AT,
    "2026-11-18T21:12:10+5:30": AT,
    "2026-11-18T15:42:10+00:00[Europe/London]": AT,
    "2026-11-18T15:42:10Z[UTC]": AT,
    "2026-11-18 15:42:10 +0000 UTC": AT,
    "2026-11-18T10:42:10\N{MINUS SIGN}05:00": AT,
    "2026/11/18 15:42:10": AT,
    "Nov 18, 2026 9:12 PM IST": AT.replace(second=0),
    "18.11.2026 15:42": AT.replace(second=0),
    "18/11/2026 15:42": AT.replace(second=0),
    "11/18/2026 3:42 PM": AT.replace(second=0),
    "18 novembre 2026 à 15h42": AT.replace(second=0),
    "2026. november 18. 15:42": AT.replace(second=0),
    "18 листопада 2026 15:42": AT.replace(second=0),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_times_are_read_that_are_nearly_iso_or_in_words(written):
    assert moment(written).at == WRITTEN[written]


@pytest.mark.parametrize("written", ["05/11/2026 15:42", "18 November 2026", "Update 3:42 PM", "x"])
def test_what_can_be_two_days_or_tells_no_time_of_day_is_no_instant(written):
    assert moment(written) is None


def test_a_zone_s_own_letters_are_read_in_it():
    jerusalem = ZoneInfo("Asia/Jerusalem")
    assert moment("2026-11-18 17:42:10 IST", jerusalem).at == AT
