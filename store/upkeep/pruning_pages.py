"""Pruning kept pages that are older than all entries that their topics still have.

A page stays as long as any topic that follows its source has an entry as old as the page, or keeps
everything, so that the page in which a kept revision was seen is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select

from store.pages import sources_of
from store.schema import joined, page_bodies, page_fetches, sources
from store.topics import Selection, TopicRule


def let_pages_go(connection: Connection, rules: Sequence[TopicRule], most: int) -> int:
    """Delete the next fetches of pages, at most `most`; return how many."""
    gone = 0
    for source_id, before in _bounds(connection, rules).items():
        fetches = select(page_fetches.c.id, page_fetches.c.sha256).where(
            page_fetches.c.source_id == source_id, page_fetches.c.fetched_at < before
        )
        rows = connection.execute(fetches.order_by(page_fetches.c.id).limit(most - gone)).all()
        connection.execute(
            delete(page_fetches).where(page_fetches.c.id.in_([row.id for row in rows]))
        )
        _drop_unused(connection, {row.sha256 for row in rows})
        gone += len(rows)
        if gone == most:
            break
    return gone


def _bounds(connection: Connection, rules: Iterable[TopicRule]) -> Mapping[int, datetime]:
    """Return the time (UTC) before which the pages of each source are deleted, by source id."""
    bounds: dict[int, datetime] = {}
    kept_whole: set[int] = set()
    for rule in rules:
        own = [*connection.scalars(sources_of(sources.c.url.in_(rule.follow)))]
        oldest = _oldest(connection, rule)
        if oldest is None:
            kept_whole |= {*own}
            continue
        for source_id in own:
            bounds[source_id] = min(oldest, bounds.get(source_id, oldest))
    return {one: before for one, before in bounds.items() if one not in kept_whole}


def _oldest(connection: Connection, rule: TopicRule) -> datetime | None:
    """Return when the oldest entry in a topic joined it (UTC); None if it prunes no entries."""
    if rule.retain.days is None and rule.retain.count is None:
        return None
    here = joined.c.topic == rule.name, joined.c.selection == Selection.ALL.value
    oldest: datetime | None = connection.scalar(select(func.min(joined.c.joined_at)).where(*here))
    return oldest


def _drop_unused(connection: Connection, hashes: Iterable[str]) -> None:
    """Delete those of the bodies, and their bases, that no fetch and no other body needs."""
    mine = page_bodies.c.sha256.in_([*hashes])
    bases = {*connection.scalars(select(page_bodies.c.base).where(mine))} - {None}
    packed = page_bodies.alias("packed")
    fetched = select(page_fetches.c.id).where(page_fetches.c.sha256 == page_bodies.c.sha256)
    against = select(packed.c.sha256).where(packed.c.base == page_bodies.c.sha256)
    for some in (mine, or_(mine, page_bodies.c.sha256.in_(bases))):  # what is packed goes first
        connection.execute(delete(page_bodies).where(some, ~fetched.exists(), ~against.exists()))
