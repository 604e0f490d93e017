"""Read one page and one JSON answer of each platform, for the first time and again.

The floor of a page is raw lexbor, which only builds the tree; of a JSON answer, its decoding. The
pages are the largest live blog of each platform in the corpus; without the corpus nothing is
measured.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from bench.floors import tree
from bench.measure import Figure, Finding, Size, Skipped, Task, at_most, milliseconds
from bench.pages import CORPUS, saved_page
from bench.reading import READ_BEFORE, forgetting
from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import PLATFORMS, read
from store.sighting import Kind


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which publishers serve blogs: names of its files and figures, and its floor."""

    file: str
    name: str
    floor: Callable[[bytes], object]
    floor_is: str


FORMS = (
    Form("page.html", "reader", tree, "raw lexbor"),
    Form("page.json", "answer of", msgspec.json.decode, "msgspec's decoding"),
)


def measure(size: Size) -> Iterator[Finding]:
    for form in FORMS:
        pages = _largest(form)
        for name in dict.fromkeys(platform.name for platform in PLATFORMS):
            if name in pages:
                yield from _figures(f"{form.name} {name}", form, *pages[name], size.rounds(25))
            else:
                yield Skipped(f"{form.name} {name}", "none is here")


def _figures(name: str, form: Form, page: Page, folder: str, rounds: int) -> Iterator[Finding]:
    tasks: dict[str, Task] = {
        "floor": lambda _: form.floor(page.body),
        "ours": lambda _: read(page),
    }
    cold = milliseconds(tasks, rounds, before=forgetting())
    for _ in range(READ_BEFORE):
        read(page)
    again = milliseconds(tasks, rounds)
    note = f"{folder}, {len(page.body) // 1000} kB; floor: {form.floor_is}"
    for state, medians, limit in (("cold", cold, at_most(4)), ("again", again, None)):
        yield Figure(f"{name}, {state}", "ms", medians["floor"], medians["ours"], limit, note)


def _largest(form: Form) -> dict[str, tuple[Page, str]]:
    """Return the largest live blog of each platform in one form, with its folder, by platform."""
    found = dict[str, tuple[Page, str]]()
    for path in sorted(CORPUS.glob(f"*/*/{form.file}")):
        page = saved_page(path)
        name = _reader(page)
        known = found.get(name)
        if name and (known is None or len(page.body) > len(known[0].body)):
            found[name] = page, str(path.parent.relative_to(CORPUS))
    return found


def _reader(page: Page) -> str:
    try:
        snapshot = read(page)
    except ScrapeError:
        return ""
    return snapshot.platform if snapshot.kind is Kind.LIVE_BLOG else ""
