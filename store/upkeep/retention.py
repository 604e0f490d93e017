"""Pruning by the topics' `retain` rules: entries, old revisions, deliveries, old changes, pages.

Entries that a feed shows are never pruned, and the log only at its beginning, so that a reader
with an older cursor can be told so. Each call prunes one batch, in the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, insert, or_, select, tuple_, update

from store.alerting.delivery import DeliveryState
from store.redaction import untold
from store.schema import (
    archived_entries,
    archives,
    change_topics,
    changes,
    deliveries,
    entries,
    joined,
    notices,
    revisions,
    store_facts,
)
from store.topics import Selection, TopicRule
from store.upkeep.pruning import BATCH, LetGo, leave
from store.upkeep.pruning_pages import let_pages_go

_FACT = "let_go"
_ARCHIVE = ("topic", "selection", "day", "volume")


def let_go(
    connection: Connection,
    rules: Sequence[TopicRule],
    deliveries_for: timedelta | None,
    now: datetime,
) -> LetGo:
    """Prune the next batch by the rules; return how much went, whose `total` is 0 at the end.

    Delivered deliveries older than `deliveries_for` go too (None: never). `now` is UTC.
    """
    gone = LetGo()
    for rule in rules:
        gone += leave(connection, rule, now)
        gone += _let_revisions_go(connection, rule, rules)
    if deliveries_for is not None:
        gone += _let_deliveries_go(connection, now - deliveries_for)
    gone += _let_changes_go(connection, rules, now)
    gone += LetGo(pages=let_pages_go(connection, rules, BATCH))
    _let_archives_go(connection, rules)
    if gone.total:
        _note(connection, read_tally(connection) + gone)
    return gone


def read_tally(connection: Connection) -> LetGo:
    """Return how much was pruned in all since the store was made."""
    kept = connection.scalar(select(store_facts.c.value).where(store_facts.c.name == _FACT))
    return LetGo() if kept is None else msgspec.json.decode(kept, type=LetGo)


def _note(connection: Connection, tally: LetGo) -> None:
    value = msgspec.json.encode(tally).decode()
    known = update(store_facts).where(store_facts.c.name == _FACT).values(value=value)
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(store_facts).values(name=_FACT, value=value))


def _let_revisions_go(connection: Connection, rule: TopicRule, rules: Sequence[TopicRule]) -> LetGo:
    """Prune old revisions of a topic's entries, unless another of their topics keeps more."""
    most = rule.retain.revisions
    if most is None:
        return LetGo()
    fewer = [one.name for one in rules if one.retain.revisions and one.retain.revisions <= most]
    other = joined.alias("other")
    kept_elsewhere = (
        select(other.c.number)
        .where(other.c.number == revisions.c.number, other.c.topic.not_in(fewer))
        .exists()
    )
    old = connection.execute(
        select(revisions.c.number, revisions.c.revision)
        .join(entries, entries.c.number == revisions.c.number)
        .join(joined, joined.c.number == entries.c.number)
        .where(
            joined.c.topic == rule.name,
            joined.c.selection == Selection.ALL.value,
            entries.c.revision > most,
            revisions.c.revision <= entries.c.revision - most,
            ~kept_elsewhere,
        )
        .limit(BATCH)
    ).all()
    if not old:
        return LetGo()
    pairs = [(number, revision) for number, revision in old]
    connection.execute(
        delete(revisions).where(tuple_(revisions.c.number, revisions.c.revision).in_(pairs))
    )
    # The change to the next revision also has the content of this one.
    after = [(number, revision + step) for number, revision in pairs for step in (0, 1)]
    for seq, told in connection.execute(
        select(changes.c.seq, changes.c.told).where(
            tuple_(changes.c.entry, changes.c.revision).in_(after)
        )
    ).all():
        shorter = {**told, "changes": untold(told)["changes"]}
        connection.execute(update(changes).where(changes.c.seq == seq).values(told=shorter))
    return LetGo(revisions=len(pairs))


def _let_deliveries_go(connection: Connection, before: datetime) -> LetGo:
    """Delete deliveries made before that time, and older notices that nothing refers to any more.

    An entry that has changed since keeps its notices: from them alerts know what they reported.
    """
    done = select(deliveries.c.id).where(
        deliveries.c.state == DeliveryState.DELIVERED.value, deliveries.c.tried_at < before
    )
    ids = [*connection.scalars(done.order_by(deliveries.c.id).limit(BATCH))]
    connection.execute(delete(deliveries).where(deliveries.c.id.in_(ids)))
    child = notices.alias("child")
    idle = (
        select(notices.c.id)
        .join(entries, entries.c.number == notices.c.number, isouter=True)
        .where(
            notices.c.written_at < before,
            or_(entries.c.number.is_(None), entries.c.changed_at < before),
            ~select(deliveries.c.id).where(deliveries.c.notice_id == notices.c.id).exists(),
            ~select(child.c.id).where(child.c.digest == notices.c.id).exists(),
        )
    )
    old = [*connection.scalars(idle.order_by(notices.c.id.desc()).limit(BATCH))]
    connection.execute(delete(notices).where(notices.c.id.in_(old)))
    return LetGo(deliveries=len(ids) + len(old))


def _let_changes_go(connection: Connection, rules: Sequence[TopicRule], now: datetime) -> LetGo:
    """Delete the oldest changes, up to the first one that a kept revision or notice needs."""
    days = [rule.retain.days for rule in rules]
    longest = max((one for one in days if one is not None), default=None)
    if longest is None or None in days:
        return LetGo()
    rows = connection.execute(
        select(
            changes.c.seq,
            changes.c.occurred_at,
            changes.c.entry,
            select(revisions.c.number).where(revisions.c.number == changes.c.entry).exists(),
            select(notices.c.id).where(notices.c.seq == changes.c.seq).exists(),
        )
        .order_by(changes.c.seq)
        .limit(BATCH)
    )
    going = []
    for seq, occurred_at, entry, says_something, is_told in rows:
        if occurred_at >= now - longest or (entry and says_something) or is_told:
            break
        going.append(seq)
    if going:
        to_last = changes.c.seq <= going[-1]
        connection.execute(delete(change_topics).where(change_topics.c.seq <= going[-1]))
        connection.execute(delete(changes).where(to_last))
    return LetGo(changes=len(going))


def _let_archives_go(connection: Connection, rules: Sequence[TopicRule]) -> None:
    """Delete archive documents with no entry that is still in the topic; the newest one stays."""
    names = [rule.name for rule in rules if rule.retain.days or rule.retain.count]
    if not names:
        return
    holds = (
        select(joined.c.number)
        .join(archived_entries, archived_entries.c.number == joined.c.number)
        .where(*(archived_entries.c[name] == archives.c[name] for name in _ARCHIVE))
        .where(joined.c.topic == archives.c.topic)
        .exists()
    )
    later = archives.alias("later")
    is_newest = ~(
        select(later.c.day)
        .where(*(later.c[name] == archives.c[name] for name in ("topic", "selection")))
        .where(tuple_(later.c.day, later.c.volume) > tuple_(archives.c.day, archives.c.volume))
        .exists()
    )
    gone = connection.execute(
        select(*(archives.c[name] for name in _ARCHIVE))
        .where(archives.c.topic.in_(names), ~holds, ~is_newest)
        .limit(BATCH)
    ).all()
    for key in gone:
        for table in (archived_entries, archives):
            is_it = (table.c[name] == value for name, value in zip(_ARCHIVE, key, strict=True))
            connection.execute(delete(table).where(*is_it))
