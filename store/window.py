"""A feed's window: the newest entries of a topic's selection, with its stamps, in one query.

The selections that an entry joins are stored when it changes (`store/sorting`), so that no topic
rule is evaluated when a feed is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    desc,
    literal,
    select,
    union,
)

from store.column_types import UtcTime
from store.entry import StoredEntry
from store.entry_cache import recall
from store.errors import UnknownError
from store.intermission import Intermission, intermission
from store.rows import ENTRY_COLUMNS, NUMBER_AT
from store.schema import blogs, entries, joined, selections, topics
from store.topics import Selection

WINDOW_HOURS = 48
WINDOW_ENTRIES = 50
WINDOW_MOST = 500

# Statements that every reading of a feed runs, built once.
_HERE = (joined.c.topic == bindparam("of"), joined.c.selection == bindparam("which"))
_FEED = (
    select(selections, topics.c.title, topics.c.rule)
    .join(topics, topics.c.name == selections.c.topic)
    .where(
        selections.c.topic == bindparam("of"),
        selections.c.selection == bindparam("which"),
        topics.c.followed,
    )
)


def _newest(most: BindParameter[int], *conditions: ColumnElement[bool]) -> Select[Any]:
    place = joined.c.joined_at, joined.c.joined_seq
    newest = select(*place, joined.c.number).where(*_HERE, *conditions)
    return select(newest.order_by(*map(desc, place)).limit(most).subquery())


_WINDOW = union(
    _newest(literal(WINDOW_ENTRIES)),
    _newest(bindparam("most"), joined.c.joined_at >= bindparam("since", type_=UtcTime)),
    _newest(bindparam("most"), joined.c.changed_at >= bindparam("since", type_=UtcTime)),
).subquery()
# Unordered: sorting whole rows would cost the database more than finding them.
_ENTRIES = (
    select(*ENTRY_COLUMNS, _WINDOW.c.joined_at, _WINDOW.c.joined_seq)
    .select_from(_WINDOW)
    .join(entries, entries.c.number == _WINDOW.c.number)
    .join(blogs)
)
_PLACE_AND_NUMBER = itemgetter(-2, -1, NUMBER_AT)


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed shows: its entries, the last joined first, and its stamps (UTC).

    `between` is set while no blog of the topic is live: since when, and what is awaited.
    """

    topic: str
    title: str
    selection: Selection
    updated: datetime
    modified: datetime
    version: int
    entries: tuple[StoredEntry, ...]
    between: Intermission | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more is to come: all blogs have ended, and no other is awaited."""
        return self.between is not None and not self.between.awaited


def select_window(
    connection: Connection, topic: str, selection: Selection, limit: int | None = None
) -> Window:
    """Return a feed's window: entries of 48 hours, at least the newest 50.

    These are the entries that joined or changed in the 48 hours before the feed's newest change,
    at most 500 (or `limit`). Raises UnknownError for a topic that is not followed.
    """
    here = {"of": topic, "which": selection.value}
    row = connection.execute(_FEED, here).first()
    if row is None:
        raise UnknownError(f"no topic {topic!r} is followed; / lists those that are")
    most = min(limit or WINDOW_MOST, WINDOW_MOST)
    return Window(
        topic=topic,
        title=row.title,
        selection=selection,
        updated=row.updated,
        modified=row.modified,
        version=row.version,
        entries=_window(connection, here, row.updated, most),
        between=intermission(connection, row.rule["follow"]),
    )


def holds_more(connection: Connection, topic: str, selection: Selection, shown: int) -> bool:
    """Return whether a topic's selection has more than `shown` entries."""
    query = select(joined.c.number).where(*_HERE).limit(shown + 1)
    here = {"of": topic, "which": selection.value}
    return len(connection.execute(query, here).all()) > shown


def _window(
    connection: Connection, here: Mapping[str, str], newest: datetime, most: int
) -> tuple[StoredEntry, ...]:
    """Read the entries of a feed, the last joined first."""
    since = newest - timedelta(hours=WINDOW_HOURS)
    rows = connection.execute(_ENTRIES, {**here, "since": since, "most": most}).all()
    rows = sorted(rows, key=_PLACE_AND_NUMBER, reverse=True)
    return tuple(recall(connection, [row[: len(ENTRY_COLUMNS)] for row in rows[:most]]))
