"""Days of topics that are over, sealed for ever: what was in them, and what was made of it.

A day is sealed once it is over, settled and quiet. Its document holds what joined the topic on that
day, and whatever joined or changed since the last one was sealed; what is edited later stands in
a later document again (RFC 5005 §4: of two entries with one id the newer `updated` counts).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, and_, func, insert, select, update

from store.entry import StoredEntry
from store.schema import archived_entries, archives, joined, selections, topics
from store.sorting import stamp
from store.timeline import entries_of
from store.topics import Content, Selection

SETTLED = timedelta(hours=6)  # after its end
QUIET = timedelta(hours=1)  # without a change
LATEST = timedelta(hours=24)  # after its end, and after the first look at it
_DAY = timedelta(days=1)
_HERE = and_(joined.c.selection == Selection.ALL.value)
_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder(list[bytes]).decode


@dataclass(frozen=True, slots=True)
class Sealing:
    """A day of a topic that is to be sealed: its entries, newest joined first, as they now are.

    `version` is that of the topic's feed when they were read.
    """

    topic: str
    title: str
    content: Content
    day: date
    entries: tuple[StoredEntry, ...]
    version: int


@dataclass(frozen=True, slots=True)
class KeptArchive:
    """A sealed day: its entries as they were rendered, and the days before and after it.

    `modified` is when we last wrote any of that, UTC.
    """

    title: str
    updated: datetime
    modified: datetime
    fragments: tuple[bytes, ...]
    before: date | None = None
    after: date | None = None


def next_due(connection: Connection, topic: str, now: datetime) -> Sealing | None:
    """Return the next day of a topic that can be sealed, if there is one."""
    row = connection.execute(
        select(topics.c.title, topics.c.rule, selections.c.version)
        .join(selections, selections.c.topic == topics.c.name)
        .where(
            topics.c.name == topic,
            selections.c.selection == Selection.ALL.value,
            topics.c.sorted_to.is_(None),
        )
    ).first()
    last = newest(connection, topic)
    since = _begin(last + _DAY) if last else None
    first = _first_joined(connection, topic, since)
    if row is None or first is None:
        return None
    day = first.date()
    begin, end = _begin(day), _begin(day + _DAY)
    if end + SETTLED > now:
        return None
    numbers = [*connection.scalars(_joined_between(topic, begin, end))]
    following = _first_joined(connection, topic, end)
    if following is None or _begin(following.date() + _DAY) + SETTLED > now:
        numbers += connection.scalars(_left_over(topic, begin, end))
    found = tuple(entries_of(connection, numbers))
    known_since = max(end, min(one.first_seen for one in found))
    if known_since + LATEST > now and not _is_quiet(found, now - QUIET):
        return None
    content = Content(row.rule.get("content", Content.FULL.value))
    return Sealing(topic, row.title, content, day, found, row.version)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _first_joined(connection: Connection, topic: str, since: datetime | None) -> datetime | None:
    query = select(joined.c.joined_at).where(joined.c.topic == topic, _HERE)
    if since is not None:
        query = query.where(joined.c.joined_at >= since)
    return connection.scalar(query.order_by(joined.c.joined_at, joined.c.joined_seq).limit(1))


def _joined_between(topic: str, begin: datetime, end: datetime) -> Select[tuple[int]]:
    return (
        select(joined.c.number)
        .where(
            joined.c.topic == topic, _HERE, joined.c.joined_at >= begin, joined.c.joined_at < end
        )
        .order_by(joined.c.joined_at.desc(), joined.c.joined_seq.desc())
    )


def _left_over(topic: str, begin: datetime, end: datetime) -> Select[tuple[int]]:
    """Select what joined before that day and is in no document as it now is."""
    sealed = (
        select(archived_entries.c.number)
        .where(
            archived_entries.c.topic == topic,
            archived_entries.c.number == joined.c.number,
            archived_entries.c.changed_at >= joined.c.changed_at,
        )
        .exists()
    )
    return (
        select(joined.c.number)
        .where(joined.c.topic == topic, _HERE, joined.c.joined_at < begin)
        .where(joined.c.changed_at < end, ~sealed)
        .order_by(joined.c.joined_at.desc(), joined.c.joined_seq.desc())
    )


def _is_quiet(found: Sequence[StoredEntry], since: datetime) -> bool:
    return all(max(one.changed_at, one.first_seen) < since for one in found)


def seal(
    connection: Connection, sealing: Sealing, fragments: Sequence[bytes], now: datetime
) -> bool:
    """Write a day's document; False where the topic has moved since it was read."""
    version = connection.scalar(
        select(selections.c.version)
        .where(selections.c.topic == sealing.topic, selections.c.selection == Selection.ALL.value)
        .with_for_update()
    )
    if version != sealing.version:
        return False
    key = {"topic": sealing.topic, "day": sealing.day.isoformat()}
    connection.execute(
        insert(archives).values(
            **key,
            title=sealing.title,
            content=sealing.content.value,
            sealed_at=now,
            modified=now.replace(microsecond=0),
            updated=max(one.changed_at for one in sealing.entries),
            document=zlib.compress(_encode([*fragments])),
        )
    )
    connection.execute(
        insert(archived_entries),
        [
            {**key, "place": place, "number": one.number, "changed_at": one.changed_at}
            for place, one in enumerate(sealing.entries)
        ],
    )
    stamp(connection, sealing.topic, [Selection.ALL], now)
    return True


