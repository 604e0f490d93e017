"""Finding a blog by its address, also by one from before it moved."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select

from store.decision.identity import address_of
from store.schema import blog_aliases, blogs, entries

_T = TypeVar("_T")
_BLOG_AT = select(blog_aliases.c.blog_id).where(blog_aliases.c.address == bindparam("at"))
_NEW_ALIAS = insert(blog_aliases)


def find_blog(connection: Connection, url: str) -> int | None:
    """Return the id of the blog at `url`, or that was there before it moved; None if none was."""
    return connection.scalar(_BLOG_AT, {"at": address_of(url)})


def find_moved(
    connection: Connection, blocks: Mapping[str, datetime | None], host: str
) -> str | None:
    """Return the URL of the blog on `host` that has most of `blocks`; None if no blog has any.

    `blocks` maps block ids to when they were published (UTC). Both must be equal, for some
    publishers number blocks from 1 in each blog. So a blog is found that moved to a new address.
    """
    held: dict[str, int] = defaultdict(int)
    for chunk in _chunks([*blocks]):
        for url, block_id, published in connection.execute(
            select(blogs.c.url, entries.c.block_id, entries.c.published)
            .join(entries, entries.c.blog_id == blogs.c.id)
            .where(entries.c.block_id.in_(chunk))
        ):
            same = blocks[block_id] == published
            if same and address_of(url).partition("/")[0] == host:
                held[url] += 1
    return max(held, key=lambda url: held[url], default=None)


def add_alias(connection: Connection, blog_id: int, url: str) -> None:
    """Add an address under which the blog is found, unless a blog has it already."""
    if find_blog(connection, url) is None:
        connection.execute(_NEW_ALIAS, {"address": address_of(url), "blog_id": blog_id})


def _chunks(values: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    return (values[start : start + size] for start in range(0, len(values), size))
