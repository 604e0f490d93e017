"""When a server that did not answer is asked again: a circuit breaker, pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scraper.pace import back_off

ENOUGH: Final = 3  # failures in a row


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long a silent server is left alone: from `first`, doubling to `longest`."""

    first: timedelta
    longest: timedelta


PUBLIC: Final = Pauses(timedelta(seconds=30), timedelta(minutes=15))
OWN: Final = Pauses(timedelta(seconds=1), timedelta(seconds=4))  # one's own server, just restarting


@dataclass(frozen=True, slots=True)
class Breaker:
    """How often in a row a server did not answer, and its pause: `since` to `until` (UTC)."""

    failures: int = 0
    since: datetime | None = None
    until: datetime | None = None


def fail(breaker: Breaker, now: datetime, pauses: Pauses) -> Breaker:
    """Return the breaker after one more failure to answer; the third and later start a pause."""
    failures = breaker.failures + 1
    if failures < ENOUGH:
        return Breaker(failures)
    pause = back_off(pauses.first, failures - ENOUGH + 1, pauses.longest)
    return Breaker(failures, now, now + pause)


def refused_until(breaker: Breaker, now: datetime) -> datetime | None:
    """Return the end of the pause; None if the server may be asked, or the clock went back."""
    if breaker.since is None or breaker.until is None:
        return None
    return breaker.until if breaker.since <= now < breaker.until else None


def let_through(breaker: Breaker, now: datetime, pauses: Pauses) -> Breaker:
    """Return the breaker as one request is let through after a pause.

    It starts a pause of the same length for all other requests until that one's outcome is known.
    """
    if breaker.failures < ENOUGH:
        return breaker
    pause = back_off(pauses.first, breaker.failures - ENOUGH + 1, pauses.longest)
    return Breaker(breaker.failures, now, now + pause)
