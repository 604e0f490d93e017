"""Export as JSON lines: one complete entry a line, which `keywire import` restores as it was.

`docs/exports.md` describes every field. Numbers that are valid in one store only (an entry's
number, a change's seq) are left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

import msgspec

from feeds.export.edition import Edition, Format, Piece
from store.archive.archived import Archived, KeptRevision, PastChange, Pin
from store.entry import Entry, Media, Provenance, StoredEntry, TimePrecision

FILE: Final = "entries.jsonl"
VERSION: Final = 1
_ROOM: Final = 1 << 16  # bytes in one piece
_ENTRY = tuple(field.name for field in fields(Entry) if field.name != "blog")
_SAID = tuple(field.name for field in fields(KeptRevision))


class LineError(ValueError):
    """A line is not a valid exported entry; `str()` says why."""


class Line(msgspec.Struct, frozen=True):
    """One line: an entry's current content, its earlier revisions, its changes and its pins."""

    keywire: int
    id: str
    block_id: str
    blog: str
    blog_title: str
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
    first_seen: datetime
    last_seen: datetime
    changed_at: datetime
    retracted_at: datetime | None
    forgotten: str | None
    joined_at: datetime
    provenance: Provenance | None
    seen_at: datetime | None
    digest: str
    earlier: tuple[KeptRevision, ...]
    changes: tuple[PastChange, ...]
    pins: tuple[Pin, ...] = ()


# Where an archived entry has the fields of a line, all but the first and the last five.
_OF_STORED = {
    *("id", "revision", "first_seen", "last_seen", "changed_at", "retracted_at", "forgotten"),
    "provenance",
}
_OF_ARCHIVED = {"blog_title", "joined_at"}


def _place(name: str) -> str:
    if name in _OF_ARCHIVED:
        return name
    return f"stored.{name}" if name in _OF_STORED else f"stored.entry.{name}"


_told = attrgetter(*map(_place, Line.__struct_fields__[1:-5]))
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def render(_edition: Edition, entries: Iterable[Archived]) -> Iterator[Piece]:
    """Yield one file with a line per entry, about `_ROOM` bytes at a time."""
    lines, size = list[bytes](), 0
    for archived in entries:
        line = write_line(archived)
        lines.append(line)
        size += len(line)
        if size > _ROOM:
            yield FILE, b"".join(lines)
            lines, size = [], 0
    yield FILE, b"".join(lines)


def write_line(archived: Archived) -> bytes:
    """Return one entry as a JSON object and a newline, UTF-8; times are RFC 3339 in UTC."""
    revisions = archived.revisions
    current = revisions[-1] if revisions else None
    if current is None or current.revision != archived.stored.revision:
        seen_at, digest = None, ""  # the content was erased (`keywire forget`)
    else:
        seen_at, digest, revisions = current.seen_at, current.digest, revisions[:-1]
    told: tuple[Any, ...] = _told(archived)
    line = Line(*(VERSION, *told, seen_at, digest, revisions, archived.changes, archived.pins))
    return _encode(line) + b"\n"


def read_line(line: bytes) -> Archived:
    """Return the entry of a line that `write_line` wrote, with the number 0. Raises LineError."""
    try:
        told = _decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise LineError(f"it is no entry of keywire's: {error}") from error
    if told.keywire != VERSION:
        raise LineError(
            f"it is of version {told.keywire}, and this keywire reads {VERSION}; update keywire"
        )
    _check(told)
    entry = Entry(blog=told.blog, **{name: getattr(told, name) for name in _ENTRY})
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
    return Archived(stored, told.blog_title, told.joined_at, revisions, told.changes, told.pins)


def _check(told: Line) -> None:
    """Raise LineError where a line's values contradict each other or lack an identity."""
    numbers = [one.revision for one in told.earlier]
    if not told.id.startswith("tag:") or not told.block_id or not told.blog:
        raise LineError("its id, block_id or blog is missing")
    if numbers != sorted(set(numbers)) or not all(0 < one < told.revision for one in numbers):
        raise LineError("its earlier revisions do not count up to its own")
    if any(not 0 < change.revision <= told.revision for change in told.changes):
        raise LineError("a change tells of a revision that it does not have")
    pinned = [pin.pinned_at for pin in told.pins]
    if pinned != sorted(set(pinned)):
        raise LineError("its pins do not follow each other")


FORMAT = Format("jsonl", render)
