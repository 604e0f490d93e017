"""Entries to rows and back: the one place that knows both the values and their columns."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from store.entry import Entry, Media, Provenance, StoredEntry, TimePrecision
from store.history import KnownEntry
from store.schema import CONTENT, blogs, entries
from store.sighting import View

_MEDIA = tuple[Media, ...]
ENTRY_COLUMNS = (*entries.c, blogs.c.url.label("blog"))


def content_row(stored: StoredEntry) -> dict[str, Any]:
    """Return the columns that a revision holds."""
    content = {name: getattr(stored.entry, name) for name in CONTENT}
    return {**content, "updated": stored.entry.updated, "provenance": stored.provenance}


def entry_row(known: KnownEntry) -> dict[str, Any]:
    """Return all columns of an entry but its number and its blog."""
    stored, entry = known.stored, known.stored.entry
    return {
        "block_id": entry.block_id,
        "guid": stored.id,
        "published": entry.published,
        "time_precision": entry.time_precision.value,
        "key_event": entry.key_event,
        "summary": entry.summary,
        "pinned": entry.pinned,
        **content_row(stored),
        "revision": stored.revision,
        "first_seen": stored.first_seen,
        "last_seen": stored.last_seen,
        "changed_at": stored.changed_at,
        "retracted_at": stored.retracted_at,
        "missing_since": known.missing_since,
        "content_view": int(known.content_view),
    }


def read_entry(row: Row[Any], *, seen_on_page: datetime | None = None) -> StoredEntry:
    """Make a stored entry of a row of ENTRY_COLUMNS.

    `seen_on_page` is when its blog's page was last read, if the entry stands on it: that is
    then when it was last seen.
    """
    columns = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    last_seen = columns["last_seen"]
    provenance = columns["provenance"]
    return StoredEntry(
        entry=Entry(
            blog=columns["blog"],
            block_id=columns["block_id"],
            published=columns["published"],
            updated=columns["updated"],
            time_precision=TimePrecision(columns["time_precision"]),
            title=columns["title"],
            html=columns["html"],
            text=columns["text"],
            permalink=columns["permalink"],
            authors=tuple(columns["authors"]),
            credit=columns["credit"],
            media=msgspec.convert(media, _MEDIA) if (media := columns["media"]) else (),
            tags=tuple(columns["tags"]),
            language=columns["language"],
            key_event=columns["key_event"],
            summary=columns["summary"],
            pinned=columns["pinned"],
        ),
        id=columns["guid"],
        number=columns["number"],
        revision=columns["revision"],
        first_seen=columns["first_seen"],
        last_seen=last_seen if seen_on_page is None else max(last_seen, seen_on_page),
        changed_at=columns["changed_at"],
        retracted_at=columns["retracted_at"],
        provenance=None if provenance is None else msgspec.convert(provenance, Provenance),
    )


def read_known(row: Row[Any], **remembered: Any) -> KnownEntry:  # noqa: ANN401 - memory and past
    """Make a known entry of a row, with its views' memory and its past digests."""
    return KnownEntry(
        stored=read_entry(row),
        content_view=View(row.content_view),
        missing_since=row.missing_since,
        **remembered,
    )
