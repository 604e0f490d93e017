"""The state of every configured source, combined with its pages, for status displays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from store.coverage import describe
from store.rows import read_coverage
from store.schema import blogs, entries, found_pages, source_blogs
from store.source import Source, SourceState, Standing
from store.sources import followed

_UNPOLLED = {SourceState.PAUSED, SourceState.GONE}
# Most urgent first. GONE is missing: a page that is gone does not affect its source's state.
_CONCERNS = (SourceState.BROKEN, SourceState.HELD)


@dataclass(frozen=True, slots=True)
class FollowedBlog:
    """A blog of a source, for status displays.

    `following` is the state of its page ("left" once that is no longer polled), and `reason` why.
    `history` says whether the blog was read completely, or which hours are missing; "" if unknown.
    """

    url: str
    title: str
    state: str
    entries: int
    following: str = ""
    reason: str = ""
    history: str = ""


@dataclass(frozen=True, slots=True)
class FollowedSource:
    """A configured source, combined with its pages, and its blogs, the newest first."""

    source: Source
    blogs: tuple[FollowedBlog, ...] = field(default=())


def survey(connection: Connection) -> list[FollowedSource]:
    """Return the configured sources, combined with their pages, and their blogs."""
    polled = {source.id: source for source in followed(connection)}
    pages = _pages(connection)
    blogs_at = _blogs(connection)
    return [
        FollowedSource(
            _warned(taken_as_one(source, _polled_for(source, polled, pages[source.id])), polled),
            _told(blogs_at, (source.id, *pages[source.id]), polled),
        )
        for source in polled.values()
        if source.configured
    ]


def taken_as_one(source: Source, pages: Sequence[Source]) -> Source:
    """Return a source combined with the pages that it led to: worst state, latest times, sums.

    The source's own state goes first where it is not `new` or `ok`.
    """
    if not pages:
        return source
    everyone = (source, *pages)
    state, reason = _worst(source, pages)
    soonest = _soonest(everyone)
    delays = [one.delay for one in everyone if one.delay is not None]
    return replace(
        source,
        state=state,
        reason=reason,
        last_poll=_latest(one.last_poll for one in everyone),
        last_change=_latest(one.last_change for one in everyone),
        next_poll=soonest.next_poll if soonest else None,
        pace=soonest.pace if soonest else "",
        warnings=tuple(dict.fromkeys(said for one in everyone for said in one.warnings)),
        polls=sum(one.polls for one in everyone),
        unchanged=sum(one.unchanged for one in everyone),
        requests=sum(one.requests for one in everyone),
        received=sum(one.received for one in everyone),
        delay=sum(delays) / len(delays) if delays else None,
    )


def _warned(source: Source, polled: Mapping[int, Source]) -> Source:
    """Add a warning for each broken listing on which the next blog of a source is awaited."""
    said = tuple(
        f"{page.url}, where the next live blog is awaited, cannot be read: {page.reason}"
        for page in polled.values()
        if page.state is SourceState.BROKEN
        for finding in page.standing(Standing.AWAITED)
        if finding.source_id == source.id
    )
    return replace(source, warnings=(*source.warnings, *said)) if said else source


def _worst(source: Source, pages: Sequence[Source]) -> tuple[SourceState, str]:
    if source.state is not SourceState.NEW and source.state is not SourceState.OK:
        return source.state, source.reason
    for concern in _CONCERNS:
        ailing = [page for page in pages if page.state is concern]
        if ailing:
            others = f" (and {len(ailing) - 1} more)" if len(ailing) > 1 else ""
            return concern, f"{ailing[0].url}: {ailing[0].reason}{others}"
    return source.state, source.reason


def _soonest(everyone: Sequence[Source]) -> Source | None:
    due = [
        (one.next_poll, one.id, one)
        for one in everyone
        if one.next_poll is not None and one.state not in _UNPOLLED
    ]
    return min(due)[-1] if due else None


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max(filter(None, times), default=None)


def _polled_for(source: Source, polled: Mapping[int, Source], pages: Sequence[int]) -> list[Source]:
    return [
        page
        for page in (polled[one] for one in pages if one in polled)
        if source.url in page.finders
    ]


def _pages(connection: Connection) -> Mapping[int, list[int]]:
    """Return the ids of the pages followed or left of each source, by source id, newest first."""
    belonging = (Standing.FOLLOWED.value, Standing.LEFT.value)
    pages = defaultdict[int, list[int]](list)
    for row in connection.execute(
        select(found_pages.c.source_id, found_pages.c.page_id)
        .where(found_pages.c.standing.in_(belonging))
        .order_by(found_pages.c.found_at.desc(), found_pages.c.page_id.desc())
    ):
        pages[row.source_id].append(row.page_id)
    return pages


def _blogs(connection: Connection) -> Mapping[int, list[tuple[datetime, FollowedBlog]]]:
    """Return the blogs of each page or source, by its id, with the time each was first seen."""
    # Counted in the index of blocks, where a join would read every entry.
    count = select(func.count()).where(entries.c.blog_id == blogs.c.id).scalar_subquery()
    counted = select(source_blogs.c.source_id, blogs, count.label("counted")).join(
        blogs, blogs.c.id == source_blogs.c.blog_id
    )
    at = defaultdict[int, list[tuple[datetime, FollowedBlog]]](list)
    for row in connection.execute(counted):
        history = describe(read_coverage(row.coverage))
        blog = FollowedBlog(row.url, row.title, row.state, row.counted, history=history)
        at[row.source_id].append((row.first_seen, blog))
    return at


def _told(
    blogs_at: Mapping[int, Sequence[tuple[datetime, FollowedBlog]]],
    pages: Sequence[int],
    polled: Mapping[int, Source],
) -> tuple[FollowedBlog, ...]:
    """Return the blogs of these pages, each once, the newest first, with the state of its page."""
    told: dict[str, tuple[datetime, FollowedBlog]] = {}
    for page in pages:
        at = polled.get(page)
        following, reason = (at.state.value, at.reason) if at else (Standing.LEFT.value, "")
        for first_seen, blog in blogs_at.get(page, ()):
            said = replace(blog, following=following, reason=reason)
            told.setdefault(blog.url, (first_seen, said))
    newest_first = sorted(told.values(), key=lambda one: (one[0], one[1].url), reverse=True)
    return tuple(blog for _, blog in newest_first)
