"""Where entries stand in a selection of a topic: all of them in order, or those of some blogs.

The entries of blogs that are rare in a topic are not found by walking along it: after so many
places looked at, they are found from the blogs' side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select, tuple_

from store.number_lists import Given
from store.pages import blogs_of_sources
from store.schema import UtcTime, blogs, entries, joined, sources, topics
from store.topics import Selection

Columns: TypeAlias = Sequence[ColumnElement[Any]]
Conditions: TypeAlias = Sequence[ColumnElement[bool]]

NEAR = 2_000  # places that are looked at for some blogs' entries
_EVERY = 10**9
_PLACE = (joined.c.joined_at, joined.c.joined_seq, joined.c.number)
_HERE = (joined.c.topic == bindparam("of"), joined.c.selection == bindparam("which"))
_AT = bindparam("at", type_=UtcTime)
_BOUND = tuple_(_AT, bindparam("seq"), bindparam("number"))
_OF_BLOGS = entries.c.blog_id.op("IN")(Given("blogs"))
_BLOGS = select(blogs.c.id, blogs.c.url).where(
    blogs.c.id.in_(blogs_of_sources(sources.c.url.in_(bindparam("followed", expanding=True))))
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an entry stands in a selection: when it joined (UTC), by which change, its number."""

    at: datetime
    seq: int
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which entries of a topic: those of a selection, and of these blogs alone, if they are named.

    Blogs are named by their ids.
    """

    topic: str
    selection: Selection = Selection.ALL
    blogs: tuple[int, ...] | None = None


class Way(Enum):
    """Down from the newest; down from a place; up from a place. Neither holds that place itself."""

    NEWEST = "newest"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class _Queries:
    """One way, for all entries of a selection, and for some blogs' near by and anywhere."""

    every: Select[Any]
    near: Select[Any]
    anywhere: Select[Any]


def _below(at: Columns) -> Conditions:
    return at[0] <= _AT, tuple_(*at) < _BOUND


def _above(at: Columns) -> Conditions:
    return at[0] >= _AT, tuple_(*at) > _BOUND


def _queries(bounds: Callable[[Columns], Conditions], *, up: bool = False) -> _Queries:
    """Make the queries of a way. Of its bounds the first is what an index is walked from."""

    def in_order(query: Select[Any], at: Columns, most: str) -> Select[Any]:
        order = [column.asc() if up else column.desc() for column in at]
        return query.order_by(*order).limit(bindparam(most))

    every = select(*_PLACE).where(*_HERE, *bounds(_PLACE))
    walked = in_order(every, _PLACE, "walked").subquery()
    near = select(walked).join(entries, entries.c.number == walked.c.number).where(_OF_BLOGS)
    # Its limit, which bounds nothing, and the bounds outside of it keep SQLite from walking along
    # the order all the same.
    by_blog = select(entries.c.number).where(_OF_BLOGS)
    theirs = select(*_PLACE).where(*_HERE, joined.c.number.in_(by_blog))
    found = theirs.limit(bindparam("every")).subquery()
    anywhere = select(found).where(*bounds(tuple(found.c)))
    return _Queries(
        in_order(every, _PLACE, "most"),
        in_order(near, tuple(walked.c), "most"),
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
    """Return the first so many places of a part on a way, which `bound` begins, in its order."""
    asked: dict[str, object] = {"of": part.topic, "which": part.selection.value, "most": most}
    if bound is not None:
        asked |= {"at": bound.at, "seq": bound.seq, "number": bound.number}
    queries = _WAYS[way]
    if part.blogs is None:
        return _read(connection.execute(queries.every, asked).all())
    asked |= {"blogs": part.blogs, "walked": NEAR, "every": _EVERY}
    near = connection.execute(queries.near, asked).all()
    if len(near) == most:
        return _read(near)
    return _read(connection.execute(queries.anywhere, asked).all())


def _read(rows: Sequence[Row[Any]]) -> list[Place]:
    return [Place(row.joined_at, row.joined_seq, row.number) for row in rows]


def blogs_of(connection: Connection, topic: str) -> dict[int, str]:
    """Return the blogs that a topic follows or followed, and those imported into it.

    Their canonical URLs by their ids; its rule may take no entry of some of them.
    """
    rule = connection.scalar(select(topics.c.rule).where(topics.c.name == topic))
    if rule is None:
        return {}
    return {row.id: row.url for row in connection.execute(_BLOGS, {"followed": rule["follow"]})}
