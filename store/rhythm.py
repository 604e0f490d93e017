"""How often a blog moves, kept as two decayed counts of arrivals: a burst shows at once."""

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
    """Arrivals (new entries at their published time, edits at ours) as they weigh at `at`, UTC.

    `burst` and `hour` count arrivals, each weighing e^(-age/span) for a span of five minutes and
    of an hour, so divided by the span they are rates. `last` is the newest arrival's time.
    """

    at: datetime
    burst: float = 0.0
    hour: float = 0.0
    last: datetime | None = None

    def after(self, arrivals: Iterable[datetime], now: datetime) -> "Rhythm":
        """Return the rhythm as it weighs at `now` with more arrivals; later ones count as now."""
        times = [min(time, now) for time in arrivals]
        burst, hour = (
            count * _weight(now - self.at, span) + sum(_weight(now - time, span) for time in times)
            for count, span in zip((self.burst, self.hour), _SPANS, strict=True)
        )
        last = max(filter(None, (*times, self.last)), default=None)
        return Rhythm(now, burst, hour, last)

    def gap(self, now: datetime) -> timedelta | None:
        """Return how long the next arrival may be expected to take; None before the first one.

        The busier of the two spans tells; after a silence longer than both tell of, as long again.
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
