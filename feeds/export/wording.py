"""Times and names in exports, with no more precision than the publisher gives."""

from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import blake2b
from html import escape
from zoneinfo import ZoneInfo

from feeds import times
from feeds.feed import media_urls, rfc3339
from store.archive.archived import Archived
from store.entry import Entry, StoredEntry, TimePrecision


@lru_cache
def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name, cached."""
    return ZoneInfo(name)


def day_of(entry: Entry, zone: str) -> date:
    """Return the day, in a zone, on which an entry was published."""
    return times.day_of(entry.published, entry.time_precision, zone_of(zone))


def clock_of(entry: Entry, zone: str) -> str:
    """Return an entry's time of day in a zone; "" where only the day is known.

    "14:30 UTC+3", or "about 14:30 UTC (estimated)".
    """
    match entry.time_precision:
        case TimePrecision.DAY:
            return ""
        case TimePrecision.ESTIMATED:
            return f"about {clock(entry.published, zone)} (estimated)"
        case _:
            return clock(entry.published, zone)


def clock(moment: datetime, zone: str) -> str:
    """Return a time of day in a zone, with the zone's offset from UTC: "14:30 UTC+3"."""
    return times.clock(moment, zone_of(zone))


def when(moment: datetime, zone: str) -> str:
    """Return a moment in a zone: "2 December 2024, 14:30 UTC+3"."""
    return f"{times.long_day(moment.astimezone(zone_of(zone)))}, {clock(moment, zone)}"


def as_told(entry: Entry) -> str:
    """Return when an entry was published, as ISO 8601 in UTC, as precisely as its publisher says.

    "2024-12-02T11:30:05Z", "2024-12-02T11:30Z" or "2024-12-02"; an estimate has minutes.
    """
    match entry.time_precision:
        case TimePrecision.SECOND:
            return rfc3339(entry.published)
        case TimePrecision.DAY:
            return day_of(entry, "UTC").isoformat()
        case _:
            return f"{entry.published.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def anchor(stored: StoredEntry) -> str:
    """Return a permanent name of an entry that is valid in URLs and HTML attributes."""
    return "e" + blake2b(stored.id.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def media_beside(entry: Entry) -> list[str]:
    """Return the web addresses of an entry's media that its html does not show."""
    return [url for url in media_urls(entry) if escape(url) not in entry.html]


def times_edited(archived: Archived) -> int:
    """Return how often an entry was edited."""
    return archived.stored.revision - 1
