"""When a page is asked for again, and what an answer's headers say about that: pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

BASE: Final = timedelta(seconds=60)
CONFIRM: Final = timedelta(seconds=60)
THROTTLED: Final = timedelta(seconds=60)
LONGEST_BACKOFF: Final = timedelta(minutes=15)
LONGEST_FRESH: Final = timedelta(hours=1)
LONGEST_WAIT: Final = timedelta(days=1)
JITTER: Final = 0.1  # of the interval, only ever later

_DOUBLINGS: Final = 20
_DELTA: Final = re.compile(r"[0-9]+")  # RFC 9110 10.2.3 and RFC 9111 1.2.2: delay-seconds
_MAX_AGE: Final = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]+)', re.IGNORECASE)
_NO_REUSE: Final = re.compile(r"(?:^|[,\s])no-(?:store|cache)\s*(?:,|$)", re.IGNORECASE)
_DIGITS: Final = 9  # more digits than this are beyond any cap


def next_due(
    now: datetime,
    *,
    every: timedelta | None = None,
    failures: int = 0,
    confirming: bool = False,
    throttled: bool = False,
    not_before: datetime | None = None,
    fresh_until: datetime | None = None,
    jitter: float = 0.0,
) -> datetime:
    """Decide when to poll next; `jitter` is a random number in [0, 1), everything else is fact.

    | situation                                   | interval                                     |
    |---------------------------------------------|----------------------------------------------|
    | nothing special                             | `every`, else 60 s                           |
    | `confirming` (a retraction waits for proof) | the same, but 60 s at most                   |
    | `failures` in a row = 1, 2, 3, …            | `every`, else 60 s × 1, 2, 4, … up to 15 min |
    | `throttled` (429 without Retry-After)       | as above, but 60 s at least                  |
    | then: `not_before` (Retry-After)            | not earlier than that, up to a day from now  |
    | then: `fresh_until` (max-age), no `every`   | not earlier than that, up to an hour from now|
    | then: `jitter`                              | up to a tenth of the interval later          |

    `every` is a person's word for a page of their own: it replaces our pace, the back-off and
    max-age. What a server demands (Retry-After, a bare 429) is kept whatever it says.
    """
    interval = BASE if every is None else every
    if confirming and not failures:
        interval = min(interval, CONFIRM)
    if failures and every is None:
        interval = back_off(interval, failures, LONGEST_BACKOFF)
    if throttled:
        interval = max(interval, THROTTLED)
    due = now + interval
    if not_before is not None:
        due = max(due, min(not_before, now + LONGEST_WAIT))
    if fresh_until is not None and every is None:
        due = max(due, min(fresh_until, now + LONGEST_FRESH))
    return due + interval * (JITTER * jitter)


def back_off(first: timedelta, failures: int, longest: timedelta) -> timedelta:
    """Double from `first` with each failure (1, 2, …) up to `longest`."""
    doublings = min(max(failures, 1) - 1, _DOUBLINGS)
    return min(first * (1 << doublings), longest)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read Retry-After, seconds or date (RFC 9110 10.2.3), as a time in UTC, a day off at most.

    None when there is none, it cannot be read, or it lies in the past. Header names in lower case.
    """
    text = headers.get("retry-after", "").strip()
    if _DELTA.fullmatch(text):
        return now + _read_seconds(text, LONGEST_WAIT)
    told = _read_date(text)
    if told is None or told <= now:
        return None
    return min(told, now + LONGEST_WAIT)


def read_fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read until when the answer is fresh by max-age less Age (RFC 9111 4.2); None if unsaid."""
    control = headers.get("cache-control", "")
    said = _MAX_AGE.search(control)
    if said is None or _NO_REUSE.search(control):
        return None
    age = headers.get("age", "").strip()
    spent = _read_seconds(age, LONGEST_WAIT) if _DELTA.fullmatch(age) else timedelta()
    left = _read_seconds(said[1], LONGEST_WAIT) - spent
    return now + left if left > timedelta() else None


def _read_seconds(digits: str, longest: timedelta) -> timedelta:
    digits = digits.lstrip("0") or "0"
    return longest if len(digits) > _DIGITS else min(timedelta(seconds=int(digits)), longest)


def _read_date(text: str) -> datetime | None:
    """Read an HTTP-date in any of its three forms (RFC 9110 5.6.7)."""
    try:
        told = parsedate_to_datetime(text)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
