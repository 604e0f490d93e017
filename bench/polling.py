"""Poll many live blogs: how fast, how punctually, and how hosts that hang affect the others.

The origin (`origin.py`), keywire (`polling_ours.py`) and the floor (`polling_floor.py`: aiohttp,
which asks as many hosts at once and only reads the answers) are separate processes; on two cores
the origin takes its share of the CPU. All requests use TLS, on one persistent connection per host.
Every blog has been read once before: 95 % of the answers are a 304, the others a page on which one
entry was edited. What is polled as fast as possible and what is polled at an interval are processes
of their own, since a keywire that runs makes one schedule.

keywire's behaviour is checked by the origin's log: one connection per host, every request
conditional, and no blog requested twice within its interval. A poll's lateness is the time from its
due time to the arrival of its request at the origin; a poll without a request is late until the
end. A poll of a host that is backed off, after three requests without an answer, sends none.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import msgspec

from bench.child import Child, child
from bench.fleet import Done, Fleet, Task
from bench.measure import Figure, Finding, Size, Skipped, no_less, no_more, percentile, seconds
from bench.origin import Certificate, Told, make_certificate
from bench.polling_seed import seed
from keywire.schedule import AT_ONCE

PATIENCE = 120.0
HANGING = 10  # one host in so many hangs
MOVED = 5  # seconds by which these may delay the others
MINUTE = 60
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """`hosts` hosts with `each` blogs per host, polled every `interval` seconds.

    They are polled as fast as possible for `rush` seconds, and at the interval for `paced` seconds.
    """

    hosts: int
    each: int
    rush: float
    interval: float
    paced: float


TINY = Scale(hosts=4, each=5, rush=1.2, interval=0.5, paced=2)
USUAL = Scale(hosts=150, each=10, rush=4, interval=2.25, paced=7)
LONG = Scale(hosts=2000, each=10, rush=30, interval=30, paced=75)


def measure(size: Size) -> Iterator[Finding]:
    scale = LONG if size.long else USUAL if size.full else TINY
    fleet = Fleet(scale.hosts, scale.each, size.entries(50))
    for figures in (_at_full_speed, _at_an_interval):
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            certificate = make_certificate(Path(name))
            if certificate is None or find_spec("aiohttp") is None:
                yield Skipped("polls", "it takes openssl and aiohttp")
                return
            floor, ours = (
                _pair(stack, kind, fleet, Path(name), certificate) for kind in ("floor", "ours")
            )
            for one in (floor, ours):
                one.play(Task(PATIENCE, PATIENCE, one_a_host=True)).check(0)
            yield from figures(floor, ours, scale)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A poller, and its own origin, which serves the fleet."""

    fleet: Fleet
    origin: Child
    poller: Child

    def play(self, task: Task, hanging: int = 0) -> "Played":
        """Have the poller do a task, while the first `hanging` hosts do not answer."""
        self.origin.ask("begin", silent=hanging)
        done = msgspec.convert(self.poller.ask("work", **asdict(task)), Done)
        told = msgspec.convert(self.origin.ask("tell"), Told)
        return Played(self.fleet, done, told, hanging)


