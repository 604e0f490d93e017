"""Random days of live blogs, whose entries cause more entries.

A Hawkes process: entries arrive at a rate that is drawn for the day, and each causes some more
within minutes, as news does. The constants of keywire's pace were chosen on such days, so that
the real days of the corpus can show whether they were chosen well.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 7, 1, 5, tzinfo=UTC)
HOUR = 3600.0


def invented(seed: int) -> list[datetime]:
    """Return the times (UTC) of the entries of one random day, in order."""
    chance = random.Random(seed)  # noqa: S311 - it guards nothing
    length = chance.uniform(4, 14) * HOUR
    rate = math.exp(chance.uniform(math.log(1.5), math.log(25))) / HOUR
    called, within = chance.uniform(0.1, 0.6), chance.uniform(120, 1200)
    begun = MORNING + timedelta(hours=chance.randrange(8))
    waiting = [*_apart(chance, rate, length)]
    times = list[float]()
    while waiting:
        time = waiting.pop()
        times.append(time)
        waiting += [
            later
            for _ in _apart(chance, called, 1.0)
            if (later := time + chance.expovariate(1 / within)) < length + HOUR
        ]
    return [begun + timedelta(seconds=int(time)) for time in sorted(times)]


def _apart(chance: random.Random, rate: float, length: float) -> Iterator[float]:
    """Yield the times, below `length` seconds, of a Poisson process of `rate` events a second."""
    time = chance.expovariate(rate)
    while time < length:
        yield time
        time += chance.expovariate(rate)
