"""The sources that are followed: their states, what their last answers said, when they are due."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
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

# Statements of every poll, made once.
_BLOGS_OF = (
    select(blogs.c.url)
    .join(source_blogs, source_blogs.c.blog_id == blogs.c.id)
    .where(source_blogs.c.source_id == bindparam("source"))
    .order_by(blogs.c.first_seen.desc(), blogs.c.id.desc())
)
_FOLLOW = (
    update(sources).where(sources.c.id == bindparam("which")).values(followed=bindparam("turned"))
)
FIRST = timedelta(minutes=1)


class Standing(Enum):
    """How a page stands with the source that led to it.

    A page on trial is read once before it is believed to belong there. Where a blog's follower is
    awaited is a listing. What was refused, or left after its blog's end, is not polled any more,
    and remembered.
    """

    TRIAL = "trial"
    FOLLOWED = "followed"
    AWAITED = "awaited"
    REFUSED = "refused"
    LEFT = "left"


POLLED = (Standing.TRIAL.value, Standing.FOLLOWED.value, Standing.AWAITED.value)
FINDERS = sources.alias("finders")
# Which configured source led to which page.
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


class SourceState(Enum):
    """How following a source goes."""

    NEW = "new"
    OK = "ok"
    BROKEN = "broken"
    HELD = "held"
    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Finding:
    """Which configured source a page was found for, on which page, and how it stands with it.

    `lists` says that the source is a listing.
    """

    source_id: int
    source: str
    found_on: str
    standing: Standing
    lists: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing was when it was last believed: its address, how many blogs of how many cards.

    Blogs that it only seems to list are not counted. `hours` are the times at which its newest
    blogs were found, UTC.
    """

    url: str
    blogs: int
    cards: int
    hours: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A source, or a page that one led to, as the store keeps it.

    All times are UTC, validators byte for byte as received.

    `live` and `ended_at` are of its blog, `closing_at` is when its newest entry said goodbye (None
    where it says nothing of the kind), `rhythm` how often it moves. `next_poll` stands with
    why then (`pace`). `probe` is where the platform's small answer is had, `last_whole` when the
    whole page was last read. `moved_to` was seen `moved_seen` times in a row. `robots` is the
    verdict. `polls` (those that brought nothing new: `unchanged`), `requests` and `received` (bytes
    on the wire) count from the beginning; `delay` is the mean of the last entries' seconds from
    the publisher's time to our feed. `since` is when it was first believed, `listing` what it lists
    if it is no blog. `configured` is False for a page that is followed only because
    others, `findings`, led to it. `older_due` is when the next older page of its blog is due.
    """

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
    live: bool | None = None
    ended_at: datetime | None = None
    closing_at: datetime | None = None
    rhythm: Rhythm | None = None
    pace: str = ""
    probe: str = ""
    last_whole: datetime | None = None
    moved_to: str = ""
    moved_seen: int = 0
    robots: str = ""
    polls: int = 0
    unchanged: int = 0
    requests: int = 0
    received: int = 0
    delay: float | None = None
    since: datetime | None = None
    listing: Listing | None = None
    older_due: datetime | None = None
    configured: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def finders(self) -> Mapping[str, int]:
        """The configured sources that this page is followed for: their ids by their addresses."""
        own = {self.url: self.id} if self.configured else {}
        return own | {one.source: one.source_id for one in self.standing(Standing.FOLLOWED)}

    @property
    def on_trial(self) -> bool:
        """Whether this page is only read to see whether it belongs to a source."""
        return not self.finders and bool(self.standing(Standing.TRIAL))

    def standing(self, standing: Standing) -> tuple[Finding, ...]:
        """Give the findings that stand so."""
        return tuple(finding for finding in self.findings if finding.standing is standing)


_PAUSED = sources.c.state == literal_column("'paused'")
_UNWRITTEN = {"id", "url", "state", "reason", "older_due", "configured", "findings"}
_WRITTEN = tuple(name for name in Source.__slots__ if name not in _UNWRITTEN)
# What a person paused while it was being polled stays paused.
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
_SAID_OF_MANY = ("reason", "kind", "platform", "pace", "robots")  # held once, not once a source


def follow_sources(connection: Connection, urls: Iterable[str]) -> None:
    """Keep the configured sources; those no longer configured stay kept, but are not polled."""
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
    """Write when sources, by their ids, are due; those that a person paused are left alone."""
    _PUT_OFF.write(connection, [(due, source_id) for source_id, due in until.items()])


def put_forward(connection: Connection, cut_off: Iterable[Source], soon: datetime) -> None:
    """Write that sources are due `soon` whose polls, begun as they stand here, came to no end.

    A poll that was kept all the same, and a source that a person paused, are left alone.
    """
    _PUT_FORWARD.write(connection, [(soon, one.id, one.polls) for one in cut_off])


def due_at(source: Source, now: datetime) -> datetime | None:
    """Tell when a source is to be asked: at once if it never was, never if paused or gone.

    An older page of its blog may be due before the newest is. Where our clock went back behind the
    last poll, the interval counts from now; one that was asked and never answered waits no longer
    than `FIRST`.
    """
    if source.state in {SourceState.PAUSED, SourceState.GONE}:
        return None
    if source.next_poll is None:
        return now
    if source.last_poll is None:
        return min(source.next_poll, now + FIRST)
    if source.last_poll > now:
        return now + (source.next_poll - source.last_poll)
    if source.older_due is None or source.state is not SourceState.OK:
        return source.next_poll
    return min(source.next_poll, source.older_due)


def walked(
    connection: Connection,
    source_id: int,
    due: datetime | None,
    *,
    requests: int = 0,
    received: int = 0,
) -> None:
    """Keep when the next older page of a source's blog is due, and what this one took."""
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
    """Return all that is polled: the configured sources, and the pages that they led to."""
    findings = defaultdict[int, list[Finding]](list)
    for row in connection.execute(FOUND):
        standing = Standing(row.standing)
        findings[row.page_id].append(Finding(row.id, row.url, row.found_on, standing, row.lists))
    wanted = sources.c.followed | sources.c.id.in_(FOUND.with_only_columns(found_pages.c.page_id))
    rows = select(sources).where(wanted).order_by(sources.c.id)
    return [_read(row, findings) for row in connection.execute(rows)]


def polled_at(connection: Connection, url: str) -> Source | None:
    """Return the source or page that is polled at an address, None where none is."""
    return next((source for source in followed(connection) if source.url == url), None)


def blogs_of(connection: Connection, source_id: int) -> list[str]:
    """Return the URLs of a source's blogs, the newest first."""
    return list(connection.scalars(_BLOGS_OF, {"source": source_id}))


def record(connection: Connection, before: Source, after: Source, topics: Sequence[str]) -> None:
    """Write what a poll made of a source, and log that it broke or recovered.

    Of a page that is followed for no source yet, nothing is told.
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
