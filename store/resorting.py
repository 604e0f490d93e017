"""Bringing the stored topics in line with the configuration: renamed, dropped, sorted anew.

Sorting anew goes batch by batch, each in a transaction of its own, and resumes where it was
stopped. It alerts nobody: it writes no changes to the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from store.entry import StoredEntry
from store.pages import blogs_of_sources
from store.rows import ENTRY_COLUMNS, read_entry
from store.schema import (
    archived_entries,
    archives,
    blogs,
    change_topics,
    entries,
    joined,
    revisions,
    selections,
    sources,
    topic_aliases,
    topics,
)
from store.sorting import Joining, Sorted, lock, stamp, touch
from store.topics import Content, Selection, TopicRule, selections_of, takes

BATCH = 500
# An entry whose content was pruned has no revision left, and no words that a rule could match.
_SAYS_SOMETHING = or_(
    entries.c.forgotten.is_not(None),
    select(revisions.c.number).where(revisions.c.number == entries.c.number).exists(),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far sorting a topic anew has come: `done` of `of` entries are sorted."""

    topic: str
    done: int
    of: int
    finished: bool


def follow_topics(connection: Connection, rules: Sequence[TopicRule], now: datetime) -> None:
    """Write the configured topics, mark those to be sorted anew, and unfollow all others."""
    for rule in rules:
        for old in rule.was:
            _rename(connection, old, rule.name)
        _keep(connection, rule, now)
    names = [rule.name for rule in rules]
    connection.execute(update(topics).where(topics.c.name.not_in(names)).values(followed=False))


def sort_anew(connection: Connection, names: Sequence[str]) -> None:
    """Mark topics to be sorted anew, for they now follow blogs that already have entries."""
    connection.execute(update(topics).where(topics.c.name.in_(names)).values(sorted_to=0))


def pending(connection: Connection, rules: Sequence[TopicRule]) -> list[TopicRule]:
    """Return those of `rules` whose topics are marked to be sorted anew."""
    unsorted = set(
        connection.scalars(
            select(topics.c.name).where(topics.c.followed, topics.c.sorted_to.is_not(None))
        )
    )
    return [rule for rule in rules if rule.name in unsorted]


def sort_batch(connection: Connection, rule: TopicRule, now: datetime) -> Progress:
    """Sort the next batch of entries by a topic's rule: add those it takes, remove the others."""
    after = connection.scalar(select(topics.c.sorted_to).where(topics.c.name == rule.name)) or 0
    concerned = _concerned(rule)
    batch = [
        read_entry(row)
        for row in connection.execute(
            select(*ENTRY_COLUMNS)
            .join(blogs)
            .where(concerned, entries.c.number > after, _SAYS_SOMETHING)
            .order_by(entries.c.number)
            .limit(BATCH)
        )
    ]
    last = batch[-1].number if batch else after
    _sort(connection, rule, batch, now)
    finished = len(batch) < BATCH
    connection.execute(
        update(topics)
        .where(topics.c.name == rule.name)
        .values(sorted_to=None if finished else last)
    )
    count = select(func.count()).select_from(entries).where(concerned)
    return Progress(
        topic=rule.name,
        done=connection.scalar(count.where(entries.c.number <= last)) or 0,
        of=connection.scalar(count) or 0,
        finished=finished,
    )


def current_name(connection: Connection, name: str) -> str | None:
    """Return the present name of the topic that was once called `name`; None if none was."""
    query = select(topic_aliases.c.topic).where(topic_aliases.c.name == name)
    return connection.scalar(query)


def _concerned(rule: TopicRule):  # type: ignore[no-untyped-def] # noqa: ANN202 - a condition
    """Return the SQL condition for entries that are in a topic, or in a blog that it follows."""
    followed = blogs_of_sources(sources.c.url.in_(rule.follow))
    held = select(joined.c.number).where(joined.c.topic == rule.name)
    return entries.c.blog_id.in_(followed) | entries.c.number.in_(held)


