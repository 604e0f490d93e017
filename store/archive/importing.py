"""Importing entries of other stores, with their revisions and changes, as backfill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, or_, select, update

from store import log, resorting, sources
from store.archive.archived import Archived, KeptRevision
from store.archive.imported_blogs import keep_blogs
from store.archive.imported_changes import joins, late_joins, tell
from store.bulk import Batch
from store.decision.history import KnownEntry, ViewMemory
from store.entry import StoredEntry
from store.errors import UnknownError
from store.rows import CONTENT_COLUMNS, WRITTEN_COLUMNS, entry_row
from store.schema import entries, joined, pins, revisions, topics, view_memories
from store.search import indexing
from store.sighting import View
from store.sorting import Written, lock, stamp
from store.topics import Selection, TopicRule

_ENTRIES = Batch(insert(entries).inline(), ("blog_id", *WRITTEN_COLUMNS))
_REVISIONS = Batch(
    insert(revisions).inline(), ("number", "revision", "digest", "seen_at", *CONTENT_COLUMNS)
)
_PINS = Batch(insert(pins).inline(), pins.c.keys())
_MEMORIES = Batch(insert(view_memories).inline(), view_memories.c.keys())
_JOINED = Batch(insert(joined).inline(), joined.c.keys())


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many of the given entries were written, and how many the store already had."""

    fresh: int = 0
    known: int = 0

    def __add__(self, other: "TakenIn") -> "TakenIn":
        return TakenIn(self.fresh + other.fresh, self.known + other.known)


def prepare(
    connection: Connection,
    name: str,
    rules: Sequence[TopicRule],
    followed: Iterable[str],
    now: datetime,
) -> None:
    """Write the configured sources and topics if the topic `name` is not stored yet.

    `rules` are all configured topics, `followed` all configured sources. Raises UnknownError if
    `name` is not among the topics.
    """
    if name not in {rule.name for rule in rules}:
        raise UnknownError(f"no topic {name!r} is configured; name it under topics: first")
    if connection.scalar(select(topics.c.name).where(topics.c.name == name)) is not None:
        return
    sources.follow_sources(connection, followed)
    resorting.follow_topics(connection, rules, now)
    if connection.scalar(select(func.count()).select_from(entries)) == 0:
        connection.execute(update(topics).values(sorted_to=None))  # there is nothing to sort


def take_in(
    connection: Connection, given: Sequence[Archived], topic: str, now: datetime
) -> TakenIn:
    """Write the entries that the store does not have, and make all of `given` join the topic.

    They are written with their revisions, changes and pins. `given` may come from another store:
    they get new numbers. Entries that the store has are not changed. Every change is logged as
    backfill, and no alert is judged. All in the caller's transaction.
    """
    each = [*{one.stored.id: one for one in given}.values()]
    blog_ids = keep_blogs(connection, each, topic, now)
    known = _known(connection, each, blog_ids)
    fresh = [one for one in each if one.stored.id not in known]
    numbers = _keep_entries(connection, fresh, blog_ids)
    seqs = tell(connection, fresh, blog_ids, numbers, topic)
    lock(connection, topic)
    head = log.head(connection)
    rows = [row for one in fresh for row in joins(one, numbers, seqs, topic, head)]
    rows += late_joins(connection, [one for one in each if one.stored.id in known], known, topic)
    _JOINED.write(connection, rows)
    if rows:
        stamp(connection, topic, [*Selection], now)
    return TakenIn(len(fresh), len(each) - len(fresh))


def _known(
    connection: Connection, given: Sequence[Archived], blog_ids: Mapping[str, int]
) -> dict[str, int]:
    """Return the numbers of the given entries that the store has, by their given ids."""
    rows = connection.execute(
        select(entries.c.guid, entries.c.blog_id, entries.c.block_id, entries.c.number).where(
            or_(
                entries.c.guid.in_([one.stored.id for one in given]),
                entries.c.block_id.in_([one.stored.entry.block_id for one in given]),
            )
        )
    ).all()
    by_guid = {row.guid: row.number for row in rows}
    by_block = {(row.blog_id, row.block_id): row.number for row in rows}
    found: dict[str, int] = {}
    for one in given:
        entry = one.stored.entry
        place = blog_ids[entry.blog], entry.block_id
        if (number := by_guid.get(one.stored.id, by_block.get(place))) is not None:
            found[one.stored.id] = number
    return found


def _keep_entries(
    connection: Connection, fresh: Sequence[Archived], blog_ids: Mapping[str, int]
) -> dict[str, int]:
    """Write entries with their revisions, view memories and pins; return their numbers by id."""
    known = [_known_entry(one) for one in fresh]
    _ENTRIES.write(
        connection,
        [(blog_ids[one.stored.entry.blog], *entry_row(one)) for one in known],
    )
    ids = [one.stored.id for one in fresh]
    numbers = {
        row.guid: row.number
        for row in connection.execute(
            select(entries.c.guid, entries.c.number).where(entries.c.guid.in_(ids))
        )
    }
    indexing.note(
        connection,
        [
            Written(None, one.stored_as(one.stored.numbered(numbers[one.stored.id])))
            for one in known
        ],
    )
    _REVISIONS.write(
        connection,
        [
            (numbers[one.stored.id], said.revision, said.digest, said.seen_at, *_content(said))
            for one in fresh
            for said in one.revisions
        ],
    )
    _MEMORIES.write(
        connection,
        [
            (numbers[one.stored.id], view.value, memory.digest, memory.updated)
            for one in known
            for view, memory in one.memory.items()
        ],
    )
    _PINS.write(
        connection,
        [
            (numbers[one.stored.id], pin.pinned_at, pin.unpinned_at)
            for one in fresh
            for pin in one.pins
        ],
    )
    return numbers


def _known_entry(archived: Archived) -> KnownEntry:
    """Return an entry as a poll would have left it, seen only in the view of its content."""
    stored = archived.stored
    view = _view(stored)
    digest = archived.revisions[-1].digest if archived.revisions else ""
    memory = {view: ViewMemory(digest, stored.entry.updated)} if digest else {}
    return KnownEntry(stored, memory, content_view=view, digest=digest)


def _view(stored: StoredEntry) -> View:
    name = stored.provenance.view.upper() if stored.provenance else ""
    return View[name] if name in View.__members__ else View.BLOCK


def _content(said: KeptRevision) -> tuple[object, ...]:
    return tuple(getattr(said, name) for name in CONTENT_COLUMNS)
