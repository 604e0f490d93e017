"""Reading a page: parse, extract, sanitise, against raw lexbor, which only builds the tree.

Cold means that nothing is remembered of the page: every memo in scraper/ is emptied before
each run. Warm is a page whose blocks were read before.
"""

import sys
from collections.abc import Iterator
from typing import Any

from bench.floors import tree
from bench.measure import Figure, Finding, Size, Skipped, Target, at_most, milliseconds
from bench.pages import a_page, corpus_page, linked_page
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind, Snapshot, View

PMQS = "guardian/dcr-2026-08-politics-pmqs-live"
REACH = "reach/mirror-uk-riots-2024-08-05"


def measure(size: Size) -> Iterator[Finding]:
    pmqs = corpus_page(PMQS)
    if pmqs is None:
        yield Skipped(PMQS, "no corpus here; the synthetic pages stand for it")
    else:
        yield from _figures("pmqs", *pmqs, size.rounds(40), at_most(3))
    for count, rounds in ((50, 60), (500, 25), (2000, 9)):
        entries = size.entries(count)
        yield from _figures(
            f"synthetic {entries}", a_page(entries), entries, size.rounds(rounds), at_most(2.5)
        )
    reach = corpus_page(REACH)
    if reach is None:
        entries = size.entries(428)
        reach = linked_page(entries), entries
    yield from _figures("JSON-LD", *reach, size.rounds(25), at_most(4))


def _figures(name: str, page: Page, entries: int, rounds: int, target: Target) -> Iterator[Finding]:
    flaw = _flaw(read(page), entries)
    if flaw:
        yield Skipped(f"read {name}", flaw)
        return
    memos = _memos()

    def cold(_run: int) -> object:
        return read(page)

    def forgetful(run: int) -> object:
        for memo in memos:
            memo.cache_clear()
        return cold(run)

    medians = milliseconds(
        {"floor": lambda _: tree(page.body), "cold": forgetful, "warm": cold}, rounds
    )
    note = f"{len(page.body) // 1000} kB, {entries} entries; floor: raw lexbor"
    yield Figure(f"read {name}, cold", "ms", medians["floor"], medians["cold"], target, note)
    yield Figure(f"read {name}, warm", "ms", medians["floor"], medians["warm"], None, note)


def _flaw(snapshot: Snapshot, entries: int) -> str:
    """Say why what was read is not what stands on the page; "" where it is."""
    if snapshot.kind is not Kind.LIVE_BLOG:
        return f"not read as a live blog yet, but as {snapshot.kind.value}"
    own = {View.BLOCK, View.JSON_LD}
    seen = {s.block_id or str(n) for n, s in enumerate(snapshot.sightings) if s.view in own}
    if len(seen) < entries:
        return f"{len(seen)} of {entries} entries are read"
    if not all(s.html is not None for s in snapshot.sightings if s.view is View.BLOCK):
        return "an entry has no body"
    return ""


def _memos() -> list[Any]:
    """Find what scraper/ remembers of pages. A memo of one value is a constant, read once."""
    return [
        value
        for name, module in sys.modules.items()
        if name.startswith("scraper.")
        for value in vars(module).values()
        if hasattr(value, "cache_clear") and value.cache_parameters()["maxsize"] != 1
    ]
