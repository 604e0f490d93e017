"""The followed sources and pages: read from the store, and written after each poll."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from sys import intern
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    case,
    insert,
    literal_column,
    select,
    update,
)

from store import log
from store.bulk import Batch
from store.decision.history import Change, ChangeType
from store.rhythm import Rhythm
from store.schema import blogs, found_pages, source_blogs, sources
from store.source import Finding, Listing, Source, SourceState, Standing

# Statements that every poll runs, built once.
_BLOGS_OF = (
    select(blogs.c.url)
    .join(source_blogs, source_blogs.c.blog_id == blogs.c.id)
    .where(source_blogs.c.source_id == bindparam("source"))
    .order_by(blogs.c.first_seen.desc(), blogs.c.id.desc())
)
_FOLLOW = (
    update(sources).where(sources.c.id == bindparam("which")).values(followed=bindparam("turned"))
)
POLLED = (Standing.TRIAL.value, Standing.FOLLOWED.value, Standing.AWAITED.value)
FINDERS = sources.alias("finders")
# The polled pages, each with the configured sources that led to it.
FOUND = (
    select(
        found_pages.c.page_id,
        found_pages.c.found_on,
        found_pages.c.standing,
        FINDERS.c.id,
        FINDERS.c.url,
        FINDERS.c.listing.is_not(None).label("lists"),
    )
    .join(FINDERS, FINDERS.c.id == found_pages.c.source_id)
    .where(FINDERS.c.followed, found_pages.c.standing.in_(POLLED))
    .order_by(found_pages.c.found_at, FINDERS.c.id)
)


_PAUSED = sources.c.state == literal_column("'paused'")
_UNWRITTEN = {"id", "url", "state", "reason", "older_due", "configured", "findings"}
_WRITTEN = tuple(name for name in Source.__slots__ if name not in _UNWRITTEN)
# A source that a person paused during its poll stays paused.
_RECORD = Batch(
    update(sources)
    .where(sources.c.id == bindparam("which"))
    .values(
        state=case((_PAUSED, sources.c.state), else_=bindparam("turned")),
        reason=case((_PAUSED, sources.c.reason), else_=bindparam("because")),
        turned_at=case(
            (_PAUSED | (sources.c.state == bindparam("turned")), sources.c.turned_at),
            else_=bindparam("moment", type_=sources.c.turned_at.type),
        ),
    ),
    ("which", "turned", "because", "moment", *_WRITTEN),
)
_PUT_OFF = Batch(
    update(sources).where(sources.c.id == bindparam("which"), ~_PAUSED), ("next_poll", "which")
)
_SOON = bindparam("soon", type_=sources.c.next_poll.type)
_PUT_FORWARD = Batch(
    update(sources)
    .where(
        sources.c.id == bindparam("which"),
        sources.c.polls == bindparam("polled"),
        sources.c.next_poll > _SOON,
        ~_PAUSED,
    )
    .values(next_poll=_SOON),
    ("soon", "which", "polled"),
)
_facts = attrgetter(*_WRITTEN)
_SAID_OF_MANY = ("reason", "kind", "platform", "pace", "robots")  # interned: many are equal


def follow_sources(connection: Connection, urls: Iterable[str]) -> None:
    """Follow exactly these sources; others stay in the store, but are no longer polled."""
    wanted = list(dict.fromkeys(urls))
    known = {
        row.url: row
        for row in connection.execute(select(sources.c.id, sources.c.url, sources.c.followed))
    }
    fresh = [{"url": url} for url in wanted if url not in known]
    if fresh:
        connection.execute(insert(sources), fresh)
    follow = set(wanted)
    turned = [
        {"which": row.id, "turned": url in follow}
        for url, row in known.items()
        if row.followed is not (url in follow)
    ]
    if turned:
        connection.execute(_FOLLOW, turned)


def put_off(connection: Connection, until: Mapping[int, datetime | None]) -> None:
    """Set when sources are next due (UTC), by source id; paused ones are left as they are."""
    _PUT_OFF.write(connection, [(due, source_id) for source_id, due in until.items()])


def put_forward(connection: Connection, cut_off: Iterable[Source], soon: datetime) -> None:
    """Make sources whose polls were cut off due at `soon` (UTC), unless they are due earlier.

    `cut_off` has them as they were when the poll began: one whose poll was recorded after all is
    left as it is, and so is one that a person paused.
    """
    _PUT_FORWARD.write(connection, [(soon, one.id, one.polls) for one in cut_off])


def walked(
    connection: Connection,
    source_id: int,
    due: datetime | None,
    *,
    requests: int = 0,
    received: int = 0,
) -> None:
    """Write when the next older page of a source's blog is `due` (UTC; None if there is none).

    `requests` and `received` (bytes), spent on the present one, are added to the source's totals.
    """
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id)
        .values(
            older_due=due,
            requests=sources.c.requests + requests,
            received=sources.c.received + received,
        )
    )


def followed(connection: Connection) -> list[Source]:
    """Return all that is polled: the configured sources, and the pages that they led to, by id."""
    findings = defaultdict[int, list[Finding]](list)
    for row in connection.execute(FOUND):
        standing = Standing(row.standing)
        findings[row.page_id].append(Finding(row.id, row.url, row.found_on, standing, row.lists))
    wanted = sources.c.followed | sources.c.id.in_(FOUND.with_only_columns(found_pages.c.page_id))
    rows = select(sources).where(wanted).order_by(sources.c.id)
    return [_read(row, findings) for row in connection.execute(rows)]


def polled_at(connection: Connection, url: str) -> Source | None:
    """Return the source or page that is polled at `url`, None if there is none."""
    return next((source for source in followed(connection) if source.url == url), None)


def blogs_of(connection: Connection, source_id: int) -> list[str]:
    """Return the URLs of a source's blogs, the newest first."""
    return list(connection.scalars(_BLOGS_OF, {"source": source_id}))


def record(connection: Connection, before: Source, after: Source, topics: Sequence[str]) -> None:
    """Write a source as it is after a poll, and log if it broke or recovered.

    `topics` are those of that change. A page that is not followed for any source logs nothing.
    """
    told = (before.id, after.state.value, after.reason, after.last_poll)
    _RECORD.write(connection, [(*told, *_facts(after))])
    kind = _turn(before.state, after.state)
    if kind is not None and after.finders:
        now = after.last_poll
        if now is None:
            raise ValueError("a poll that turned a source has a time")
        log.append(
            connection,
            [
                log.NewChange(
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


def _read(row: Row[Any], findings: Mapping[int, Sequence[Finding]]) -> Source:
    return Source(
        **{
            **{
                name: getattr(row, name) for name in ("id", "url", "reason", "older_due", *_WRITTEN)
            },
            **{name: intern(getattr(row, name)) for name in _SAID_OF_MANY},
            "state": SourceState(row.state),
            "warnings": tuple(row.warnings),
            "rhythm": row.rhythm and msgspec.convert(row.rhythm, Rhythm),
            "listing": row.listing and msgspec.convert(row.listing, Listing),
            "configured": row.followed,
            "findings": tuple(findings.get(row.id, ())),
        }
    )
