"""What alerts told and held back, for people: counted, listed, and told of one entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from store.alerting.alerts import Kind, Why
from store.alerting.delivery import DeliveryState, Lane
from store.schema import deliveries, joined, lanes, notices, sources


@dataclass(frozen=True, slots=True)
class Listed:
    """One notice with one of its deliveries, for showing; a held one has no delivery.

    `number` is the entry's that it is of, `url` the source's.
    """

    notice_id: int
    alert: str
    kind: Kind
    why: Why | None
    reason: str
    number: int | None
    written_at: datetime
    url: str = ""
    delivery_id: int | None = None
    lane: str = ""
    state: DeliveryState | None = None
    due: datetime | None = None
    attempts: int = 0
    tried_at: datetime | None = None
    status: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """All deliveries counted by state, the newest rows asked for, and lanes in trouble."""

    counts: dict[DeliveryState, int]
    held: int
    listed: tuple[Listed, ...] = ()
    lanes: tuple[Lane, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notices are wanted: at most `limit`, older than the notice `before`, and so on.

    `state` is of their deliveries; `held`: those alone that were held back. Empty is any.
    """

    limit: int
    before: int
    number: int | None = None
    state: DeliveryState | None = None
    held: bool = False
    alert: str = ""
    lane: str = ""


_LISTED = (
    select(
        notices,
        deliveries.c.id.label("delivery_id"),
        *(deliveries.c[n] for n in ("lane", "state", "due", "attempts", "tried_at")),
        *(deliveries.c[n] for n in ("status", "answer")),
        sources.c.url,
    )
    .join(sources, sources.c.id == notices.c.source, isouter=True)
    .join(deliveries, deliveries.c.notice_id == notices.c.id, isouter=True)
    .order_by(notices.c.id.desc(), deliveries.c.id)
)


def survey(connection: Connection, limit: int, *, held: bool = False) -> Survey:
    """Return how deliveries stand: those that wait or are parked, then the newest others.

    With `held`, what was held back as well.
    """
    counted = select(deliveries.c.state, func.count().label("many")).group_by(deliveries.c.state)
    by_state = {row.state: row.many for row in connection.execute(counted)}
    shown = _LISTED if held else _LISTED.where(deliveries.c.id.is_not(None))
    unsent = deliveries.c.state != DeliveryState.DELIVERED.value
    open_rows = connection.execute(shown.where(unsent).limit(limit)).all()
    others = shown.where(~unsent | deliveries.c.id.is_(None))
    rest = connection.execute(others.limit(max(0, limit - len(open_rows)))).all()
    troubled = connection.execute(
        select(lanes).where(lanes.c.stopped_at.is_not(None) | (lanes.c.failures > 0))
    )
    return Survey(
        counts={state: by_state.get(state.value, 0) for state in DeliveryState},
        held=connection.scalar(
            select(func.count()).select_from(notices).where(notices.c.why.is_not(None))
        )
        or 0,
        listed=tuple(map(_listed, (*open_rows, *rest))),
        lanes=tuple(Lane(**row._mapping) for row in troubled),  # noqa: SLF001 - SQLAlchemy's public name for it
    )


def page(connection: Connection, wanted: Wanted) -> tuple[list[Listed], int | None]:
    """Return some notices, the newest first, each with its deliveries, and where to go on.

    That is the notice to give as `before` for the next page, None on the last one.
    """
    asked = [*_conditions(wanted)]
    ids = (
        select(notices.c.id)
        .join(deliveries, deliveries.c.notice_id == notices.c.id, isouter=True)
        .where(*asked)
        .distinct()
        .order_by(notices.c.id.desc())
        .limit(wanted.limit)
    )
    found = [*connection.scalars(ids)]
    rows = connection.execute(_LISTED.where(notices.c.id.in_(found), *asked)) if found else ()
    return [_listed(row) for row in rows], found[-1] if len(found) == wanted.limit else None


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield notices.c.id < wanted.before
    if wanted.number is not None:
        yield notices.c.number == wanted.number
    if wanted.alert:
        yield notices.c.alert == wanted.alert
    if wanted.lane:
        yield deliveries.c.lane == wanted.lane
    if wanted.state is not None:
        yield deliveries.c.state == wanted.state.value
    if wanted.held:
        yield notices.c.why.is_not(None)


def of_delivery(connection: Connection, which: int) -> Listed | None:
    """Return a delivery with its notice, None where there is none."""
    row = connection.execute(_LISTED.where(deliveries.c.id == which)).first()
    return None if row is None else _listed(row)


def of_entry(connection: Connection, number: int, alert: str | None = None) -> list[Listed]:
    """Return what alerts made of an entry, oldest first."""
    query = _LISTED.where(notices.c.number == number)
    if alert is not None:
        query = query.where(notices.c.alert == alert)
    return [_listed(row) for row in connection.execute(query)][::-1]


def of_source(connection: Connection, source: int, limit: int) -> list[Listed]:
    """Return what watches made of a source lately, oldest first."""
    query = _LISTED.where(notices.c.source == source).limit(limit)
    return [_listed(row) for row in connection.execute(query)][::-1]


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        notice_id=row.id,
        alert=row.alert,
        kind=Kind(row.kind),
        why=Why(row.why) if row.why else None,
        reason=row.reason,
        number=row.number,
        written_at=row.written_at,
        url=row.url or "",
        delivery_id=row.delivery_id,
        lane=row.lane or "",
        state=DeliveryState(row.state) if row.state else None,
        due=row.due,
        attempts=row.attempts or 0,
        tried_at=row.tried_at,
        status=row.status,
        answer=row.answer or "",
    )


def topics_of(connection: Connection, number: int) -> frozenset[str]:
    """Return the topics that hold an entry."""
    return frozenset(connection.scalars(select(joined.c.topic).where(joined.c.number == number)))
