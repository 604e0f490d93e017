"""Write entries in bulk, against the same statements on bare sqlite3.

Blogs of 500 entries each are written at first sight, and then every entry once more, edited. What
a blog's page changes is decided beforehand; the time is that of the transaction, in which keywire
turns entries into rows, sorts them into a topic, writes the log and records what the search index
still lacks. Indexing, in batches, is timed separately: keywire finds the waiting entries and splits
them into words. The statements are recorded on a second store, and replayed on a third.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench.floors import Statement, bare, recorded, replay
from bench.measure import Figure, Finding, Size, Task, at_least, tidy, time_once
from bench.pages import NOON, SITE, URL, a_feed
from bench.world import World, a_world
from store import loading, timeline
from store.changes import diff
from store.decision.history import Outcome
from store.entry import Provenance, StoredEntry, TimePrecision
from store.history_cache import KeptBlog
from store.search import indexing
from store.sighting import Kind, Sighting, Snapshot, View

WARM_UP = 2


def measure(size: Size) -> Iterator[Finding]:
    count, blogs = size.entries(500), size.rounds(16) + WARM_UP
    rates: dict[str, tuple[list[float], list[float]]] = {"new": ([], []), "edited": ([], [])}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ours, told, template = (
            stack.enter_context(a_world(Path(folder) / f"{name}.db"))
            for name in ("ours", "told", "floor")
        )
        floor = bare(template.path)
        stack.callback(floor.close)
        stack.enter_context(tidy())
        for blog in range(blogs):
            for number, (name, (least, whole)) in enumerate(rates.items()):
                snapshot = _snapshot(blog, count, number)
                with recorded(told.database) as recording:
                    _write(told, snapshot)
                statements = [one for one in recording.statements if one.writes]
                outcome, kept = _decide(ours, snapshot)
                assert len(outcome.entries) == count, f"{name}: not every entry is to be written"
                least.append(time_once(_replaying(floor, statements), blog))
                whole.append(time_once(_applying(ours, kept, outcome), blog))
        rates["indexed"] = _index_all(ours, told, floor, batches=blogs)
        rows = [
            connection.execute("SELECT count(*), sum(revision) FROM entries").fetchone()
            for connection in (floor, bare(ours.path))
        ]
        assert rows[0] == rows[1] == (blogs * count, blogs * count * 2), "the stores differ"
    for name, (least, whole) in rates.items():
        yield Figure(
            f"store {name} entries",
            "/s",
            count / median(least[WARM_UP:]),
            count / median(whole[WARM_UP:]),
            None if name == "indexed" else at_least(0.65),
            f"{blogs - WARM_UP} × {count}; floor: the same writes on sqlite3",
        )


def _index_all(
    ours: World, told: World, floor: sqlite3.Connection, batches: int
) -> tuple[list[float], list[float]]:
    """Index all waiting entries; return the seconds of each batch, of the floor and of keywire."""
    least, whole = list[float](), list[float]()
    for batch in range(batches):
        with recorded(told.database) as recording:
            _index_batch(told)
        statements = [one for one in recording.statements if one.writes]
        least.append(time_once(_replaying(floor, statements), batch))
        whole.append(time_once(lambda _: _index_batch(ours), batch))
    with ours.database.read() as connection:
        assert indexing.waiting(connection) == 0, "something still waits"
        assert not indexing.is_lost(connection), "nothing came into the index"
    return least, whole


def _index_batch(world: World) -> None:
    with world.database.write() as connection:
        indexing.index_batch(connection)


def _replaying(connection: sqlite3.Connection, statements: list[Statement]) -> Task:
    return lambda _: replay(connection, statements)


def _applying(world: World, kept: KeptBlog, outcome: Outcome) -> Task:
    return lambda _: _apply(world, kept, outcome)


def _write(world: World, snapshot: Snapshot) -> None:
    outcome, kept = _decide(world, snapshot)
    _apply(world, kept, outcome)


def _decide(world: World, snapshot: Snapshot) -> tuple[Outcome, KeptBlog]:
    with world.database.write() as connection:
        kept = loading.load(connection, snapshot.url)
    provenance = Provenance(page_url=snapshot.url, fetched_at=NOON, platform="guardian")
    outcome = diff(kept.history, snapshot, NOON, provenance=provenance)
    assert isinstance(outcome, Outcome), "the page was not believed"
    return outcome, kept


def _apply(world: World, kept: KeptBlog, outcome: Outcome) -> None:
    with world.database.write() as connection:
        timeline.apply(connection, kept, outcome, NOON, source_id=1, rules=[world.rule])


def _snapshot(blog: int, count: int, edit: int) -> Snapshot:
    return Snapshot(
        url=f"{URL}-{blog}",
        kind=Kind.LIVE_BLOG,
        platform="guardian",
        title="A long day – live",
        language="en",
        sightings=tuple(_sighting(stored, blog, edit) for stored in a_feed(count).entries),
        shows_top=True,
        shows_bottom=True,
    )


def _sighting(stored: StoredEntry, blog: int, edit: int) -> Sighting:
    entry = stored.entry
    html = f"{entry.html}<p>Edit {edit}.</p>" if edit else entry.html
    return Sighting(
        view=View.BLOCK,
        block_id=entry.block_id,
        published=entry.published,
        updated=entry.published + timedelta(minutes=edit) if edit else None,
        time_precision=TimePrecision.SECOND,
        title=entry.title,
        html=html,
        text=entry.text,
        permalink=f"{SITE}/{blog}#block-{entry.block_id}",
        authors=entry.authors,
        key_event=entry.key_event,
        summary=False,
    )
