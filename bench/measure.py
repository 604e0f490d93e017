"""How everything here is measured: ours and its floor by turns, warmed up, nothing retained.

A floor is the least that anyone would have to do for the same result. Both run in the same
process, one after the other in every round, so that a busy machine slows both; the figures are
medians. Garbage is collected before each run, and as usual within it. What one thread does by
itself is told in CPU time, what waits for a disk or for others by the clock on the wall.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from statistics import median
from time import perf_counter, process_time
from typing import TypeAlias

Task: TypeAlias = Callable[[int], object]
Clock: TypeAlias = Callable[[], float]  # seconds


class Bound(Enum):
    """Which side of a target is good."""

    AT_MOST = "≤"
    AT_LEAST = "≥"


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should come to: a multiple of the floor or, with a unit, ours alone."""

    bound: Bound
    limit: float
    unit: str = "×"

    def __str__(self) -> str:
        return f"{self.bound.value} {self.limit:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `floor` and `ours` are in `unit`. `note` says what both are."""

    name: str
    unit: str
    floor: float
    ours: float
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the floor."""
        return self.ours / self.floor

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        reached = self.ratio if self.target.unit == "×" else self.ours
        if self.target.bound is Bound.AT_LEAST:
            return reached >= self.target.limit
        return reached <= self.target.limit


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that could not be measured here, and why."""

    name: str
    why: str


Finding: TypeAlias = Figure | Skipped


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: all of it, or just enough to see that everything runs.

    `long`: on the scale that is promised, however long that takes.
    """

    full: bool = True
    long: bool = False

    def rounds(self, wanted: int) -> int:
        """Return how many rounds to measure."""
        return wanted if self.full else 2

    def entries(self, wanted: int) -> int:
        """Return how many entries to measure with."""
        return wanted if self.full else min(wanted, 6)


def at_most(limit: float) -> Target:
    return Target(Bound.AT_MOST, limit)


def at_least(limit: float) -> Target:
    return Target(Bound.AT_LEAST, limit)


def seconds(limit: float) -> Target:
    return no_more(limit, "s")


def no_more(limit: float, unit: str) -> Target:
    return Target(Bound.AT_MOST, limit, unit)


def no_less(limit: float, unit: str) -> Target:
    return Target(Bound.AT_LEAST, limit, unit)


def durations(
    tasks: Mapping[str, Task],
    rounds: int,
    warm_up: int = 2,
    clock: Clock = perf_counter,
    before: Callable[[], object] = lambda: None,
) -> dict[str, list[float]]:
    """Run all tasks once a round, in turning order; give the seconds that each took each time.

    A task is told the number of its run, warming up included. What is done `before` each is not
    counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    names = list(tasks)
    with tidy():
        for run in range(rounds + warm_up):
            first = run % len(names)
            for name in names[first:] + names[:first]:
                gc.collect(1)
                before()
                seconds_taken = time_once(tasks[name], run, clock)
                if run >= warm_up:
                    taken[name].append(seconds_taken)
    return taken


@contextmanager
def tidy() -> Iterator[None]:
    """Keep the collector from walking what was there before, again and again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def time_once(task: Task, run: int, clock: Clock = perf_counter) -> float:
    """Give the seconds that a task takes; what it returns is let go within them."""
    begun = clock()
    task(run)
    return clock() - begun


def milliseconds(
    tasks: Mapping[str, Task],
    rounds: int,
    clock: Clock = process_time,
    before: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Give the median milliseconds of each task, of CPU if nothing else is said."""
    taken = durations(tasks, rounds, clock=clock, before=before)
    return {name: median(each) * 1000 for name, each in taken.items()}


def compare(
    name: str, floor: Task, ours: Task, *, rounds: int, target: Target | None, note: str
) -> Figure:
    """Measure one task against its floor, in milliseconds of CPU."""
    medians = milliseconds({"floor": floor, "ours": ours}, rounds)
    return Figure(name, "ms", medians["floor"], medians["ours"], target, note)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
