"""Invented days of live blogs: arrivals that cause more arrivals, by chance.

A Hawkes process: entries come at a rate of the day's own, and each calls for some more within
minutes, as news does. The constants of keywire's pace were chosen on such days, so that the real
ones of the corpus can tell whether they were chosen well.
"""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 7, 1, 5, tzinfo=UTC)
HOUR = 3600.0


def invented(seed: int) -> list[datetime]:
    """Give when the entries of one day came, the first one first."""
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
    """Give times at which something happens at a rate, up to a length."""
    time = chance.expovariate(rate)
    while time < length:
        yield time
        time += chance.expovariate(rate)
