"""Entries that were kept elsewhere, taken in with all that they said: as history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from store import log, resorting, sources
from store.archive.archived import Archived, KeptRevision, PastChange
from store.bulk import Batch
from store.decision.history import BlogState, Change, ChangeType, KnownEntry, ViewMemory
from store.entry import StoredEntry
from store.errors import UnknownError
from store.pages import blogs_of_sources, take_up
from store.rows import CONTENT_COLUMNS, WRITTEN_COLUMNS, entry_row
from store.schema import (
    blogs,
    changes,
    entries,
    joined,
    revisions,
    source_blogs,
    topics,
    view_memories,
)
from store.schema import sources as source_rows
from store.search import indexing
from store.sighting import View
from store.sorting import Written, lock, stamp
from store.sources import Standing
from store.timeline import add_alias, entries_of, find_blog
from store.topics import Selection, TopicRule, selections_of

_TOLD = ("title", "text", "authors", "credit")
_ENTRIES = Batch(insert(entries).inline(), ("blog_id", *WRITTEN_COLUMNS))
_REVISIONS = Batch(
    insert(revisions).inline(), ("number", "revision", "digest", "seen_at", *CONTENT_COLUMNS)
)
_MEMORIES = Batch(insert(view_memories).inline(), view_memories.c.keys())
_JOINED = Batch(insert(joined).inline(), joined.c.keys())


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many entries came in, and how many of those given were kept already."""

    fresh: int = 0
    known: int = 0

    def __add__(self, other: "TakenIn") -> "TakenIn":
        return TakenIn(self.fresh + other.fresh, self.known + other.known)


def prepare(
    connection: Connection,
    name: str,
    rules: Sequence[TopicRule],
    followed: Iterable[str],
    now: datetime,
) -> None:
    """Let a configured topic be kept, where it is not yet, so that entries can join it.

    Raises UnknownError for a topic that is not among the configured ones.
    """
    if name not in {rule.name for rule in rules}:
        raise UnknownError(f"no topic {name!r} is configured; name it under topics: first")
    if connection.scalar(select(topics.c.name).where(topics.c.name == name)) is not None:
        return
    sources.follow_sources(connection, followed)
    resorting.follow_topics(connection, rules, now)
    if connection.scalar(select(func.count()).select_from(entries)) == 0:
        connection.execute(update(topics).values(sorted_to=None))  # there is nothing to sort


def take_in(
    connection: Connection, given: Sequence[Archived], topic: str, now: datetime
) -> TakenIn:
    """Keep entries that are not kept yet, with their revisions and changes, and let all join.

    `given` may come from another store: numbers are made anew. What is kept already stays as it
    is. Every change enters the log as backfill, and no alert is asked. All of it happens in the
    caller's transaction.
    """
    each = [*{one.stored.id: one for one in given}.values()]
    blog_ids = _keep_blogs(connection, each, topic, now)
    known = _known(connection, each, blog_ids)
    fresh = [one for one in each if one.stored.id not in known]
    numbers = _keep_entries(connection, fresh, blog_ids)
    seqs = _log(connection, fresh, blog_ids, numbers, topic)
    lock(connection, topic)
    head = log.head(connection)
    rows = [row for one in fresh for row in _joins(one, numbers, seqs, topic, head)]
    rows += _late_joins(connection, [one for one in each if one.stored.id in known], known, topic)
    _JOINED.write(connection, rows)
    if rows:
        stamp(connection, topic, [*Selection], now)
    return TakenIn(len(fresh), len(each) - len(fresh))


# --- blogs ---------------------------------------------------------------------------------------


def _keep_blogs(
    connection: Connection, given: Sequence[Archived], topic: str, now: datetime
) -> dict[str, int]:
    """Keep the entries' blogs, which the topic follows from then on; return their ids by URL."""
    of_blogs: dict[str, list[Archived]] = {}
    for one in given:
        of_blogs.setdefault(one.stored.entry.blog, []).append(one)
    return {url: _keep_blog(connection, url, of, topic, now) for url, of in of_blogs.items()}


