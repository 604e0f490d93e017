"""Sorting entries into topics when a change commits, so that a feed is one indexed query.

An entry joins a selection of a topic when it first satisfies it, and leaves only when the
topic's rule changes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    func,
    insert,
    select,
    update,
)

from store import log
from store.bulk import Batch
from store.decision.history import KnownEntry
from store.entry import Entry, StoredEntry
from store.schema import joined, selections
from store.topics import Selection, TopicRule, selections_of, takes

_CHUNK = 500
_SHOWN = attrgetter(*(field.name for field in fields(Entry) if field.name != "pinned"))
_UNSHOWN = {"entry", "last_seen", "provenance"}
_SHOWN_OF_IT = attrgetter(
    *(field.name for field in fields(StoredEntry) if field.name not in _UNSHOWN)
)

# Statements that every poll runs, built once.
_PLACES = (
    select(joined.c.number, joined.c.topic, joined.c.selection)
    .where(joined.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(joined.c.topic)
)
_JOIN = Batch(insert(joined).inline(), joined.c.keys())
_MOVE = Batch(update(joined).where(joined.c.number == bindparam("which")), ("changed_at", "which"))
_STAMPS = (
    select(selections)
    .where(selections.c.topic == bindparam("of"))
    .order_by(selections.c.selection)
    .with_for_update()
)
_STAMP = (
    update(selections)
    .where(selections.c.topic == bindparam("of"), selections.c.selection == bindparam("which"))
    .values(
        updated=func.coalesce(
            select(func.max(joined.c.changed_at))
            .where(joined.c.topic == bindparam("of"), joined.c.selection == bindparam("which"))
            .scalar_subquery(),
            selections.c.updated,
        ),
        modified=bindparam("modified"),
        version=selections.c.version + 1,
    )
)


# Named tuples, cheaper than dataclasses: a poll makes several for every entry that it writes.
class Written(NamedTuple):
    """One entry before a write (None for a new one) and after it."""

    before: KnownEntry | None
    after: KnownEntry


class Joining(NamedTuple):
    """One entry about to join one selection of one topic."""

    topic: str
    selection: Selection
    stored: StoredEntry
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a set of written entries changes in topics.

    `joins` are the new memberships, `moved` the selections whose feeds change, by topic.
    `members` has the topics of each entry, by block id; `changed` are known entries whose
    `changed_at` moved.
    """

    joins: tuple[Joining, ...] = ()
    moved: Mapping[str, frozenset[Selection]] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: tuple[StoredEntry, ...] = ()

    def topics_of(self, block_id: str) -> tuple[str, ...]:
        """Return the names of the topics that have the entry of `block_id`."""
        return self.members.get(block_id, ())


def sort(connection: Connection, written: Sequence[Written], rules: Sequence[TopicRule]) -> Sorted:
    """Decide which topics the written entries join, and which feeds change. Writes nothing."""
    places = _places(connection, [one.after.stored.number for one in written if one.before])
    joins: list[Joining] = []
    moved: dict[str, set[Selection]] = defaultdict(set)
    members: dict[str, tuple[str, ...]] = {}
    for one in written:
        stored = one.after.stored
        held, joining = places.get(stored.number, ()), _joins(one, rules)
        if held:
            joining = [join for join in joining if (join.topic, join.selection) not in held]
        joins += joining
        topics = [*(topic for topic, _ in held), *(join.topic for join in joining)]
        members[stored.entry.block_id] = tuple(dict.fromkeys(topics))
        for join in joining:
            moved[join.topic].add(join.selection)
        if one.before is None or not _shown_alike(one.before.stored, stored):
            for topic, selection in held:
                moved[topic].add(selection)
    return Sorted(
        joins=tuple(joins),
        moved={topic: frozenset(which) for topic, which in moved.items()},
        members=members,
        changed=tuple(
            one.after.stored
            for one in written
            if one.before and one.before.stored.changed_at != one.after.stored.changed_at
        ),
    )


def _places(
    connection: Connection, numbers: Sequence[int]
) -> dict[int, list[tuple[str, Selection]]]:
    places: dict[int, list[tuple[str, Selection]]] = defaultdict(list)
    for chunk in _chunks(numbers):
        for number, topic, selection in connection.execute(_PLACES, {"numbers": chunk}):
            places[number].append((topic, Selection(selection)))
    return places


def _joins(one: Written, rules: Sequence[TopicRule]) -> list[Joining]:
    stored = one.after.stored
    if stored.retracted_at is not None:
        return []
    joined_at = stored.entry.published if one.before is None else stored.changed_at
    wanted = selections_of(stored.entry)
    return [
        Joining(rule.name, selection, stored, joined_at)
        for rule in rules
        if takes(rule.match, stored.entry)
        for selection in wanted
    ]


def _shown_alike(one: StoredEntry, other: StoredEntry) -> bool:
    """Return whether feeds show both states alike; they show no pin, `last_seen` or provenance."""
    return _SHOWN_OF_IT(one) == _SHOWN_OF_IT(other) and _SHOWN(one.entry) == _SHOWN(other.entry)


def touch(
    connection: Connection, sorting: Sorted, first_seq: Mapping[str, int], now: datetime
) -> None:
    """Write what `sort` decided: the new memberships, and the stamps of the feeds that changed.

    `first_seq` has the seq of each entry's first change, by block id. The stamps are locked
    first, in the order of topic names, so that transactions on the same topics wait for each
    other instead of deadlocking.
    """
    stamps = {topic: lock(connection, topic) for topic in sorted(sorting.moved)}
    untold = any(join.stored.entry.block_id not in first_seq for join in sorting.joins)
    head = log.head(connection) if untold else 0
    _JOIN.write(
        connection,
        [
            (
                join.topic,
                join.selection._value_,
                join.stored.number,
                join.joined_at,
                first_seq.get(join.stored.entry.block_id, head),
                join.stored.changed_at,
            )
            for join in sorting.joins
        ],
    )
    _MOVE.write(connection, [(stored.changed_at, stored.number) for stored in sorting.changed])
    for topic, rows in stamps.items():
        _advance(connection, rows, sorting.moved[topic], now)


def lock(connection: Connection, topic: str) -> Sequence[Row[Any]]:
    """Lock a topic until the transaction ends, and return the stamps of its feeds."""
    return connection.execute(_STAMPS, {"of": topic}).all()


def stamp(connection: Connection, topic: str, which: Collection[Selection], now: datetime) -> None:
    """Advance the stamps of a topic's feeds: `updated` to its newest change, the version by one.

    `modified` is keywire's time (for Last-Modified, whole seconds) and always moves forward.
    """
    if which:
        _advance(connection, lock(connection, topic), which, now)


def _advance(
    connection: Connection, stamps: Sequence[Row[Any]], which: Collection[Selection], now: datetime
) -> None:
    connection.execute(
        _STAMP,
        [
            {
                "of": row.topic,
                "which": row.selection,
                "modified": max(now.replace(microsecond=0), row.modified + timedelta(seconds=1)),
            }
            for row in stamps
            if Selection(row.selection) in which
        ],
    )


def _chunks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
