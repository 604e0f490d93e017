"""Pruning entries that a topic's `retain` rule keeps no longer: they leave it, and lose content.

The content of an entry that is in no topic any more is erased. Its row stays, with its identity
and the digests of its views: it is not published again if it is seen again, and comes back under
its id if it is edited.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Tuple,
    and_,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from store.alerting.delivery import DeliveryState
from store.column_types import UtcTime
from store.entry_cache import entries_of
from store.redaction import untold
from store.schema import blogs, changes, deliveries, entries, joined, revisions, selections
from store.search import indexing
from store.sorting import lock
from store.topics import Selection, TopicRule
from store.window import WINDOW_ENTRIES, WINDOW_HOURS

BATCH = 200
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("title", "html", "text", "permalink", "credit", "language"), ""),
    **{name: [] for name in ("authors", "media", "tags")},
    "provenance": None,
}


@dataclass(frozen=True, slots=True)
class LetGo:
    """How much was pruned: entries that left topics, entries emptied, revisions, and so on."""

    left: int = 0
    entries: int = 0
    revisions: int = 0
    changes: int = 0
    deliveries: int = 0
    pages: int = 0

    def __add__(self, other: "LetGo") -> "LetGo":
        return LetGo(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return sum(astuple(self))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a topic is to be pruned: entries, revisions, and the characters of these."""

    entries: int = 0
    revisions: int = 0
    size: int = 0


def waiting(connection: Connection, rule: TopicRule, now: datetime) -> Waiting:
    """Return how much of a topic is to be pruned at `now` (UTC)."""
    said = connection.execute(
        select(func.count(), func.coalesce(func.sum(_size()), 0))
        .select_from(revisions)
        .where(or_(*_leaving_revisions(connection, rule, now), false()))
    ).one()
    may_leave = _may_leave(connection, rule, now)
    places = select(func.count()).select_from(joined)
    leaving = 0 if may_leave is None else connection.scalar(places.where(may_leave)) or 0
    return Waiting(leaving, *said)


def _leaving_revisions(
    connection: Connection, rule: TopicRule, now: datetime
) -> Iterator[ColumnElement[bool]]:
    may_leave = _may_leave(connection, rule, now)
    if may_leave is not None:
        yield revisions.c.number.in_(select(joined.c.number).where(may_leave))
    if rule.retain.revisions is not None:
        kept = select(entries.c.revision - rule.retain.revisions)
        last_to_go = kept.where(entries.c.number == revisions.c.number).scalar_subquery()
        here = joined.c.topic == rule.name, joined.c.selection == Selection.ALL.value
        held = revisions.c.number.in_(select(joined.c.number).where(*here))
        yield and_(held, revisions.c.revision <= last_to_go)


def _size() -> ColumnElement[int]:
    """Return the SQL expression for the characters of a revision's title, html and text."""
    said = (revisions.c.title, revisions.c.html, revisions.c.text)
    return sum((func.length(one) for one in said), literal(0))


def _may_leave(
    connection: Connection, rule: TopicRule, now: datetime
) -> ColumnElement[bool] | None:
    """Return the SQL condition for rows of `joined` that a topic keeps no longer; None for none.

    Entries in the window of the topic's feed never match it, whatever the rule says.
    """
    here = and_(joined.c.topic == rule.name, joined.c.selection == Selection.ALL.value)
    place = tuple_(joined.c.joined_at, joined.c.joined_seq)
    newest = (
        select(joined.c.joined_at, joined.c.joined_seq)
        .where(here)
        .order_by(joined.c.joined_at.desc(), joined.c.joined_seq.desc())
        .limit(1)
    )
    updated = connection.scalar(
        select(selections.c.updated).where(
            selections.c.topic == rule.name, selections.c.selection == Selection.ALL.value
        )
    )
    last_shown = connection.execute(newest.offset(WINDOW_ENTRIES - 1)).first()
    limits: list[ColumnElement[bool]] = []
    if rule.retain.days is not None:
        limits.append(joined.c.joined_at < now - rule.retain.days)
    if rule.retain.count is not None:
        last = connection.execute(newest.offset(rule.retain.count - 1)).first()
        if last is not None:
            limits.append(place < _as_place(last))
    if not limits or last_shown is None or updated is None:
        return None
    since = updated - timedelta(hours=WINDOW_HOURS)
    outside = and_(
        place < _as_place(last_shown), joined.c.joined_at < since, joined.c.changed_at < since
    )
    return and_(here, or_(*limits), outside)


def _as_place(place: Sequence[Any]) -> Tuple:
    """Return a place (time joined, seq) as an SQL tuple."""
    at, seq = place
    return tuple_(literal(at, UtcTime()), literal(seq))


def leave(connection: Connection, rule: TopicRule, now: datetime) -> LetGo:
    """Remove the next batch of entries that a topic keeps no longer, oldest first."""
    may_leave = _may_leave(connection, rule, now)
    if may_leave is None:
        return LetGo()
    lock(connection, rule.name)
    numbers = [
        *connection.scalars(
            select(joined.c.number).where(may_leave).order_by(joined.c.joined_at).limit(BATCH)
        )
    ]
    if not numbers:
        return LetGo()
    connection.execute(
        delete(joined).where(joined.c.topic == rule.name, joined.c.number.in_(numbers))
    )
    held = set(connection.scalars(select(joined.c.number).where(joined.c.number.in_(numbers))))
    gone = LetGo(left=len(numbers))
    return gone + _empty(connection, [number for number in numbers if number not in held])


def _empty(connection: Connection, numbers: Sequence[int]) -> LetGo:
    """Erase the content of entries that are in no topic any more; forgotten ones have none."""
    found = [one for one in entries_of(connection, numbers) if one.forgotten is None]
    mine = [one.number for one in found]
    if not mine:
        return LetGo()
    of_these = entries.c.number.in_(mine)
    held = select(entries.c.blog_id).where(of_these)
    connection.execute(
        update(blogs).where(blogs.c.id.in_(held)).values(version=blogs.c.version + 1)
    )
    indexing.take_out(connection, found)
    connection.execute(update(entries).where(of_these).values(_EMPTY))
    said = connection.execute(delete(revisions).where(revisions.c.number.in_(mine))).rowcount
    for seq, told in connection.execute(
        select(changes.c.seq, changes.c.told).where(changes.c.entry.in_(mine))
    ).all():
        connection.execute(update(changes).where(changes.c.seq == seq).values(told=untold(told)))
    sent = deliveries.c.state == DeliveryState.DELIVERED.value
    went = connection.execute(delete(deliveries).where(deliveries.c.number.in_(mine), sent))
    return LetGo(entries=len(mine), revisions=said, deliveries=went.rowcount)
