"""Publishers' ways of writing an instant, read into aware UTC datetimes.

Each reader returns None where the value is not an instant: a wrong guess would be worse.
"""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scraper.times.clocks import ZONES, stamp_alone
from scraper.times.dates import day_alone
from store.entry import TimePrecision

_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{2})(\d{2})\b"
)
_CLOCK = re.compile(r"[T ]\d\d:?\d\d(:?\d\d)?")
_EPOCH = re.compile(r"\d{9,17}(?:\.\d{1,9})?")
_SPACED_OFFSET = re.compile(r"(?<!\s)\s+(?=[+-]\d\d:?\d\d$)")
_NAMED_UTC = re.compile(r"(?<!\s)\s*(?:UTC|GMT|z)$")
# `20261118132218`, as AMP's own sample of a live blog has it.
_STAMP = re.compile(r"(?:19|20)\d{12}")
# What programs add to ISO 8601, or leave out: Java's name of the zone, Go's, a short hour.
_NAMED_ZONE = re.compile(r"\[[\w/+-]+\]$|(?<=[+-]\d{4}) UTC$")
_SLASHES = re.compile(r"^((?:19|20)\d\d)/(\d\d)/(\d\d)(?=[T ,]|$)")
_SHORT_HOUR = re.compile(r"^(\d{4}-\d\d-\d\d[T ])(?=\d:)")
_LETTERED = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([A-Z]{2,5})")
_SHORT_OFFSET = re.compile(r"(:\d\d[+-])(\d:\d\d)$")
_HALVES = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK_FACE = re.compile(r"\d\d?(?:[:.h]\d\d|\s?[apAP]\.?[mM])")
_DASHES = re.compile(r"(?<!\d)(\d\d?)-(\d\d?)-((?:19|20)\d\d)(?!\d)")
_EITHER = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])/(?:0?[1-9]|1[0-2])/(?:19|20)\d\d")
_EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE_ALONE = 10
_LONGEST = 100
# Seconds since 1970 have ten digits until 2286, milliseconds thirteen since 2001.
_MILLISECONDS_FROM = 1e11
_EPOCH_BEGINS = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def iso(value: str) -> datetime | None:
    """Read ISO 8601 with an offset or `Z`, a blank allowed for the T; None if there is no zone."""
    try:
        instant = datetime.fromisoformat(value.strip())
        if instant.tzinfo is UTC:
            return instant
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def epoch_ms(value: object) -> datetime | None:
    """Read milliseconds since 1970, as a number or as its digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return _EPOCH_BEGINS + timedelta(milliseconds=value)
    except (ValueError, OverflowError):
        return None


def javascript_date(value: str) -> datetime | None:
    """Read what JavaScript's `Date.prototype.toString` prints (ECMA-262, 21.4.4.41)."""
    found = _JAVASCRIPT.match(value.strip())
    if found is None or found[1] not in _MONTHS:
        return None
    month = _MONTHS.index(found[1]) + 1
    return iso(f"{found[3]}-{month:02}-{found[2]}T{found[4]}{found[5]}:{found[6]}")


def instant(value: str) -> datetime | None:
    """Read a `datetime` attribute as browsers' own programs write it: ISO, or JavaScript's."""
    return iso(value) or javascript_date(value)


class Moment(NamedTuple):
    """An instant in UTC, its precision, and whether its zone was stated with it."""

    at: datetime
    precision: TimePrecision
    zoned: bool


def moment(value: object, zone: tzinfo = UTC) -> Moment | None:
    """Read an instant in any form in which publishers write it.

    ISO 8601, JavaScript's and RFC 2822's dates, seconds and milliseconds since 1970 (told apart by
    their size), `YYYYMMDDhhmmss`, dates and times of day in words and figures. A time without a
    zone is read in `zone`.
    """
    if isinstance(value, str):
        text = value.strip()
        # Most values have this form, so it is tried first.
        if _EXACT.fullmatch(text) and (at := iso(text)):
            return Moment(at, TimePrecision.SECOND, zoned=True)
        return _written(text, zone) if 0 < len(text) <= _LONGEST else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _second(epoch(value))


def epoch(value: float) -> datetime | None:
    """Read a number of seconds or, where it is too large for that, milliseconds since 1970."""
    return epoch_ms(value if abs(value) > _MILLISECONDS_FROM else value * 1000)


