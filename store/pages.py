"""The pages that a source led to: taken up, tried, refused, and left after their blog's end.

A page has a row in the table `sources`, and is polled like a source; `found_pages` has the
sources that led to it, and its standing with each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from store.by_hand import move
from store.decision.history import BlogState
from store.decision.identity import address_of
from store.schema import blog_aliases, blogs, entries, found_pages, source_blogs, sources
from store.source import Source, Standing
from store.sources import POLLED

NEWEST_PAGES = 14


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that a source led to, of any standing. `live` is False once its blog ended."""

    id: int
    url: str
    standing: Standing
    live: bool | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """The facts of a blog that show whether it continues another one that ended.

    `first` and `last` are when its oldest and newest entries were published (UTC, None without
    entries), `listings` the series that its page names, `keywords` the publisher's own.
    """

    url: str
    title: str
    state: BlogState
    listings: frozenset[str]
    keywords: frozenset[str]
    first: datetime | None
    last: datetime | None


def pages_of(connection: Connection, source_id: int) -> Mapping[str, KeptPage]:
    """Return all pages that a source ever led to, keyed by `address_of` their URLs."""
    rows = connection.execute(
        select(found_pages.c.standing, sources.c.id, sources.c.url, sources.c.live)
        .join(sources, sources.c.id == found_pages.c.page_id)
        .where(found_pages.c.source_id == source_id)
    )
    return {
        address_of(row.url): KeptPage(row.id, row.url, Standing(row.standing), row.live)
        for row in rows
    }


def take_up(
    connection: Connection,
    source_id: int,
    urls: Iterable[str],
    *,
    found_on: str,
    standing: Standing,
    now: datetime,
) -> bool:
    """Give pages a standing with a source, from `now` (UTC) on, also those that were left before.

    Returns whether any of them already shows a blog in the store; the topics of the source must
    then be sorted anew.
    """
    kept = False
    for url in urls:
        page_id = _page_at(connection, url)
        if page_id == source_id:
            continue
        found = {"found_at": now, "found_on": found_on, "standing": standing.value}
        this = found_pages.c.source_id == source_id, found_pages.c.page_id == page_id
        if connection.execute(update(found_pages).where(*this).values(**found)).rowcount == 0:
            key = {"source_id": source_id, "page_id": page_id}
            connection.execute(insert(found_pages).values(**key, **found))
        # A page that was left is due at once, not at its old due time.
        connection.execute(
            update(sources)
            .where(sources.c.id == page_id, sources.c.followed.is_(False))
            .values(next_poll=sources.c.not_before)
        )
        move(connection)
        kept = kept or shows_blog(connection, page_id)
    return kept


def shows_blog(connection: Connection, page_id: int) -> bool:
    """Return whether a live blog was ever read at a page."""
    shown = select(source_blogs.c.blog_id).where(source_blogs.c.source_id == page_id)
    return connection.scalar(shown.limit(1)) is not None


def _page_at(connection: Connection, url: str) -> int:
    """Return the id of the page at `url`, else of one that shows its blog, else of a new one."""
    shown = (
        select(source_blogs.c.source_id)
        .join(blog_aliases, blog_aliases.c.blog_id == source_blogs.c.blog_id)
        .where(blog_aliases.c.address == address_of(url))
        .order_by(source_blogs.c.source_id)
    )
    kept = connection.scalar(select(sources.c.id).where(sources.c.url == url))
    known = kept if kept is not None else connection.scalar(shown.limit(1))
    if known is not None:
        return int(known)
    made = insert(sources).values(url=url, followed=False).returning(sources.c.id)
    return int(connection.execute(made).scalar_one())


def settle(
    connection: Connection, page: Source, standing: Standing, *, of: Sequence[int] = ()
) -> None:
    """Set a polled page's standing with the sources that led to it (all, or the ids `of`)."""
    connection.execute(
        update(found_pages)
        .where(
            found_pages.c.page_id == page.id,
            found_pages.c.standing.in_(POLLED),
            *([found_pages.c.source_id.in_(of)] if of else []),
        )
        .values(standing=standing.value)
    )
    move(connection)


def has_live_blog(connection: Connection, source_id: int) -> bool:
    """Return whether any blog of a source has not ended."""
    ids = blogs_of_sources(sources.c.id == source_id)
    on = select(blogs.c.id).where(blogs.c.id.in_(ids), blogs.c.state != BlogState.ENDED.value)
    return connection.scalar(on.limit(1)) is not None


def found_hours(connection: Connection, source_id: int, since: datetime) -> tuple[datetime, ...]:
    """Return when the newest pages of a source were found after `since` (UTC), newest first.

    `since` excludes the pages that the source led to from the beginning.
    """
    return tuple(
        connection.scalars(
            select(found_pages.c.found_at)
            .where(found_pages.c.source_id == source_id, found_pages.c.found_at > since)
            .order_by(found_pages.c.found_at.desc())
            .limit(NEWEST_PAGES)
        )
    )


def since(connection: Connection, source_id: int) -> datetime | None:
    """Return when a source's page was first believed (UTC), None if it never was."""
    return connection.scalar(select(sources.c.since).where(sources.c.id == source_id))


def belongings(connection: Connection, source_id: int) -> list[Belonging]:
    """Return the newest blogs of a source, at most NEWEST_PAGES, the newest first."""
    rows = connection.execute(
        select(
            blogs.c.url,
            blogs.c.title,
            blogs.c.state,
            blogs.c.listings,
            blogs.c.keywords,
            func.min(entries.c.published).label("first"),
            func.max(entries.c.published).label("last"),
        )
        .join(entries, entries.c.blog_id == blogs.c.id, isouter=True)
        .where(blogs.c.id.in_(_newest_blogs(source_id)))
        .group_by(blogs.c.id)
        .order_by(blogs.c.first_seen.desc(), blogs.c.id.desc())
    )
    return [
        Belonging(
            url=row.url,
            title=row.title,
            state=BlogState(row.state),
            listings=frozenset(map(address_of, row.listings)),
            keywords=frozenset(row.keywords),
            first=row.first,
            last=row.last,
        )
        for row in rows
    ]


def _newest_blogs(source_id: int):  # type: ignore[no-untyped-def] # noqa: ANN202 - a select
    newest = (
        select(blogs.c.id)
        .where(blogs.c.id.in_(blogs_of_sources(sources.c.id == source_id)))
        .order_by(blogs.c.first_seen.desc(), blogs.c.id.desc())
        .limit(NEWEST_PAGES)
    )
    return newest.scalar_subquery()


def blogs_of_sources(condition: ColumnElement[bool]):  # type: ignore[no-untyped-def] # noqa: ANN201 - a select
    """Return a select of the ids of all blogs of the sources that a condition chooses.

    These are the blogs at the sources' own addresses, and on the pages that they led to.
    """
    return select(source_blogs.c.blog_id).where(source_blogs.c.source_id.in_(sources_of(condition)))


def sources_of(condition: ColumnElement[bool]):  # type: ignore[no-untyped-def] # noqa: ANN201 - a select
    """Return a select of the ids of the sources that a condition chooses, and of their pages."""
    chosen = select(sources.c.id).where(condition)
    pages = select(found_pages.c.page_id).where(
        found_pages.c.source_id.in_(chosen),
        found_pages.c.standing.in_((Standing.FOLLOWED.value, Standing.LEFT.value)),
    )
    return chosen.union(pages)