def _keep_blog(
    connection: Connection, url: str, given: Sequence[Archived], topic: str, now: datetime
) -> int:
    blog_id = find_blog(connection, url)
    if blog_id is None:
        made = insert(blogs).values(
            url=url,
            title=given[-1].blog_title,
            language=given[-1].stored.entry.language,
            state=BlogState.ENDED.value,
            live=False,
            first_seen=min(one.stored.first_seen for one in given),
            last_seen=max(one.stored.last_seen for one in given),
        )
        blog_id = connection.execute(made.returning(blogs.c.id)).scalar_one()
        add_alias(connection, blog_id, url)
    else:
        moved = blogs.c.version + 1
        connection.execute(update(blogs).where(blogs.c.id == blog_id).values(version=moved))
    _let_follow(connection, topic, blog_id, url, now)
    return blog_id


def page_of(connection: Connection, topic: str, url: str, now: datetime) -> int:
    """Return the source that shows the blog at `url`, and which the topic follows from then on.

    It is the topic's own source, or a page of it that is not polled. Raises UnknownError for a
    topic that follows nothing yet.
    """
    blog_id = find_blog(connection, url)
    if blog_id is not None:
        _let_follow(connection, topic, blog_id, url, now)
        shown = select(source_blogs.c.source_id).where(source_blogs.c.blog_id == blog_id)
        return int(connection.scalars(shown.order_by(source_blogs.c.source_id)).first() or 0)
    page_id = connection.scalar(select(source_rows.c.id).where(source_rows.c.url == url))
    source_id = _first_source(connection, topic)
    if page_id is None:
        take_up(connection, source_id, [url], found_on="", standing=Standing.LEFT, now=now)
        page_id = connection.scalar(select(source_rows.c.id).where(source_rows.c.url == url))
    return int(page_id or source_id)


def followers(connection: Connection, rules: Sequence[TopicRule], url: str) -> frozenset[str]:
    """Return the names of the topics that follow the blog at `url`."""
    blog_id = find_blog(connection, url)
    return frozenset(
        rule.name
        for rule in rules
        if url in rule.follow
        or blog_id in {*connection.scalars(blogs_of_sources(source_rows.c.url.in_(rule.follow)))}
    )


def _let_follow(connection: Connection, topic: str, blog_id: int, url: str, now: datetime) -> None:
    """Make a blog one that the topic follows: a page, left after its end, of its first source.

    The topic would let go of the blog's entries otherwise as soon as its rule changes.
    """
    if blog_id in set(connection.scalars(blogs_of_sources(_follow(connection, topic)))):
        return
    source_id = _first_source(connection, topic)
    take_up(connection, source_id, [url], found_on="", standing=Standing.LEFT, now=now)
    page_id = connection.scalar(select(source_rows.c.id).where(source_rows.c.url == url))
    shown = {"source_id": page_id or source_id, "blog_id": blog_id}
    if not connection.scalar(select(func.count()).select_from(source_blogs).filter_by(**shown)):
        connection.execute(insert(source_blogs).values(**shown))


def _follow(connection: Connection, topic: str) -> ColumnElement[bool]:
    rule = connection.execute(select(topics.c.rule).where(topics.c.name == topic)).scalar_one()
    return source_rows.c.url.in_(rule["follow"])


def _first_source(connection: Connection, topic: str) -> int:
    own = select(source_rows.c.id).where(_follow(connection, topic))
    source_id = connection.scalar(own.order_by(source_rows.c.id).limit(1))
    if source_id is None:
        raise UnknownError(f"topic {topic} follows no source yet; run keywire once, then import")
    return int(source_id)


# --- entries -------------------------------------------------------------------------------------


