"""The tables that CSV and Parquet share: entries, their revisions, changes and pins."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any, TypeAlias

from feeds.wayback import wayback_link
from store.archive.archived import Archived, KeptRevision
from store.entry import Provenance

Row: TypeAlias = dict[str, Any]

_SAID = ("title", "text", "html", "permalink", "authors", "credit", "tags", "language", "media")
_SEEN = tuple(field.name for field in fields(Provenance))
CONTENT = (*_SAID, "updated")
PROVENANCE = (*_SEEN, "wayback")
ENTRIES = (
    *("id", "block_id", "blog", "blog_title", "published", "time_precision"),
    *CONTENT,
    *("key_event", "summary", "pinned", "revision", "seen_at"),
    *("first_seen", "last_seen", "changed_at", "retracted_at", "forgotten", "joined_at"),
    *PROVENANCE,
)
REVISIONS = ("id", "revision", "seen_at", *CONTENT, "digest", *PROVENANCE)
CHANGES = (
    *("id", "type", "occurred_at", "revision", "changed_at", "retracted_at", "key_event"),
    *("summary", "joins"),
)
PINS = ("id", "pinned_at", "unpinned_at")
TABLES = {"entries": ENTRIES, "revisions": REVISIONS, "changes": CHANGES, "pins": PINS}
_PAST = CHANGES[1:]


def rows(archived: Archived) -> Iterator[tuple[str, Row]]:
    """Yield an entry's rows in all tables, each as (table name, values by column)."""
    yield "entries", _entry(archived)
    for said in archived.revisions:
        yield "revisions", _revision(archived.stored.id, said)
    for change in archived.changes:
        told = {name: getattr(change, name) for name in _PAST}
        yield "changes", {"id": archived.stored.id, **told, "type": change.type.value}
    for pin in archived.pins:
        yield "pins", {"id": archived.stored.id, **asdict(pin)}


def _entry(archived: Archived) -> Row:
    stored, entry = archived.stored, archived.stored.entry
    current = archived.revisions[-1] if archived.revisions else None
    return {
        "id": stored.id,
        "block_id": entry.block_id,
        "blog": entry.blog,
        "blog_title": archived.blog_title,
        "published": entry.published,
        "time_precision": entry.time_precision.value,
        **{name: getattr(entry, name) for name in CONTENT},
        "key_event": entry.key_event,
        "summary": entry.summary,
        "pinned": entry.pinned,
        "revision": stored.revision,
        "seen_at": current.seen_at if current else None,
        "first_seen": stored.first_seen,
        "last_seen": stored.last_seen,
        "changed_at": stored.changed_at,
        "retracted_at": stored.retracted_at,
        "forgotten": stored.forgotten,
        "joined_at": archived.joined_at,
        **_provenance(stored.provenance),
    }


def _revision(entry_id: str, said: KeptRevision) -> Row:
    return {
        "id": entry_id,
        "revision": said.revision,
        "seen_at": said.seen_at,
        **{name: getattr(said, name) for name in CONTENT},
        "digest": said.digest,
        **_provenance(said.provenance),
    }


def _provenance(seen: Provenance | None) -> Row:
    if seen is None:
        return dict.fromkeys(PROVENANCE)
    return {**{name: getattr(seen, name) for name in _SEEN}, "wayback": wayback_link(seen)}
