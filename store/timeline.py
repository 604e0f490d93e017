"""What is kept of blogs: their history read for a decision, and a decision's outcome written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sys import intern
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from store import log
from store.alerting import outbox
from store.alerting.alerts import AlertRule
from store.bulk import Batch
from store.coverage import Coverage
from store.decision.history import (
    BlogHistory,
    BlogState,
    Change,
    KnownEntry,
    Outcome,
    PageEvidence,
    ViewMemory,
)
from store.decision.identity import address_of
from store.entry import StoredEntry
from store.entry_cache import recall
from store.errors import UnknownError
from store.history_cache import Histories, KeptBlog
from store.rows import (
    CONTENT_COLUMNS,
    ENTRY_COLUMNS,
    WRITTEN_COLUMNS,
    content_row,
    entry_row,
    read_known,
)
from store.schema import (
    blog_aliases,
    blogs,
    entries,
    revisions,
    source_blogs,
    view_memories,
)
from store.search import indexing
from store.sighting import View
from store.sorting import Sorted, Written, sort, stamp, touch
from store.topics import Selection, TopicRule

_T = TypeVar("_T")
_NO_PAST: frozenset[str] = frozenset()

# Statements of every poll, made once.
_BLOG_AT = select(blog_aliases.c.blog_id).where(blog_aliases.c.address == bindparam("at"))
_BLOG = select(blogs).where(blogs.c.id == bindparam("which")).with_for_update()
_WRITE_BLOG = update(blogs).where(blogs.c.id == bindparam("which"))
_NEW_BLOG = insert(blogs).returning(blogs.c.id)
_NEW_ALIAS = insert(blog_aliases)
_NEW_LINK = insert(source_blogs)
_LINK = select(source_blogs.c.blog_id).where(
    source_blogs.c.source_id == bindparam("source"), source_blogs.c.blog_id == bindparam("blog")
)
_INSERT = Batch(insert(entries).inline(), ("blog_id", *WRITTEN_COLUMNS))
_NUMBERS = select(entries.c.block_id, entries.c.number).where(
    entries.c.blog_id == bindparam("of"), entries.c.number > bindparam("newest")
)
_UPDATE = Batch(
    update(entries).where(entries.c.number == bindparam("which")), (*WRITTEN_COLUMNS, "which")
)
_ENTRIES = (
    select(*ENTRY_COLUMNS)
    .join(blogs)
    .where(entries.c.number.in_(bindparam("numbers", expanding=True)))
)
_FORGET = Batch(
    delete(view_memories).where(view_memories.c.number == bindparam("which")), ("which",)
)
_REMEMBER = Batch(insert(view_memories).inline(), view_memories.c.keys())
_REVISED = ("digest", *CONTENT_COLUMNS)
_REVISE = Batch(insert(revisions).inline(), ("number", "revision", "seen_at", *_REVISED))
_UNREVISE = Batch(
    delete(revisions).where(
        revisions.c.number == bindparam("which"), revisions.c.revision == bindparam("current")
    ),
    ("which", "current"),
)
_FILL = Batch(
    update(revisions).where(
        revisions.c.number == bindparam("which"), revisions.c.revision == bindparam("current")
    ),
    ("which", "current", *_REVISED),
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the blog as it now is, the log's seqs, the topics whose feeds moved.

    `deliveries` is how many were written for alerts.
    """

    kept: KeptBlog
    seqs: tuple[int, ...]
    topics: frozenset[str]
    deliveries: int = 0


def load(connection: Connection, url: str, histories: Histories | None = None) -> KeptBlog:
    """Return a blog under its lock; a blog that is not kept yet has an empty history.

    It is read from the store, unless `histories` has it as it still is.
    """
    blog_id = find_blog(connection, url)
    if blog_id is None:
        return KeptBlog(0, BlogHistory(url))
    row = connection.execute(_BLOG, {"which": blog_id}).one()
    if histories is not None and (kept := histories.at(blog_id, row.version)):
        return kept
    return KeptBlog(
        blog_id,
        version=row.version,
        history=BlogHistory(
            url=row.url,
            entries=_load_entries(connection, blog_id),
            order=tuple(row.page_order),
            title=row.title,
            language=row.language,
            state=BlogState(row.state),
            live=row.live,
            evidence=PageEvidence(row.page_time, row.modified, row.generated),
            whole=row.whole,
            claimed_url=row.claimed_url,
            discovered=True,
            held=row.held,
            confirmed=row.confirmed,
            listings=tuple(row.listings),
            keywords=tuple(row.keywords),
            coverage=read_coverage(row.coverage),
        ),
    )


def read_coverage(kept: object) -> Coverage:
    """Read how much of a blog was read, as it is kept."""
    return msgspec.convert(kept, Coverage)


def find_blog(connection: Connection, url: str) -> int | None:
    """Return the id of the blog at `url`, also under an address that it had before."""
    return connection.scalar(_BLOG_AT, {"at": address_of(url)})


