"""Kept pages, as they were fetched: each distinct body once, and a row for each fetch.

A body is kept as the difference from an earlier one of its page, its base, which is kept whole: a
live blog's page differs from poll to poll in a few entries only.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
)

from store.archive.delta import compress, expand
from store.archive.responses import FetchedPage, KeptPage
from store.errors import ConflictError, DatabaseError
from store.number_lists import Given
from store.schema import entries, joined, page_bodies, page_fetches, source_blogs

_WORTH: Final = 3  # times smaller than its base a delta must be, else the body is kept whole
_CHUNK: Final = 100
_OF_SOURCES = page_fetches.c.source_id.op("IN")(Given("sources"))


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A response ready to be kept; `packed` is None if its body is kept already.

    `base` is the hash of the body that `packed` is the difference from, None for a whole body.
    """

    page: FetchedPage
    sha256: str
    base: str | None = None
    packed: bytes | None = field(default=None, repr=False)


def pack(connection: Connection, page: FetchedPage) -> PackedPage | None:
    """Return a response ready to be kept; None if the last kept one of its address is the same.

    It only reads, so that it can be done before the transaction that writes.
    """
    sha256 = hashlib.sha256(page.body).hexdigest()
    newest = connection.scalar(
        select(page_fetches.c.sha256)
        .where(page_fetches.c.url == page.url)
        .order_by(page_fetches.c.id.desc())
        .limit(1)
    )
    if newest == sha256:
        return None
    if _has_body(connection, sha256):
        return PackedPage(page, sha256)
    if newest is not None:
        base, whole, size = _base_of(connection, newest)
        packed = compress(page.body, whole)
        if len(packed) * _WORTH <= size:
            return PackedPage(page, sha256, base, packed)
    return PackedPage(page, sha256, packed=compress(page.body))


def is_kept(connection: Connection, page: FetchedPage) -> bool:
    """Return whether a response with this body, address and time is kept."""
    sha256 = hashlib.sha256(page.body).hexdigest()
    this = select(page_fetches.c.id).where(
        page_fetches.c.sha256 == sha256,
        page_fetches.c.url == page.url,
        page_fetches.c.fetched_at == page.fetched_at,
    )
    return connection.scalar(this.limit(1)) is not None


def keep(connection: Connection, packed: PackedPage, source_id: int) -> None:
    """Write a response to a poll of a source.

    Nothing is written for a blog that has a forgotten entry: its page may still show it. Raises
    ConflictError if the body that it was packed against was deleted meanwhile.
    """
    page = packed.page
    if _may_show_forgotten(connection, source_id):
        return
    if not _has_body(connection, packed.sha256):
        lost = packed.base is not None and not _has_body(connection, packed.base)
        if lost or packed.packed is None:
            raise ConflictError(f"pages of {page.url} were taken away while one was to be kept")
        connection.execute(
            insert(page_bodies).values(
                sha256=packed.sha256,
                size=len(page.body),
                base=packed.base,
                packed=packed.packed,
            )
        )
    connection.execute(
        insert(page_fetches).values(
            source_id=source_id,
            url=page.url,
            asked=page.asked,
            fetched_at=page.fetched_at,
            status=page.status,
            headers=dict(page.headers),
            sha256=packed.sha256,
        )
    )


def _may_show_forgotten(connection: Connection, source_id: int) -> bool:
    found = (
        select(entries.c.number)
        .join(source_blogs, source_blogs.c.blog_id == entries.c.blog_id)
        .where(source_blogs.c.source_id == source_id, entries.c.forgotten.is_not(None))
    )
    return connection.scalar(found.limit(1)) is not None


def _has_body(connection: Connection, sha256: str) -> bool:
    found = select(page_bodies.c.sha256).where(page_bodies.c.sha256 == sha256)
    return connection.scalar(found) is not None


def _base_of(connection: Connection, sha256: str) -> tuple[str, bytes, int]:
    """Return the base of a body, or the body itself if kept whole: hash, bytes, size packed."""
    row = _row(connection, sha256)
    row = row if row.base is None else _row(connection, row.base)
    return row.sha256, _whole(row, b""), len(row.packed)


def _row(connection: Connection, sha256: str) -> Row[Any]:
    return connection.execute(select(page_bodies).where(page_bodies.c.sha256 == sha256)).one()


