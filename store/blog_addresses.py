"""Which blog stands at an address: now, or before it moved."""

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
    """Return the id of the blog at `url`, also under an address that it had before."""
    return connection.scalar(_BLOG_AT, {"at": address_of(url)})


def find_moved(
    connection: Connection, blocks: Mapping[str, datetime | None], host: str
) -> str | None:
    """Return the URL of the blog on `host` that holds most of `blocks`, if one holds any.

    `blocks` maps block ids to when they were published. A blog that moved shares known blocks
    with its new address; an id alone is none, for some publishers number them from 1 in each blog.
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
    """Let the blog be found under one more address."""
    if find_blog(connection, url) is None:
        connection.execute(_NEW_ALIAS, {"address": address_of(url), "blog_id": blog_id})


def _chunks(values: Sequence[_T], size: int = 500) -> Iterable[Sequence[_T]]:
    return (values[start : start + size] for start in range(0, len(values), size))
