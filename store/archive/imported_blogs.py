"""The blogs of imported entries: written, and followed by the topic from then on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from store.archive.archived import Archived
from store.blog_addresses import add_alias, find_blog
from store.decision.history import BlogState
from store.errors import UnknownError
from store.pages import blogs_of_sources, take_up
from store.schema import blogs, source_blogs, topics
from store.schema import sources as source_rows
from store.source import Standing
from store.topics import TopicRule


def keep_blogs(
    connection: Connection, given: Sequence[Archived], topic: str, now: datetime
) -> dict[str, int]:
    """Write the entries' blogs, and make the topic follow them; return their ids by URL."""
    of_blogs: dict[str, list[Archived]] = {}
    for one in given:
        of_blogs.setdefault(one.stored.entry.blog, []).append(one)
    return {url: _keep_blog(connection, url, of, topic, now) for url, of in of_blogs.items()}


def _keep_blog(
    connection: Connection, url: str, given: Sequence[Archived], topic: str, now: datetime
) -> int:
    blog_id = find_blog(connection, url)
    if blog_id is None:
        made = insert(blogs).values(
            url=url,
            title=given[-1].blog_title,
            language=given[-1].stored.entry.language,
            state=BlogState.ENDED.value,
            live=False,
            first_seen=min(one.stored.first_seen for one in given),
            last_seen=max(one.stored.last_seen for one in given),
        )
        blog_id = connection.execute(made.returning(blogs.c.id)).scalar_one()
        add_alias(connection, blog_id, url)
    else:
        moved = blogs.c.version + 1
        connection.execute(update(blogs).where(blogs.c.id == blog_id).values(version=moved))
    _let_follow(connection, topic, blog_id, url, now)
    return blog_id


def page_of(connection: Connection, topic: str, url: str, now: datetime) -> int:
    """Return the id of the source that shows the blog at `url`, and make the topic follow it.

    It is a source of the topic, or a page of one that is not polled. Raises UnknownError if the
    topic has no stored source yet.
    """
    blog_id = find_blog(connection, url)
    if blog_id is not None:
        _let_follow(connection, topic, blog_id, url, now)
        shown = select(source_blogs.c.source_id).where(source_blogs.c.blog_id == blog_id)
        return int(connection.scalars(shown.order_by(source_blogs.c.source_id)).first() or 0)
    page_id = connection.scalar(select(source_rows.c.id).where(source_rows.c.url == url))
    source_id = _first_source(connection, topic)
    if page_id is None:
        take_up(connection, source_id, [url], found_on="", standing=Standing.LEFT, now=now)
        page_id = connection.scalar(select(source_rows.c.id).where(source_rows.c.url == url))
    return int(page_id or source_id)


def followers(connection: Connection, rules: Sequence[TopicRule], url: str) -> frozenset[str]:
    """Return the names of the topics that follow the blog at `url`."""
    blog_id = find_blog(connection, url)
    return frozenset(
        rule.name
        for rule in rules
        if url in rule.follow
        or blog_id in {*connection.scalars(blogs_of_sources(source_rows.c.url.in_(rule.follow)))}
    )


def _let_follow(connection: Connection, topic: str, blog_id: int, url: str, now: datetime) -> None:
    """Make the topic follow a blog: as a page of its first source, with the standing LEFT.

    Otherwise the topic would lose the blog's entries as soon as its rule changes.
    """
    if blog_id in set(connection.scalars(blogs_of_sources(_follow(connection, topic)))):
        return
    source_id = _first_source(connection, topic)
    take_up(connection, source_id, [url], found_on="", standing=Standing.LEFT, now=now)
    page_id = connection.scalar(select(source_rows.c.id).where(source_rows.c.url == url))
    shown = {"source_id": page_id or source_id, "blog_id": blog_id}
    if not connection.scalar(select(func.count()).select_from(source_blogs).filter_by(**shown)):
        connection.execute(insert(source_blogs).values(**shown))


def _follow(connection: Connection, topic: str) -> ColumnElement[bool]:
    rule = connection.execute(select(topics.c.rule).where(topics.c.name == topic)).scalar_one()
    return source_rows.c.url.in_(rule["follow"])


def _first_source(connection: Connection, topic: str) -> int:
    own = select(source_rows.c.id).where(_follow(connection, topic))
    source_id = connection.scalar(own.order_by(source_rows.c.id).limit(1))
    if source_id is None:
        raise UnknownError(f"topic {topic} follows no source yet; run keywire once, then import")
    return int(source_id)
