"""The sources that are followed: their states, what their last answers said, when they are due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from store import log
from store.history import Change, ChangeType
from store.schema import blogs, entries, source_blogs, sources

# Statements of every poll, made once.
_BLOGS_OF = (
    select(blogs.c.url)
    .join(source_blogs, source_blogs.c.blog_id == blogs.c.id)
    .where(source_blogs.c.source_id == bindparam("source"))
    .order_by(blogs.c.first_seen.desc(), blogs.c.id.desc())
)
_RECORD = update(sources).where(sources.c.id == bindparam("which"))


class SourceState(Enum):
    """How following a source goes."""

    NEW = "new"
    OK = "ok"
    BROKEN = "broken"
    HELD = "held"
    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the store keeps it; all times UTC, validators byte for byte as received."""

    id: int
    url: str
    state: SourceState
    reason: str = ""
    kind: str = ""
    platform: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    last_poll: datetime | None = None
    next_poll: datetime | None = None
    not_before: datetime | None = None
    last_change: datetime | None = None
    last_status: int | None = None
    failures: int = 0
    confirming: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowedBlog:
    """A blog of a source, for showing."""

    url: str
    title: str
    state: str
    entries: int


@dataclass(frozen=True, slots=True)
class FollowedSource:
    """A source with its blogs, for showing."""

    source: Source
    blogs: tuple[FollowedBlog, ...] = field(default=())


def follow_sources(connection: Connection, urls: Iterable[str]) -> None:
    """Keep the configured sources; those no longer configured stay kept, but are not polled."""
    wanted = list(dict.fromkeys(urls))
    known = set(connection.scalars(select(sources.c.url)))
    connection.execute(update(sources).values(followed=sources.c.url.in_(wanted)))
    fresh = [{"url": url} for url in wanted if url not in known]
    if fresh:
        connection.execute(insert(sources), fresh)


def due(connection: Connection, now: datetime) -> list[Source]:
    """Return the sources whose time has come, longest due first. New ones are due at once."""
    query = (
        select(sources)
        .where(
            sources.c.followed,
            sources.c.state.not_in([SourceState.PAUSED.value, SourceState.GONE.value]),
            sources.c.next_poll.is_(None) | (sources.c.next_poll <= now),
        )
        .order_by(func.coalesce(sources.c.next_poll, 0))
    )
    return [_read(row) for row in connection.execute(query)]


def followed(connection: Connection) -> list[Source]:
    """Return all sources that the configuration follows."""
    return [_read(row) for row in connection.execute(select(sources).where(sources.c.followed))]


def get(connection: Connection, source_id: int) -> Source:
    """Return one source by its id."""
    return _read(connection.execute(select(sources).where(sources.c.id == source_id)).one())


def blogs_of(connection: Connection, source_id: int) -> list[str]:
    """Return the URLs of a source's blogs, the newest first."""
    return list(connection.scalars(_BLOGS_OF, {"source": source_id}))


def survey(connection: Connection) -> list[FollowedSource]:
    """Return the followed sources with their blogs and how many entries each has."""
    counted = (
        select(source_blogs.c.source_id, blogs, func.count(entries.c.number).label("counted"))
        .join(blogs, blogs.c.id == source_blogs.c.blog_id)
        .join(entries, entries.c.blog_id == blogs.c.id, isouter=True)
        .group_by(source_blogs.c.source_id, blogs.c.id)
        .order_by(blogs.c.first_seen.desc())
    )
    of_source: dict[int, list[FollowedBlog]] = {}
    for row in connection.execute(counted):
        blog = FollowedBlog(row.url, row.title, row.state, row.counted)
        of_source.setdefault(row.source_id, []).append(blog)
    return [
        FollowedSource(source, tuple(of_source.get(source.id, ())))
        for source in followed(connection)
    ]


def record(connection: Connection, before: Source, after: Source, topics: Sequence[str]) -> None:
    """Write what a poll made of a source, and log that it broke or recovered."""
    values = {name: getattr(after, name) for name in Source.__slots__ if name not in ("id", "url")}
    values.update(state=after.state.value, warnings=list(after.warnings))
    connection.execute(_RECORD, {**values, "which": before.id})
    kind = _turn(before.state, after.state)
    if kind is not None:
        now = after.last_poll
        if now is None:
            raise ValueError("a poll that turned a source has a time")
        log.append(
            connection,
            [
                log.Told(
                    Change(kind, now),
                    topics=tuple(topics),
                    source={"url": after.url, "state": after.state.value, "reason": after.reason},
                )
            ],
        )


def _turn(before: SourceState, after: SourceState) -> ChangeType | None:
    bad = {SourceState.BROKEN, SourceState.HELD, SourceState.GONE}
    if after in bad and before is not after:
        return ChangeType.BROKEN
    if after is SourceState.OK and before in bad:
        return ChangeType.RECOVERED
    return None


def _read(row: Row[Any]) -> Source:
    return Source(
        **{
            **{name: getattr(row, name) for name in Source.__slots__},
            "state": SourceState(row.state),
            "warnings": tuple(row.warnings),
        }
    )
