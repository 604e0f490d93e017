"""The append-only log of changes, read by cursor.

Whoever reads what comes after `seq` N sees every later change exactly once and in order, with
parallel writers too: one row counts, it is moved last in a transaction, and its lock orders the
commits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from store.bulk import Batch
from store.decision.history import Change, ChangeType
from store.entry import StoredEntry
from store.schema import blogs, change_topics, changes, log_head

_COUNT = update(log_head).values(seq=log_head.c.seq + bindparam("more")).returning(log_head.c.seq)
_HEAD = select(log_head.c.seq)
_FIRST = select(func.min(changes.c.seq))
_LOG = Batch(insert(changes).inline(), changes.c.keys())
_LOG_TOPICS = Batch(insert(change_topics).inline(), ("topic", "seq"))
_NO_SOURCE: Final[Mapping[str, str]] = {}


class NewChange(NamedTuple):
    """One change on its way into the log: of a blog, an entry or a source."""

    change: Change
    blog_id: int | None = None
    stored: StoredEntry | None = None
    topics: tuple[str, ...] = ()
    source: Mapping[str, str] = _NO_SOURCE


@dataclass(frozen=True, slots=True)
class Bounds:
    """The oldest seq that is kept and the newest that was given; an empty log has 1 and 0."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One row of the log. `entry` and `source` are as they were when it was written."""

    seq: int
    type: ChangeType
    occurred_at: datetime
    topics: tuple[str, ...]
    blog_url: str
    blog_title: str
    entry: Mapping[str, Any]
    changes: Mapping[str, Any]
    source: Mapping[str, str]
    backfill: bool


def append(connection: Connection, told: Sequence[NewChange]) -> tuple[int, ...]:
    """Write changes and return their seqs. To be called last in a transaction."""
    if not told:
        return ()
    last = connection.execute(_COUNT, {"more": len(told)}).scalar_one()
    seqs = tuple(range(last - len(told) + 1, last + 1))
    numbered = [*zip(told, seqs, strict=True)]
    _LOG.write(connection, [_row(one, seq) for one, seq in numbered])
    _LOG_TOPICS.write(connection, [(topic, seq) for one, seq in numbered for topic in one.topics])
    return seqs


def head(connection: Connection) -> int:
    """Return the newest seq, 0 where nothing was ever logged."""
    return int(connection.scalar(_HEAD) or 0)


def bounds(connection: Connection) -> Bounds:
    """Return from where to where the log reaches."""
    last = head(connection)
    return Bounds(int(connection.scalar(_FIRST) or last + 1), last)


def read_after(
    connection: Connection, seq: int, limit: int, topic: str | None = None
) -> list[LoggedChange]:
    """Return at most `limit` changes after `seq`, oldest first; of one topic if it is given."""
    query = (
        select(changes, blogs.c.url, blogs.c.title)
        .join(blogs, blogs.c.id == changes.c.blog_id, isouter=True)
        .where(changes.c.seq > seq)
        .order_by(changes.c.seq)
        .limit(limit)
    )
    if topic is not None:
        query = query.join(change_topics, change_topics.c.seq == changes.c.seq).where(
            change_topics.c.topic == topic
        )
    return [_read(row) for row in connection.execute(query)]


def read_these(connection: Connection, seqs: Iterable[int]) -> dict[int, LoggedChange]:
    """Return changes by their seqs; those that are not in the log are left out."""
    query = (
        select(changes, blogs.c.url, blogs.c.title)
        .join(blogs, blogs.c.id == changes.c.blog_id, isouter=True)
        .where(changes.c.seq.in_([*seqs]))
    )
    return {row.seq: _read(row) for row in connection.execute(query)}


def read_about(connection: Connection, number: int) -> list[LoggedChange]:
    """Return all changes of one entry, oldest first."""
    query = (
        select(changes, blogs.c.url, blogs.c.title)
        .join(blogs, blogs.c.id == changes.c.blog_id, isouter=True)
        .where(changes.c.entry == number)
        .order_by(changes.c.seq)
    )
    return [_read(row) for row in connection.execute(query)]


def _row(told: NewChange, seq: int) -> tuple[object, ...]:
    """Return all columns of a change, in the table's order."""
    change = told.change
    return (
        seq,
        change.type._value_,
        change.occurred_at,
        told.blog_id,
        told.stored.number if told.stored else None,
        change.revision,
        change.backfill,
        told.topics,
        {
            "entry": _entry(told.stored) if told.stored else {},
            "changes": _differences(change) if change.changes else {},
            "source": told.source,
        },
    )


def _differences(change: Change) -> dict[str, Any]:
    return {name: {"old": old, "new": new} for name, (old, new) in change.changes.items()}


def _entry(stored: StoredEntry) -> dict[str, Any]:
    entry = stored.entry
    return {
        "id": stored.id,
        "number": stored.number,
        "block_id": entry.block_id,
        "revision": stored.revision,
        "title": entry.title,
        "url": entry.permalink,
        "published": entry.published,
        "time_precision": entry.time_precision._value_,
        "updated": entry.updated,
        "changed_at": stored.changed_at,
        "retracted_at": stored.retracted_at,
        "key_event": entry.key_event,
        "summary": entry.summary,
        "authors": entry.authors,
        **({} if stored.forgotten is None else {"forgotten": stored.forgotten}),
    }


def _read(row: Row[Any]) -> LoggedChange:
    return LoggedChange(
        seq=row.seq,
        type=ChangeType(row.type),
        occurred_at=row.occurred_at,
        topics=tuple(row.topics),
        blog_url=row.url or "",
        blog_title=row.title or "",
        entry=row.told["entry"],
        changes=row.told["changes"],
        source=row.told["source"],
        backfill=row.backfill,
    )