@dataclass(frozen=True, slots=True)
class Played:
    """What one poller did, by its own account (`done`) and by the origin's (`told`)."""

    fleet: Fleet
    done: Done
    told: Told
    hanging: int

    @property
    def a_minute(self) -> float:
        """Polls per minute."""
        return self.done.polls / self.done.seconds * MINUTE

    @property
    def cpu(self) -> float:
        """Milliseconds of CPU time per poll."""
        return self.done.cpu / self.done.polls * 1000

    @property
    def a_cpu_minute(self) -> float:
        """Polls per minute of CPU time, which does not depend on the machine's other load."""
        return self.done.polls / self.done.cpu * MINUTE

    @property
    def memory(self) -> float:
        """Peak memory in megabytes."""
        return self.done.memory / MILLION

    def lateness(self) -> float:
        """Return the 99th percentile of the lateness of polls of answering hosts, in seconds."""
        late: list[float] = []
        for number in self._answering():
            asked = iter(self.told.times[number])
            dues = (due for due in self.done.dues[number] if due < self.done.ended)
            late += [next(asked, self.done.ended) - due for due in dues]
        return percentile(late, 0.99)

    def check(self, interval: float) -> None:
        """Assert that the poller was polite, and that its account agrees with the origin's log."""
        assert max(self.told.most) <= 1, "a host had two connections at once"
        assert max(self.told.opened[self.hanging :]) <= 1, "a connection was not kept"
        assert not any(self.told.unconditional), "a blog that is known was asked for anew"
        assert self.done.unasked == 0 or self.hanging, "a host that answers was let be"
        asked = self.done.polls - self.done.unasked
        assert asked <= sum(map(len, self.told.times)), "a poll without a request"
        assert self.done.failures == 0 or self.hanging, "a poll failed"
        for number in self._answering():
            gaps = (second - first for first, second in pairwise(self.told.times[number]))
            assert all(gap >= interval for gap in gaps), "polled twice within the interval"

    def _answering(self) -> range:
        return range(self.hanging * self.fleet.each, self.fleet.size)


def _pair(stack: ExitStack, kind: str, fleet: Fleet, folder: Path, made: Certificate) -> _Pair:
    public, key, store = str(made.public), str(made.key), folder / "ours.db"
    origin = stack.enter_context(child("bench.origin", _said(fleet), public, key))
    fleet = replace(fleet, port=origin.ask("port"))
    if kind == "ours":
        seed(store, fleet)
    last = str(store) if kind == "ours" else str(AT_ONCE)
    poller = child(f"bench.polling_{kind}", _said(fleet), public, last)
    return _Pair(fleet, origin, stack.enter_context(poller))


def _said(fleet: Fleet) -> str:
    return msgspec.json.encode(fleet).decode()


def _blogs(ours: _Pair) -> str:
    return f"{ours.fleet.size:,} blogs on {ours.fleet.hosts:,} hosts; floor: aiohttp"


def _at_full_speed(floor: _Pair, ours: _Pair, scale: Scale) -> Iterator[Finding]:
    task = Task(0, scale.rush)
    least, done = floor.play(task), ours.play(task)
    done.check(0)
    blogs = _blogs(ours)
    yield Figure("polls", "/min", least.a_minute, done.a_minute, no_less(50_000, "/min"), blogs)
    alone = "of the poller's process alone"
    yield Figure("CPU a poll", "ms", least.cpu, done.cpu, note=alone)
    yield Figure("polls a minute of CPU", "/min", least.a_cpu_minute, done.a_cpu_minute, note=alone)


def _at_an_interval(floor: _Pair, ours: _Pair, scale: Scale) -> Iterator[Finding]:
    task = Task(scale.interval, scale.paced, spread=scale.interval)
    least, done = floor.play(task), ours.play(task)
    done.check(scale.interval)
    late, pace = done.lateness(), ours.fleet.size / scale.interval * MINUTE
    note = f"at {pace:,.0f} polls a minute; floor: aiohttp"
    yield Figure("lateness, p99", "s", least.lateness(), late, seconds(0.5), note)
    yield Figure("memory", "MB", least.memory, done.memory, no_more(300, "MB"), _blogs(ours))

    done = ours.play(task, hanging=max(scale.hosts // HANGING, 1))
    done.check(scale.interval)
    long_enough = late + MOVED < scale.paced - task.lead(ours.fleet)
    moved = seconds(round(late, 1) + MOVED) if long_enough else None
    note = f"of the others; floor: ours while all answer{'' if moved else '; too short to judge'}"
    yield Figure("lateness, a tenth hangs", "s", late, done.lateness(), moved, note)