def _whole(row: Row[Any], base: bytes) -> bytes:
    """Return a body unpacked; raise DatabaseError if it is damaged."""
    try:
        body = expand(row.packed, base, size=row.size)
    except ValueError as error:
        raise DatabaseError(f"the kept page {row.sha256} is damaged: {error}") from error
    if hashlib.sha256(body).hexdigest() != row.sha256:
        raise DatabaseError(f"the kept page {row.sha256} is damaged: it is not what was kept")
    return body


# --- reading ------------------------------------------------------------------------------------


class Bodies:
    """Reads kept bodies by hash, and caches the base that was unpacked last."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._base: tuple[str, bytes] = ("", b"")

    def read(self, sha256: str) -> bytes:
        """Return a body. Raises DatabaseError if it is damaged."""
        row = _row(self._connection, sha256)
        if row.base is None:
            return _whole(row, b"")
        if self._base[0] != row.base:
            self._base = row.base, _whole(_row(self._connection, row.base), b"")
        return _whole(row, self._base[1])


def pages_of_topic(
    connection: Connection,
    topic: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[KeptPage]:
    """Yield the kept pages of the blogs of a topic's entries, with the API answers beside them.

    Those fetched from `since` to before `until` (UTC), oldest first, read a chunk at a time.
    """
    bodies, last = Bodies(connection), None
    within = {"sources": _sources_of(connection, topic)}
    in_time = page_fetches.c.fetched_at, page_fetches.c.id
    while rows := connection.execute(
        _between(select(page_fetches), since, until)
        .where(_OF_SOURCES, *(() if last is None else (_after(last),)))
        .order_by(*in_time)
        .limit(_CHUNK),
        within,
    ).all():
        last = rows[-1]
        yield from (_read(row, bodies) for row in rows)


def _after(last: Row[Any]) -> ColumnElement[bool]:
    at, number = page_fetches.c.fetched_at, page_fetches.c.id
    return or_(at > last.fetched_at, and_(at == last.fetched_at, number > last.id))


def count_pages(
    connection: Connection,
    topic: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Return the number of pages that `pages_of_topic` yields."""
    counted = select(func.count()).select_from(page_fetches)
    within = {"sources": _sources_of(connection, topic)}
    return connection.scalar(_between(counted, since, until).where(_OF_SOURCES), within) or 0


def _sources_of(connection: Connection, topic: str) -> Sequence[int]:
    """Return the ids of the sources of a topic's entries' blogs; slow, for it reads all entries."""
    shown = (
        select(entries.c.blog_id)
        .join(joined, joined.c.number == entries.c.number)
        .where(joined.c.topic == topic)
    )
    found = select(source_blogs.c.source_id).where(source_blogs.c.blog_id.in_(shown)).distinct()
    return connection.scalars(found).all()


def _between(query: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        query = query.where(page_fetches.c.fetched_at >= since)
    if until is not None:
        query = query.where(page_fetches.c.fetched_at < until)
    return query


def _read(row: Row[Any], bodies: Bodies) -> KeptPage:
    page = FetchedPage(
        url=row.url,
        body=bodies.read(row.sha256),
        fetched_at=row.fetched_at,
        asked=row.asked,
        status=row.status,
        headers=row.headers,
    )
    return KeptPage(page, row.sha256)


# --- deleting -----------------------------------------------------------------------------------


def drop(connection: Connection, blog_id: int, since: datetime) -> int:
    """Delete the pages of a blog that were fetched from `since` (UTC) on; return how many.

    All fetches with the same bodies go too, whatever their address: any of them may have the
    content of an entry that is to be forgotten.
    """
    of_blog = select(source_blogs.c.source_id).where(source_blogs.c.blog_id == blog_id)
    told = connection.scalars(
        select(page_fetches.c.sha256)
        .distinct()
        .where(page_fetches.c.source_id.in_(of_blog), page_fetches.c.fetched_at >= since)
    ).all()
    gone = 0
    for start in range(0, len(told), _CHUNK):
        gone += _drop_bodies(connection, told[start : start + _CHUNK])
    return gone


def _drop_bodies(connection: Connection, hashes: Sequence[str]) -> int:
    """Delete bodies, those packed against them, and all their fetches; return how many fetches."""
    against = connection.scalars(
        select(page_bodies.c.sha256).where(page_bodies.c.base.in_(hashes))
    ).all()
    every = {*hashes, *against}
    gone = connection.execute(delete(page_fetches).where(page_fetches.c.sha256.in_(every)))
    connection.execute(delete(page_bodies).where(page_bodies.c.base.in_(hashes)))
    connection.execute(delete(page_bodies).where(page_bodies.c.sha256.in_(hashes)))
    return gone.rowcount
