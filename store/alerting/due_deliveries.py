"""The deliveries due in a lane, with all that their messages need.

Deliveries of one entry, or of one source, are sent in order: each waits for the earlier ones in
the same lane, also for a digest that has the entry.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from store.alerting.alerts import Kind
from store.alerting.delivery import Delivery, Digest, Trouble
from store.alerting.digests import LISTED, gather
from store.archive.point_in_time import Past, recount
from store.column_types import UtcTime
from store.schema import deliveries, notices, sources

_NOW = bindparam("now", type_=UtcTime)
_earlier = deliveries.alias("earlier")
_listed = notices.alias("listed")
_before = notices.alias("before")
_of = notices.c
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


def read_due(connection: Connection, lane: str, now: datetime, most: int) -> list[Delivery]:
    """Return at most `most` deliveries due in a lane, soonest due first, one of each entry at most.

    If `most` is 1, it is the one with the lowest id: it may have been tried before, and so shows
    how long a target has been out.
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
    """Return the target's ids of the last messages of entries or sources, by their numbers."""
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
