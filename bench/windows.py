"""Select the newest 50 entries of a topic of 10,000 entries and of one of 1,000,000.

The tables are filled by SQL alone, within SQLite. Entries joined a minute apart. The smaller store
is the floor: with a suitable index the time does not depend on the number of entries.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.measure import Finding, Size, at_most, compare
from bench.pages import NOON
from bench.world import TOPIC, World, a_filled_world
from store.topics import Selection
from store.window import select_window

NEWEST = 50
_SMALL, _LARGE = 10_000, 1_000_000
_ENTRIES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO entries (number, blog_id, block_id, guid, published, time_precision, title, html,
    text, permalink, authors, credit, media, tags, language, revision, first_seen, last_seen,
    changed_at, content_view)
SELECT i, 1, 'block' || i, 'tag:news.example,2026:/bench/' || i, :last - (:count - i) * 60000000,
    'second', 'Entry ' || i, '<p>Something happened, and was put into some words here.</p>',
    'Something happened, and was put into some words here.', 'https://news.example/b#' || i,
    '["Mara Quill"]', '', '[]', '[]', 'en', 1, :last, :last, :last - (:count - i) * 60000000, 5
FROM n
"""
_JOINED = """
INSERT INTO joined (topic, selection, number, joined_at, joined_seq, changed_at)
SELECT :topic, 'all', number, published, number, changed_at FROM entries ORDER BY number
"""


def measure(size: Size) -> Iterator[Finding]:
    small, large = (_SMALL, _LARGE) if size.full else (60, 120)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        few, many = (
            stack.enter_context(a_filled_world(Path(folder) / f"{count}.db", partial(_fill, count)))
            for count in (small, large)
        )
        for world, count in ((few, small), (many, large)):
            numbers = _newest(world)
            assert numbers == list(range(count, count - NEWEST, -1)), "not the newest"
        yield compare(
            f"newest {NEWEST} of {large:,}",
            lambda _: _newest(few),
            lambda _: _newest(many),
            rounds=size.rounds(300),
            target=at_most(1.15),
            note=f"floor: of {small:,}, by the same query",
        )


def _newest(world: World) -> list[int]:
    with world.database.read() as connection:
        window = select_window(connection, TOPIC, Selection.ALL, NEWEST)
    return [stored.number for stored in window.entries]


def _fill(count: int, connection: sqlite3.Connection) -> None:
    last = int(NOON.timestamp()) * 1_000_000
    said = {"count": count, "last": last, "topic": TOPIC}
    for statement in (_ENTRIES, _JOINED):
        connection.execute(statement, said)
    connection.execute("UPDATE selections SET updated = :last", said)
