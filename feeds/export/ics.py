"""Export as iCalendar (RFC 5545): one event per entry, which a calendar shows at its time.

An event has no length. An entry of which the publisher gives only the day is an all-day event; so
is one whose time is an estimate, which its description then gives. The standard has no times
without seconds: those of a time known to the minute are 00, and X-KEYWIRE-TIME-PRECISION says so.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from feeds.export.edition import Edition, Format, Piece
from feeds.export.wording import clock_of, day_of, times_edited, when
from feeds.feed import bylines, categories, link, taken_down
from feeds.titles import own_title
from feeds.xml import line, scrub
from store.archive.archived import Archived
from store.entry import Entry, TimePrecision

FILE: Final = "timeline.ics"
_LONGEST: Final = 75  # octets of a line (§3.1)
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_TIMED: Final = (TimePrecision.SECOND, TimePrecision.MINUTE)


def render(edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield a calendar with one event per entry."""
    yield (
        FILE,
        _lines(
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//keywire//export//EN",
            "CALSCALE:GREGORIAN",
            f"X-WR-CALNAME:{_text(edition.title)}",
        ),
    )
    for archived in entries:
        yield FILE, _lines(*_event(archived, edition.zone))
    yield FILE, _lines("END:VCALENDAR")


def _event(archived: Archived, zone: str) -> Iterator[str]:
    stored, entry = archived.stored, archived.stored.entry
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(stored.id)}"
    yield f"DTSTAMP:{_instant(stored.changed_at)}"
    yield _start(entry, zone)
    yield f"CREATED:{_instant(stored.first_seen)}"
    yield f"LAST-MODIFIED:{_instant(stored.changed_at)}"
    yield f"SEQUENCE:{times_edited(archived)}"
    yield f"STATUS:{'CANCELLED' if stored.retracted_at else 'CONFIRMED'}"
    yield f"SUMMARY:{_text(_summary(archived))}"
    yield f"DESCRIPTION:{_text(_description(archived, zone))}"
    if url := link(entry):
        yield f"URL:{line(url)}"
    if named := [label for _, label in categories(entry)]:
        yield f"CATEGORIES:{','.join(map(_text, named))}"
    yield "TRANSP:TRANSPARENT"
    yield f"X-KEYWIRE-TIME-PRECISION:{entry.time_precision.value.upper()}"
    yield "END:VEVENT"


def _start(entry: Entry, zone: str) -> str:
    if entry.time_precision in _TIMED:
        return f"DTSTART:{_instant(entry.published)}"
    return f"DTSTART;VALUE=DATE:{day_of(entry, zone):%Y%m%d}"


def _summary(archived: Archived) -> str:
    title = own_title(archived.stored.entry)
    return f"Retracted: {title}" if archived.stored.retracted_at else title


def _description(archived: Archived, zone: str) -> str:
    """Return an entry's text, then its estimated time, authors, past revisions and provenance."""
    stored, entry = archived.stored, archived.stored.entry
    told = [entry.text.strip()]
    if entry.time_precision is TimePrecision.ESTIMATED:
        told.append(f"Time: {clock_of(entry, zone)}")
    if names := bylines(entry):
        told.append(f"By {', '.join(names)}")
    if times_edited(archived):
        told += [
            f"Revision {one.revision}, seen {when(one.seen_at, zone)}: "
            f"{' '.join(part for part in (line(one.title), line(one.text)) if part)}"
            for one in archived.revisions
            if one.revision < stored.revision
        ]
    if stored.forgotten is not None:
        told.append(taken_down(stored))
    elif stored.retracted_at:
        told.append(f"Retracted, noticed {when(stored.retracted_at, zone)}")
    if seen := stored.provenance:
        told.append(f"Seen on {seen.page_url}, {when(seen.fetched_at, zone)}")
    return "\n\n".join(part for part in told if part)


def _instant(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}{utc:%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Escape a value of type TEXT (RFC 5545 §3.3.11)."""
    return scrub(text).translate(_ESCAPES)


def _lines(*lines: str) -> bytes:
    return b"".join(_folded(one) for one in lines)


def _folded(content: str) -> bytes:
    """Return a line folded at 75 octets (RFC 5545 §3.1), never within a character."""
    pieces, start = [], 0
    octets = content.encode()
    while len(octets) - start > (room := _LONGEST - (start > 0)):
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 - within a character of UTF-8
            end -= 1
        pieces.append(octets[start:end])
        start = end
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


FORMAT = Format("ics", render)
