"""Every platform's reader on a page of its own, read for the first time and again.

The floor is raw lexbor, which only builds the tree. The pages are those of the corpus, the largest
live blog of each platform; without the corpus there is nothing to read.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.floors import tree
from bench.measure import Figure, Finding, Size, Skipped, Task, at_most, milliseconds
from bench.pages import CORPUS, corpus_page
from bench.reading import READ_BEFORE, forgetting
from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import PLATFORMS, read
from store.sighting import Kind


def measure(size: Size) -> Iterator[Finding]:
    pages = _largest()
    for name in dict.fromkeys(platform.name for platform in PLATFORMS):
        if name in pages:
            yield from _figures(name, *pages[name], size.rounds(25))
        else:
            yield Skipped(f"reader {name}", "no page of it is here")


def _figures(name: str, page: Page, folder: str, rounds: int) -> Iterator[Finding]:
    tasks: dict[str, Task] = {"floor": lambda _: tree(page.body), "ours": lambda _: read(page)}
    cold = milliseconds(tasks, rounds, before=forgetting())
    for _ in range(READ_BEFORE):
        read(page)
    again = milliseconds(tasks, rounds)
    note = f"{folder}, {len(page.body) // 1000} kB; floor: raw lexbor"
    for state, medians, limit in (("cold", cold, at_most(4)), ("again", again, None)):
        yield Figure(
            f"reader {name}, {state}", "ms", medians["floor"], medians["ours"], limit, note
        )


def _largest() -> dict[str, tuple[Page, str]]:
    """Find the largest live blog in markup that each platform reads."""
    found = dict[str, tuple[Page, str]]()
    for path in sorted(CORPUS.glob("*/*/page.html")):
        folder = f"{path.parent.parent.name}/{path.parent.name}"
        page = _page(path, folder)
        name = _reader(page) if page is not None else ""
        if page is not None and name:
            known = found.get(name)
            if known is None or len(page.body) > len(known[0].body):
                found[name] = page, folder
    return found


def _page(path: Path, folder: str) -> Page | None:
    expected = path.with_name("expected.json")
    if not expected.is_file() or "n_entries" not in msgspec.json.decode(expected.read_bytes()):
        return None
    made = corpus_page(folder)
    return made[0] if made else None


def _reader(page: Page) -> str:
    try:
        snapshot = read(page)
    except ScrapeError:
        return ""
    return snapshot.platform if snapshot.kind is Kind.LIVE_BLOG else ""