def _known(
    connection: Connection, given: Sequence[Archived], blog_ids: Mapping[str, int]
) -> dict[str, int]:
    """Return the numbers of those that are kept already, by the ids given."""
    rows = connection.execute(
        select(entries.c.guid, entries.c.blog_id, entries.c.block_id, entries.c.number).where(
            or_(
                entries.c.guid.in_([one.stored.id for one in given]),
                entries.c.block_id.in_([one.stored.entry.block_id for one in given]),
            )
        )
    ).all()
    by_guid = {row.guid: row.number for row in rows}
    by_block = {(row.blog_id, row.block_id): row.number for row in rows}
    found: dict[str, int] = {}
    for one in given:
        entry = one.stored.entry
        place = blog_ids[entry.blog], entry.block_id
        if (number := by_guid.get(one.stored.id, by_block.get(place))) is not None:
            found[one.stored.id] = number
    return found


def _keep_entries(
    connection: Connection, fresh: Sequence[Archived], blog_ids: Mapping[str, int]
) -> dict[str, int]:
    """Write entries with their revisions and what is remembered of them; return their numbers."""
    known = [_known_entry(one) for one in fresh]
    _ENTRIES.write(
        connection,
        [(blog_ids[one.stored.entry.blog], *entry_row(one)) for one in known],
    )
    ids = [one.stored.id for one in fresh]
    numbers = {
        row.guid: row.number
        for row in connection.execute(
            select(entries.c.guid, entries.c.number).where(entries.c.guid.in_(ids))
        )
    }
    indexing.note(
        connection,
        [
            Written(None, one.stored_as(one.stored.numbered(numbers[one.stored.id])))
            for one in known
        ],
    )
    _REVISIONS.write(
        connection,
        [
            (numbers[one.stored.id], said.revision, said.digest, said.seen_at, *_content(said))
            for one in fresh
            for said in one.revisions
        ],
    )
    _MEMORIES.write(
        connection,
        [
            (numbers[one.stored.id], view.value, memory.digest, memory.updated)
            for one in known
            for view, memory in one.memory.items()
        ],
    )
    return numbers


def _known_entry(archived: Archived) -> KnownEntry:
    """Return an entry as following it would have left it: seen in the view it came from alone."""
    stored = archived.stored
    view = _view(stored)
    digest = archived.revisions[-1].digest if archived.revisions else ""
    memory = {view: ViewMemory(digest, stored.entry.updated)} if digest else {}
    return KnownEntry(stored, memory, content_view=view, digest=digest)


def _view(stored: StoredEntry) -> View:
    name = stored.provenance.view.upper() if stored.provenance else ""
    return View[name] if name in View.__members__ else View.BLOCK


def _content(said: KeptRevision) -> tuple[object, ...]:
    return tuple(getattr(said, name) for name in CONTENT_COLUMNS)


# --- the log and the topic -----------------------------------------------------------------------


def _log(
    connection: Connection,
    fresh: Sequence[Archived],
    blog_ids: Mapping[str, int],
    numbers: Mapping[str, int],
    topic: str,
) -> dict[str, tuple[int, ...]]:
    """Write what happened to entries, and return the seqs of each one's changes, by its id."""
    told = {one.stored.id: _told(one, blog_ids, numbers, topic) for one in fresh}
    seqs = iter(log.append(connection, [each for of_one in told.values() for each in of_one]))
    return {guid: tuple(next(seqs) for _ in of_one) for guid, of_one in told.items()}


def _told(
    archived: Archived, blog_ids: Mapping[str, int], numbers: Mapping[str, int], topic: str
) -> list[log.Told]:
    said = {one.revision: one for one in archived.revisions}
    joined_since = _joining_change(archived)
    told = []
    for place, past in enumerate(archived.changes):
        stored = _as_told(archived.stored, past, said.get(past.revision))
        change = Change(
            past.type,
            past.occurred_at,
            archived.stored.entry.block_id,
            past.revision,
            _differences(past, said),
            backfill=True,
        )
        in_topic = joined_since is not None and place >= joined_since
        told.append(
            log.Told(
                change,
                blog_ids[archived.stored.entry.blog],
                stored.numbered(numbers[archived.stored.id]),
                (topic,) if in_topic else (),
            )
        )
    return told


