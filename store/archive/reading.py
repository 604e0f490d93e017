"""Reading a topic's entries with all their revisions and changes, a few hundred at a time.

The whole past of an entry is read, also where only its state as of a moment is wanted.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, select

from store.archive.archived import Archived, KeptRevision, PastChange, Pin, as_it_stood
from store.archive.revisions import read_revision
from store.column_types import microseconds, moment_of
from store.decision.history import ChangeType
from store.entry import StoredEntry
from store.number_lists import Given
from store.rows import ENTRY_COLUMNS, as_kept, read_entry
from store.schema import blogs, changes, entries, joined, pins, revisions
from store.topics import Selection

PAGE = 500  # entries
_NUMBERS = Given("numbers")
_ENTRIES = (
    select(
        *ENTRY_COLUMNS,
        blogs.c.title,
        as_kept(joined.c.joined_at),
        joined.c.joined_seq,
        as_kept(revisions.c.seen_at),
        revisions.c.digest,
    )
    .select_from(entries)
    .join(blogs)
    .join(joined, joined.c.number == entries.c.number)
    .join(
        revisions,
        (revisions.c.number == entries.c.number) & (revisions.c.revision == entries.c.revision),
        isouter=True,
    )
    .where(
        entries.c.number.op("IN")(_NUMBERS),
        joined.c.topic == bindparam("of"),
        joined.c.selection == Selection.ALL.value,
    )
)
_EARLIER = (
    select(revisions)
    .join(entries, entries.c.number == revisions.c.number)
    .where(revisions.c.number.op("IN")(_NUMBERS), revisions.c.revision < entries.c.revision)
    .order_by(revisions.c.number, revisions.c.revision)
)
_CHANGES = (
    select(
        changes.c.entry,
        changes.c.seq,
        changes.c.type,
        as_kept(changes.c.occurred_at),
        as_kept(changes.c.told),
    )
    .where(changes.c.entry.op("IN")(_NUMBERS))
    .order_by(changes.c.seq)
)
_PINS = select(pins).where(pins.c.number.op("IN")(_NUMBERS)).order_by(pins.c.pinned_at)
_OF_ENTRY = len(ENTRY_COLUMNS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of one topic, published from `since` to before `until` (UTC, None: no bound).

    With `as_of` they are returned as they were at that moment (UTC).
    """

    topic: str
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None


def find_numbers(connection: Connection, wanted: Wanted) -> Sequence[int]:
    """Return the numbers of the wanted entries by time published, as an array of 8 bytes each."""
    query = _numbers_of(wanted).execution_options(yield_per=10_000)
    return array("q", connection.scalars(query))


def read_pages(
    connection: Connection, wanted: Wanted, numbers: Sequence[int]
) -> Iterator[list[Archived]]:
    """Yield the entries of these numbers, at most PAGE at a time, in the same order.

    With `wanted.as_of`, entries that the topic did not have yet are left out.
    """
    for start in range(0, len(numbers), PAGE):
        page = read_page(connection, wanted.topic, numbers[start : start + PAGE])
        if wanted.as_of is not None:
            stood = (as_it_stood(archived, wanted.as_of) for archived in page)
            page = [archived for archived in stood if archived is not None]
        yield page


def read_page(connection: Connection, topic: str, numbers: Sequence[int]) -> list[Archived]:
    """Return the topic's entries of these numbers, in the same order; others are left out."""
    asked = {"numbers": numbers, "of": topic}
    earlier = defaultdict[int, list[KeptRevision]](list)
    for row in connection.execute(_EARLIER, asked):
        earlier[row.number].append(read_revision(row))
    past = defaultdict[int, list[Sequence[Any]]](list)
    for row in connection.execute(_CHANGES, asked):
        past[row.entry].append(row)
    pinned = read_pins(connection, numbers)
    rows = connection.execute(_ENTRIES, asked).all()
    found = {
        archived.stored.number: archived
        for archived in (_archived(row, earlier, past, pinned) for row in rows)
    }
    return [found[number] for number in numbers if number in found]


def read_pins(connection: Connection, numbers: Sequence[int]) -> Mapping[int, Sequence[Pin]]:
    """Return when entries were pinned, oldest first, by number; those never pinned are left out."""
    found = defaultdict[int, list[Pin]](list)
    for row in connection.execute(_PINS, {"numbers": numbers}):
        found[row.number].append(Pin(row.pinned_at, row.unpinned_at))
    return found


def _numbers_of(wanted: Wanted) -> Select[Any]:
    query = (
        select(entries.c.number)
        .join(joined, joined.c.number == entries.c.number)
        .where(joined.c.topic == wanted.topic, joined.c.selection == Selection.ALL.value)
        .order_by(entries.c.published, entries.c.number)
    )
    if wanted.since is not None:
        query = query.where(entries.c.published >= wanted.since)
    if wanted.until is not None:
        query = query.where(entries.c.published < wanted.until)
    return query


# --- rows to values -----------------------------------------------------------------------------


class _ToldEntry(msgspec.Struct):
    """An entry as a change in the log has it; all defaults where that was erased."""

    revision: int = 0
    changed_at: datetime | None = None
    retracted_at: datetime | None = None
    key_event: bool | None = None
    summary: bool | None = None


class _Told(msgspec.Struct):
    entry: _ToldEntry


_told: Callable[[str], _Told] = msgspec.json.Decoder(_Told).decode
_TYPES = {kind.value: kind for kind in ChangeType}


def _archived(
    row: Sequence[Any],
    earlier: Mapping[int, Sequence[KeptRevision]],
    past: Mapping[int, Sequence[Sequence[Any]]],
    pinned: Mapping[int, Sequence[Pin]],
) -> Archived:
    stored = read_entry(row[:_OF_ENTRY])
    title, joined_at, joined_seq, seen_at, digest = row[_OF_ENTRY:]
    said = earlier.get(stored.number, ())
    if seen_at is not None:
        said = (*said, _current(stored, seen_at, digest))
    happened = [_change(one, joined_seq, joined_at) for one in past.get(stored.number, ())]
    return Archived(
        stored,
        title,
        moment_of(joined_at),
        tuple(said),
        tuple(filter(None, happened)),
        tuple(pinned.get(stored.number, ())),
    )


def _current(stored: StoredEntry, seen_at: int, digest: str) -> KeptRevision:
    entry = stored.entry
    return KeptRevision(
        stored.revision,
        moment_of(seen_at),
        entry.title,
        entry.html,
        entry.text,
        entry.permalink,
        entry.authors,
        entry.credit,
        entry.media,
        entry.tags,
        entry.language,
        entry.updated,
        stored.provenance,
        digest,
    )


def _change(row: Sequence[Any], joined_seq: int, joined_at: int) -> PastChange | None:
    _, seq, kind, occurred_at, told = row
    after = _told(told).entry
    if after.changed_at is None:
        return None
    change = _TYPES[kind]
    # An entry that a rule sorted in later has the newest seq of that time, perhaps another entry's.
    dated = change is ChangeType.PUBLISHED or microseconds(after.changed_at) == joined_at
    return PastChange(
        change,
        moment_of(occurred_at),
        after.revision,
        after.changed_at,
        after.retracted_at,
        after.key_event,
        after.summary,
        seq == joined_seq and dated,
    )
