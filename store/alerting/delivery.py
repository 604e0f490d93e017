"""Deliveries as values: one notice on its way to one lane, and the result of an attempt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from store.alerting.alerts import Kind
from store.archive.point_in_time import Past


class DeliveryState(Enum):
    """The states of a delivery; a parked one waits until a person retries it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Lane:
    """The state of a target: its failures in a row, and the earliest time of the next attempt.

    A lane with `stopped_at` set is not tried until a person retries; `reason` says why. Times
    are UTC.
    """

    lane: str
    failures: int = 0
    not_before: datetime | None = None
    stopped_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The content of a notice of a source: its page, the kind of trouble, and since when (UTC)."""

    url: str
    kind: Kind
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The content of a digest: how many entries and sources, within what time, the first named."""

    count: int
    within: timedelta
    pasts: tuple[Past, ...] = ()
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on its way to one lane, with its content: a past, a trouble, or a digest.

    `message` is the target's id of the last message of this entry or source ("" if there is none
    yet), `listed_in` that of a digest that named the entry. Times are UTC.
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
    """The result of one attempt; `due` is the next one's time (UTC), `answer` one plain line."""

    delivery: Delivery
    state: DeliveryState
    due: datetime
    tried_at: datetime
    status: int | None = None
    answer: str = ""
    message: str = ""
