"""Deliveries and held-back notices, page by page, for holders of the site's key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from feeds.feed import instant, rfc3339
from feeds.push.enveloping import name_notice
from feeds.site.addresses import read_number, read_query
from feeds.site.responses import Refusal
from store.alerting import deliveries, notices
from store.alerting.delivery import DeliveryState, Lane
from store.alerting.notices import Listed, Wanted

MOST, USUAL = 500, 100
HELD: Final = "held"
STATES: Final = (*(state.value for state in DeliveryState), HELD)
_LAST: Final = 10**18 - 1
_LONGEST: Final = 80  # characters of an alert's name or a lane's


@dataclass(frozen=True, slots=True)
class _Number:
    """One integer parameter of a query, with its default and bounds."""

    name: str
    default: int
    least: int
    most: int


_NUMBERS: Final = (
    _Number("limit", USUAL, 1, MOST),
    _Number("before", _LAST, 0, _LAST),
    _Number("entry", 0, 0, _LAST),
)


def read_wanted(query: bytes) -> Wanted | Refusal:
    """Return what a query string asks for, or a refusal. Unknown parameters are ignored."""
    asked = read_query(query)
    if isinstance(asked, Refusal):
        return asked
    numbers: dict[str, int] = {}
    for one in _NUMBERS:
        found = read_number(asked, one.name, one.default, least=one.least, most=one.most)
        if isinstance(found, Refusal):
            return found
        numbers[one.name] = found
    state = asked.get("state", "")
    if state and state not in STATES:
        return Refusal(400, f"state: write one of {', '.join(STATES)}.")
    return Wanted(
        limit=numbers["limit"],
        before=numbers["before"],
        number=numbers["entry"] or None,
        held=state == HELD,
        state=DeliveryState(state) if state and state != HELD else None,
        alert=asked.get("alert", "")[:_LONGEST],
        lane=asked.get("target", "")[:_LONGEST],
    )


def read_deliveries(connection: Connection, epoch: str, wanted: Wanted) -> dict[str, Any]:
    """Return a page, newest first; `next` is the cursor of the next page, null on the last."""
    listed, following = notices.page(connection, wanted)
    surveyed = notices.survey(connection, 0)
    counts = {state.value: many for state, many in surveyed.counts.items()}
    return {
        "deliveries": [_tell(one, epoch) for one in listed],
        "next": following,
        "counts": {**counts, HELD: surveyed.held},
        "targets": [_tell_lane(lane) for lane in surveyed.lanes],
    }


def send_again(
    connection: Connection, epoch: str, which: int, now: datetime
) -> dict[str, Any] | Refusal:
    """Make a waiting or parked delivery due at `now`; return its new state, or a refusal."""
    before = notices.of_delivery(connection, which)
    if before is None:
        return Refusal(404, f"No delivery has the id {which}; /deliveries.json lists them.")
    if before.state is DeliveryState.DELIVERED:
        return Refusal(409, "It was delivered already.")
    deliveries.retry(connection, which, now)
    return _tell(notices.of_delivery(connection, which) or before, epoch)


def _tell(one: Listed, epoch: str) -> dict[str, Any]:
    return {
        "id": one.delivery_id,
        "notice": name_notice(one.notice_id, epoch),
        "alert": one.alert,
        "kind": one.kind.value,
        "reason": one.reason,
        "state": one.state.value if one.state else HELD,
        "held_because": one.why.value if one.why else None,
        "entry": one.number,
        "source": one.url or None,
        "target": one.lane or None,
        "written_at": rfc3339(one.written_at),
        "due": instant(one.due),
        "attempts": one.attempts,
        "tried_at": instant(one.tried_at),
        "status": one.status,
        "answer": one.answer,
    }


def _tell_lane(lane: Lane) -> dict[str, Any]:
    return {
        "target": lane.lane,
        "failures": lane.failures,
        "not_before": instant(lane.not_before),
        "stopped_at": instant(lane.stopped_at),
        "reason": lane.reason,
    }
