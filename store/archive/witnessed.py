"""Writing what captures add to a blog's past: earlier revisions, and earlier times seen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from store.archive.witness import LookedBack, Mark, Marks
from store.decision.identity import words
from store.rows import CONTENT_COLUMNS, content_row
from store.schema import blogs, entries, revisions, source_blogs, sources
from store.source import SourceState


@dataclass(frozen=True, slots=True)
class Known:
    """When a blog was first and last seen, and `until` when polls confirmed its page; all UTC."""

    first_seen: datetime
    last_seen: datetime
    until: datetime


def known(connection: Connection, blog_id: int) -> Known:
    """Return when a blog was first and last seen, and until when polls confirmed its page."""
    row = connection.execute(
        select(blogs.c.first_seen, blogs.c.last_seen).where(blogs.c.id == blog_id)
    ).one()
    polled = connection.scalars(
        select(sources.c.last_poll)
        .join(source_blogs, source_blogs.c.source_id == sources.c.id)
        .where(
            source_blogs.c.blog_id == blog_id,
            sources.c.state == SourceState.OK.value,
            sources.c.last_poll.is_not(None),
        )
    )
    return Known(row.first_seen, row.last_seen, max([row.last_seen, *polled]))


def read_marks(connection: Connection, blog_id: int) -> Marks:
    """Return the marks of all revisions of a blog's entries, by block id, first revision first."""
    found: dict[str, list[Mark]] = defaultdict(list)
    rows = connection.execute(
        select(
            entries.c.block_id,
            revisions.c.revision,
            revisions.c.digest,
            revisions.c.seen_at,
            revisions.c.title,
            revisions.c.text,
        )
        .join(revisions, revisions.c.number == entries.c.number)
        .where(entries.c.blog_id == blog_id)
        .order_by(revisions.c.revision)
    )
    for row in rows:
        said = tuple(words(row.title, row.text))
        found[row.block_id].append(Mark(row.revision, row.digest, row.seen_at, said))
    return {block_id: tuple(marks) for block_id, marks in found.items()}


def keep(connection: Connection, blog_id: int, looked: LookedBack) -> None:
    """Write what a capture adds to known entries, and raise the blog's version for caches."""
    for one in looked.earlier:
        connection.execute(
            insert(revisions).values(
                number=one.stored.number,
                revision=one.stored.revision,
                digest=one.digest,
                seen_at=one.seen_at,
                **dict(zip(CONTENT_COLUMNS, content_row(one.stored), strict=True)),
            )
        )
        _seen_sooner(connection, one.stored.number, one.seen_at)
    for sooner in looked.sooner:
        connection.execute(
            update(revisions)
            .where(revisions.c.number == sooner.number, revisions.c.revision == sooner.revision)
            .values(seen_at=sooner.seen_at)
        )
        _seen_sooner(connection, sooner.number, sooner.seen_at)
    if looked.earlier or looked.sooner:
        connection.execute(
            update(blogs).where(blogs.c.id == blog_id).values(version=blogs.c.version + 1)
        )


def _seen_sooner(connection: Connection, number: int, at: datetime) -> None:
    connection.execute(
        update(entries)
        .where(entries.c.number == number, entries.c.first_seen > at)
        .values(first_seen=at)
    )


def keep_times(connection: Connection, blog_id: int, before: Known, at: datetime) -> None:
    """Write a blog's first and last time seen: those of `before`, extended by a capture of `at`."""
    connection.execute(
        update(blogs)
        .where(blogs.c.id == blog_id)
        .values(first_seen=min(before.first_seen, at), last_seen=max(before.last_seen, at))
    )
