"""How the benchmarks measure: keywire alternates with its floor, after a warm-up.

A floor is the least that any program would have to do for the same result. Both run in the same
process, one after the other in every round, so that a busy machine slows both; the figures are
medians. Garbage is collected before each run, and as usual within it. Work of a single thread is
measured in CPU time, work that waits for a disk or for other processes in elapsed time.
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
    """Whether a target is an upper or a lower bound."""

    AT_MOST = "≤"
    AT_LEAST = "≥"


@dataclass(frozen=True, slots=True)
class Target:
    """The bound of a figure: as a multiple of the floor, or in a unit for keywire's value alone."""

    bound: Bound
    limit: float
    unit: str = "×"

    def __str__(self) -> str:
        return f"{self.bound.value} {self.limit:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table; `floor` and `ours` (keywire's) are in `unit`; `note` explains them."""

    name: str
    unit: str
    floor: float
    ours: float
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Keywire's value as a multiple of the floor."""
        return self.ours / self.floor

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        reached = self.ratio if self.target.unit == "×" else self.ours
        if self.target.bound is Bound.AT_LEAST:
            return reached >= self.target.limit
        return reached <= self.target.limit


@dataclass(frozen=True, slots=True)
class Skipped:
    """A case that could not be measured on this machine, and why."""

    name: str
    why: str


Finding: TypeAlias = Figure | Skipped


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: all, or (not `full`) just enough to see that everything runs.

    `long`: at the scale that keywire promises, however long that takes.
    """

    full: bool = True
    long: bool = False

    def rounds(self, wanted: int) -> int:
        """Return the number of rounds: `wanted`, or 2 if not `full`."""
        return wanted if self.full else 2

    def entries(self, wanted: int) -> int:
        """Return the number of entries: `wanted`, or 6 at most if not `full`."""
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
    """Run all tasks once per round, in rotating order; return the seconds of each run by task.

    A task gets the number of its run, warm-up included. `before` is called before each run, and is
    not timed.
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
    """Keep the garbage collector from traversing the objects that exist already."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def time_once(task: Task, run: int, clock: Clock = perf_counter) -> float:
    """Return the seconds that a task takes, including the release of its result."""
    begun = clock()
    task(run)
    return clock() - begun


def milliseconds(
    tasks: Mapping[str, Task],
    rounds: int,
    clock: Clock = process_time,
    before: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Return the median milliseconds of each task, by default of CPU time."""
    taken = durations(tasks, rounds, clock=clock, before=before)
    return {name: median(each) * 1000 for name, each in taken.items()}


def compare(
    name: str, floor: Task, ours: Task, *, rounds: int, target: Target | None, note: str
) -> Figure:
    """Measure one task against its floor, in milliseconds of CPU time."""
    medians = milliseconds({"floor": floor, "ours": ours}, rounds)
    return Figure(name, "ms", medians["floor"], medians["ours"], target, note)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
