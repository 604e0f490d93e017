"""Dates of other calendars, and of months with short or marked names, in Gregorian figures.

Thai pages count years from the Buddha's death, Persian ones months from the spring equinox,
Japanese ones years by reigns, Taiwan's from 1911. `dates` reads only the Gregorian calendar.
"""

import re
from datetime import date, timedelta
from functools import lru_cache

from scraper.times.weekdays import folded

# By month, as written before folding: Persian for Gregorian months, Bengali, Thai in short.
_OURS = """
    ژانویه|জানুয়ারি|জানুয়ারী|ม.ค. فوریه|ফেব্রুয়ারি|ফেব্রুয়ারী|ก.พ. مارس|মার্চ|มี.ค.
    آوریل|এপ্রিল|เม.ย. مه|মে|พ.ค. ژوئن|জুন|มิ.ย. ژوئیه|جولای|জুলাই|ก.ค.
    اوت|آگوست|আগস্ট|ส.ค. سپتامبر|সেপ্টেম্বর|ก.ย. اکتبر|অক্টোবর|ต.ค. نوامبر|নভেম্বর|พ.ย.
    دسامبر|ডিসেম্বর|ธ.ค.
"""
_PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_MONTHS = {folded(name): n for n, names in enumerate(_OURS.split(), 1) for name in names.split("|")}
_PERSIAN_MONTHS = {folded(name): n for n, name in enumerate(_PERSIAN.split(), 1)}
# The year before the first year of each reign, and of Taiwan's count.
_REIGNS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


_REIGN = re.compile(rf"({_any_of(_REIGNS)})\s?(\d{{1,3}}|元)\s?年")
_NAMED = re.compile(rf"(?<!\d)(\d\d?) ({_any_of(_MONTHS)})(?!\w)(?:,? (\d{{4}}|\d\d)(?!\d))?")
_OF_PERSIA = re.compile(rf"(?<!\d)(\d\d?) ({_any_of(_PERSIAN_MONTHS)}) (1[34]\d\d)(?!\d)")
_IN_FIGURES = re.compile(r"(?<!\d)(1[34]\d\d)([/-])(\d\d?)\2(\d\d?)(?!\d)")
# What Thai pages write around a date: "on Wednesday the", "of the era", "at", "o'clock".
_DAYS = "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์"
_THAI = re.compile(
    rf"(?:{folded('วัน')}(?:{'|'.join(map(folded, _DAYS.split()))})?(?:{folded('ที่')})?"
    r"|พ\.ศ\.|เวลา|(?<![\w.])น\.)\s?"
)
_BUDDHA, _CENTURY = 543, 2500
_NEW_YEAR, _FIRST = date(2021, 3, 21), 1400  # of the Persian year 1400
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # of 33 years, from 1343 to 1472
_LONG, _MONTH = 6, 31  # months of 31 days, those after them have 30


@lru_cache(maxsize=1024)
def in_our_calendar(text: str) -> str:
    """Fold a text as `folded` does, with dates of other calendars written in Gregorian figures."""
    told = folded(text)
    if text.isascii():
        return told
    told = _REIGN.sub(_of_reign, told)
    told = _NAMED.sub(_of_month, _THAI.sub("", told))
    return _IN_FIGURES.sub(_in_figures, _OF_PERSIA.sub(_of_persia, told)).strip()


def _of_reign(found: re.Match[str]) -> str:
    return f"{_REIGNS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年"


def _of_month(found: re.Match[str]) -> str:
    day, month, year = found[1], _MONTHS[found[2]], found[3]
    if year is None:
        return f"{day}.{month}."
    short = len(year) == len("69") and "." in found[2]
    counted = int(year) + (_CENTURY if short else 0)
    return f"{day}.{month}.{counted - _BUDDHA if counted > _CENTURY else counted}"


def _of_persia(found: re.Match[str]) -> str:
    return _ours(int(found[3]), _PERSIAN_MONTHS[found[2]], int(found[1])) or found[0]


def _in_figures(found: re.Match[str]) -> str:
    return _ours(int(found[1]), int(found[3]), int(found[4])) or found[0]


def _ours(year: int, month: int, day: int) -> str:
    """Return a Persian date as ISO 8601 in the Gregorian calendar; "" if there is no such date."""
    if not (1 <= month <= 2 * _LONG and 1 <= day <= _MONTH):
        return ""
    years = range(min(year, _FIRST), max(year, _FIRST))
    days = sum(366 if each % 33 in _LEAP else 365 for each in years)
    before = (month - 1) * (_MONTH - 1) + min(month - 1, _LONG)
    passed = (days if year >= _FIRST else -days) + before + day - 1
    return (_NEW_YEAR + timedelta(days=passed)).isoformat()
