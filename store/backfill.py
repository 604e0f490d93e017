"""How far back the blogs of sources have been read, and continuing that by hand."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from store.by_hand import move
from store.coverage import Coverage, hasten
from store.rows import read_coverage
from store.schema import blogs, entries, source_blogs, sources


@dataclass(frozen=True, slots=True)
class Reach:
    """One blog of a source: how many entries it has, and how much of it was read."""

    source_id: int
    blog_id: int
    url: str
    title: str
    entries: int
    coverage: Coverage


def reaches(connection: Connection, source_ids: Collection[int]) -> list[Reach]:
    """Return the blogs of the sources with these ids, the newest first."""
    counted = (
        select(source_blogs.c.source_id, blogs, func.count(entries.c.number).label("counted"))
        .join(blogs, blogs.c.id == source_blogs.c.blog_id)
        .join(entries, entries.c.blog_id == blogs.c.id, isouter=True)
        .where(source_blogs.c.source_id.in_(source_ids))
        .group_by(source_blogs.c.source_id, blogs.c.id)
        .order_by(blogs.c.first_seen.desc(), blogs.c.id.desc())
    )
    return [
        Reach(row.source_id, row.id, row.url, row.title, row.counted, read_coverage(row.coverage))
        for row in connection.execute(counted)
    ]


def walk_again(connection: Connection, reach: Reach, now: datetime) -> bool:
    """Make a blog's older pages due at once, its holes too; return False if nothing is missing.

    Where no address of an older page is known, the source's page is made due, to find one.
    """
    if reach.coverage.complete:
        return False
    coverage = hasten(reach.coverage, now)
    anew = coverage.due is None
    connection.execute(
        update(blogs)
        .where(blogs.c.id == reach.blog_id)
        .values(coverage=replace(coverage, renew=anew), version=blogs.c.version + 1)
    )
    again = {"etag": "", "last_modified": "", "body_hash": "", "next_poll": sources.c.not_before}
    connection.execute(
        update(sources)
        .where(sources.c.id == reach.source_id)
        .values(older_due=coverage.due, **(again if anew else {}))
    )
    move(connection)
    return True
