"""How fast one host is asked: a token bucket, pure. Times are seconds of one monotonic clock."""

from dataclasses import dataclass
from typing import Final

RATE: Final = 2.0  # requests a second, of all sources of one host together
BURST: Final = 5
SLOW_RATE: Final = 0.1  # after 429 or 503, until the host answers otherwise
LONGEST_DELAY: Final = 60.0  # seconds; a longer crawl-delay is kept as this


@dataclass(frozen=True, slots=True)
class Pace:
    """`rate`: requests a second; `burst`: requests at once after a rest."""

    rate: float = RATE
    burst: float = BURST


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` were left at the time `at`; below zero, that many are owed to waiting requests."""

    tokens: float = BURST
    at: float = 0.0


def choose_pace(crawl_delay: float = 0.0, *, slow: bool = False) -> Pace:
    """Return the pace for a host whose robots.txt asks for a `crawl_delay` in seconds, 0 for none.

    A delay longer than 1 / RATE, or `slow` (1 / SLOW_RATE), allows one request per delay, no burst.
    """
    delay = max(min(crawl_delay, LONGEST_DELAY), 1 / SLOW_RATE if slow else 0.0)
    return Pace(1 / delay, 1) if delay > 1 / RATE else Pace()


def take(bucket: Bucket, now: float, pace: Pace) -> tuple[Bucket, float]:
    """Take a token; return the bucket left, and after how many seconds the token may be used."""
    grown = bucket.tokens + max(now - bucket.at, 0.0) * pace.rate
    tokens = min(grown, pace.burst) - 1
    return Bucket(tokens, max(now, bucket.at)), max(-tokens / pace.rate, 0.0)


def give_back(bucket: Bucket) -> Bucket:
    """Return the bucket with a token put back that was not used after all."""
    return Bucket(bucket.tokens + 1, bucket.at)
