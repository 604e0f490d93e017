"""Read a page (parse, extract, sanitise), against raw lexbor, which only builds the tree.

Cold: nothing is remembered of the page, as every memo in scraper/ is emptied before each run.
Warm: all its blocks were read before. One change is what a poller reads most: the page rendered
anew, with its clock a minute later and one entry edited; one new is the same with one more entry
on top.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from bench.floors import tree
from bench.measure import Figure, Finding, Size, Skipped, Target, Task, at_most, milliseconds
from bench.pages import a_page, corpus_page, linked_page
from scraper.markup.memo import Memo
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind, Snapshot, View

PMQS = "guardian/dcr-2026-08-politics-pmqs-live"
WARM_UP = 2
# A page's blocks are remembered only from the second time that they are seen.
READ_BEFORE = 3
REACH = "reach/mirror-uk-riots-2024-08-05"
# Where text can be added to an entry, a block, and the clock to which a page's times are relative.
IN_BODY = re.compile(rb'<article id="block-[^<>]*>.*?(?=</p>)|"articleBody": ?"', re.DOTALL)
BLOCK = re.compile(rb'<article id="block-([0-9a-f]{24})".*?</article>', re.DOTALL)
CLOCK = re.compile(rb"(&quot;now&quot;:)\d+")


def measure(size: Size) -> Iterator[Finding]:
    pmqs = corpus_page(PMQS)
    if pmqs is None:
        yield Skipped(PMQS, "no corpus here; the synthetic pages stand for it")
    else:
        yield from _figures("pmqs", *pmqs, size.rounds(40), at_most(3))
    for wanted, rounds in ((50, 60), (500, 25), (2000, 9)):
        entries = size.entries(wanted)
        page = _distinct(a_page(entries))
        name = f"synthetic {entries}"
        yield from _figures(name, page, entries, size.rounds(rounds), at_most(2.5))
    reach = corpus_page(REACH)
    if reach is None:
        entries = size.entries(428)
        reach = _distinct(linked_page(entries)), entries
    yield from _figures("JSON-LD", *reach, size.rounds(25), at_most(4))


def _figures(name: str, page: Page, entries: int, rounds: int, target: Target) -> Iterator[Finding]:
    flaw = _flaw(read(page), entries)
    if flaw:
        yield Skipped(f"read {name}", flaw)
        return
    note = f"{len(page.body) // 1000} kB, {entries} entries; floor: raw lexbor"
    cold = _against_the_tree(page, {"cold": lambda _: read(page)}, rounds, before=forgetting())
    yield Figure(f"read {name}, cold", "ms", *cold["cold"], target, note)
    for _ in range(READ_BEFORE):
        read(page)
    edited = [_edited(page, run) for run in range(rounds + WARM_UP)]
    polls: dict[str, Task] = {"warm": lambda _: read(page), "one change": lambda n: read(edited[n])}
    grown = [_grown(page, run) for run in range(rounds + WARM_UP)]
    if grown[0] is not None:
        assert len(read(grown[0]).sightings) == len(read(page).sightings) + 1, "nothing is new"
        polls["one new"] = lambda n: read(grown[n] or page)
    for state, medians in _against_the_tree(page, polls, rounds).items():
        limit = at_most(1.5) if state == "one new" else None
        yield Figure(f"read {name}, {state}", "ms", *medians, limit, note)


def forgetting() -> Callable[[], None]:
    """Return a function that empties every memo in scraper/, as if no page had ever been read."""
    forgets = _forgets()

    def forget() -> None:
        for each in forgets:
            each()

    return forget


def _against_the_tree(
    page: Page,
    tasks: dict[str, Task],
    rounds: int,
    before: Callable[[], None] = lambda: None,
) -> dict[str, tuple[float, float]]:
    medians = milliseconds({"floor": lambda _: tree(page.body), **tasks}, rounds, before=before)
    return {name: (medians["floor"], medians[name]) for name in tasks}


def _distinct(page: Page) -> Page:
    """Return a synthetic page with all sentences made different, as no two entries are the same."""
    numbers = count()
    body = re.sub(rb"The tower", lambda _: b"Tower %d" % next(numbers), page.body)
    return replace(page, body=body)


def _edited(page: Page, run: int) -> Page:
    """Return a page with a later clock and with text added to the entry in its middle."""
    places = [found.end() for found in IN_BODY.finditer(page.body)]
    place = places[len(places) // 2]
    body = b"%bEdit %d. %b" % (page.body[:place], run, page.body[place:])
    return replace(page, body=CLOCK.sub(rb"\g<1>%d" % (1782907260000 + 60000 * run), body))


def _grown(page: Page, run: int) -> Page | None:
    """Return a page with a later clock and one more entry, like its first; None if no block."""
    found = BLOCK.search(page.body)
    if found is None:
        return None
    entry = found[0].replace(found[1], b"%024x" % (run + 1)).replace(b"Tower", b"Run %d:" % run)
    body = b"%b%b\n%b" % (page.body[: found.start()], entry, page.body[found.start() :])
    return replace(page, body=CLOCK.sub(rb"\g<1>%d" % (1782907260000 + 60000 * run), body))


def _flaw(snapshot: Snapshot, entries: int) -> str:
    """Return why the snapshot does not have the page's entries; "" if it has them."""
    if snapshot.kind is not Kind.LIVE_BLOG:
        return f"not read as a live blog yet, but as {snapshot.kind.value}"
    own = {View.BLOCK, View.JSON_LD}
    seen = {s.block_id or str(n) for n, s in enumerate(snapshot.sightings) if s.view in own}
    if len(seen) < entries:
        return f"{len(seen)} of {entries} entries are read"
    if not all(s.html is not None for s in snapshot.sightings if s.view is View.BLOCK):
        return "an entry has no body"
    return ""


def _forgets() -> list[Callable[[], object]]:
    """Return what empties scraper/'s memos, but for those of one value, which are constants."""
    found = {
        id(value): value
        for name, module in sys.modules.items()
        if name.startswith("scraper.")
        for value in vars(module).values()
    }
    return [
        memo.forget if isinstance(memo, Memo) else memo.cache_clear
        for memo in found.values()
        if isinstance(memo, Memo)
        or (hasattr(memo, "cache_clear") and memo.cache_parameters()["maxsize"] != 1)
    ]
