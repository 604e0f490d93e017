"""Stream changes to thousands of listeners: when the last one gets them, and memory per listener.

The floor is bare asyncio that writes as many bytes to every connection. Both servers and their
listeners are separate processes and take turns; times begin with the commit.
"""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.child import Child, child
from bench.measure import Figure, Finding, Size, no_more, percentile
from bench.pages import NOON, a_page
from bench.world import a_world

LISTENERS = 10_000
LENGTH = 800  # bytes of a change as it is sent


@dataclass(slots=True)
class _Told:
    """A server and its listeners; `late` are the milliseconds of each change's p50 and p99."""

    server: Child
    crowd: Child
    kilobytes: float = 0.0
    late: list[tuple[float, float]] = field(default_factory=list)

    def gather(self, count: int) -> None:
        port = self.server.ask("port")
        self.crowd.ask("open", port=port, count=5)  # leaves out what only the first ones cost
        self.tell()
        before = self.server.ask("memory")
        self.crowd.ask("open", port=port, count=count)
        self.kilobytes = max(self.server.ask("memory") - before, 1) / count / 1000

    def tell(self) -> None:
        with ThreadPoolExecutor(1) as aside:
            hearing = aside.submit(self.crowd.ask, "hear")
            time.sleep(0.05)
            committed = self.server.ask("commit")
            late = [1000 * (at - committed) for at in hearing.result()]
        self.late.append((percentile(late, 0.5), percentile(late, 0.99)))


def measure(size: Size) -> Iterator[Finding]:
    count = LISTENERS if size.full else 30
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        store = Path(name) / "ours.db"
        with a_world(store) as world:
            world.poll(a_page(size.entries(50)), NOON)
        told = {}
        for kind, argument in (("floor", str(LENGTH)), ("ours", str(store))):
            server = stack.enter_context(child("bench.stream_server", kind, argument))
            crowd = stack.enter_context(child("bench.stream_clients"))
            told[kind] = _Told(server, crowd)
            told[kind].gather(count)
        for one in told.values():
            one.late.clear()
        for _ in range(size.rounds(9)):
            for one in told.values():
                one.tell()
    floor, ours = told["floor"], told["ours"]
    note = f"{count:,} listeners; floor: bare asyncio"
    for name, at, target in (("median", 0, None), ("p99", 1, no_more(120, "ms"))):
        late = [median(one.late[n][at] for n in range(len(one.late))) for one in (floor, ours)]
        yield Figure(f"change → streams, {name}", "ms", *late, target, note)
    target = no_more(12, "kB")
    yield Figure("memory of a stream", "kB", floor.kilobytes, ours.kilobytes, target, note)
