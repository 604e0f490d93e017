"""Recognise an unchanged page, and poll it as a whole.

In a real poll a page is compared when its last byte has just arrived, and so with the CPU caches
in that state: its body is therefore joined anew before each run, which is not timed.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from bench.floors import bare, copy, recorded, replay, tree
from bench.measure import Figure, Finding, Size, at_most, milliseconds
from bench.pages import NOON, a_page, corpus_page
from bench.reading import PMQS
from bench.world import World, a_world
from keywire.polling.source_state import same_bytes
from scraper.page import Page

MINUTE = timedelta(minutes=1)
_PART = 16_384


def measure(size: Size) -> Iterator[Finding]:
    found = corpus_page(PMQS)
    page, name = (found[0], "pmqs") if found else (a_page(size.entries(500)), "synthetic")
    yield from _figures(name, page, size.rounds(60))


class _Arriving:
    """A page body that arrives in parts, repeatedly."""

    def __init__(self, body: bytes) -> None:
        self._parts = [body[start : start + _PART] for start in range(0, len(body), _PART)]
        self.body = b""
        self.arrive()

    def arrive(self) -> None:
        """Join the body anew of its parts."""
        self.body = b"".join(self._parts)


def _figures(name: str, page: Page, rounds: int) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        world = stack.enter_context(a_world(Path(folder) / "ours.db", page.url))
        assert world.poll(page, NOON).changes, "nothing was read"
        source, arriving = world.source(), _Arriving(page.body)
        assert same_bytes(source, arriving.body), "the same bytes are not known for the same"
        assert not same_bytes(source, page.body[:-1] + b" "), "other bytes are taken for the same"
        medians = milliseconds(
            {
                "floor": lambda _: tree(arriving.body),
                "ours": lambda _: same_bytes(source, arriving.body),
            },
            rounds,
            before=arriving.arrive,
        )
        note = f"{len(page.body) // 1000} kB; floor: raw lexbor"
        yield Figure(
            f"unchanged {name}, known", "ms", medians["floor"], medians["ours"], at_most(0.01), note
        )
        yield _whole_poll(name, page, world, Path(folder), rounds)


def _whole_poll(name: str, page: Page, world: World, folder: Path, rounds: int) -> Figure:
    with recorded(world.database) as recording:
        assert world.poll(page, NOON + MINUTE).unchanged, "the same page is taken for another"
    floor = bare(copy(world.path, folder / "floor.db"))
    writes = [statement for statement in recording.statements if statement.writes]
    medians = milliseconds(
        {
            "floor": lambda _: replay(floor, writes),
            "ours": lambda run: world.poll(page, NOON + MINUTE * (run + 2)),
        },
        rounds,
        clock=perf_counter,
    )
    floor.close()
    note = "floor: the poll's writes on sqlite3, synchronous=FULL"
    return Figure(
        f"unchanged {name}, whole poll", "ms", medians["floor"], medians["ours"], None, note
    )
