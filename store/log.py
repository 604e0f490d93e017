"""The append-only log of changes, read by cursor.

A reader that asks for changes after `seq` N gets every later change exactly once and in order,
also with parallel writers: the counter is one row, a transaction moves it last, and the lock on
that row orders the commits.
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
    """One change to append to the log, with the blog, entry or source that it is about."""

    change: Change
    blog_id: int | None = None
    stored: StoredEntry | None = None
    topics: tuple[str, ...] = ()
    source: Mapping[str, str] = _NO_SOURCE


@dataclass(frozen=True, slots=True)
class Bounds:
    """The oldest seq that is kept and the newest that was assigned; 1 and 0 for an empty log."""

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
    """Append changes and return their seqs, in the same order. Call it last in a transaction."""
    if not told:
        return ()
    last = connection.execute(_COUNT, {"more": len(told)}).scalar_one()
    seqs = tuple(range(last - len(told) + 1, last + 1))
    numbered = [*zip(told, seqs, strict=True)]
    _LOG.write(connection, [_row(one, seq) for one, seq in numbered])
    _LOG_TOPICS.write(connection, [(topic, seq) for one, seq in numbered for topic in one.topics])
    return seqs


def head(connection: Connection) -> int:
    """Return the newest seq, 0 if nothing was ever logged."""
    return int(connection.scalar(_HEAD) or 0)


def bounds(connection: Connection) -> Bounds:
    """Return the first and last seq of the log."""
    last = head(connection)
    return Bounds(int(connection.scalar(_FIRST) or last + 1), last)


def read_after(
    connection: Connection, seq: int, limit: int, topic: str | None = None
) -> list[LoggedChange]:
    """Return at most `limit` changes after `seq`, oldest first; only those of `topic` if given."""
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
    """Return the changes that have these seqs, by seq; seqs not in the log are left out."""
    query = (
        select(changes, blogs.c.url, blogs.c.title)
        .join(blogs, blogs.c.id == changes.c.blog_id, isouter=True)
        .where(changes.c.seq.in_([*seqs]))
    )
    return {row.seq: _read(row) for row in connection.execute(query)}


def read_about(connection: Connection, number: int) -> list[LoggedChange]:
    """Return all changes of the entry of that number, oldest first."""
    query = (
        select(changes, blogs.c.url, blogs.c.title)
        .join(blogs, blogs.c.id == changes.c.blog_id, isouter=True)
        .where(changes.c.entry == number)
        .order_by(changes.c.seq)
    )
    return [_read(row) for row in connection.execute(query)]


def _row(told: NewChange, seq: int) -> tuple[object, ...]:
    """Return all columns of a change, in the order of the table `changes`."""
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
