"""Serve a feed by uvicorn: keywire's site against a bare function that sends the same bytes.

Both servers are separate processes, and so is the load (`load.py`). They are measured alternately,
over persistent connections. Where the load cannot keep a server busy, the ratio flatters keywire:
the note says how much of a core each server used.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import sysconf
from pathlib import Path
from statistics import median

from bench.measure import Figure, Finding, Size, at_least
from bench.pages import NOON, a_page
from bench.starting import free_port, wait_for_200
from bench.world import a_world

HERE = Path(__file__).parent
FEED = "/feeds/bench.atom"


def measure(size: Size) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        store, stored = Path(name) / "ours.db", Path(name) / "feed.atom"
        with a_world(store) as world:
            world.poll(a_page(size.entries(50)), NOON)
            stored.write_bytes(world.render())
        servers = [stack.enter_context(_serving(kind, store, stored)) for kind in ("floor", "ours")]
        length = 0.7 if size.full else 0.05
        for what in ("200", "304"):
            rates: dict[str, list[_Rate]] = {"floor": [], "ours": []}
            for run in range(size.rounds(8) + 1):
                for server in servers if run % 2 else servers[::-1]:
                    rate = _load(server, what, length)
                    if run:
                        rates[server.kind].append(rate)
            yield _figure(what, rates)


@dataclass(frozen=True, slots=True)
class _Server:
    kind: str
    port: int
    process: subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class _Rate:
    """Requests per second, and the share of a core that the server used meanwhile."""

    requests: float
    busy: float


@contextmanager
def _serving(kind: str, store: Path, stored: Path) -> Iterator[_Server]:
    port = free_port()
    arguments = [sys.executable, str(HERE / "server.py"), kind, str(store), str(stored), str(port)]
    process = subprocess.Popen(arguments)  # noqa: S603 - our own program
    try:
        wait_for_200(port, FEED)
        yield _Server(kind, port, process)
    finally:
        process.kill()
        process.wait()


def _load(server: _Server, what: str, length: float) -> _Rate:
    before = _cpu_seconds(server.process.pid)
    arguments = [sys.executable, str(HERE / "load.py"), str(server.port), FEED, what, str(length)]
    told = subprocess.run(arguments, check=True, capture_output=True)  # noqa: S603 - likewise
    requests, taken = json.loads(told.stdout)
    busy = _cpu_seconds(server.process.pid) - before
    return _Rate(requests / taken, busy / taken)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / sysconf("SC_CLK_TCK")


def _figure(what: str, rates: dict[str, list[_Rate]]) -> Figure:
    rate = {kind: median(one.requests for one in told) for kind, told in rates.items()}
    busy = {kind: median(one.busy for one in told) for kind, told in rates.items()}
    note = f"floor: a bare ASGI function; cores used: {busy['floor']:.2f}, ours {busy['ours']:.2f}"
    return Figure(f"GET feed, {what}", "/s", rate["floor"], rate["ours"], at_least(0.6), note)
