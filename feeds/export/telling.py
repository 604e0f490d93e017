"""Times and names as exports tell them: with no seconds, minutes or days that nobody told."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from html import escape
from zoneinfo import ZoneInfo

from feeds.feed import media_urls, rfc3339
from store.archive.archived import Archived
from store.entry import Entry, StoredEntry, TimePrecision

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SINCE_ANY_MIDNIGHT = timedelta(hours=13)


@lru_cache
def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its name, made once."""
    return ZoneInfo(name)


def day_of(entry: Entry, zone: str) -> date:
    """Return the day on which an entry was published, in a zone.

    Where the publisher told but the day, it is that day, whatever the zone: what is kept is some
    midnight, hours before or after that of UTC.
    """
    if entry.time_precision is TimePrecision.DAY:
        return (entry.published + _SINCE_ANY_MIDNIGHT).astimezone(UTC).date()
    return entry.published.astimezone(zone_of(zone)).date()


def clock_of(entry: Entry, zone: str) -> str:
    """Tell an entry's time of day in a zone: "14:30 UTC+3", "about 14:30 UTC (estimated)", ""."""
    match entry.time_precision:
        case TimePrecision.DAY:
            return ""
        case TimePrecision.ESTIMATED:
            return f"about {clock(entry.published, zone)} (estimated)"
        case _:
            return clock(entry.published, zone)


def clock(moment: datetime, zone: str) -> str:
    """Write a time of day in a zone, with the zone's distance from UTC: "14:30 UTC+3"."""
    local = moment.astimezone(zone_of(zone))
    return f"{local:%H:%M} {_offset(local)}"


def when(moment: datetime, zone: str) -> str:
    """Write a moment in a zone: "2 December 2024, 14:30 UTC+3"."""
    local = moment.astimezone(zone_of(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {clock(moment, zone)}"


def spoken_day(day: date) -> str:
    """Write a day as people read it, in English: "Monday, 2 December 2024"."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def as_told(entry: Entry) -> str:
    """Write when an entry was published, ISO 8601 in UTC, as finely as its publisher told it.

    "2024-12-02T11:30:05Z", "2024-12-02T11:30Z" or "2024-12-02"; an estimate is told to the minute.
    """
    match entry.time_precision:
        case TimePrecision.SECOND:
            return rfc3339(entry.published)
        case TimePrecision.DAY:
            return day_of(entry, "UTC").isoformat()
        case _:
            return f"{entry.published.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def anchor(stored: StoredEntry) -> str:
    """Return a name for an entry that is fit for addresses and attributes, and stays the same."""
    return "e" + blake2b(stored.id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def media_beside(entry: Entry) -> list[str]:
    """Return the web addresses of an entry's media that its html does not show."""
    return [url for url in media_urls(entry) if escape(url) not in entry.html]


def times_edited(archived: Archived) -> int:
    """Return how often an entry was edited."""
    return archived.stored.revision - 1


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
