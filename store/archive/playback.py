"""A blog's past, change by change, from the log and the revisions, to be played again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import Connection, Row, select

from store.blog_addresses import find_blog
from store.decision.history import (
    BlogHistory,
    BlogState,
    Change,
    ChangeType,
    KnownEntry,
    Outcome,
    ViewMemory,
)
from store.entry import Entry, StoredEntry, TimePrecision
from store.errors import UnknownError
from store.rows import with_content
from store.schema import blogs, changes, entries, revisions
from store.sighting import View

Clock: TypeAlias = Callable[[datetime], datetime]
_ENDS = {ChangeType.ENDED: BlogState.ENDED, ChangeType.REOPENED: BlogState.LIVE}


@dataclass(frozen=True, slots=True)
class Played:
    """One change, and its entry as it was then (None for a change of the blog)."""

    change: Change
    known: KnownEntry | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """The changes of one time (UTC), in the log's order."""

    at: datetime
    played: tuple[Played, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A blog's past, the oldest moment first. `topics` are those of its changes."""

    url: str
    title: str
    language: str
    topics: frozenset[str]
    moments: tuple[Moment, ...]


class _Told(msgspec.Struct):
    """The fields of an entry in the log that its revisions do not have, and its revision."""

    revision: int
    published: datetime
    time_precision: TimePrecision
    changed_at: datetime
    retracted_at: datetime | None
    key_event: bool | None
    summary: bool | None


def read_story(connection: Connection, url: str) -> Story:
    """Return the past of the blog at `url`.

    Entries that were there when the blog was first read appear at the time their publisher gives,
    as if keywire had followed the blog then. An entry whose first revisions were pruned is
    published with the first that is kept. Raises UnknownError if there is no blog at `url`.
    """
    blog_id = find_blog(connection, url)
    if blog_id is None:
        raise UnknownError(f"no blog is kept at {url}; keywire sources lists those that are")
    blog = connection.execute(select(blogs).where(blogs.c.id == blog_id)).one()
    kept = {
        row.number: row
        for row in connection.execute(select(entries).where(entries.c.blog_id == blog_id))
    }
    contents = {
        (row.number, row.revision): row
        for row in connection.execute(
            select(revisions).join(entries).where(entries.c.blog_id == blog_id)
        )
    }
    logged = connection.execute(
        select(changes).where(changes.c.blog_id == blog_id).order_by(changes.c.seq)
    ).all()
    played, begun = list[Played](), set[int | None]()
    for row in logged:
        if row.entry is None or (row.entry, row.revision) in contents:  # neither erased nor pruned
            played.append(_play(row, blog.url, kept, contents, is_first=row.entry not in begun))
            begun.add(row.entry)
    topics = frozenset(name for row in logged for name in row.topics)
    return Story(blog.url, blog.title, blog.language, topics, _moments(played))


def _play(
    row: Row[Any],
    url: str,
    kept: Mapping[int, Row[Any]],
    contents: Mapping[tuple[int, int], Row[Any]],
    *,
    is_first: bool,
) -> Played:
    change = Change(
        ChangeType(row.type),
        row.occurred_at,
        revision=row.revision,
        changes={name: (one["old"], one["new"]) for name, one in row.told["changes"].items()},
        backfill=row.backfill,
    )
    if row.entry is None:
        return Played(change)
    if is_first:
        change = replace(change, type=ChangeType.PUBLISHED, changes={})
    told = msgspec.convert(row.told["entry"], _Told)
    entry, content = kept[row.entry], contents[row.entry, told.revision]
    at = row.occurred_at
    if row.backfill and change.type is ChangeType.PUBLISHED:
        at = min(at, told.published)
    change = replace(change, occurred_at=at, block_id=entry.block_id, backfill=False)
    past = frozenset(
        contents[row.entry, n].digest for n in range(1, told.revision) if (row.entry, n) in contents
    )
    view = View(entry.content_view)
    return Played(
        change,
        KnownEntry(
            stored=_stored(told, entry, content, url, at),
            memory={view: ViewMemory(content.digest, content.updated)},
            content_view=view,
            digest=content.digest,
            past=past,
        ),
    )


def _stored(told: _Told, entry: Row[Any], content: Row[Any], url: str, at: datetime) -> StoredEntry:
    flagged = Entry(
        blog=url,
        block_id=entry.block_id,
        published=told.published,
        time_precision=told.time_precision,
        key_event=told.key_event,
        summary=told.summary,
        pinned=entry.pinned,
    )
    bare = StoredEntry(
        entry=flagged,
        id=entry.guid,
        number=0,
        revision=told.revision,
        first_seen=min(entry.first_seen, at),
        last_seen=at,
        changed_at=told.changed_at,
        retracted_at=told.retracted_at,
    )
    return with_content(bare, content)


def _moments(played: Sequence[Played]) -> tuple[Moment, ...]:
    """Group changes by time, the oldest first; the blog's discovery is moved to the first time."""
    first = min((one.change.occurred_at for one in played), default=None)
    told = [
        replace(one, change=replace(one.change, occurred_at=first))
        if one.change.type is ChangeType.DISCOVERED and first is not None
        else one
        for one in played
    ]
    told.sort(key=_when)
    return tuple(Moment(at, tuple(together)) for at, together in groupby(told, _when))


def _when(one: Played) -> datetime:
    return one.change.occurred_at


def shifted(moment: Moment, clock: Clock) -> Moment:
    """Return a moment with all its times moved by `clock`."""
    return Moment(clock(moment.at), tuple(_shift(one, clock) for one in moment.played))


def _shift(one: Played, clock: Clock) -> Played:
    change = replace(one.change, occurred_at=clock(one.change.occurred_at))
    if one.known is None:
        return Played(change)
    stored = one.known.stored
    entry = replace(
        stored.entry,
        published=clock(stored.entry.published),
        updated=stored.entry.updated and clock(stored.entry.updated),
    )
    moved = replace(
        stored,
        entry=entry,
        first_seen=clock(stored.first_seen),
        last_seen=clock(stored.last_seen),
        changed_at=clock(stored.changed_at),
        retracted_at=stored.retracted_at and clock(stored.retracted_at),
    )
    return Played(change, replace(one.known, stored=moved))


def decide(history: BlogHistory, story: Story, moment: Moment) -> Outcome:
    """Return the outcome of a moment for the blog as played so far, as a poll would decide it."""
    known = _numbered(history, moment.played)
    state = history.state
    for one in moment.played:
        state = _ENDS.get(one.change.type, BlogState.LIVE if known else state)
    after = replace(
        history,
        entries={**history.entries, **known},
        title=story.title,
        language=story.language,
        live=state is not BlogState.ENDED,
        state=state,
        discovered=True,
    )
    return Outcome(after, tuple(known.values()), tuple(one.change for one in moment.played))


def _numbered(history: BlogHistory, played: Iterable[Played]) -> dict[str, KnownEntry]:
    """Return the moment's entries as they are at its end, numbered as in `history`, by block id."""
    known = {one.change.block_id: one.known for one in played if one.known is not None}
    return {
        block_id: replace(one, stored=one.stored.numbered(before.stored.number))
        if (before := history.entries.get(block_id))
        else one
        for block_id, one in known.items()
    }
