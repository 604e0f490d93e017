"""Publishers' ways of writing an instant, read into aware UTC datetimes.

Each reader gives None where the value names no instant: a wrong guess would be worse.
"""

import re
from datetime import UTC, datetime, timedelta

_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{2})(\d{2})\b"
)
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
