"""Publishers' ways of writing an instant, read into aware UTC datetimes.

Each reader gives None where the value names no instant: a wrong guess would be worse.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from store.entry import TimePrecision

_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{2})(\d{2})\b"
)
_CLOCK = re.compile(r"[T ]\d\d:?\d\d(:?\d\d)?")
_EPOCH = re.compile(r"\d{9,17}(?:\.\d{1,9})?")
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_NAMED_UTC = re.compile(r"\s*(?:UTC|GMT|z)$")
# `20261118132218`, as AMP's own sample of a live blog has it.
_STAMP = re.compile(r"(?:19|20)\d{12}")
_STAMP_FORM = "%Y%m%d%H%M%S"
_DATE_ALONE = 10
_LONGEST = 100
# Seconds since 1970 have ten digits until 2286, milliseconds thirteen since 2001.
_MILLISECONDS_FROM = 1e11
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def iso(value: str) -> datetime | None:
    """Read ISO 8601 with an offset or `Z`, a blank allowed for the T; without a zone: None."""
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
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=value)
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
    """An instant in UTC, how exactly it was told, and whether its zone was told with it."""

    at: datetime
    precision: TimePrecision
    zoned: bool


def moment(value: object, zone: tzinfo = UTC) -> Moment | None:
    """Read an instant in any form that publishers give it.

    ISO 8601, JavaScript's and RFC 2822's dates, seconds and milliseconds since 1970 (told apart
    by their size), `YYYYMMDDhhmmss`. What names no zone is read in `zone`.
    """
    if isinstance(value, str):
        return _written(value.strip(), zone)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _second(epoch(value))


def epoch(value: float) -> datetime | None:
    """Read a number of seconds or, where it is too large for that, milliseconds since 1970."""
    return epoch_ms(value if abs(value) > _MILLISECONDS_FROM else value * 1000)


def is_struck_twice(at: datetime, zone: tzinfo) -> bool:
    """Whether the clock of a zone shows an instant's time of day twice: when summer time ends."""
    local = at.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def zone_named(name: str) -> tzinfo | None:
    """Give the zone of an IANA name; None for "" and for names that nobody knows."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _written(text: str, zone: tzinfo) -> Moment | None:
    if len(text) > _LONGEST:
        return None
    if text[:9].isdigit():
        if _STAMP.fullmatch(text):
            return _placed(_parsed(text), TimePrecision.SECOND, zone)
        if _EPOCH.fullmatch(text):
            return _second(epoch(float(text)))
    told = _iso(text) or _iso(_NAMED_UTC.sub("+00:00", _SPACED_OFFSET.sub("", text)))
    if told is not None:
        return _placed(told, _precision(text), zone)
    return _second(javascript_date(text)) or _placed(_mail(text), TimePrecision.SECOND, zone)


def _second(at: datetime | None) -> Moment | None:
    return Moment(at, TimePrecision.SECOND, zoned=True) if at else None


def _placed(told: datetime | None, precision: TimePrecision, zone: tzinfo) -> Moment | None:
    """Bring a time to UTC, from its own zone or from the one given."""
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


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _STAMP_FORM)  # noqa: DTZ007 - placed in a zone later
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
