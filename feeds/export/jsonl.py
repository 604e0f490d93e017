"""JSON lines: one entry a line, whole, so that `keywire import` makes of it what it was.

`docs/exports.md` tells every field. Numbers that a store gives (an entry's, a change's seq) are
that store's own, and not told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime

import msgspec

from feeds.export.edition import Edition, Format, Piece
from store.archived import Archived, KeptRevision, PastChange
from store.entry import Entry, Media, Provenance, StoredEntry, TimePrecision

FILE = "entries.jsonl"
VERSION = 1
_ENTRY = tuple(field.name for field in fields(Entry) if field.name != "blog")
_SAID = tuple(field.name for field in fields(KeptRevision))


class LineError(ValueError):
    """A line is no entry of ours. `str()` says why."""


class Blog(msgspec.Struct, frozen=True):
    """The live blog of an entry."""

    url: str
    title: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: an entry as it stands, its earlier revisions, and what happened to it."""

    keywire: int
    id: str
    block_id: str
    blog: Blog
    permalink: str
    published: datetime
    time_precision: TimePrecision
    updated: datetime | None
    title: str
    text: str
    html: str
    authors: tuple[str, ...]
    credit: str
    tags: tuple[str, ...]
    language: str
    media: tuple[Media, ...]
    key_event: bool | None
    summary: bool | None
    pinned: bool | None
    revision: int
    seen_at: datetime | None
    provenance: Provenance | None
    digest: str
    first_seen: datetime
    last_seen: datetime
    changed_at: datetime
    retracted_at: datetime | None
    joined_at: datetime
    earlier: tuple[KeptRevision, ...]
    changes: tuple[PastChange, ...]
    forgotten: str | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def render(_edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Give each entry as a line of one file."""
    yield FILE, b""
    for archived in entries:
        yield FILE, write_line(archived)


def write_line(archived: Archived) -> bytes:
    """Write one entry as a JSON object and a newline, UTF-8; times are RFC 3339, UTC."""
    stored, entry = archived.stored, archived.stored.entry
    current = _current(archived)
    earlier = archived.revisions if current is None else archived.revisions[:-1]
    line = Line(
        keywire=VERSION,
        id=stored.id,
        blog=Blog(entry.blog, archived.blog_title),
        **{name: getattr(entry, name) for name in _ENTRY},
        revision=stored.revision,
        seen_at=current.seen_at if current else None,
        provenance=stored.provenance,
        digest=current.digest if current else "",
        first_seen=stored.first_seen,
        last_seen=stored.last_seen,
        changed_at=stored.changed_at,
        retracted_at=stored.retracted_at,
        joined_at=archived.joined_at,
        earlier=earlier,
        changes=archived.changes,
        forgotten=stored.forgotten,
    )
    return _encode(line) + b"\n"


def read_line(line: bytes) -> Archived:
    """Read what `write_line` wrote; the entry's number is 0. Raises LineError, saying why."""
    try:
        told = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise LineError(f"it is no entry of keywire's: {error}") from error
    if told.keywire != VERSION:
        raise LineError(
            f"it is of version {told.keywire}, and this keywire reads {VERSION}; update keywire"
        )
    _check(told)
    entry = Entry(blog=told.blog.url, **{name: getattr(told, name) for name in _ENTRY})
    stored = StoredEntry(
        entry=entry,
        id=told.id,
        number=0,
        revision=told.revision,
        first_seen=told.first_seen,
        last_seen=told.last_seen,
        changed_at=told.changed_at,
        retracted_at=told.retracted_at,
        provenance=told.provenance,
        forgotten=told.forgotten,
    )
    revisions = told.earlier
    if told.seen_at is not None:
        said = {name: getattr(told, name) for name in _SAID}
        revisions = (*revisions, KeptRevision(**said))
    return Archived(stored, told.blog.title, told.joined_at, revisions, told.changes)


def _current(archived: Archived) -> KeptRevision | None:
    """Return what is kept of the entry's revision; None where that was erased."""
    last = archived.revisions[-1] if archived.revisions else None
    return last if last and last.revision == archived.stored.revision else None


def _check(told: Line) -> None:
    """Raise LineError where a line says what no store can have said."""
    numbers = [one.revision for one in told.earlier]
    if not told.id.startswith("tag:") or not told.block_id or not told.blog.url:
        raise LineError("its id, block_id or blog is missing")
    if numbers != sorted(set(numbers)) or not all(0 < one < told.revision for one in numbers):
        raise LineError("its earlier revisions do not count up to its own")
    if any(not 0 < change.revision <= told.revision for change in told.changes):
        raise LineError("a change tells of a revision that it does not have")


FORMAT = Format("jsonl", render)
