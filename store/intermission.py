"""Whether a topic is between two live blogs, since when, and where the next one is awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from store.decision.history import BlogState
from store.pages import blogs_of_sources
from store.schema import blogs, found_pages, sources
from store.source import Standing

_CHOSEN = sources.c.url.in_(bindparam("followed", expanding=True))
_IDS = select(sources.c.id).where(_CHOSEN)
_STATES = select(blogs.c.state).distinct().where(blogs.c.id.in_(blogs_of_sources(_CHOSEN)))
_PAGES = select(found_pages.c.page_id).where(found_pages.c.source_id.in_(_IDS))
_LAST_END = select(func.max(sources.c.ended_at)).where(
    sources.c.id.in_(_IDS) | sources.c.id.in_(_PAGES)
)
_LISTINGS = (
    select(sources.c.url)
    .where(
        sources.c.listing.is_not(None),
        sources.c.id.in_(_IDS)
        | sources.c.id.in_(_PAGES.where(found_pages.c.standing == Standing.AWAITED.value)),
    )
    .order_by(sources.c.id)
)


@dataclass(frozen=True, slots=True)
class Intermission:
    """The time in which no blog of a topic is live.

    `since` is when the last one ended (UTC; None if none was followed yet), `awaited` the address
    of the listing that is polled for the next one ("" if there is none).
    """

    since: datetime | None
    awaited: str


def intermission(connection: Connection, followed: Sequence[str]) -> Intermission | None:
    """Return the intermission of the sources at these addresses; None while a blog is live.

    Also None if they have no blog and no listing.
    """
    of = {"followed": list(followed)}
    states = set(connection.scalars(_STATES, of))
    if states - {BlogState.ENDED.value}:
        return None
    awaited = connection.scalars(_LISTINGS, of).first() or ""
    if not states:
        return Intermission(None, awaited) if awaited else None
    return Intermission(connection.scalar(_LAST_END, of), awaited)
