"""Deliveries by lane: which lanes have some waiting, the results of attempts, and retries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from store.alerting.delivery import DeliveryState, Lane, Result
from store.bulk import Batch
from store.errors import UnknownError
from store.schema import deliveries, lanes

_LANES = (
    select(deliveries.c.lane, func.min(deliveries.c.due).label("due"))
    .where(deliveries.c.state == "waiting")
    .group_by(deliveries.c.lane)
)
_RECORD = Batch(
    update(deliveries).where(deliveries.c.id == bindparam("which")),
    ("which", "state", "due", "attempts", "tried_at", "status", "answer", "message"),
)
_LANE = select(lanes).where(lanes.c.lane == bindparam("of"))


def waiting_lanes(connection: Connection) -> dict[str, datetime]:
    """Return the lanes that have waiting deliveries, each with when its first one is due (UTC)."""
    return {row.lane: row.due for row in connection.execute(_LANES)}


def read_lane(connection: Connection, lane: str) -> Lane:
    """Return the state of a target's lane; one that never failed has no row, and no failures."""
    row = connection.execute(_LANE, {"of": lane}).first()
    return Lane(lane) if row is None else Lane(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def write_lane(connection: Connection, lane: Lane) -> None:
    """Write the state of a target's lane."""
    values = {
        "failures": lane.failures,
        "not_before": lane.not_before,
        "stopped_at": lane.stopped_at,
        "reason": lane.reason,
    }
    changed = connection.execute(update(lanes).where(lanes.c.lane == lane.lane).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(lanes).values(lane=lane.lane, **values))


def record(connection: Connection, results: Sequence[Result]) -> None:
    """Write the results of attempts to deliver."""
    _RECORD.write(
        connection,
        [
            (
                one.delivery.id,
                one.state.value,
                one.due,
                one.delivery.attempts + 1,
                one.tried_at,
                one.status,
                one.answer,
                one.message,
            )
            for one in results
        ],
    )


def park_lane(connection: Connection, lane: str, reason: str) -> int:
    """Park all waiting deliveries of a lane until a person retries; return how many there were."""
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.lane == lane, deliveries.c.state == DeliveryState.WAITING.value)
        .values(state=DeliveryState.PARKED.value, answer=reason)
    ).rowcount


def retry(connection: Connection, which: int | None, now: datetime) -> int:
    """Make the delivery of id `which`, or all undelivered ones, due now; return how many.

    Their lanes, if stopped, are started again. Raises UnknownError if there is no such delivery
    or it was delivered.
    """
    wanted = deliveries.c.state != DeliveryState.DELIVERED.value
    if which is not None:
        wanted &= deliveries.c.id == which
    concerned = [*connection.scalars(select(deliveries.c.lane).where(wanted).distinct())]
    if which is not None and not concerned:
        raise UnknownError(f"no delivery {which} waits or is parked; keywire deliveries lists them")
    changed = connection.execute(
        update(deliveries)
        .where(wanted)
        .values(state=DeliveryState.WAITING.value, due=now, attempts=0)
    )
    connection.execute(
        update(lanes)
        .where(lanes.c.lane.in_(concerned))
        .values(failures=0, not_before=None, stopped_at=None, reason="")
    )
    return changed.rowcount
