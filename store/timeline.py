"""What is kept of blogs: their history read for a decision, and a decision's outcome written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from store import log
from store.entry import StoredEntry
from store.errors import UnknownError
from store.histories import Histories, KeptBlog
from store.history import (
    BlogHistory,
    BlogState,
    Change,
    ChangeType,
    KnownEntry,
    Outcome,
    PageEvidence,
    ViewMemory,
)
from store.identity import address_of
from store.rows import ENTRY_COLUMNS, content_row, entry_row, read_entry, read_known
from store.schema import (
    blog_aliases,
    blogs,
    entries,
    revisions,
    source_blogs,
    view_memories,
)
from store.sighting import View
from store.sorting import Sorted, Written, sort, stamp, touch
from store.topics import Selection, TopicRule

_T = TypeVar("_T")

# Statements of every poll, made once.
_BLOG_AT = select(blog_aliases.c.blog_id).where(blog_aliases.c.address == bindparam("at"))
_BLOG = select(blogs).where(blogs.c.id == bindparam("which")).with_for_update()
_WRITE_BLOG = update(blogs).where(blogs.c.id == bindparam("which"))
_LINK = select(source_blogs.c.blog_id).where(
    source_blogs.c.source_id == bindparam("source"), source_blogs.c.blog_id == bindparam("blog")
)
_INSERT = insert(entries)
_NUMBERS = select(entries.c.block_id, entries.c.number).where(
    entries.c.blog_id == bindparam("of"),
    entries.c.block_id.in_(bindparam("blocks", expanding=True)),
)
_UPDATE = update(entries).where(entries.c.number == bindparam("which"))
_ALL_PAST = (
    select(revisions.c.number, revisions.c.digest)
    .join(entries)
    .where(revisions.c.revision < entries.c.revision)
)
_PAST_OF_BLOG = _ALL_PAST.where(entries.c.blog_id == bindparam("of"))
_PAST = _ALL_PAST.where(revisions.c.number.in_(bindparam("numbers", expanding=True)))
_FORGET = delete(view_memories).where(view_memories.c.number == bindparam("which"))
_REMEMBER = insert(view_memories)
_REVISE = insert(revisions)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the blog as it now is, the log's seqs, the topics whose feeds moved."""

    kept: KeptBlog
    seqs: tuple[int, ...]
    topics: frozenset[str]


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
        ),
    )


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
        memory[number][View(view)] = ViewMemory(digest, updated)
    past = _gather(connection.execute(_PAST_OF_BLOG, {"of": blog_id}))
    rows = connection.execute(
        select(*ENTRY_COLUMNS).join(blogs).where(entries.c.blog_id == blog_id)
    )
    return {
        row.block_id: read_known(
            row, memory=memory[row.number], past=past.get(row.number, frozenset())
        )
        for row in rows
    }


def _gather(digests: Iterable[Sequence[Any]]) -> dict[int, frozenset[str]]:
    """Gather the digests of earlier revisions by the numbers of their entries."""
    past: dict[int, set[str]] = defaultdict(set)
    for number, digest in digests:
        past[number].add(digest)
    return {number: frozenset(digests) for number, digests in past.items()}


def apply(
    connection: Connection,
    kept: KeptBlog,
    outcome: Outcome,
    now: datetime,
    *,
    source_id: int,
    rules: Sequence[TopicRule],
) -> Applied:
    """Write one decision: entries, revisions, digests, topics and, last, the log.

    `rules` are the topics that follow the source. All of it happens in the caller's transaction.
    """
    blog_id = _write_blog(connection, kept, outcome.after, now, source_id)
    written = _write_entries(connection, kept, outcome, blog_id, now)
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
    moved = {*sorting.moved}
    if outcome.after.state is not kept.history.state:
        moved |= {*followers}
        for topic in sorted(followers):
            stamp(connection, topic, set(Selection) - sorting.moved.get(topic, frozenset()), now)
    after = _as_read_again(connection, kept, outcome.after, written)
    return Applied(KeptBlog(blog_id, after, kept.version + 1), seqs, frozenset(moved))


def _as_read_again(
    connection: Connection, kept: KeptBlog, after: BlogHistory, written: dict[str, Written]
) -> BlogHistory:
    """Return what `load` would now read: new entries with numbers, and the store's own past."""
    entries = {block_id: one.after for block_id, one in written.items()}
    edited = [
        one.after.stored.number
        for one in written.values()
        if one.before and one.before.stored.revision != one.after.stored.revision
    ]
    past = _gather(
        row for chunk in _chunks(edited) for row in connection.execute(_PAST, {"numbers": chunk})
    )
    for block_id, known in entries.items():
        before = kept.history.entries.get(block_id)
        same = before.past if before else frozenset[str]()
        entries[block_id] = replace(known, past=past.get(known.stored.number, same))
    return replace(after, entries={**after.entries, **entries}, discovered=True)


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
        "last_seen": now,
        "version": kept.version + 1,
    }
    if kept.id:
        connection.execute(_WRITE_BLOG, {**values, "which": kept.id})
        blog_id = kept.id
    else:
        made = connection.execute(
            insert(blogs).values(url=after.url, first_seen=now, **values).returning(blogs.c.id)
        )
        blog_id = made.scalar_one()
        add_alias(connection, blog_id, after.url)
    link = {"source": source_id, "blog": blog_id}
    if connection.execute(_LINK, link).first() is None:
        connection.execute(insert(source_blogs).values(source_id=source_id, blog_id=blog_id))
    return blog_id