def find_moved(
    connection: Connection, blocks: Mapping[str, datetime | None], host: str
) -> str | None:
    """Return the URL of the blog on `host` that holds most of `blocks`, if one holds any.

    `blocks` maps block ids to when they were published. A blog that moved shares known blocks
    with its new address; an id alone is none, for some publishers number them from 1 in each blog.
    """
    held: dict[str, int] = defaultdict(int)
    for chunk in _chunks([*blocks]):
        for url, block_id, published in connection.execute(
            select(blogs.c.url, entries.c.block_id, entries.c.published)
            .join(entries, entries.c.blog_id == blogs.c.id)
            .where(entries.c.block_id.in_(chunk))
        ):
            same = blocks[block_id] == published
            if same and address_of(url).partition("/")[0] == host:
                held[url] += 1
    return max(held, key=lambda url: held[url], default=None)


def _chunks(values: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _load_entries(connection: Connection, blog_id: int) -> dict[str, KnownEntry]:
    memory: dict[int, dict[View, ViewMemory]] = defaultdict(dict)
    for number, view, digest, updated in connection.execute(
        select(*view_memories.c).join(entries).where(entries.c.blog_id == blog_id)
    ):
        memory[number][View(view)] = ViewMemory(intern(digest), updated)
    digests, past = _load_digests(connection, blog_id)
    rows = connection.execute(
        select(*ENTRY_COLUMNS).join(blogs).where(entries.c.blog_id == blog_id)
    )
    return {
        row.block_id: read_known(
            row,
            memory=memory[row.number],
            digest=digests.get(row.number, ""),
            past=frozenset(past[row.number]) if row.number in past else _NO_PAST,
        )
        for row in rows
    }


def _load_digests(
    connection: Connection, blog_id: int
) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Return the digest of each entry's revision, and those of its earlier ones, by number."""
    digests: dict[int, str] = {}
    past: dict[int, set[str]] = defaultdict(set)
    current = revisions.c.revision == entries.c.revision
    for number, digest, is_current in connection.execute(
        select(revisions.c.number, revisions.c.digest, current)
        .join(entries)
        .where(entries.c.blog_id == blog_id)
    ):
        if is_current:
            digests[number] = intern(digest)
        else:
            past[number].add(digest)
    return digests, past


def apply(
    connection: Connection,
    kept: KeptBlog,
    outcome: Outcome,
    now: datetime,
    *,
    source_id: int,
    rules: Sequence[TopicRule],
    alerts: Sequence[AlertRule] = (),
) -> Applied:
    """Write one decision: entries, revisions, digests, topics, the log, and what alerts tell of it.

    `rules` are the topics that follow the source, `alerts` those of them. All of it happens in the
    caller's transaction.
    """
    blog_id = _write_blog(connection, kept, outcome.after, now, source_id)
    written = _write_entries(connection, kept, outcome, blog_id, now)
    indexing.note(connection, written.values())
    sorting = sort(connection, [*written.values()], rules)
    followers = tuple(rule.name for rule in rules)
    seqs = log.append(
        connection,
        [
            log.Told(
                change,
                blog_id,
                _stored(written, change),
                sorting.topics_of(change.block_id) if change.block_id else followers,
            )
            for change in outcome.changes
        ],
    )
    _join(connection, sorting, outcome.changes, seqs, now)
    happened = outbox.occasions(written, outcome.changes, seqs, sorting)
    told = outbox.tell(connection, alerts, happened, now)
    moved = {*sorting.moved}
    if outcome.after.state is not kept.history.state or not kept.id:
        moved |= {*followers}
        for topic in sorted(followers):
            stamp(connection, topic, set(Selection) - sorting.moved.get(topic, frozenset()), now)
    now_kept = {block_id: one.after for block_id, one in written.items()}
    after = replace(outcome.after, entries={**outcome.after.entries, **now_kept}, discovered=True)
    return Applied(KeptBlog(blog_id, after, kept.version + 1), seqs, frozenset(moved), told)


def _stored(written: dict[str, Written], change: Change) -> StoredEntry | None:
    return written[change.block_id].after.stored if change.block_id else None


def _join(
    connection: Connection,
    sorting: Sorted,
    changes: Sequence[Change],
    seqs: Sequence[int],
    now: datetime,
) -> None:
    first_seq: dict[str, int] = {}
    for change, seq in zip(changes, seqs, strict=True):
        first_seq.setdefault(change.block_id, seq)
    touch(connection, sorting, first_seq, now)


def _write_blog(
    connection: Connection, kept: KeptBlog, after: BlogHistory, now: datetime, source_id: int
) -> int:
    values = {
        "title": after.title,
        "language": after.language,
        "state": after.state.value,
        "live": after.live,
        "page_order": list(after.order),
        "page_time": after.evidence.page_time,
        "modified": after.evidence.modified,
        "generated": after.evidence.generated,
        "whole": after.whole,
        "claimed_url": after.claimed_url,
        "held": after.held,
        "confirmed": after.confirmed,
        "listings": list(after.listings),
        "keywords": list(after.keywords),
        "coverage": after.coverage,
        "last_seen": now,
        "version": kept.version + 1,
    }
    if kept.id:
        connection.execute(_WRITE_BLOG, {**values, "which": kept.id})
        blog_id = kept.id
    else:
        made = {"url": after.url, "first_seen": now, **values}
        blog_id = connection.execute(_NEW_BLOG, made).scalar_one()
        add_alias(connection, blog_id, after.url)
    link = {"source": source_id, "blog": blog_id}
    if connection.execute(_LINK, link).first() is None:
        connection.execute(_NEW_LINK, {"source_id": source_id, "blog_id": blog_id})
    return blog_id


def add_alias(connection: Connection, blog_id: int, url: str) -> None:
    """Let the blog be found under one more address."""
    if find_blog(connection, url) is None:
        connection.execute(_NEW_ALIAS, {"address": address_of(url), "blog_id": blog_id})


def _write_entries(
    connection: Connection, kept: KeptBlog, outcome: Outcome, blog_id: int, now: datetime
) -> dict[str, Written]:
    place = {change.block_id: n for n, change in enumerate(outcome.changes)}
    fresh = sorted(
        (known for known in outcome.entries if known.stored.number == 0),
        key=lambda known: place[known.stored.entry.block_id],
    )
    numbers = _insert(connection, fresh, blog_id, kept.history)
    touched = [known for known in outcome.entries if known.stored.number]
    _UPDATE.write(connection, [(*entry_row(known), known.stored.number) for known in touched])
    written = {
        (block_id := known.stored.entry.block_id): Written(
            kept.history.entries.get(block_id), _numbered(known, numbers)
        )
        for known in (*fresh, *touched)
    }
    _write_memories(connection, [*written.values()])
    _write_revisions(connection, [*written.values()], now)
    return written


def _insert(
    connection: Connection, fresh: Sequence[KnownEntry], blog_id: int, history: BlogHistory
) -> dict[str, int]:
    """Write new entries, and return the numbers that they got, by their block ids.

    Numbers count up and the blog is locked: those beyond its newest are the new ones'.
    """
    if not fresh:
        return {}
    _INSERT.write(connection, [(blog_id, *entry_row(known)) for known in fresh])
    newest = max((known.stored.number for known in history.entries.values()), default=0)
    rows = connection.execute(_NUMBERS, {"of": blog_id, "newest": newest})
    return {block_id: number for block_id, number in rows}  # noqa: C416 - rows are no pairs to dict()


def _numbered(known: KnownEntry, numbers: Mapping[str, int]) -> KnownEntry:
    if known.stored.number:
        return known
    return known.stored_as(known.stored.numbered(numbers[known.stored.entry.block_id]))


def _is_revised(before: KnownEntry, after: KnownEntry) -> bool:
    return before.stored.revision != after.stored.revision


def _is_back(before: KnownEntry) -> bool:
    """Say whether what an entry said was kept no longer, so that its revision may not be there."""
    return not before.digest and before.stored.forgotten is None


def _is_filled(before: KnownEntry, after: KnownEntry) -> bool:
    """Say whether a stronger view brought other content into the same revision."""
    return before.digest != after.digest or content_row(before.stored) != content_row(after.stored)


def _write_memories(connection: Connection, written: Sequence[Written]) -> None:
    changed = [one for one in written if not one.before or one.before.memory != one.after.memory]
    _FORGET.write(connection, [(one.after.stored.number,) for one in changed if one.before])
    _REMEMBER.write(
        connection,
        [
            (one.after.stored.number, view._value_, memory.digest, memory.updated)
            for one in changed
            for view, memory in one.after.memory.items()
        ],
    )


def _write_revisions(connection: Connection, written: Sequence[Written], now: datetime) -> None:
    new, filled, back = [], [], []
    for one in written:
        if one.before is None or _is_revised(one.before, one.after):
            new.append((*_which(one.after), now, *_revised(one.after)))
        elif _is_back(one.before):
            back.append(_which(one.after))
            new.append((*_which(one.after), now, *_revised(one.after)))
        elif _is_filled(one.before, one.after):
            filled.append((*_which(one.after), *_revised(one.after)))
    _UNREVISE.write(connection, back)
    _REVISE.write(connection, new)
    _FILL.write(connection, filled)


def _which(known: KnownEntry) -> tuple[int, int]:
    return known.stored.number, known.stored.revision


def _revised(known: KnownEntry) -> tuple[object, ...]:
    return (known.digest, *content_row(known.stored))


def confirm(connection: Connection, url: str) -> None:
    """Let the next poll retract what has gone from a held blog's page.

    Raises UnknownError where no blog stands at `url`.
    """
    blog_id = find_blog(connection, url)
    if blog_id is None:
        raise UnknownError(f"no blog is kept at {url}; keywire sources lists those that are")
    connection.execute(
        update(blogs)
        .where(blogs.c.id == blog_id)
        .values(confirmed=True, version=blogs.c.version + 1)
    )


def entries_of(connection: Connection, numbers: Sequence[int]) -> list[StoredEntry]:
    """Return entries by their numbers, in the order asked for; those not kept are left out."""
    rows = connection.execute(_ENTRIES, {"numbers": numbers}).all()
    found = {stored.number: stored for stored in recall(connection, rows)}
    return [found[number] for number in numbers if number in found]
