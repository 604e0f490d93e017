"""Dates by other calendars than ours, and in months that other scripts cut or mark."""

from datetime import date, timedelta

import pytest

from scraper.times.calendars import in_our_calendar
from scraper.times.clocks import stamp_alone
from scraper.times.dates import day_alone, day_in

DAY = date(2026, 11, 18)
WRITTEN = {
    "18 พ.ย. 2569": DAY,
    "18 พ.ย. 69": DAY,
    "18 พฤศจิกายน 2569": DAY,
    "วันพุธที่ 18 พฤศจิกายน พ.ศ. 2569": DAY,
    "18/11/2569": DAY,
    "۱۸ نوامبر ۲۰۲۶": DAY,
    "۲۷ آبان ۱۴۰۵": DAY,
    "۱۴۰۵/۰۸/۲۷": DAY,
    "১৮ নভেম্বর ২০২৬": DAY,
    "令和8年11月18日": DAY,
    "平成31年4月1日": date(2019, 4, 1),
    "令和元年5月1日": date(2019, 5, 1),
    "民國115年11月18日": DAY,
}
# The first days of Persian years, and what was before them.
NEW_YEARS = {
    1399: date(2020, 3, 20),
    1400: date(2021, 3, 21),
    1403: date(2024, 3, 20),
    1404: date(2025, 3, 21),
    1405: date(2026, 3, 21),
    1408: date(2029, 3, 20),
}


@pytest.mark.parametrize(("text", "day"), WRITTEN.items(), ids=WRITTEN)
def test_a_date_by_another_calendar_is_a_day_of_ours(text, day):
    assert day_in(text) == day
    assert day_alone(text, None) == day


def test_a_date_in_thai_without_its_year_is_the_one_that_is_closest():
    assert day_alone("18 พ.ย.", date(2026, 12, 1)) == DAY


@pytest.mark.parametrize(("year", "first"), NEW_YEARS.items())
def test_a_persian_year_begins_with_spring(year, first):
    assert day_in(f"1 فروردین {year}") == first
    eve = day_in(f"29 اسفند {year - 1}")
    assert first - eve in (timedelta(days=1), timedelta(days=2))


@pytest.mark.parametrize("text", ["", "45 آبان 1405", "1405/13/40", "Aban 27, 1405", "18 Nov 2026"])
def test_what_is_no_such_date_stays_as_it_is(text):
    assert "2026-" not in in_our_calendar(text)


@pytest.mark.parametrize("text", ["18 พ.ย. 2569 เวลา 15:42 น.", "ساعت ۱۵:۴۲ ۲۷ آبان ۱۴۰۵"])
def test_a_time_of_day_may_stand_beside(text):
    day, clock = stamp_alone(text)
    assert day_alone(day, None) == DAY
    assert clock.minutes == 15 * 60 + 42
