"""An entry with its life as plain text, for terminals; and its times in words, for all."""

from collections.abc import Iterator
from datetime import UTC, tzinfo
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


def happened(change: LoggedChange) -> str:
    """Say what became of an entry by a change."""
    if reason := change.entry.get("forgotten"):
        return f"Taken down here: {line(reason)}"
    return _HAPPENED.get(change.type, change.type.value)


def revised_by(change: LoggedChange) -> int:
    """Return the revision that a change brought, 0 where it brought none."""
    revises = change.type in {ChangeType.PUBLISHED, ChangeType.UPDATED}
    return int(change.entry.get("revision", 0)) if revises else 0


def times_of(stored: StoredEntry, zone: tzinfo = UTC) -> Iterator[tuple[str, str]]:
    """Tell an entry's times by both clocks, each by what it is called, to the second."""
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
    """Tell where a revision was seen, each fact by what it is called; what is not known is not."""
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
    """Write an entry as it is, what became of it, and where each revision was seen."""
    stored, entry = life.stored, life.stored.entry
    parts = [
        own_title(entry),
        "\n".join(_head(life)),
        _body(stored),
        "\n".join(_rows(times_of(stored))),
        "\n".join(["History", *_rows((exact_time(c.occurred_at), _said(c)) for c in life.changes)]),
        *("\n".join(_revision(one)) for one in life.revisions),
    ]
    return "\n\n".join(filter(None, parts))


def _head(life: Life) -> Iterator[str]:
    entry = life.stored.entry
    flags = (
        ("Retracted", life.stored.retracted_at is not None),
        ("Summary", entry.summary),
        ("Key event", entry.key_event),
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
    """Return what an entry says, an empty line between its paragraphs, or why it says nothing."""
    if stored.forgotten is not None:
        return taken_down(stored)
    lines = lines_of(stored.entry.html, stored.entry.text)
    text = scrub(lines).strip().replace("\n", "\n\n")
    return f"It said: {text}" if text and stored.retracted_at is not None else text


def _said(change: LoggedChange) -> str:
    revision = revised_by(change)
    backfill = " (from before it was followed)" if change.backfill else ""
    return f"{happened(change)}{f', revision {revision}' if revision else ''}{backfill}"


def _revision(one: KeptRevision) -> Iterator[str]:
    yield f"Revision {one.revision}, first seen {exact_time(one.seen_at)}"
    if one.provenance is not None:
        yield from _rows(provenance_of(one.provenance))


def _rows(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    told = [*pairs]
    wide = max((len(name) for name, _ in told), default=0)
    yield from (f"  {name:<{wide}}  {value}" for name, value in told)
