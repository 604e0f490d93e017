"""Entries as of a change in the log: content from the revision, flags and times from the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, tuple_

from store import log
from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.log import LoggedChange
from store.rows import CONTENT_COLUMNS, with_content
from store.schema import revisions

_REVISIONS = select(
    revisions.c.number, revisions.c.revision, *(revisions.c[name] for name in CONTENT_COLUMNS)
).where(tuple_(revisions.c.number, revisions.c.revision).in_(bindparam("wanted", expanding=True)))
_CHUNK = 300


@dataclass(frozen=True, slots=True)
class Past:
    """One change of an entry, the entry as it was then, and `before`, an earlier revision."""

    change: LoggedChange
    stored: StoredEntry
    before: StoredEntry | None = None


def recount(connection: Connection, wanted: Iterable[tuple[int, int]]) -> dict[int, Past]:
    """Return changes of entries, by seq, with the entries as they were then.

    `wanted` are seqs, each with the revision to return as `before`, or 0 for none. Seqs of other
    changes, and of entries that are not kept any more, are left out.
    """
    earlier = dict(wanted)
    changes = log.read_these(connection, earlier)
    of_entries = {seq: change for seq, change in changes.items() if change.entry}
    numbers = {change.entry["number"] for change in of_entries.values()}
    kept = {stored.number: stored for stored in entries_of(connection, [*numbers])}
    content = _read_revisions(
        connection,
        {
            (change.entry["number"], revision)
            for seq, change in of_entries.items()
            for revision in (change.entry["revision"], earlier[seq])
            if revision
        },
    )

    def at(change: LoggedChange, revision: int) -> StoredEntry:
        stored = _with_flags(kept[change.entry["number"]], change.entry)
        stated = content.get((stored.number, revision))
        return with_content(replace(stored, revision=revision), stated) if stated else stored

    return {
        seq: Past(
            change,
            at(change, change.entry["revision"]),
            at(change, earlier[seq]) if earlier[seq] else None,
        )
        for seq, change in of_entries.items()
        if change.entry["number"] in kept
    }


def _read_revisions(
    connection: Connection, wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], Row[Any]]:
    found = {}
    pairs = [*wanted]
    for start in range(0, len(pairs), _CHUNK):
        some: Sequence[tuple[int, int]] = pairs[start : start + _CHUNK]
        for row in connection.execute(_REVISIONS, {"wanted": some}):
            found[row.number, row.revision] = row
    return found


def _with_flags(stored: StoredEntry, told: Mapping[str, Any]) -> StoredEntry:
    entry = replace(stored.entry, key_event=told["key_event"], summary=told["summary"])
    return replace(
        stored,
        entry=entry,
        changed_at=_moment(told["changed_at"]) or stored.changed_at,
        retracted_at=_moment(told["retracted_at"]),
    )


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
