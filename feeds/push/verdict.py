"""Decide what the outcome of an attempt means for the delivery and its lane. Pure.

A refusal of one message does not delay the others; a target that is out holds its whole lane
back, and only the oldest delivery is tried.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from feeds.push.call import RefusedError
from store.alerting.delivery import Delivery, DeliveryState, Lane, Result

# Pauses between attempts (the example of Standard Webhooks): 76 hours in all.
SCHEDULE: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
JITTER: Final = 0.1  # of a pause, in either direction
PATIENCE: Final = 5  # refusals in a row, of any kind, after which the target itself is out
LONGEST_WAIT: Final = timedelta(days=1)  # the most that Retry-After may ask for
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
    """One attempt at time `at`: `message` is the target's id if it arrived, else see `refused`."""

    delivery: Delivery
    at: datetime
    message: str = ""
    refused: RefusedError | None = None


def weigh(attempt: Attempt, lane: Lane, chance: float) -> tuple[Result, Lane]:
    """Return the result of an attempt and the lane after it; `chance` in [0, 1) is the jitter.

    The lane is the same object where nothing about it changes.
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
    """Return whether a refusal concerns the target itself, and so all deliveries in its lane."""
    return refused.status is None or refused.status in _OUT or refused.status == HTTPStatus.GONE


def _pause(tried: int, chance: float) -> timedelta:
    """Return the pause after `tried` attempts; `chance` in [0, 1) is the jitter."""
    pause = SCHEDULE[min(tried, len(SCHEDULE) - 1)]
    return pause * (1 - JITTER + 2 * JITTER * chance)