def is_struck_twice(at: datetime, zone: tzinfo) -> bool:
    """Whether an instant's time of day occurs twice in a zone: when summer time ends."""
    local = at.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def is_called(zone: tzinfo, at: datetime, letters: str) -> bool:
    """Whether a zone has this abbreviation at that time: IST is India's, Israel's and Ireland's."""
    return zone.tzname(at.replace(tzinfo=None)) == letters


def zone_named(name: str) -> tzinfo | None:
    """Return the zone of an IANA name; None for "" and for unknown names."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=4096)
def _written(text: str, zone: tzinfo) -> Moment | None:
    """Read a time in a rarer form; remembered, as a page's times recur whenever it is read."""
    for way in (_counted, _in_iso, _in_mail, _in_words):
        if (told := way(text, zone)) is not None:
            return told
    return None


def _counted(text: str, zone: tzinfo) -> Moment | None:
    if not text[:9].isdigit():
        return None
    if _STAMP.fullmatch(text):
        return _placed(_iso(f"{text[:8]}T{text[8:]}"), TimePrecision.SECOND, zone)
    return _second(epoch(float(text))) if _EPOCH.fullmatch(text) else None


def _in_iso(text: str, zone: tzinfo) -> Moment | None:
    told = _iso(text) or _iso(_NAMED_UTC.sub("+00:00", _SPACED_OFFSET.sub("", text)))
    if told is None and (lettered := _LETTERED.fullmatch(text)):
        text, of_page = lettered[1], _iso(lettered[1])
        named = zone_named(ZONES.get(lettered[2], ""))
        told = of_page and of_page.replace(
            tzinfo=None if is_called(zone, of_page, lettered[2]) else named
        )
    if told is None:
        text = _mended(text)
        told = _iso(text)
    return _placed(told, _precision(text), zone)


def _in_mail(text: str, zone: tzinfo) -> Moment | None:
    """Read JavaScript's dates and RFC 2822; a reader of mail takes "4:42 PM" for the morning."""
    if _HALVES.search(text):
        return None
    return _second(javascript_date(text)) or _placed(_mail(text), TimePrecision.SECOND, zone)


def _mended(text: str) -> str:
    """Rewrite a time that is nearly ISO 8601 as ISO 8601."""
    text = _NAMED_ZONE.sub("", text.replace("\N{MINUS SIGN}", "-"))
    text = _SLASHES.sub(r"\1-\2-\3", text).replace(", ", "T", 1)
    text = _SHORT_HOUR.sub(r"\g<1>0", text)
    return _SHORT_OFFSET.sub(r"\g<1>0\2", text)


def _in_words(text: str, zone: tzinfo) -> Moment | None:
    """Read a date with its year and a time of day, as people write them.

    Of two numbers before a year the first is the day, unless it can only be the month; None where
    both can be either and a slash is between them.
    """
    if not (_YEAR.search(text) and _CLOCK_FACE.search(text)):
        return None
    stamp = stamp_alone(_DASHES.sub(r"\1.\2.\3", text))
    if stamp is None or _EITHER.search(stamp[0]):
        return None
    day = day_alone(stamp[0].strip(" ,·|–—-"), None)
    clock = stamp[1]
    if day is None:
        return None
    told = datetime.combine(day, time(clock.minutes // 60, clock.minutes % 60))
    named = zone_named(clock.zone)
    return _placed(told.replace(tzinfo=named), TimePrecision.MINUTE, zone)


def _second(at: datetime | None) -> Moment | None:
    return Moment(at, TimePrecision.SECOND, zoned=True) if at else None


def _placed(told: datetime | None, precision: TimePrecision, zone: tzinfo) -> Moment | None:
    """Convert a time to UTC, from its own zone or else from `zone`."""
    if told is None:
        return None
    zoned = told.tzinfo is not None
    try:
        at = (told if zoned else told.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(at, precision, zoned=zoned)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _precision(text: str) -> TimePrecision:
    if text[13:14] == text[16:17] == ":":
        return TimePrecision.SECOND
    clock = _CLOCK.search(text)
    if clock is None:
        return TimePrecision.DAY if len(text) <= _DATE_ALONE else TimePrecision.SECOND
    return TimePrecision.SECOND if clock[1] else TimePrecision.MINUTE