def add_alias(connection: Connection, blog_id: int, url: str) -> None:
    """Let the blog be found under one more address."""
    if find_blog(connection, url) is None:
        connection.execute(insert(blog_aliases).values(address=address_of(url), blog_id=blog_id))


def _write_entries(
    connection: Connection, kept: KeptBlog, outcome: Outcome, blog_id: int, now: datetime
) -> dict[str, Written]:
    told: dict[str, set[ChangeType]] = defaultdict(set)
    for change in outcome.changes:
        told[change.block_id].add(change.type)
    place = {change.block_id: n for n, change in enumerate(outcome.changes)}
    fresh = sorted(
        (known for known in outcome.entries if known.stored.number == 0),
        key=lambda known: place[known.stored.entry.block_id],
    )
    numbered = _insert(connection, fresh, blog_id)
    touched = [known for known in outcome.entries if known.stored.number]
    _update(connection, touched)
    _write_memories(connection, [*numbered, *touched], kept.history)
    _write_revisions(connection, [*numbered, *touched], kept.history, now)
    return {
        known.stored.entry.block_id: Written(
            kept.history.entries.get(known.stored.entry.block_id),
            known,
            frozenset(told[known.stored.entry.block_id]),
        )
        for known in (*numbered, *touched)
    }


def _insert(connection: Connection, fresh: Sequence[KnownEntry], blog_id: int) -> list[KnownEntry]:
    if not fresh:
        return []
    connection.execute(_INSERT, [{**entry_row(known), "blog_id": blog_id} for known in fresh])
    ids = [known.stored.entry.block_id for known in fresh]
    numbers = {
        block_id: number
        for chunk in _chunks(ids)
        for block_id, number in connection.execute(_NUMBERS, {"of": blog_id, "blocks": chunk})
    }
    return [
        replace(known, stored=replace(known.stored, number=numbers[block_id]))
        for block_id, known in zip(ids, fresh, strict=True)
    ]


def _update(connection: Connection, touched: Sequence[KnownEntry]) -> None:
    if not touched:
        return
    rows = [{**entry_row(known), "which": known.stored.number} for known in touched]
    connection.execute(_UPDATE, rows)


def _write_memories(
    connection: Connection, written: Sequence[KnownEntry], history: BlogHistory
) -> None:
    changed = [known for known in written if _remembers_otherwise(known, history)]
    if not changed:
        return
    stale = [known.stored.number for known in changed if _before(known, history) is not None]
    if stale:
        connection.execute(_FORGET, [{"which": number} for number in stale])
    connection.execute(
        _REMEMBER,
        [
            {
                "number": known.stored.number,
                "view": int(view),
                "digest": memory.digest,
                "updated": memory.updated,
            }
            for known in changed
            for view, memory in known.memory.items()
        ],
    )


def _before(known: KnownEntry, history: BlogHistory) -> KnownEntry | None:
    return history.entries.get(known.stored.entry.block_id)


def _remembers_otherwise(known: KnownEntry, history: BlogHistory) -> bool:
    before = _before(known, history)
    return before is None or before.memory != known.memory


def _write_revisions(
    connection: Connection, written: Sequence[KnownEntry], history: BlogHistory, now: datetime
) -> None:
    new, filled = [], []
    for known in written:
        before = _before(known, history)
        row = _revision_row(known, now)
        if before is None or before.stored.revision != known.stored.revision:
            new.append(row)
        elif content_row(before.stored) != content_row(known.stored):
            filled.append(row)
    if new:
        connection.execute(_REVISE, new)
    for row in filled:
        connection.execute(
            update(revisions)
            .where(revisions.c.number == row["number"], revisions.c.revision == row["revision"])
            .values(row)
        )


def _revision_row(known: KnownEntry, now: datetime) -> dict[str, Any]:
    memory = known.memory.get(known.content_view)
    return {
        "number": known.stored.number,
        "revision": known.stored.revision,
        **content_row(known.stored),
        "digest": memory.digest if memory else "",
        "seen_at": now,
    }


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
    found = {}
    for row in connection.execute(
        select(*ENTRY_COLUMNS).join(blogs).where(entries.c.number.in_(numbers))
    ):
        found[row.number] = read_entry(row)
    return [found[number] for number in numbers if number in found]
