"""When a page is polled next, and what an answer's headers say about that: pure."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

BASE: Final = timedelta(seconds=60)
CONFIRM: Final = timedelta(seconds=60)
THROTTLED: Final = timedelta(seconds=60)
LONGEST_BACKOFF: Final = timedelta(minutes=15)
LONGEST_FRESH: Final = timedelta(hours=1)
LONGEST_WAIT: Final = timedelta(days=1)
JITTER: Final = 0.1  # of the interval, added and never subtracted
ROOT: Final = 1.1  # √seconds; docs/polling.md shows what other values cost
# A blog is hot with three entries in the last hour: spread evenly, they give a gap of 32 minutes.
HOT: Final = timedelta(minutes=32)
# An entry of a hot blog waits half of this at the median, and half of what jitter adds: 15 s.
SHORTEST: Final = timedelta(seconds=28)
LONGEST_LIVE: Final = timedelta(minutes=5)
LONGEST_UNTOLD: Final = timedelta(hours=1)
LOOKS: Final = (timedelta(minutes=10), timedelta(hours=1))  # after a blog's end
SHORTEST_ENDED: Final = timedelta(hours=6)
LONGEST_ENDED: Final = timedelta(days=7)
LISTING_LIVE: Final = timedelta(minutes=20)
LISTING_BETWEEN: Final = timedelta(minutes=5)
LISTING_AWAITED: Final = timedelta(seconds=60)
LISTING_IDLE: Final = timedelta(hours=1)
IDLE_AFTER: Final = timedelta(days=14)  # without a new blog
AWAITED_WITHIN: Final = timedelta(hours=1)  # before or after a time of day of an earlier find
WHOLE_EVERY: Final = 4  # polls
SHORTEST_WHOLE: Final = timedelta(minutes=1)
LONGEST_WHOLE: Final = timedelta(minutes=10)

_DOUBLINGS: Final = 20
_QUIET: Final = timedelta(hours=2)
_DAY: Final = timedelta(days=1)
_NONE: Final = timedelta()
_HOUR: Final = timedelta(hours=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DELTA: Final = re.compile(r"[0-9]+")  # RFC 9110 10.2.3 and RFC 9111 1.2.2: delay-seconds
_MAX_AGE: Final = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?([0-9]+)', re.IGNORECASE)
_NO_REUSE: Final = re.compile(r"(?:^|[,\s])no-(?:store|cache)\s*(?:,|$)", re.IGNORECASE)
_DIGITS: Final = 9  # a number with more digits is over every limit


@dataclass(frozen=True, slots=True)
class Due:
    """When a page is polled next (UTC), and why then, in plain words."""

    at: datetime
    why: str


def next_due(
    now: datetime,
    *,
    every: timedelta | None = None,
    gap: timedelta | None = None,
    live: bool | None = None,
    ended_for: timedelta | None = None,
    closing_for: timedelta | None = None,
    listing: tuple[timedelta, str] | None = None,
    failures: int = 0,
    confirming: bool = False,
    throttled: bool = False,
    crawl_delay: timedelta = timedelta(),
    quota: timedelta = timedelta(),
    not_before: datetime | None = None,
    fresh_until: datetime | None = None,
    jitter: float = 0.0,
) -> Due:
    """Return when to poll next, and why; `jitter` is a random number in [0, 1).

    | situation                                   | interval                                     |
    |---------------------------------------------|----------------------------------------------|
    | nothing is known yet                        | 60 s                                         |
    | the next entry is expected after `gap`      | 28 s while it is hot (`gap` up to 32 min),   |
    |                                             | else 1.1 √gap (both in seconds),             |
    |                                             | at most 5 min if `live`, else 1 h            |
    | `ended_for` (the blog's end is so long ago) | looks 10 min and 1 h after the end, then a   |
    |                                             | quarter of that time, from 6 h to 7 days     |
    | `closing_for` (the newest entry said        | as after an end, but no less than by its gap |
    | goodbye so long ago; no end was stated)     | and at most 5 min if `live`, else 1 h        |
    | `listing` (the page lists live blogs)       | what `listing_pace` returned                 |
    | `every` (configured by a person)            | that, in place of all of the above           |
    | `confirming` (a retraction waits for proof) | 60 s, unless the interval is 30 s at most    |
    |                                             | (then some poll falls about a minute later), |
    |                                             | or 60 s at most by `every`                   |
    | `failures` in a row = 1, 2, 3, …, no `every`| 60 s × 1, 2, 4, … up to 15 min, and no less  |
    |                                             | than the interval                            |
    | `throttled` (429 without Retry-After)       | as above, but 60 s at least                  |
    | `crawl_delay` (robots.txt), no `every`      | as above, but no less than that              |
    | `quota` (see `read_quota`), no `every`      | as above, but no less than that              |
    | then: `not_before` (Retry-After)            | not earlier than that, up to a day from now  |
    | then: `fresh_until` (max-age), no `every`   | not earlier than that, up to an hour from now|
    | then: `jitter`                              | up to a tenth of the interval later          |

    keywire promises that the entries of a hot blog are read within 15 s at the median. For quiet
    blogs the square root spends few requests best: where entries come at a rate of r, each waits
    interval/2 on average and polling costs 1/interval requests, and the sum over busy and quiet
    hours is least when the interval is proportional to 1/√r. `every` replaces this pace, the
    back-off and max-age. What a server demands (Retry-After, a bare 429) holds in spite of `every`.
    """
    interval, why = pace(every, gap, live=live, ended_for=ended_for, closing_for=closing_for)
    if listing is not None and every is None:
        interval, why = listing
    if confirming and not failures and interval > (CONFIRM / 2 if every is None else CONFIRM):
        interval, why = CONFIRM, "a second look at what is missing"
    if failures and every is None:
        interval = max(interval, back_off(BASE, failures, LONGEST_BACKOFF))
        why = f"tried again after {_count(failures)}"
    if throttled:
        interval, why = max(interval, THROTTLED), "the server asks for patience (429)"
    if crawl_delay > interval and every is None:
        interval, why = crawl_delay, "robots.txt asks for this crawl-delay"
    if quota > interval and every is None:
        interval, why = quota, "so that the server's quota lasts"
    due = now + interval
    told = min(not_before, now + LONGEST_WAIT) if not_before else due
    if told > due:
        due, why = told, "the server said Retry-After"
    fresh = min(fresh_until, now + LONGEST_FRESH) if fresh_until and every is None else due
    if fresh > due:
        due, why = fresh, "the answer stays fresh so long (max-age)"
    return Due(due + interval * (JITTER * jitter), why)


def whole_due(last_whole: datetime, interval: timedelta) -> datetime:
    """Return when the whole page is due again where probes are polled every `interval` in between.

    A probe shows only whether there are new entries: edits and retractions show on the page.
    """
    return last_whole + min(max(WHOLE_EVERY * interval, SHORTEST_WHOLE), LONGEST_WHOLE)


def pace(
    every: timedelta | None,
    gap: timedelta | None,
    *,
    live: bool | None,
    ended_for: timedelta | None,
    closing_for: timedelta | None = None,
) -> tuple[timedelta, str]:
    """Return the interval of a page whose polls succeed, and the reason in plain words.

    The first of `every`, `ended_for`, `gap` and `closing_for` that applies decides; see `next_due`.
    """
    if every is not None:
        return every, "set by every: in the configuration"
    if ended_for is not None:
        return _after_the_end(ended_for), "the blog has ended"
    if gap is None:
        return BASE, "nothing is known of its rhythm yet"
    longest = LONGEST_LIVE if live else LONGEST_UNTOLD
    rooted = timedelta(seconds=ROOT * math.sqrt(gap.total_seconds()))
    interval = SHORTEST if gap <= HOT else min(rooted, longest)
    if closing_for is not None and (looks := min(_after_the_end(closing_for), longest)) > interval:
        return looks, "its newest entry says goodbye"
    return interval, f"an entry about every {_spell(gap)}" if gap < _QUIET else "it is quiet"


def listing_pace(
    now: datetime,
    *,
    live: bool | None,
    found: Iterable[datetime],
    last_found: datetime | None = None,
) -> tuple[timedelta, str]:
    """Return the interval between polls of a page that lists live blogs, and why.

    | a blog of it is live (`live`) | a time of day at which blogs were `found` is near | interval |
    |-------------------------------|---------------------------------------------------|----------|
    | no                            | yes (an hour before or after, UTC)                | 60 s     |
    | no                            | no                                                | 5 min    |
    | yes                           | yes                                               | 5 min    |
    | yes                           | no                                                | 20 min   |
    | no, and nothing new for two weeks (`last_found`)                                  | 1 h      |

    A day's blog opens at about the hour of those before it, and seldom while another is on.
    """
    awaited = any(_apart(now, time) <= AWAITED_WITHIN for time in found)
    if live:
        return (
            (LISTING_BETWEEN, "a blog is live, and the next one is usual at this hour")
            if awaited
            else (LISTING_LIVE, "a blog of this listing is live")
        )
    if last_found is not None and now - last_found > IDLE_AFTER:
        return LISTING_IDLE, "no new blog came for two weeks"
    if awaited:
        return LISTING_AWAITED, "a new blog is usual at this hour"
    return LISTING_BETWEEN, "a new blog is awaited"


def _apart(one: datetime, other: datetime) -> timedelta:
    """Return how far apart the times of day of two instants are, at most 12 hours."""
    between = (one - other) % _DAY
    return min(between, _DAY - between)


def _after_the_end(ended_for: timedelta) -> timedelta:
    look = next((look for look in LOOKS if look > ended_for), None)
    if look is not None:
        return max(look - ended_for, CONFIRM)
    return min(max(ended_for / 4, SHORTEST_ENDED), LONGEST_ENDED)


def _spell(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    if minutes < 1:
        return f"{span.total_seconds():.0f} s"
    return f"{minutes:.0f} min"


def _count(failures: int) -> str:
    return "one failure" if failures == 1 else f"{failures} failures"


def back_off(first: timedelta, failures: int, longest: timedelta) -> timedelta:
    """Return `first` for one failure, doubled for each further one, up to `longest`."""
    doublings = min(max(failures, 1) - 1, _DOUBLINGS)
    return min(first * (1 << doublings), longest)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return the time (UTC) of Retry-After, seconds or date (RFC 9110 10.2.3), within a day of now.

    None if it is missing, unreadable or in the past. Header names are lower-case.
    """
    text = headers.get("retry-after", "").strip()
    if _DELTA.fullmatch(text):
        return now + _read_seconds(text, LONGEST_WAIT)
    told = _read_date(text)
    if told is None or told <= now:
        return None
    return min(told, now + LONGEST_WAIT)


def read_fresh_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when an answer is fresh (RFC 9111 4.2), UTC; None if not said or not at all.

    It is now plus max-age less Age; without max-age, now plus Expires less Date, so that clocks
    need not agree.
    """
    control = headers.get("cache-control", "")
    if _NO_REUSE.search(control):
        return None
    said = _MAX_AGE.search(control)
    if said is None:
        return _read_expires(headers, now)
    age = headers.get("age", "").strip()
    spent = _read_seconds(age, LONGEST_WAIT) if _DELTA.fullmatch(age) else timedelta()
    left = _read_seconds(said[1], LONGEST_WAIT) - spent
    return now + left if left > timedelta() else None


def read_quota(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how far apart requests must be for a server's quota to last; zero if it names none.

    Read are `RateLimit-Remaining` and `RateLimit-Reset` in seconds (the IETF's draft), and the
    requests left for the hour or day in UTC (`X-RateLimit-Remaining-Day`, as gateways count).
    """
    told = [name for name in _QUOTAS if name in headers]
    if not told:  # as at nearly every poll
        return _NONE
    gaps = (_spread(headers[name].strip(), _QUOTAS[name](headers, now)) for name in told)
    return min(max(gaps), LONGEST_WAIT)


def _reset(headers: Mapping[str, str], _now: datetime) -> timedelta:
    text = headers.get("ratelimit-reset", "").strip()
    return _read_seconds(text, LONGEST_WAIT) if _DELTA.fullmatch(text) else timedelta()


def _left_of(period: timedelta) -> Callable[[Mapping[str, str], datetime], timedelta]:
    return lambda _headers, now: period - (now - _EPOCH) % period


# Headers with the number of requests left, and functions that return how long it has to last.
_QUOTAS: Final = {
    "ratelimit-remaining": _reset,
    "x-ratelimit-remaining-hour": _left_of(_HOUR),
    "x-ratelimit-remaining-day": _left_of(_DAY),
}


def _spread(text: str, span: timedelta) -> timedelta:
    """Return `span` divided by the number of requests left (`text`); all of it if none is left."""
    if not _DELTA.fullmatch(text) or len(text) > _DIGITS:
        return timedelta()
    return span / max(int(text), 1)


def _read_expires(headers: Mapping[str, str], now: datetime) -> datetime | None:
    expires = _read_date(headers.get("expires", ""))
    if expires is None:
        return None
    left = expires - (_read_date(headers.get("date", "")) or now)
    return now + min(left, LONGEST_WAIT) if left > timedelta() else None


def _read_seconds(digits: str, longest: timedelta) -> timedelta:
    digits = digits.lstrip("0") or "0"
    return longest if len(digits) > _DIGITS else min(timedelta(seconds=int(digits)), longest)


def _read_date(text: str) -> datetime | None:
    """Return an HTTP-date in any of its three forms (RFC 9110 5.6.7) in UTC, else None."""
    try:
        told = parsedate_to_datetime(text)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
