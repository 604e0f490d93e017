"""Writing the outcome of one decision to the store, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from store import log
from store.alerting import outbox
from store.alerting.alerts import AlertRule
from store.blog_addresses import add_alias
from store.decision.history import BlogHistory, Change, Outcome
from store.entry import StoredEntry
from store.entry_writing import write_entries
from store.history_cache import KeptBlog
from store.schema import blogs, source_blogs
from store.search import indexing
from store.sorting import Sorted, Written, sort, stamp, touch
from store.topics import Selection, TopicRule

# Statements that every poll runs, built once.
_WRITE_BLOG = update(blogs).where(blogs.c.id == bindparam("which"))
_NEW_BLOG = insert(blogs).returning(blogs.c.id)
_NEW_LINK = insert(source_blogs)
_LINK = select(source_blogs.c.blog_id).where(
    source_blogs.c.source_id == bindparam("source"), source_blogs.c.blog_id == bindparam("blog")
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the blog as it now is, the seqs of its changes, the topics that moved.

    `deliveries` is the number of deliveries written for alerts.
    """

    kept: KeptBlog
    seqs: tuple[int, ...]
    topics: frozenset[str]
    deliveries: int = 0


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
    """Write an outcome: entries, revisions, digests, topics, the log, and the alerts' deliveries.

    `kept` is the blog before it, `now` keywire's clock (UTC). `rules` are the topics that follow
    the source, `alerts` the alerts of these topics.
    """
    blog_id = _write_blog(connection, kept, outcome.after, now, source_id)
    written = write_entries(connection, kept, outcome, blog_id, now)
    indexing.note(connection, written.values())
    sorting = sort(connection, [*written.values()], rules)
    followers = tuple(rule.name for rule in rules)
    seqs = log.append(
        connection,
        [
            log.NewChange(
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
