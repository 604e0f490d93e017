"""The places of entries in a topic's selection, in order: of all entries, or of some blogs'.

Some blogs' entries are found by walking along the topic from the newest place that one can have.
If the first NEAR places do not suffice, and the topic goes on, the blogs' entries are looked up
one by one if they are few; else the walk goes on to FAR places, and at last all of the blogs'
entries are read and ordered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Row,
    Select,
    bindparam,
    func,
    select,
    text,
    tuple_,
)

from store.column_types import UtcTime
from store.number_lists import Given
from store.pages import blogs_of_sources
from store.schema import blogs, entries, joined, sources, topics
from store.topics import Selection

Columns: TypeAlias = Sequence[ColumnElement[Any]]
Conditions: TypeAlias = Sequence[ColumnElement[bool]]

NEAR, FAR = 2_000, 50_000  # places that are walked along for some blogs' entries
FEW = 2_000  # entries of blogs that are looked up one by one, at most
_AHEAD = timedelta(minutes=10)  # more than a believed publisher's clock is ahead of keywire's
_EVERY = 10**9
_PLACE = (joined.c.joined_at, joined.c.joined_seq, joined.c.number)
_HERE = (joined.c.topic == bindparam("of"), joined.c.selection == bindparam("which"))
_AT = bindparam("at", type_=UtcTime)
_BOUND = tuple_(_AT, bindparam("seq"), bindparam("number"))
_OF_BLOGS = entries.c.blog_id.op("IN")(Given("blogs"))
# PostgreSQL would scan all entries, or use another index where the blog is compared by "=". It
# uses the index of blogs and their blocks for a range of blogs in that order.
_THEIRS: Mapping[str, Executable] = {
    "sqlite": select(entries.c.number).where(_OF_BLOGS).limit(bindparam("few")),
    "postgresql": text(
        "SELECT number FROM unnest(CAST(:blogs AS BIGINT[])) AS blog CROSS JOIN LATERAL"
        " (SELECT number FROM entries WHERE blog_id BETWEEN blog AND blog"
        " ORDER BY blog_id, block_id LIMIT :few) AS theirs LIMIT :few"
    ),
}
_LAST_SEEN = select(func.max(blogs.c.last_seen)).where(blogs.c.id.op("IN")(Given("blogs")))
_BLOGS = select(blogs.c.id, blogs.c.url).where(
    blogs.c.id.in_(blogs_of_sources(sources.c.url.in_(bindparam("followed", expanding=True))))
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An entry's place in a selection: when it joined (UTC), the seq of that change, its number."""

    at: datetime
    seq: int
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a topic's entries: those of a selection, and only of `blogs` (ids) if given."""

    topic: str
    selection: Selection = Selection.ALL
    blogs: tuple[int, ...] | None = None


class Way(Enum):
    """Down from the newest place, down from a place, or up from a place, which is not included."""

    NEWEST = "newest"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class _Queries:
    """The queries of one way: for all entries of a selection, and for some blogs'.

    `beyond` finds nothing if a walk has reached the end. `near` walks a number of places, `few`
    looks up entry numbers, `anywhere` reads all of the blogs' entries.
    """

    every: Select[Any]
    beyond: Select[Any]
    near: Select[Any]
    few: Select[Any]
    anywhere: Select[Any]


def _below(at: Columns) -> Conditions:
    return at[0] <= _AT, tuple_(*at) < _BOUND


def _above(at: Columns) -> Conditions:
    return at[0] >= _AT, tuple_(*at) > _BOUND


