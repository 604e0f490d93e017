"""Which entries of a selection are in no archive document yet, and which are to be sealed next.

A day is sealed once it is over, settled and quiet. Its document has the entries that joined the
selection on that day, and those that joined or changed earlier and are in no document as they are
now (RFC 5005 §4: of two entries with one id the newer `updated` counts). Entries that are about
to leave the feed before that are sealed as a volume of their day, so that every entry is in the
feed or in a document at any time.
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

SETTLED = timedelta(hours=6)  # after the end of the day
QUIET = timedelta(hours=1)  # without a change of the day's entries
LATEST = timedelta(hours=24)  # after the day's end and its first sighting, QUIET is not needed
NEAR_THE_END = WINDOW_MOST * 4 // 5  # rank in a feed; entries below must be sealed
STAYING = WINDOW_MOST * 2 // 5  # rank in a feed; entries above are not sealed with them
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
    """A selection's feed; `updated` is its newest change, `last` its newest sealed document."""

    connection: Connection
    topic: str
    selection: Selection
    updated: datetime
    last: ArchiveName | None

    @property
    def open_since(self) -> datetime | None:
        """The beginning (UTC) of the day of the newest document, None if there is none."""
        return _begin(self.last.day) if self.last else None

    @property
    def here(self) -> ColumnElement[bool]:
        return and_(joined.c.topic == self.topic, joined.c.selection == self.selection.value)

    def first_unsealed(self, *since: datetime | None) -> _Row | None:
        """Return the oldest place of an entry in no document, not before the latest of `since`."""
        query = select(*_PLACE).where(self.here, ~_SEALED)
        if begin := max(filter(None, since), default=None):
            query = query.where(joined.c.joined_at >= begin)
        return self.connection.execute(query.order_by(*_PLACE).limit(1)).first()

    def place_at(self, rank: int) -> _Row | None:
        """Return the place that has `rank` newer ones, None if there are not so many."""
        newest_first = (one.desc() for one in _PLACE)
        query = select(*_PLACE).where(self.here).order_by(*newest_first).limit(1).offset(rank)
        return self.connection.execute(query).first()

    def unsealed(self, *conditions: ColumnElement[bool]) -> tuple[StoredEntry, ...]:
        """Return the oldest MOST entries that are in no document as they are now, newest first."""
        query = select(joined.c.number).where(self.here, ~_SEALED_AS_IT_IS, *conditions)
        numbers = [*self.connection.scalars(query.order_by(*_PLACE).limit(MOST))]
        return tuple(entries_of(self.connection, numbers[::-1]))

    def name(self, day: date) -> ArchiveName:
        """Return the name of the next document: of `day`, or the next volume of the last day."""
        if self.last is None or self.last.day < day:
            return ArchiveName(self.topic, day, selection=self.selection)
        return replace(self.last, volume=self.last.volume + 1)


def next_due(
    connection: Connection, topic: str, selection: Selection, now: datetime
) -> Sealing | None:
    """Return the next document of a selection to be sealed at `now` (UTC), None if there is none.

    None too while the topic is being sorted anew.
    """
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
    """Return the first day that is not sealed completely, if it is over, settled and quiet."""
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
    """Return unsealed entries that are about to leave the feed, pushed out by newer ones."""
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