def _sort(
    connection: Connection, rule: TopicRule, batch: Sequence[StoredEntry], now: datetime
) -> None:
    if not batch:
        return
    lock(connection, rule.name)
    within = joined.c.number.between(batch[0].number, batch[-1].number)
    held = {
        (row.number, row.selection)
        for row in connection.execute(select(joined).where(joined.c.topic == rule.name, within))
    }
    followed = set(
        connection.scalars(
            select(blogs.c.url).where(
                blogs.c.id.in_(blogs_of_sources(sources.c.url.in_(rule.follow)))
            )
        )
    )
    stays = {number for number, _ in held}
    taken = [
        one
        for one in batch
        if one.entry.blog in followed
        and (takes(rule.match, one.entry) or (one.forgotten is not None and one.number in stays))
    ]
    leaving = stays - {one.number for one in taken}
    if leaving:
        connection.execute(
            delete(joined).where(joined.c.topic == rule.name, joined.c.number.in_(leaving))
        )
    joins = tuple(
        Joining(rule.name, selection, one, one.entry.published)
        for one in taken
        if one.retracted_at is None or (one.number, Selection.ALL.value) in held
        for selection in selections_of(one.entry)
        if (one.number, selection.value) not in held
    )
    touch(connection, Sorted(joins=joins), {}, now)
    if joins or leaving:
        stamp(connection, rule.name, [*Selection], now)


def _keep(connection: Connection, rule: TopicRule, now: datetime) -> None:
    asked = _as_kept(rule)
    known = connection.execute(select(topics).where(topics.c.name == rule.name)).first()
    if known is None:
        connection.execute(
            insert(topics).values(
                name=rule.name,
                title=rule.title,
                born=rule.name,
                rule=asked,
                created=now,
                sorted_to=0,
            )
        )
        connection.execute(
            insert(selections),
            [
                {"topic": rule.name, "selection": one.value, "updated": now, "modified": now}
                for one in Selection
            ],
        )
        return
    values: dict[str, object] = {"title": rule.title, "rule": asked, "followed": True}
    if _without_content(known.rule) != _without_content(asked) or not known.followed:
        values["sorted_to"] = 0
    connection.execute(update(topics).where(topics.c.name == rule.name).values(values))
    if known.title != rule.title or known.rule != asked:
        stamp(connection, rule.name, [*Selection], now)


def _as_kept(rule: TopicRule) -> dict[str, object]:
    match = rule.match
    asked: dict[str, object] = {
        "follow": sorted(rule.follow),
        "any": list(match.any),
        "none": list(match.none),
        "key_event": match.key_event,
    }
    return asked if rule.content is Content.FULL else {**asked, "content": rule.content.value}


def _without_content(rule: Mapping[str, object]) -> dict[str, object]:
    """Return the part of a stored rule that decides which entries a topic takes."""
    return {name: value for name, value in rule.items() if name != "content"}


def _rename(connection: Connection, old: str, new: str) -> None:
    """Rename a topic: its feeds go on under the new name, and the old one becomes an alias."""
    names = set(connection.scalars(select(topics.c.name).where(topics.c.name.in_([old, new]))))
    if old not in names or old == new:
        return
    if new not in names:
        row = connection.execute(select(topics).where(topics.c.name == old)).one()
        connection.execute(insert(topics).values({**row._mapping, "name": new}))  # noqa: SLF001 - SQLAlchemy's public name for it
        for table in (selections, joined, change_topics, archives, archived_entries):
            connection.execute(update(table).where(table.c.topic == old).values(topic=new))
        connection.execute(
            update(topic_aliases).where(topic_aliases.c.topic == old).values(topic=new)
        )
        connection.execute(delete(topics).where(topics.c.name == old))
    if current_name(connection, old) is None:
        connection.execute(insert(topic_aliases).values(name=old, topic=new))