def _as_told(stored: StoredEntry, past: PastChange, said: KeptRevision | None) -> StoredEntry:
    """Return an entry as the log told it with a change."""
    entry = replace(stored.entry, key_event=past.key_event, summary=past.summary)
    if said is not None:
        entry = replace(
            entry,
            title=said.title,
            permalink=said.permalink,
            authors=said.authors,
            updated=said.updated,
        )
    return replace(
        stored,
        entry=entry,
        revision=past.revision,
        changed_at=past.changed_at,
        retracted_at=past.retracted_at,
    )


def _differences(
    past: PastChange, said: Mapping[int, KeptRevision]
) -> dict[str, tuple[object, object]]:
    before, after = said.get(past.revision - 1), said.get(past.revision)
    if past.type is not ChangeType.UPDATED or before is None or after is None:
        return {}
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _TOLD}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _joining_change(archived: Archived) -> int | None:
    joins = (place for place, change in enumerate(archived.changes) if change.joins)
    return next(joins, None)


def _joins(
    archived: Archived,
    numbers: Mapping[str, int],
    seqs: Mapping[str, tuple[int, ...]],
    topic: str,
    head: int,
) -> list[tuple[object, ...]]:
    """Return the rows by which an entry stands in a topic's feeds: since when, by which change."""
    stored = archived.stored
    since = _joining_change(archived)
    rows: dict[Selection, tuple[datetime, int]] = {}
    for place, past in enumerate(archived.changes):
        if since is None or place < since or past.retracted_at is not None:
            continue
        entry = replace(stored.entry, key_event=past.key_event, summary=past.summary)
        at = archived.joined_at if place == since else past.changed_at
        for selection in selections_of(entry):
            rows.setdefault(selection, (at, seqs[stored.id][place]))
    for selection in selections_of(stored.entry):
        rows.setdefault(selection, (archived.joined_at, head))
    rows.setdefault(Selection.ALL, (archived.joined_at, head))
    number = numbers[stored.id]
    return [
        (topic, selection.value, number, at, seq, stored.changed_at)
        for selection, (at, seq) in rows.items()
    ]


def _late_joins(
    connection: Connection,
    given: Sequence[Archived],
    known: Mapping[str, int],
    topic: str,
) -> list[tuple[object, ...]]:
    """Return the rows by which entries that are kept already join the topic that asks for them."""
    if not given:
        return []
    numbers = [known[one.stored.id] for one in given]
    held = set(
        connection.scalars(
            select(joined.c.number).where(joined.c.topic == topic, joined.c.number.in_(numbers))
        )
    )
    kept = {
        one.number: one for one in entries_of(connection, [n for n in numbers if n not in held])
    }
    seqs = _kept_seqs(connection, kept)
    head = log.head(connection)
    rows: list[tuple[object, ...]] = []
    for one in given:
        stored = kept.get(known[one.stored.id])
        if stored is None:
            continue
        past = seqs.get(stored.number, [])
        if [(kind, at) for kind, at, _ in past] == [(c.type, c.occurred_at) for c in one.changes]:
            same = {one.stored.id: tuple(seq for *_, seq in past)}
            rows += _joins(one, known, same, topic, head)
        elif stored.retracted_at is None:
            at = stored.entry.published
            rows += [
                (topic, selection.value, stored.number, at, head, stored.changed_at)
                for selection in selections_of(stored.entry)
            ]
    return rows


def _kept_seqs(
    connection: Connection, numbers: Iterable[int]
) -> dict[int, list[tuple[ChangeType, datetime, int]]]:
    """Return what happened to entries that are kept, by their numbers, with the log's seqs."""
    found: dict[int, list[tuple[ChangeType, datetime, int]]] = {}
    query = select(changes.c.entry, changes.c.type, changes.c.occurred_at, changes.c.seq)
    wanted = query.where(changes.c.entry.in_([*numbers])).order_by(changes.c.seq)
    for number, kind, at, seq in connection.execute(wanted):
        found.setdefault(number, []).append((ChangeType(kind), at, seq))
    return found
