"""Listing the topics, with stamps that show cheaply whether a feed has moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.resorting import current_name
from store.schema import joined, selections, topics
from store.topics import Content, Selection

_STAMPS = select(topics, selections).join(selections, selections.c.topic == topics.c.name)
_RULES = select(topics.c.name, topics.c.rule)
_STAMPS_OF = _STAMPS.where(topics.c.name == bindparam("name"))


@dataclass(frozen=True, slots=True)
class KeptTopic:
    """A topic and its feeds' stamps, all times UTC.

    `followed` is False once the configuration has dropped it, `born` is its first name.
    `versions` count the changes of each feed, `updated` is the newest change of any of them.
    `content` is how much of an entry the feeds give out.
    """

    name: str
    title: str
    born: str
    followed: bool
    created: datetime
    updated: datetime
    versions: Mapping[Selection, int]
    content: Content = Content.FULL


def kept_topic(connection: Connection, name: str) -> KeptTopic | None:
    """Return the topic of that name, followed or not; None if there never was one."""
    rows = connection.execute(_STAMPS_OF, {"name": name}).all()
    return next(iter(_read(rows)), None)


def topic_or_heir(connection: Connection, name: str) -> KeptTopic | None:
    """Return a topic by its name or, if no topic has it, by a name that it had earlier."""
    return kept_topic(connection, name) or (
        kept_topic(connection, heir) if (heir := current_name(connection, name)) else None
    )


def followed_topics(connection: Connection) -> list[KeptTopic]:
    """Return the topics that are followed, sorted by name."""
    rows = connection.execute(_STAMPS.where(topics.c.followed).order_by(topics.c.name)).all()
    return _read(rows)


def newest_entries(connection: Connection, names: Iterable[str], limit: int) -> list[StoredEntry]:
    """Return the `limit` last joined entries of these topics, the last published first."""
    chosen: set[tuple[datetime, int, int]] = set()
    for name in names:
        query = (
            select(joined.c.joined_at, joined.c.joined_seq, joined.c.number)
            .where(joined.c.topic == name, joined.c.selection == Selection.ALL.value)
            .order_by(joined.c.joined_at.desc(), joined.c.joined_seq.desc())
            .limit(limit)
        )
        chosen.update((at, seq, number) for at, seq, number in connection.execute(query))
    numbers = dict.fromkeys(number for *_, number in sorted(chosen, reverse=True))
    found = entries_of(connection, list(numbers)[:limit])
    return sorted(found, key=lambda stored: (stored.entry.published, stored.number), reverse=True)


def contents(connection: Connection) -> dict[str, Content]:
    """Return how much of an entry each topic gives out, by topic name."""
    return {name: read_content(rule) for name, rule in connection.execute(_RULES)}


def read_content(rule: Mapping[str, Any]) -> Content:
    """Return how much of an entry a topic gives out; `rule` is its rule as stored."""
    return Content(rule.get("content", Content.FULL.value))


def _read(rows: Sequence[Row[Any]]) -> list[KeptTopic]:
    by_name: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    return [
        KeptTopic(
            name=name,
            title=stamps[0].title,
            born=stamps[0].born,
            followed=stamps[0].followed,
            created=stamps[0].created,
            updated=max(row.updated for row in stamps),
            versions={Selection(row.selection): row.version for row in stamps},
            content=read_content(stamps[0].rule),
        )
        for name, stamps in by_name.items()
    ]
