"""Time from a changed page to its changed feed: bytes in memory ▸ poll ▸ select ▸ render ▸ bytes.

The floor is the sum of what cannot be left out: raw lexbor on the page; on bare sqlite3 the
writing statements of that poll, in one transaction with synchronous=FULL, and the reading of
the feed's window; the feed by string templating. What keywire reads before it decides is not in
the floor. Three stores get the same changes: one is timed, on one the statements are recorded,
one is written by bare sqlite3; in the end all three have the same content.

Each change is an hour after the one before, so that the window has the newest 50 entries or a few
more: of eight changes, two are new entries, one is a promotion, one a demotion, four are edits.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from bench.floors import Recording, Statement, bare, copy, recorded, replay, template, tree
from bench.measure import Figure, Finding, Size, at_most, percentile, tidy, time_once
from bench.pages import NOON, SITE, URL, a_block, a_blog, html_page
from bench.world import World, a_world
from keywire.demo.blog import Blog, Kind, add, demote, edit, promote
from keywire.demo.page import render
from scraper.page import Page
from store import loading

ENTRIES = 50
HOUR = timedelta(hours=1)
WARM_UP = 10
_COMPARED = ("entries", "revisions", "view_memories", "joined", "changes", "selections")


@dataclass(slots=True)
class _Times:
    floor: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)


def measure(size: Size) -> Iterator[Finding]:
    entries = size.entries(ENTRIES)
    times = _live_through(entries, size.rounds(1000))
    floor, ours = median(times.floor) * 1000, median(times.ours) * 1000
    slow, slow_floor = percentile(times.ours, 0.99) * 1000, percentile(times.floor, 0.99) * 1000
    note = f"{len(times.ours)} changes; floor: lexbor + sqlite3 + templating, see following.py"
    yield Figure(f"change → feed {entries}, median", "ms", floor, ours, at_most(2), note)
    note = f"floor: the median one; its own p99 is {slow_floor:.2f} ms"
    yield Figure(f"change → feed {entries}, p99", "ms", floor, slow, at_most(4), note)


def _live_through(entries: int, changes: int) -> _Times:
    times = _Times()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ours, told = (
            stack.enter_context(a_world(Path(folder) / f"{name}.db")) for name in ("ours", "told")
        )
        recording = stack.enter_context(recorded(told.database))
        floor = bare(copy(ours.path, Path(folder) / "floor.db"))
        stack.callback(floor.close)
        stack.enter_context(tidy())
        blog, at = a_blog(entries), NOON
        for run in range(-1, changes + WARM_UP):
            if run >= 0:
                at += HOUR
                blog = _changed(blog, run, at)
            page = html_page(URL, render(blog, at, SITE).encode(), at)
            _live_once(ours, told, recording, floor, page, run, times)
        _check(ours, told, floor, changes)
    return _Times(times.floor[WARM_UP + 1 :], times.ours[WARM_UP + 1 :])


def _live_once(  # noqa: PLR0917 - the three stores, and what they live through
    ours: World,
    told: World,
    recording: Recording,
    floor: sqlite3.Connection,
    page: Page,
    run: int,
    times: _Times,
) -> None:
    recording.statements.clear()
    report = told.poll(page, page.fetched_at)
    assert report.changes, "the page did not change"
    writes = [statement for statement in recording.statements if statement.writes]
    recording.statements.clear()
    feed = told.feed()
    reads = list(recording.statements)

    def least(_run: int) -> bytes:
        tree(page.body)
        replay(floor, writes)
        _read(floor, reads)
        return template(feed)

    def whole(_run: int) -> bytes:
        ours.poll(page, page.fetched_at)
        return ours.render()

    if run % 2:
        times.floor.append(time_once(least, run))
        times.ours.append(time_once(whole, run))
    else:
        times.ours.append(time_once(whole, run))
        times.floor.append(time_once(least, run))


def _read(connection: sqlite3.Connection, reads: list[Statement]) -> None:
    for statement in reads:
        connection.execute(statement.text, statement.parameters).fetchall()


def _changed(blog: Blog, run: int, at: datetime) -> Blog:
    target = blog.blocks[run % (blog.page_size - 2)]
    match run % 8:
        case 0 | 4:
            new = a_block(f"later {run}", run, run)
            return add(blog, replace(new, published=at, kind=Kind.ORDINARY))
        case 1:
            return promote(blog, target.id, title=f"Turn {run}")
        case 5:
            turned = (old for old in blog.blocks if old.title == f"Turn {run - 4}")
            return demote(blog, next(turned, target).id)
        case _:
            return edit(blog, target.id, at, *target.body[:3], f"<p>Change {run}.</p>")


def _check(ours: World, told: World, floor: sqlite3.Connection, changes: int) -> None:
    """Assert that all three stores have the same content."""
    with closing(bare(ours.path)) as first, closing(bare(told.path)) as second:
        for table in _COMPARED:
            query = f"SELECT * FROM {table} ORDER BY 1, 2, 3"  # noqa: S608 - our own names
            held = first.execute(query).fetchall()
            assert held == second.execute(query).fetchall() == floor.execute(query).fetchall()
            assert len(held) >= (changes if table == "changes" else 1), f"too little in {table}"
    assert ours.render() == told.render(), "the feeds differ"
    with ours.database.read() as connection:
        read = loading.load(connection, URL)
    assert ours.poller.histories.at(read.id, read.version) == read, "memory differs from the store"
