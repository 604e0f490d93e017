"""Writing the entries of a decision: their rows, revisions, view memories and pins."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from store.bulk import Batch
from store.decision.history import BlogHistory, KnownEntry, Outcome
from store.history_cache import KeptBlog
from store.rows import CONTENT_COLUMNS, WRITTEN_COLUMNS, content_row, entry_row
from store.schema import entries, pins, revisions, view_memories
from store.sorting import Written

# Statements that every poll runs, built once.
_INSERT = Batch(insert(entries).inline(), ("blog_id", *WRITTEN_COLUMNS))
_NUMBERS = select(entries.c.block_id, entries.c.number).where(
    entries.c.blog_id == bindparam("of"), entries.c.number > bindparam("newest")
)
_UPDATE = Batch(
    update(entries).where(entries.c.number == bindparam("which")), (*WRITTEN_COLUMNS, "which")
)
_FORGET = Batch(
    delete(view_memories).where(view_memories.c.number == bindparam("which")), ("which",)
)
_REMEMBER = Batch(insert(view_memories).inline(), view_memories.c.keys())
_REVISED = ("digest", *CONTENT_COLUMNS)
_REVISE = Batch(insert(revisions).inline(), ("number", "revision", "seen_at", *_REVISED))
_UNREVISE = Batch(
    delete(revisions).where(
        revisions.c.number == bindparam("which"), revisions.c.revision == bindparam("current")
    ),
    ("which", "current"),
)
_FILL = Batch(
    update(revisions).where(
        revisions.c.number == bindparam("which"), revisions.c.revision == bindparam("current")
    ),
    ("which", "current", *_REVISED),
)
_PIN = Batch(insert(pins).inline(), ("number", "pinned_at"))
_UNPIN = Batch(
    update(pins).where(pins.c.number == bindparam("which"), pins.c.unpinned_at.is_(None)),
    ("which", "unpinned_at"),
)


def write_entries(
    connection: Connection, kept: KeptBlog, outcome: Outcome, blog_id: int, now: datetime
) -> dict[str, Written]:
    """Write the entries of an outcome; return each as it was before and after, by block id.

    `now` (UTC) becomes the time at which new revisions were seen and new pins were found.
    """
    place = {change.block_id: n for n, change in enumerate(outcome.changes)}
    fresh = sorted(
        (known for known in outcome.entries if known.stored.number == 0),
        key=lambda known: place[known.stored.entry.block_id],
    )
    numbers = _insert(connection, fresh, blog_id, kept.history)
    touched = [known for known in outcome.entries if known.stored.number]
    _UPDATE.write(connection, [(*entry_row(known), known.stored.number) for known in touched])
    written = {
        (block_id := known.stored.entry.block_id): Written(
            kept.history.entries.get(block_id), _numbered(known, numbers)
        )
        for known in (*fresh, *touched)
    }
    _write_memories(connection, [*written.values()])
    _write_revisions(connection, [*written.values()], now)
    _write_pins(connection, [*written.values()], now)
    return written


def _insert(
    connection: Connection, fresh: Sequence[KnownEntry], blog_id: int, history: BlogHistory
) -> dict[str, int]:
    """Write new entries, and return the numbers that they got, by block id.

    Numbers count up and the blog is locked: those above its newest are the new entries'.
    """
    if not fresh:
        return {}
    _INSERT.write(connection, [(blog_id, *entry_row(known)) for known in fresh])
    newest = max((known.stored.number for known in history.entries.values()), default=0)
    rows = connection.execute(_NUMBERS, {"of": blog_id, "newest": newest})
    return {block_id: number for block_id, number in rows}  # noqa: C416 - rows are no pairs to dict()


def _numbered(known: KnownEntry, numbers: Mapping[str, int]) -> KnownEntry:
    if known.stored.number:
        return known
    return known.stored_as(known.stored.numbered(numbers[known.stored.entry.block_id]))


def _is_revised(before: KnownEntry, after: KnownEntry) -> bool:
    return before.stored.revision != after.stored.revision


def _is_back(before: KnownEntry) -> bool:
    """Return whether an entry's content was pruned, so that its revision's row may be missing."""
    return not before.digest and before.stored.forgotten is None


def _is_filled(before: KnownEntry, after: KnownEntry) -> bool:
    """Return whether a stronger view replaced the content of the same revision."""
    return before.digest != after.digest or content_row(before.stored) != content_row(after.stored)


def _write_memories(connection: Connection, written: Sequence[Written]) -> None:
    changed = [one for one in written if not one.before or one.before.memory != one.after.memory]
    _FORGET.write(connection, [(one.after.stored.number,) for one in changed if one.before])
    _REMEMBER.write(
        connection,
        [
            (one.after.stored.number, view._value_, memory.digest, memory.updated)
            for one in changed
            for view, memory in one.after.memory.items()
        ],
    )


def _write_revisions(connection: Connection, written: Sequence[Written], now: datetime) -> None:
    new, filled, back = [], [], []
    for one in written:
        if one.before is None or _is_revised(one.before, one.after):
            new.append((*_which(one.after), now, *_revised(one.after)))
        elif _is_back(one.before):
            back.append(_which(one.after))
            new.append((*_which(one.after), now, *_revised(one.after)))
        elif _is_filled(one.before, one.after):
            filled.append((*_which(one.after), *_revised(one.after)))
    _UNREVISE.write(connection, back)
    _REVISE.write(connection, new)
    _FILL.write(connection, filled)


def _write_pins(connection: Connection, written: Sequence[Written], now: datetime) -> None:
    pinned, unpinned = [], []
    for one in written:
        was, is_now = one.before and one.before.stored.entry.pinned, one.after.stored.entry.pinned
        if is_now and not was:
            pinned.append((one.after.stored.number, now))
        elif was and not is_now:
            unpinned.append((one.after.stored.number, now))
    _PIN.write(connection, pinned)
    _UNPIN.write(connection, unpinned)


def _which(known: KnownEntry) -> tuple[int, int]:
    return known.stored.number, known.stored.revision


def _revised(known: KnownEntry) -> tuple[object, ...]:
    return (known.digest, *content_row(known.stored))
