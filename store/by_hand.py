"""What a person does to a source: pause it, resume it, have it polled at once.

The polling process reads its sources again when `revision` moves.
"""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from store.blog_addresses import find_blog
from store.errors import UnknownError
from store.schema import blogs, found_pages, source_blogs, sources, store_facts
from store.source import SourceState
from store.sources import FINDERS, FOUND

_REVISION = "sources_revision"


def revision(connection: Connection) -> int:
    """Return a number that grows whenever the polling process must read its sources again."""
    told = connection.scalar(select(store_facts.c.value).where(store_facts.c.name == _REVISION))
    return int(told or 0)


def pause(connection: Connection, url: str) -> None:
    """Stop polling a source until it is resumed. Raises UnknownError if it is not followed."""
    _turn_by_hand(connection, url, state=SourceState.PAUSED.value, reason="paused by hand")


def resume(connection: Connection, url: str) -> None:
    """Have a source polled at once, whether it was paused, gone, or waits after failures.

    A Retry-After still holds. Raises UnknownError if the source is not followed.
    """
    _turn_by_hand(
        connection,
        url,
        state=SourceState.NEW.value,
        reason="",
        failures=0,
        next_poll=sources.c.not_before,
    )


def held_blogs(connection: Connection, url: str) -> list[str]:
    """Return the URLs of the held blogs of a source and its pages (a person must confirm)."""
    source = select(sources.c.id).where(sources.c.url == url).scalar_subquery()
    pages = select(found_pages.c.page_id).where(found_pages.c.source_id == source)
    of_source = select(source_blogs.c.blog_id).where(
        (source_blogs.c.source_id == source) | source_blogs.c.source_id.in_(pages)
    )
    query = select(blogs.c.url).where(blogs.c.held, blogs.c.id.in_(of_source))
    return list(connection.scalars(query))


def confirm(connection: Connection, url: str) -> None:
    """Allow the next poll to retract the entries that are absent from a held blog's page.

    Raises UnknownError if the store has no blog at `url`.
    """
    blog_id = find_blog(connection, url)
    if blog_id is None:
        raise UnknownError(f"no blog is kept at {url}; keywire sources lists those that are")
    connection.execute(
        update(blogs)
        .where(blogs.c.id == blog_id)
        .values(confirmed=True, version=blogs.c.version + 1)
    )


def hasten(connection: Connection, blog_url: str) -> None:
    """Have the sources of a blog polled at once, after a person decided something about it."""
    of_blog = (
        select(source_blogs.c.source_id)
        .join(blogs, blogs.c.id == source_blogs.c.blog_id)
        .where(blogs.c.url == blog_url)
    )
    connection.execute(
        update(sources).where(sources.c.id.in_(of_blog)).values(next_poll=sources.c.not_before)
    )
    move(connection)


def _turn_by_hand(connection: Connection, url: str, **values: Any) -> None:  # noqa: ANN401 - columns
    """Set columns of a source and its pages, except pages that another active source follows."""
    found = sources.c.url == url, sources.c.followed
    source = connection.scalar(select(sources.c.id).where(*found))
    if source is None:
        raise UnknownError(f"no source {url} is followed; keywire sources lists them")
    shared = FOUND.with_only_columns(found_pages.c.page_id).where(
        FINDERS.c.id != source, FINDERS.c.state != SourceState.PAUSED.value
    )
    alone = select(found_pages.c.page_id).where(
        found_pages.c.source_id == source,
        found_pages.c.page_id.not_in(shared.order_by(None)),
    )
    pages = sources.c.id.in_(alone) & ~sources.c.followed
    connection.execute(update(sources).where((sources.c.id == source) | pages).values(**values))
    move(connection)


def move(connection: Connection) -> None:
    """Raise `revision`, so that the polling process reads its sources again."""
    moved = revision(connection) + 1
    changed = connection.execute(
        update(store_facts).where(store_facts.c.name == _REVISION).values(value=str(moved))
    )
    if changed.rowcount == 0:
        connection.execute(insert(store_facts).values(name=_REVISION, value=str(moved)))
