from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.times import epoch_ms, instant, iso, javascript_date


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


@given(st.text())
def test_no_text_makes_a_reader_of_times_raise(written):
    for read in (instant, iso, javascript_date, epoch_ms):
        got = read(written)
        assert got is None or got.tzinfo is UTC
