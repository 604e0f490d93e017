"""Write an entry and its history as plain text for terminals; its times and provenance in words.

The pages for people use the same words (`times_of`, `provenance_of`, `happenings_of`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from feeds.comparison import lines_of
from feeds.feed import bylines, link, taken_down
from feeds.times import exact_time
from feeds.titles import own_title
from feeds.wayback import wayback_link
from feeds.xml import line, scrub
from store.archive.archived import KeptRevision
from store.archive.entry_history import Life
from store.decision.history import ChangeType
from store.entry import Provenance, StoredEntry, TimePrecision
from store.log import LoggedChange

PRECISIONS: Final = {
    TimePrecision.SECOND: "to the second",
    TimePrecision.MINUTE: "to the minute",
    TimePrecision.DAY: "the day alone",
    TimePrecision.ESTIMATED: "estimated: its publisher shows no time of its own",
}
_HAPPENED: Final = {
    ChangeType.PUBLISHED: "First seen",
    ChangeType.UPDATED: "Edited",
    ChangeType.PROMOTED: "Became a key event or summary",
    ChangeType.DEMOTED: "Ceased to be a key event or summary",
    ChangeType.RETRACTED: "Retracted by its publisher",
    ChangeType.RESTORED: "Back again",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event in an entry's history, at a time by our clock (UTC).

    `revision` is the number of the revision that it made, 0 where it made none.
    """

    at: datetime
    what: str
    revision: int = 0
    backfill: bool = False


def happenings_of(life: Life) -> list[Happening]:
    """Return an entry's logged changes, and when it was pinned and unpinned, oldest first."""
    told = [_happening(change) for change in life.changes]
    for pin in life.pins:
        told.append(Happening(pin.pinned_at, "Pinned to its page's top"))
        if pin.unpinned_at is not None:
            told.append(Happening(pin.unpinned_at, "Pinned no longer"))
    return sorted(told, key=lambda one: one.at)


def _what_happened(change: LoggedChange) -> str:
    if reason := change.entry.get("forgotten"):
        return f"Taken down here: {line(reason)}"
    return _HAPPENED.get(change.type, change.type.value)


def _happening(change: LoggedChange) -> Happening:
    revises = change.type in {ChangeType.PUBLISHED, ChangeType.UPDATED}
    return Happening(
        change.occurred_at,
        _what_happened(change),
        int(change.entry.get("revision", 0)) if revises else 0,
        change.backfill,
    )


def times_of(stored: StoredEntry, zone: tzinfo = UTC) -> Iterator[tuple[str, str]]:
    """Yield label and time of each of an entry's times, the publisher's and ours, to the second."""
    entry = stored.entry
    published = exact_time(entry.published, entry.time_precision, zone)
    yield "Published", f"{published} ({PRECISIONS[entry.time_precision]})"
    if entry.updated is not None:
        yield "Updated, says its publisher", exact_time(entry.updated, zone=zone)
    yield "First seen here", exact_time(stored.first_seen, zone=zone)
    yield "Last seen there", exact_time(stored.last_seen, zone=zone)
    yield "Last change", exact_time(stored.changed_at, zone=zone)
    if stored.retracted_at is not None:
        yield "Retracted", exact_time(stored.retracted_at, zone=zone)


def provenance_of(seen: Provenance, zone: tzinfo = UTC) -> Iterator[tuple[str, str]]:
    """Yield label and value of each known fact on where and how a revision was seen."""
    read_as = ", ".join(filter(None, (line(seen.platform), line(seen.layout))))
    view = line(seen.view)
    told = {
        "Seen at": line(seen.page_url),
        "Fetched": exact_time(seen.fetched_at, zone=zone),
        "Status": str(seen.status or ""),
        "ETag": line(seen.etag),
        "Last-Modified": line(seen.last_modified),
        "SHA-256": line(seen.sha256),
        "Read as": f"{read_as}; the view: {view}" if view else read_as,
        "Wayback Machine": wayback_link(seen),
    }
    yield from ((name, value) for name, value in told.items() if value)


def write_life(life: Life) -> str:
    """Return an entry's current content, its history and each revision's provenance, as text."""
    stored, entry = life.stored, life.stored.entry
    parts = [
        own_title(entry),
        "\n".join(_head(life)),
        _body(stored),
        "\n".join(_rows(times_of(stored))),
        "\n".join(["History", *_rows(map(_said, happenings_of(life)))]),
        *("\n".join(_revision(one)) for one in life.revisions),
    ]
    return "\n\n".join(filter(None, parts))


def _head(life: Life) -> Iterator[str]:
    entry = life.stored.entry
    flags = (
        ("Retracted", life.stored.retracted_at is not None),
        ("Summary", entry.summary),
        ("Key event", entry.key_event),
        ("Pinned", entry.pinned),
    )
    told = {
        "Is": ", ".join(name for name, is_so in flags if is_so),
        "By": ", ".join(bylines(entry)),
        "At": link(entry),
        "Of": line(entry.blog),
        "In": ", ".join(life.topics),
        "Id": line(life.stored.id),
        "Number": str(life.stored.number),
    }
    return _rows((name, value) for name, value in told.items() if value)


def _body(stored: StoredEntry) -> str:
    """Return an entry's text, an empty line between paragraphs, or why it was taken down."""
    if stored.forgotten is not None:
        return taken_down(stored)
    lines = lines_of(stored.entry.html, stored.entry.text)
    text = scrub(lines).strip().replace("\n", "\n\n")
    return f"It said: {text}" if text and stored.retracted_at is not None else text


def _said(one: Happening) -> tuple[str, str]:
    revision = f", revision {one.revision}" if one.revision else ""
    backfill = " (from before it was followed)" if one.backfill else ""
    return exact_time(one.at), f"{one.what}{revision}{backfill}"


def _revision(one: KeptRevision) -> Iterator[str]:
    yield f"Revision {one.revision}, first seen {exact_time(one.seen_at)}"
    if one.provenance is not None:
        yield from _rows(provenance_of(one.provenance))


def _rows(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    told = [*pairs]
    wide = max((len(name) for name, _ in told), default=0)
    yield from (f"  {name:<{wide}}  {value}" for name, value in told)