def _queries(bounds: Callable[[Columns], Conditions], *, up: bool = False) -> _Queries:
    """Return the queries of a way. The first of its bounds is where the walk of an index begins."""

    def in_order(query: Select[Any], at: Columns, most: str) -> Select[Any]:
        order = [column.asc() if up else column.desc() for column in at]
        return query.order_by(*order).limit(bindparam(most))

    every = select(*_PLACE).where(*_HERE, *bounds(_PLACE))
    walked = in_order(every, _PLACE, "walked").subquery()
    near = select(walked).join(entries, entries.c.number == walked.c.number).where(_OF_BLOGS)
    those = joined.c.number.op("IN")(Given("numbers"))
    few = select(*_PLACE).where(*_HERE, those, *bounds(_PLACE))
    # The limit is higher than any count. It, and the bounds outside of the subquery, keep SQLite
    # from walking along the index of the order.
    by_blog = select(entries.c.number).where(_OF_BLOGS)
    theirs = select(*_PLACE).where(*_HERE, joined.c.number.in_(by_blog))
    found = theirs.limit(bindparam("every")).subquery()
    anywhere = select(found).where(*bounds(tuple(found.c)))
    return _Queries(
        in_order(every, _PLACE, "most"),
        in_order(every, _PLACE, "one").offset(bindparam("walked")),
        in_order(near, tuple(walked.c), "most"),
        in_order(few, _PLACE, "most"),
        in_order(anywhere, tuple(found.c), "most"),
    )


_WAYS: Mapping[Way, _Queries] = {
    Way.NEWEST: _queries(lambda _: ()),
    Way.BELOW: _queries(_below),
    Way.ABOVE: _queries(_above, up=True),
}


def find_places(
    connection: Connection, part: Part, most: int, way: Way = Way.NEWEST, bound: Place | None = None
) -> list[Place]:
    """Return the first `most` places of a part on a way that begins at `bound`, in its order."""
    asked: dict[str, object] = {"of": part.topic, "which": part.selection.value, "most": most}
    if part.blogs is not None:
        asked["blogs"] = part.blogs
        way, bound = _from_their_last(connection, part.blogs, way, bound)
    if bound is not None:
        asked |= {"at": bound.at, "seq": bound.seq, "number": bound.number}
    queries = _WAYS[way]
    if part.blogs is None:
        return _read(connection.execute(queries.every, asked).all())
    return _read(_of_blogs(connection, queries, asked, most))


def _from_their_last(
    connection: Connection, of: Sequence[int], way: Way, bound: Place | None
) -> tuple[Way, Place | None]:
    """Return the way down from the newest place that these blogs' entries can have, if lower."""
    if way is Way.ABOVE:
        return way, bound
    last_seen = connection.scalar(_LAST_SEEN, {"blogs": of})
    if last_seen is None or (bound is not None and bound.at <= last_seen + _AHEAD):
        return way, bound
    return Way.BELOW, Place(last_seen + _AHEAD, 0, 0)


def _of_blogs(
    connection: Connection, queries: _Queries, asked: Mapping[str, Any], most: int
) -> Sequence[Row[Any]]:
    near, all_of_it = _walk(connection, queries, {**asked, "walked": NEAR}, most)
    if all_of_it:
        return near
    of = {"blogs": [*asked["blogs"]], "few": FEW + 1}
    theirs = connection.execute(_THEIRS[connection.dialect.name], of).scalars().all()
    if len(theirs) <= FEW:
        return connection.execute(queries.few, {**asked, "numbers": theirs}).all()
    far, all_of_it = _walk(connection, queries, {**asked, "walked": FAR}, most)
    if all_of_it:
        return far
    return connection.execute(queries.anywhere, {**asked, "every": _EVERY}).all()


def _walk(
    connection: Connection, queries: _Queries, asked: Mapping[str, object], most: int
) -> tuple[Sequence[Row[Any]], bool]:
    """Return the places found by a walk, and whether these are all or as many as asked for."""
    found = connection.execute(queries.near, asked).all()
    if len(found) == most:
        return found, True
    return found, connection.execute(queries.beyond, {**asked, "one": 1}).first() is None


def _read(rows: Sequence[Row[Any]]) -> list[Place]:
    return [Place(row.joined_at, row.joined_seq, row.number) for row in rows]


def blogs_of(connection: Connection, topic: str) -> dict[int, str]:
    """Return the blogs of the sources that a topic follows: their canonical URLs by id.

    Blogs that ended or were imported are included, and blogs of which the rule takes no entry.
    """
    rule = connection.scalar(select(topics.c.rule).where(topics.c.name == topic))
    if rule is None:
        return {}
    return {row.id: row.url for row in connection.execute(_BLOGS, {"followed": rule["follow"]})}
