"""How often a blog changes, as two decaying counts of arrivals, which react at once to a burst."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

BURST: Final = timedelta(minutes=5)
HOUR: Final = timedelta(hours=1)
_SPANS: Final = (BURST, HOUR)
_NOTHING: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Decaying counts of a blog's arrivals, as of `at` (UTC).

    Arrivals are new entries (at their published time) and edits (at keywire's time). `burst` and
    `hour` are sums of the arrivals' weights e^(-age/span), for spans of five minutes and of an
    hour; divided by the span they are rates. `last` is the newest arrival's time (UTC).
    """

    at: datetime
    burst: float = 0.0
    hour: float = 0.0
    last: datetime | None = None

    def after(self, arrivals: Iterable[datetime], now: datetime) -> "Rhythm":
        """Return the rhythm as of `now`, with more arrivals; later times count as `now`."""
        times = [min(time, now) for time in arrivals]
        burst, hour = (
            count * _weight(now - self.at, span) + sum(_weight(now - time, span) for time in times)
            for count, span in zip((self.burst, self.hour), _SPANS, strict=True)
        )
        last = max(filter(None, (*times, self.last)), default=None)
        return Rhythm(now, burst, hour, last)

    def gap(self, now: datetime) -> timedelta | None:
        """Return the expected time until the next arrival; None before the first one.

        It follows from the higher of the two rates, but is at most the silence since the last
        arrival (an hour at least).
        """
        if self.last is None:
            return None
        rate = max(
            count * _weight(now - self.at, span) / span.total_seconds()
            for count, span in zip((self.burst, self.hour), _SPANS, strict=True)
        )
        silence = max(now - self.last, HOUR)
        return min(timedelta(seconds=1 / rate), silence) if rate * _DAYS > 1 else silence


_DAYS: Final = timedelta(days=30).total_seconds()


def _weight(age: timedelta, span: timedelta) -> float:
    return math.exp(-max(age, _NOTHING) / span)