def newest(connection: Connection, topic: str) -> date | None:
    """Return the day of a topic that was sealed last."""
    day = connection.scalar(select(func.max(archives.c.day)).where(archives.c.topic == topic))
    return None if day is None else date.fromisoformat(day)


def read_archive(connection: Connection, topic: str, day: date) -> KeptArchive | None:
    """Return a sealed day; None where it is not."""
    mine = archives.c.topic == topic
    row = connection.execute(
        select(archives).where(mine, archives.c.day == day.isoformat())
    ).first()
    if row is None:
        return None
    before = connection.scalar(
        select(func.max(archives.c.day)).where(mine, archives.c.day < row.day)
    )
    after = connection.execute(
        select(archives.c.day, archives.c.sealed_at)
        .where(mine, archives.c.day > row.day)
        .order_by(archives.c.day)
        .limit(1)
    ).first()
    return KeptArchive(
        title=row.title,
        updated=row.updated,
        modified=max(row.modified, after.sealed_at.replace(microsecond=0))
        if after
        else row.modified,
        fragments=_fragments(row),
        before=date.fromisoformat(before) if before else None,
        after=date.fromisoformat(after.day) if after else None,
    )


def _fragments(row: Row[Any]) -> tuple[bytes, ...]:
    return tuple(_decode(zlib.decompress(row.document)))


# --- what may change a sealed day all the same ---------------------------------------------------


def to_be_cut(connection: Connection) -> Sealing | None:
    """Return a sealed day of which another part is given out now than its topic says, if any."""
    rows = connection.execute(
        select(archives.c.topic, archives.c.day, archives.c.content, topics.c.rule)
        .join(topics, topics.c.name == archives.c.topic)
        .order_by(archives.c.topic, archives.c.day)
    )
    for row in rows:
        content = Content(row.rule.get("content", Content.FULL.value))
        if content.value != row.content:
            return _read_again(connection, row.topic, date.fromisoformat(row.day), content)
    return None


def _read_again(connection: Connection, topic: str, day: date, content: Content) -> Sealing:
    numbers = connection.scalars(
        select(archived_entries.c.number)
        .where(archived_entries.c.topic == topic, archived_entries.c.day == day.isoformat())
        .order_by(archived_entries.c.place)
    )
    return Sealing(topic, "", content, day, tuple(entries_of(connection, [*numbers])), 0)


def holding(connection: Connection, number: int) -> list[tuple[str, date, int]]:
    """Return the topics and days that hold an entry, and at which place."""
    rows = connection.execute(
        select(archived_entries.c.topic, archived_entries.c.day, archived_entries.c.place).where(
            archived_entries.c.number == number
        )
    )
    return [(row.topic, date.fromisoformat(row.day), row.place) for row in rows]


def rewrite(
    connection: Connection,
    topic: str,
    day: date,
    fragments: Sequence[bytes],
    now: datetime,
    *,
    content: Content | None = None,
) -> None:
    """Write a sealed day anew: after a takedown, or where less or more of it is given out."""
    values: dict[str, object] = {
        "document": zlib.compress(_encode([*fragments])),
        "modified": now.replace(microsecond=0),
    }
    if content is not None:
        values["content"] = content.value
    connection.execute(
        update(archives)
        .where(archives.c.topic == topic, archives.c.day == day.isoformat())
        .values(values)
    )
