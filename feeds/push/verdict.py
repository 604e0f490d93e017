"""What the outcome of an attempt means for the delivery and its lane. Pure.

A refusal that is about the message lets the others pass; a target that is out holds its lane back,
and only the oldest delivery knocks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from feeds.push.call import RefusedError
from store.alerting.delivery import Delivery, DeliveryState, Lane, Result

# From one attempt to the next (Standard Webhooks' own example): 76 hours in all.
SCHEDULE: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
JITTER: Final = 0.1  # of a pause, to either side
PATIENCE: Final = 5  # refusals in a row, of whatever kind, after which the target itself is out
LONGEST_WAIT: Final = timedelta(days=1)  # that Retry-After may ask for
_OUT: Final = frozenset(
    (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    )
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it went: `message` where it arrived, else `refused`."""

    delivery: Delivery
    at: datetime
    message: str = ""
    refused: RefusedError | None = None


def weigh(attempt: Attempt, lane: Lane, chance: float) -> tuple[Result, Lane]:
    """Decide what becomes of a delivery and of its lane; `chance` lies in [0, 1).

    The lane is the same value where nothing about it changes.
    """
    if attempt.refused is None:
        result = Result(
            attempt.delivery,
            DeliveryState.DELIVERED,
            attempt.at,
            attempt.at,
            int(HTTPStatus.OK),
            message=attempt.message,
        )
        fine = lane.failures == 0 and lane.not_before is None
        return result, lane if fine else Lane(lane.lane)
    return _weigh_refusal(attempt, attempt.refused, lane, chance)


def _weigh_refusal(
    attempt: Attempt, refused: RefusedError, lane: Lane, chance: float
) -> tuple[Result, Lane]:
    delivery, tried = attempt.delivery, attempt.delivery.attempts + 1
    pause = _pause(tried, chance)
    if refused.wait is not None:
        asked = min(timedelta(seconds=max(refused.wait, 1.0)), LONGEST_WAIT)
        pause = asked if refused.status == HTTPStatus.TOO_MANY_REQUESTS else max(pause, asked)
    over = tried >= len(SCHEDULE)
    result = Result(
        delivery,
        DeliveryState.PARKED if over else DeliveryState.WAITING,
        attempt.at + pause,
        attempt.at,
        refused.status,
        str(refused),
    )
    after = replace(lane, failures=lane.failures + 1, reason=str(refused))
    if refused.status == HTTPStatus.GONE:
        stopped = "it answers 410 Gone: it wants no more"
        return (
            replace(result, state=DeliveryState.PARKED),
            replace(after, stopped_at=attempt.at, reason=stopped),
        )
    out = is_out(refused)
    if over and out:
        stopped = f"given up after {tried} attempts: {refused}"
        return result, replace(after, stopped_at=attempt.at, reason=stopped)
    if out or after.failures >= PATIENCE:
        return result, replace(after, not_before=attempt.at + pause)
    return result, after


def is_out(refused: RefusedError) -> bool:
    """Say whether a refusal is about the target itself, and so about all that waits for it."""
    return refused.status is None or refused.status in _OUT or refused.status == HTTPStatus.GONE


def _pause(tried: int, chance: float) -> timedelta:
    """Give the time until the next attempt after so many."""
    pause = SCHEDULE[min(tried, len(SCHEDULE) - 1)]
    return pause * (1 - JITTER + 2 * JITTER * chance)
