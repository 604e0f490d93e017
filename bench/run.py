"""Measure what a poll costs: reading a page, and rendering a feed at first and after one change.

Each figure is the median of many runs in this one process, on a page of the built-in live blog.
Raw lexbor, which only builds the tree, stands beside reading: what is above it is ours. Nothing
is fetched or stored. Speeds depend on the machine; ratios hardly do.
"""

import platform
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from os import cpu_count
from statistics import median
from time import perf_counter

from selectolax.lexbor import LexborHTMLParser

from feeds.atom import render_atom
from feeds.feed import Feed
from feeds.fragments import Fragments
from feeds.jsonfeed import render_json
from feeds.rss import render_rss
from keywire.demo.blog import Blog, Kind, add, block
from keywire.demo.page import render
from scraper.page import Page
from scraper.read import read
from store.entry import Entry, StoredEntry

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SITE = "https://news.example"
FORMATS = {"atom": render_atom, "rss": render_rss, "json": render_json}
SENTENCE = "The tower moved another stroke inland, and the crowd behind the rope moved with it. "


def a_blog(count: int) -> Blog:
    """Write a blog of so many entries on one page; every fifth one is a key event."""
    blog = Blog("/live/2026/jul/01/bench", "A long day – live", NOON, page_size=count)
    blocks = [
        block(
            f"entry {n}",
            NOON - timedelta(minutes=count - n),
            *(f"<p>{SENTENCE * (1 + (n + part) % 4)}</p>" for part in range(4)),
            title=f"Stroke {n}" if n % 3 == 0 else "",
            kind=Kind.KEY_EVENT if n % 5 == 0 else Kind.ORDINARY,
            authors=("Mara Quill",),
        )
        for n in range(count)
    ]
    return add(blog, *blocks)


def a_feed(count: int) -> Feed:
    """Make a feed of the same entries, as if they had been stored."""
    entries = tuple(
        StoredEntry(
            entry=Entry(
                blog=f"{SITE}/live/2026/jul/01/bench",
                block_id=written.id,
                published=written.published,
                title=written.title,
                html="".join(part for part in written.body if isinstance(part, str)),
                permalink=f"{SITE}/live/2026/jul/01/bench#block-{written.id}",
                authors=written.authors,
            ),
            id=f"tag:news.example,2026:/live/2026/jul/01/bench/{written.id}",
            number=count - n,
            revision=1,
            first_seen=written.published,
            last_seen=written.published,
            changed_at=written.published,
        )
        for n, written in enumerate(a_blog(count).blocks)
    )
    return Feed(id="tag:news.example,2026:bench", title="Bench", updated=NOON, entries=entries)


def changed(feed: Feed, run: int) -> Feed:
    """Give the feed with its newest entry edited, differently at each run."""
    newest, *rest = feed.entries
    when = newest.changed_at + timedelta(seconds=run + 1)
    entry = replace(newest.entry, html=f"{newest.entry.html}<p>Edit {run}.</p>", updated=when)
    edited = replace(newest, entry=entry, revision=run + 2, changed_at=when)
    return replace(feed, entries=(edited, *rest), updated=when)


def milliseconds(task: Callable[[int], object], runs: int) -> float:
    """Give the median duration of a task that is told the number of its run; two go uncounted."""
    durations = []
    for run in range(runs + 2):
        begun = perf_counter()
        task(run)
        durations.append((perf_counter() - begun) * 1000)
    return median(durations[2:])


def measure_reading(count: int, runs: int) -> None:
    """Print what raw lexbor and reading cost on one page."""
    body = render(a_blog(count), NOON, SITE).encode()
    url = f"{SITE}/live/2026/jul/01/bench"
    headers = {"content-type": "text/html; charset=utf-8"}
    page = Page(url=url, final_url=url, body=body, fetched_at=NOON, headers=headers)
    seen = {sighting.block_id for sighting in read(page).sightings}
    assert len(seen) == count, f"{len(seen)} of {count} entries were read"
    raw = milliseconds(lambda _: LexborHTMLParser(body), runs)
    whole = milliseconds(lambda _: read(page), runs)
    print(f"\nread a page of {count} entries, {len(body) // 1000} kB")
    print(f"  raw lexbor          {raw:9.2f} ms")
    print(f"  read                {whole:9.2f} ms   {whole / raw:5.1f} × raw")


def measure_rendering(count: int, runs: int) -> None:
    """Print what each format costs without kept fragments, unchanged, and after one change."""
    feed = a_feed(count)
    print(f"\nrender a feed of {count} entries: cold, after one change")
    for name, render_feed in FORMATS.items():
        kept = Fragments()
        render_feed(feed, fragments=kept)
        again = render_feed(changed(feed, 0), fragments=kept)
        assert again == render_feed(changed(feed, 0)), "kept fragments changed the bytes"
        cold = milliseconds(lambda _, f=render_feed: f(feed), runs)
        states = [changed(feed, run) for run in range(runs + 2)]
        warm = milliseconds(
            lambda run, f=render_feed, s=states, k=kept: f(s[run], fragments=k), runs
        )
        print(f"  {name:<6}{cold:9.2f} ms {warm:9.2f} ms   {warm / cold:6.3f} × cold")


def main() -> None:
    machine = f"{cpu_count()} × {platform.machine()}"
    print(f"Python {platform.python_version()}, {platform.system()}, {machine}; medians")
    for count, runs in ((50, 100), (500, 15)):
        measure_reading(count, runs)
    for count, runs in ((50, 50), (500, 10)):
        measure_rendering(count, runs)


if __name__ == "__main__":
    main()
