"""Deliveries as values: one notice on its way to one lane, and what came of an attempt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from store.alerting.alerts import Kind
from store.archive.point_in_time import Past


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
