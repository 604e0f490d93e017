"""What waits to be sent, lane by lane: due times, attempts, and what became of each delivery.

A lane is one target. What concerns one entry goes out in order there: a delivery waits for the
earlier ones of its entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from store.alerting.alerts import Kind
from store.alerting.digests import LISTED, gather
from store.archive.point_in_time import Past, recount
from store.bulk import Batch
from store.errors import UnknownError
from store.schema import UtcTime, deliveries, lanes, notices, sources

_NOW = bindparam("now", type_=UtcTime)
_earlier = deliveries.alias("earlier")
_listed = notices.alias("listed")
_before = notices.alias("before")
_of = notices.c
_LANES = (
    select(deliveries.c.lane, func.min(deliveries.c.due).label("due"))
    .where(deliveries.c.state == "waiting")
    .group_by(deliveries.c.lane)
)
_DUE = (
    select(deliveries, *(_of[n] for n in ("alert", "kind", "reason", "seq", "before")))
    .add_columns(_of.written_at, _of.source, _of.since, sources.c.url)
    .join(notices, _of.id == deliveries.c.notice_id)
    .join(sources, sources.c.id == _of.source, isouter=True)
    .where(
        deliveries.c.lane == bindparam("of"),
        deliveries.c.state == "waiting",
        deliveries.c.due <= _NOW,
        ~select(_earlier.c.id)
        .where(
            _earlier.c.lane == deliveries.c.lane,
            _earlier.c.number == deliveries.c.number,
            _earlier.c.state == "waiting",
            _earlier.c.id < deliveries.c.id,
        )
        .exists(),
        ~select(_earlier.c.id)
        .join(_listed, _listed.c.digest == _earlier.c.notice_id)
        .where(
            _listed.c.number == deliveries.c.number,
            _earlier.c.lane == deliveries.c.lane,
            _earlier.c.state == "waiting",
            _earlier.c.id < deliveries.c.id,
        )
        .exists(),
        ~select(_before.c.id)
        .where(
            _before.c.source == _of.source,
            _before.c.id < _of.id,
            select(_earlier.c.id)
            .where(
                _earlier.c.notice_id == _before.c.id,
                _earlier.c.lane == deliveries.c.lane,
                _earlier.c.state == "waiting",
            )
            .exists(),
        )
        .exists(),
    )
    .limit(bindparam("most"))
)
_OLDEST = _DUE.order_by(deliveries.c.id)
_SOONEST = _DUE.order_by(deliveries.c.due, deliveries.c.id)  # as the index has them
_MESSAGES = (
    select(deliveries.c.number, deliveries.c.message)
    .where(
        deliveries.c.lane == bindparam("of"),
        deliveries.c.number.in_(bindparam("numbers", expanding=True)),
        deliveries.c.message != "",
    )
    .order_by(deliveries.c.id)
)
_DIGEST_MESSAGES = (
    select(notices.c.number, deliveries.c.message)
    .join(deliveries, deliveries.c.notice_id == notices.c.digest)
    .where(
        deliveries.c.lane == bindparam("of"),
        notices.c.number.in_(bindparam("numbers", expanding=True)),
        deliveries.c.message != "",
    )
    .order_by(deliveries.c.id)
)
_SOURCE_MESSAGES = (
    select(_of.source, deliveries.c.message)
    .join(deliveries, deliveries.c.notice_id == _of.id)
    .where(
        deliveries.c.lane == bindparam("of"),
        _of.source.in_(bindparam("numbers", expanding=True)),
        deliveries.c.message != "",
    )
    .order_by(deliveries.c.id)
)
_RECORD = Batch(
    update(deliveries).where(deliveries.c.id == bindparam("which")),
    ("which", "state", "due", "attempts", "tried_at", "status", "answer", "message"),
)
_LANE = select(lanes).where(lanes.c.lane == bindparam("of"))


class DeliveryState(Enum):
    """Where a delivery stands: it waits for its time, arrived, or waits for a person."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Lane:
    """How a target fares: failures in a row, when it may be asked again, and why it is let be.

    A lane that is `stopped_at` some time is not asked until a person retries.
    """

    lane: str
    failures: int = 0
    not_before: datetime | None = None
    stopped_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is told of a source: the page, whether it fails, and since when it is so."""

    url: str
    kind: Kind
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What a cap held back: how many entries or sources, since when, and the first of them."""

    count: int
    within: timedelta
    pasts: tuple[Past, ...] = ()
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on its way to one lane, with what it tells: a past, a trouble, or a digest.

    `message` is what the target called the message of this entry, or the last one of this source
    ("" if it has none yet), `listed_in` that of a digest that named the entry.
    """

    id: int
    notice_id: int
    lane: str
    alert: str
    kind: Kind
    reason: str
    written_at: datetime
    number: int | None
    attempts: int
    due: datetime
    message: str = ""
    past: Past | None = None
    digest: Digest | None = None
    listed_in: str = ""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one attempt; `due` is the next one's time, `answer` one plain line."""

    delivery: Delivery
    state: DeliveryState
    due: datetime
    tried_at: datetime
    status: int | None = None
    answer: str = ""
    message: str = ""


