"""Entries to rows and back: the one place that knows both the values and their columns.

Rows are read undecoded, times as integers and JSON as text, so that a row can be compared with
the one read before, and is decoded only where it differs.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from sys import intern
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Row, TypeDecorator, type_coerce

from store.column_types import moment_of
from store.coverage import Coverage
from store.decision.history import KnownEntry
from store.entry import Entry, Media, Provenance, StoredEntry, TimePrecision
from store.schema import CONTENT, blogs, entries
from store.sighting import View

# CONTENT_COLUMNS are the columns of a revision's content, which `content_row` reads from a
# StoredEntry. _PLACES maps the columns of an entry's row, except its number and blog, to
# attributes of a KnownEntry. An enum's `_value_` is its `value`, at a fifth of the time.
CONTENT_COLUMNS = (*CONTENT, "updated", "provenance")
content_row = attrgetter(*(f"entry.{name}" for name in CONTENT_COLUMNS[:-1]), "provenance")
_PLACES = {
    "block_id": "stored.entry.block_id",
    "guid": "stored.id",
    "published": "stored.entry.published",
    "time_precision": "stored.entry.time_precision._value_",
    "key_event": "stored.entry.key_event",
    "summary": "stored.entry.summary",
    "pinned": "stored.entry.pinned",
    **{name: f"stored.entry.{name}" for name in CONTENT_COLUMNS[:-1]},
    "provenance": "stored.provenance",
    "revision": "stored.revision",
    "first_seen": "stored.first_seen",
    "last_seen": "stored.last_seen",
    "changed_at": "stored.changed_at",
    "retracted_at": "stored.retracted_at",
    "missing_since": "missing_since",
    "content_view": "content_view._value_",
    "forgotten": "stored.forgotten",
}
WRITTEN_COLUMNS = tuple(_PLACES)
entry_row = attrgetter(*_PLACES.values())


def as_kept(column: Column[Any]) -> ColumnElement[Any]:
    """Return the column with the database's own type, so that its values are read undecoded."""
    kind = column.type
    return type_coerce(column, kind.impl) if isinstance(kind, TypeDecorator) else column


ENTRY_COLUMNS = (*map(as_kept, entries.c), blogs.c.url.label("blog"))
_NAMES = (*entries.c.keys(), "blog")
NUMBER_AT = _NAMES.index("number")
_PRECISIONS = {precision.value: precision for precision in TimePrecision}
# Values that many entries of a blog share (page, author, time) are decoded and held once.
_strings = lru_cache(4096)(msgspec.json.Decoder(tuple[str, ...]).decode)
_media = lru_cache(256)(msgspec.json.Decoder(tuple[Media, ...]).decode)
_provenance = lru_cache(1024)(msgspec.json.Decoder(Provenance).decode)


def read_entry(row: Iterable[Any]) -> StoredEntry:
    """Return the entry of a row of ENTRY_COLUMNS."""
    (
        number,
        _blog_id,
        block_id,
        guid,
        published,
        time_precision,
        key_event,
        summary,
        pinned,
        title,
        html,
        text,
        permalink,
        authors,
        credit,
        media,
        tags,
        language,
        updated,
        revision,
        first_seen,
        last_seen,
        changed_at,
        retracted_at,
        _missing_since,
        _content_view,
        provenance,
        forgotten,
        blog,
    ) = row
    entry = Entry(
        intern(blog),
        block_id,
        moment_of(published),
        moment_of(updated),
        _PRECISIONS[time_precision],
        title,
        html,
        text,
        permalink,
        _strings(authors),
        credit,
        _media(media),
        _strings(tags),
        intern(language),
        key_event,
        summary,
        pinned,
    )
    return StoredEntry(
        entry,
        guid,
        number,
        revision,
        moment_of(first_seen),
        moment_of(last_seen),
        moment_of(changed_at),
        moment_of(retracted_at),
        None if provenance is None else _provenance(provenance),
        forgotten,
    )


def read_known(row: Row[Any], **remembered: Any) -> KnownEntry:  # noqa: ANN401 - memory and past
    """Return the known entry of a row; `remembered` are its `memory`, `digest` and `past`."""
    return KnownEntry(
        stored=read_entry(row),
        content_view=View(row.content_view),
        missing_since=moment_of(row.missing_since),
        **remembered,
    )


def read_coverage(kept: object) -> Coverage:
    """Return a blog's coverage; `kept` is the decoded JSON of the column."""
    return msgspec.convert(kept, Coverage)


def with_content(stored: StoredEntry, said: Row[Any]) -> StoredEntry:
    """Return an entry with a revision's content; `said` is a decoded row of CONTENT_COLUMNS."""
    entry = replace(
        stored.entry,
        title=said.title,
        html=said.html,
        text=said.text,
        permalink=said.permalink,
        authors=tuple(said.authors),
        credit=said.credit,
        media=msgspec.convert(said.media, tuple[Media, ...]),
        tags=tuple(said.tags),
        language=said.language,
        updated=said.updated,
    )
    provenance = said.provenance and msgspec.convert(said.provenance, Provenance)
    return replace(stored, entry=entry, provenance=provenance)
