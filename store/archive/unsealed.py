"""What of a selection is in no archive document yet, and which of it is to be sealed next.

A day is sealed once it is over, settled and quiet, and holds what joined the selection on it and
whatever joined or changed before and is in no document as it now is (RFC 5005 §4: of two entries
with one id the newer `updated` counts). Before that, whatever a feed will soon have no room for is
sealed as a volume of its day, so that an entry is in the feed or in a document at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, select, tuple_

from store.archive.sealed import ArchiveName, Sealing, newest
from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.schema import archived_entries, joined, selections, topics
from store.topics import Content, Selection
from store.window import WINDOW_HOURS, WINDOW_MOST

SETTLED = timedelta(hours=6)  # after its end
QUIET = timedelta(hours=1)  # without a change
LATEST = timedelta(hours=24)  # after its end, and after the first look at it
NEAR_THE_END = WINDOW_MOST * 4 // 5  # places of a feed; what stands below must be sealed
STAYING = WINDOW_MOST * 2 // 5  # places; what stands above is not sealed then
MOST = WINDOW_MOST  # entries of a document
_DAY = timedelta(days=1)
_Row: TypeAlias = Row[datetime, int, int]
_PLACE = (joined.c.joined_at, joined.c.joined_seq, joined.c.number)
_SEALED = (
    select(archived_entries.c.number)
    .where(
        archived_entries.c.number == joined.c.number,
        archived_entries.c.topic == joined.c.topic,
        archived_entries.c.selection == joined.c.selection,
    )
    .exists()
)
_SEALED_AS_IT_IS = _SEALED.where(archived_entries.c.changed_at >= joined.c.changed_at)


@dataclass(frozen=True, slots=True)
class _Feed:
    """A selection's feed as it stands; `last` is the document that was sealed last."""

    connection: Connection
    topic: str
    selection: Selection
    updated: datetime
    last: ArchiveName | None

    @property
    def open_since(self) -> datetime | None:
        """Return when the day began of which something was sealed last."""
        return _begin(self.last.day) if self.last else None

    @property
    def here(self) -> ColumnElement[bool]:
        return and_(joined.c.topic == self.topic, joined.c.selection == self.selection.value)

    def first_unsealed(self, *since: datetime | None) -> _Row | None:
        """Return the oldest place that is in no document at all, from the latest of `since` on."""
        query = select(*_PLACE).where(self.here, ~_SEALED)
        if begin := max(filter(None, since), default=None):
            query = query.where(joined.c.joined_at >= begin)
        return self.connection.execute(query.order_by(*_PLACE).limit(1)).first()

    def place_at(self, rank: int) -> _Row | None:
        """Return the place with so many newer ones."""
        newest_first = (one.desc() for one in _PLACE)
        query = select(*_PLACE).where(self.here).order_by(*newest_first).limit(1).offset(rank)
        return self.connection.execute(query).first()

    def unsealed(self, *conditions: ColumnElement[bool]) -> tuple[StoredEntry, ...]:
        """Read the oldest entries, newest first, that are in no document as they now are."""
        query = select(joined.c.number).where(self.here, ~_SEALED_AS_IT_IS, *conditions)
        numbers = [*self.connection.scalars(query.order_by(*_PLACE).limit(MOST))]
        return tuple(entries_of(self.connection, numbers[::-1]))

    def name(self, day: date) -> ArchiveName:
        """Name the document that comes next, of this day or of the last that was sealed."""
        if self.last is None or self.last.day < day:
            return ArchiveName(self.topic, day, selection=self.selection)
        return replace(self.last, volume=self.last.volume + 1)


def next_due(
    connection: Connection, topic: str, selection: Selection, now: datetime
) -> Sealing | None:
    """Return the next document of a selection that can be sealed, if there is one."""
    row = connection.execute(
        select(topics.c.title, topics.c.rule, selections.c.version, selections.c.updated)
        .join(selections, selections.c.topic == topics.c.name)
        .where(
            topics.c.name == topic,
            selections.c.selection == selection.value,
            topics.c.sorted_to.is_(None),
        )
    ).first()
    if row is None:
        return None
    last = newest(connection, topic, selection)
    feed = _Feed(connection, topic, selection, row.updated, last)
    found = _of_a_day_over(feed, now) or _leaving(feed)
    if found is None:
        return None
    day, shown = found
    content = Content(row.rule.get("content", Content.FULL.value))
    return Sealing(feed.name(day), row.title, content, shown, row.version)


def _of_a_day_over(feed: _Feed, now: datetime) -> tuple[date, tuple[StoredEntry, ...]] | None:
    """Find the first day of which not all is sealed, if it is over, settled and quiet."""
    first = feed.first_unsealed(feed.open_since)
    if first is None:
        return None
    day = first.joined_at.date()
    begin, end = _begin(day), _begin(day + _DAY)
    if end + SETTLED > now:
        return None
    theirs = joined.c.joined_at >= begin
    following = feed.first_unsealed(end)
    if following is None or _begin(following.joined_at.date() + _DAY) + SETTLED > now:
        theirs |= joined.c.changed_at < end
    found = feed.unsealed(joined.c.joined_at < end, theirs)
    known_since = max(end, min(one.first_seen for one in found))
    if known_since + LATEST > now and not _is_quiet(found, now - QUIET):
        return None
    return day, found


def _leaving(feed: _Feed) -> tuple[date, tuple[StoredEntry, ...]] | None:
    """Find what is in no document and is about to leave the feed, for there are too many newer."""
    edge, stays = feed.place_at(NEAR_THE_END), feed.place_at(STAYING)
    if edge is None or stays is None:
        return None
    window = feed.updated - timedelta(hours=WINDOW_HOURS)
    first = feed.first_unsealed(window, feed.open_since)
    if first is None or tuple(first) > tuple(edge):
        return None
    day = max(first.joined_at.date(), feed.last.day if feed.last else date.min)
    between = joined.c.joined_at >= first.joined_at, tuple_(*_PLACE) <= tuple(stays)
    return day, feed.unsealed(*between, joined.c.joined_at < _begin(day + _DAY))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _is_quiet(found: Sequence[StoredEntry], since: datetime) -> bool:
    return all(max(one.changed_at, one.first_seen) < since for one in found)