def waiting_lanes(connection: Connection) -> dict[str, datetime]:
    """Return the lanes in which something waits, and when the first of it is due."""
    return {row.lane: row.due for row in connection.execute(_LANES)}


def read_lane(connection: Connection, lane: str) -> Lane:
    """Return how a target fares; one that was never in trouble has no row."""
    row = connection.execute(_LANE, {"of": lane}).first()
    return Lane(lane) if row is None else Lane(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def write_lane(connection: Connection, lane: Lane) -> None:
    """Keep how a target fares."""
    values = {
        "failures": lane.failures,
        "not_before": lane.not_before,
        "stopped_at": lane.stopped_at,
        "reason": lane.reason,
    }
    changed = connection.execute(update(lanes).where(lanes.c.lane == lane.lane).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(lanes).values(lane=lane.lane, **values))


def read_due(connection: Connection, lane: str, now: datetime, most: int) -> list[Delivery]:
    """Return what is due in a lane, what was due first before, at most one of each entry.

    Where only one is wanted it is the oldest of all: one that was tried before tells how long a
    target has been out.
    """
    query = _OLDEST if most == 1 else _SOONEST
    rows = connection.execute(query, {"of": lane, "now": now, "most": most}).all()
    pasts = recount(connection, [(row.seq, row.before) for row in rows if row.seq is not None])
    numbers = [row.number for row in rows if row.number is not None]
    messages = _messages(connection, _MESSAGES, lane, numbers)
    digests = _messages(connection, _DIGEST_MESSAGES, lane, numbers)
    of_sources = [row.source for row in rows if row.source is not None]
    before = _messages(connection, _SOURCE_MESSAGES, lane, of_sources)
    return [
        replace(
            _delivery(connection, row, pasts.get(row.seq)),
            message=messages.get(row.number, "") or before.get(row.source, ""),
            listed_in=digests.get(row.number, ""),
        )
        for row in rows
    ]


def _messages(
    connection: Connection, query: Select[Any], lane: str, numbers: Sequence[int]
) -> dict[int, str]:
    """Read what a target called the last messages of entries, or of sources."""
    if not numbers:
        return {}
    rows = connection.execute(query, {"of": lane, "numbers": numbers})
    return {row[0]: row[1] for row in rows}


def _delivery(connection: Connection, row: Row[Any], past: Past | None) -> Delivery:
    kind = Kind(row.kind)
    digest = _read_digest(connection, row) if kind is Kind.DIGEST else None
    of_source = row.source is not None
    return Delivery(
        id=row.id,
        notice_id=row.notice_id,
        lane=row.lane,
        alert=row.alert,
        kind=kind,
        reason=row.reason,
        written_at=row.written_at,
        number=row.number,
        attempts=row.attempts,
        due=row.due,
        past=past,
        digest=digest,
        trouble=Trouble(row.url or "", kind, row.reason, row.since) if of_source else None,
    )


def _read_digest(connection: Connection, row: Row[Any]) -> Digest:
    held = connection.execute(
        select(*(_of[n] for n in ("number", "kind", "seq", "written_at", "reason", "since")))
        .add_columns(_of.source, sources.c.url)
        .join(sources, sources.c.id == _of.source, isouter=True)
        .where(_of.digest == row.notice_id)
        .order_by(_of.id)
    ).all()
    told = gather((one.number, Kind(one.kind), one.seq) for one in held if one.source is None)
    listed = [*told.values()][:LISTED]
    pasts = recount(connection, [(seq, 0) for seq in listed])
    troubles = {
        one.source: Trouble(one.url or "", Kind(one.kind), one.reason, one.since)
        for one in held
        if one.source is not None
    }
    last = max((one.written_at for one in held), default=row.written_at)
    return Digest(
        count=len(told) + len(troubles),
        within=last - row.written_at,
        pasts=tuple(pasts[seq] for seq in listed if seq in pasts),
        troubles=tuple(troubles.values())[:LISTED],
    )


def record(connection: Connection, results: Sequence[Result]) -> None:
    """Write what came of attempts."""
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
    """Let all that waits in a lane wait for a person instead; give how many that were."""
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.lane == lane, deliveries.c.state == DeliveryState.WAITING.value)
        .values(state=DeliveryState.PARKED.value, answer=reason)
    ).rowcount


def retry(connection: Connection, which: int | None, now: datetime) -> int:
    """Let a parked or waiting delivery, or all of them, be sent at once; give how many those are.

    Lanes that were stopped go on. Raises UnknownError for a delivery that is not kept, or was
    delivered.
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
