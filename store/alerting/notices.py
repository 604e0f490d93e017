"""Reading the notices that alerts sent and held back: counted, listed, and by entry or source."""

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
    """One notice with one of its deliveries, for display; a notice held back has no delivery.

    `number` is that of the entry, `url` that of the source, that it is of. All times are UTC.
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
    """All deliveries counted by state, the newest ones listed, and the lanes in trouble.

    `held` is the number of notices that were held back.
    """

    counts: dict[DeliveryState, int]
    held: int
    listed: tuple[Listed, ...] = ()
    lanes: tuple[Lane, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of notices: at most `limit`, with ids below `before`; empty fields take any.

    `number` is an entry's; `state` and `lane` are those of a delivery; `held` takes only notices
    that were held back.
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
    """Return counts of all deliveries, and at most `limit` rows: first those waiting or parked.

    Then come the newest others, with `held` also notices that were held back.
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
    """Return the wanted notices, newest first, one row per delivery, and the `before` to go on.

    That is the `before` for the next page, None on the last one.
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
    """Return the delivery of that id with its notice, None if there is none."""
    row = connection.execute(_LISTED.where(deliveries.c.id == which)).first()
    return None if row is None else _listed(row)


def of_entry(connection: Connection, number: int, alert: str | None = None) -> list[Listed]:
    """Return the notices of an entry, oldest first; only those of `alert` if given."""
    query = _LISTED.where(notices.c.number == number)
    if alert is not None:
        query = query.where(notices.c.alert == alert)
    return [_listed(row) for row in connection.execute(query)][::-1]


def of_source(connection: Connection, source: int, limit: int) -> list[Listed]:
    """Return the newest notices of a source, at most `limit` rows, oldest first."""
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
    """Return the names of the topics that an entry is in."""
    return frozenset(connection.scalars(select(joined.c.topic).where(joined.c.number == number)))
