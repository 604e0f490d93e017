"""Read and render a timeline's page of 50 entries, against reading its rows from the bare database.

One topic has every entry, another the newest 10,000 of them: a page of either costs the same,
wherever it begins. Bodies have some hundred words; no page is read twice, unless the measure is
of the same page. CPU time, p95. With `--long` there are 1,000,000 entries, a thousandth of them of
a second publisher, and all is measured on PostgreSQL too.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import insert

from bench.floors import bare
from bench.measure import Figure, Finding, Size, durations, no_more, percentile
from bench.on_postgresql import bare_store, cpu_of, either
from bench.pages import NOON, SENTENCE, URL
from bench.world import OPTIONS, TOPIC, World, a_world
from feeds.site.assets import load_assets
from feeds.site.page_addresses import LeafKey
from feeds.site.pages import Page, make_pages
from store import resorting
from store.archive.places import Place
from store.column_types import microseconds
from store.database import Database
from store.schema import blogs, source_blogs

SMALL, SEED = "small", 20261126
RARE, PAST = "rare.example", "past.example"
_PAST = 3
_BLOGS = {1: URL, 2: f"https://{RARE}/live", _PAST: f"https://{PAST}/live"}
_MINUTE = timedelta(minutes=1)
_NEWEST = 10_000
_BATCH = 5_000
_ENTRY = """
INSERT INTO entries (number, blog_id, block_id, guid, published, time_precision, title, html,
    text, permalink, authors, credit, media, tags, language, revision, first_seen, last_seen,
    changed_at, content_view)
VALUES (:number, :blog, :number, 'tag:news.example,2026:/bench/' || :number, :published, 'second',
    :title, :html, :text, 'https://news.example/b#' || :number, '["Mara Quill"]', '', '[]', '[]',
    'en', 1, :published, :published, :published, 5)
"""
_CHANGE = """
INSERT INTO changes (seq, type, occurred_at, blog_id, entry, revision, backfill, topics, told)
VALUES (:number, 'entry.published', :published, :blog, :number, 1, 0, '["bench"]', :told)
"""
_TOLD = (
    '{"entry":{"revision":1,"changed_at":"2026-07-01T12:00:00Z","retracted_at":null,'
    '"key_event":false,"summary":false},"changes":{},"source":{}}'
)
_JOINED = """
INSERT INTO joined (topic, selection, number, joined_at, joined_seq, changed_at)
SELECT :topic, 'all', number, published, number, changed_at FROM entries WHERE number > :above
ORDER BY number
"""
_FLOOR = """
SELECT entries.* FROM (SELECT number FROM joined WHERE topic = 'bench' AND selection = 'all'
    AND joined_at <= ? ORDER BY joined_at DESC, joined_seq DESC LIMIT 51) AS found
JOIN entries USING (number)
"""


def measure(size: Size) -> Iterator[Finding]:
    count = (1_000_000 if size.long else 50_000) if size.full else 300
    chance = Random(SEED)  # noqa: S311 - the same each time
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        world = stack.enter_context(a_world(Path(folder) / "pages.db"))
        _fill(world, count)
        stores = stack.enter_context(either(world.database, Path(folder), size))
        rounds = size.rounds(300)

        def anywhere(topic: str, most: int) -> list[LeafKey]:
            places = [_place(count, chance.randrange(1, most)) for _ in range(rounds + 2)]
            return [LeafKey(topic, before=place) for place in places]

        everywhere = anywhere(TOPIC, count)
        then = [replace(key, as_of=NOON + timedelta(days=1)) for key in anywhere(TOPIC, count)]
        asked = {
            "newest page": [LeafKey(TOPIC)] * (rounds + 2),
            "any page": everywhere,
            "any page of 10,000": anywhere(SMALL, min(count, _NEWEST)),
            "any page as it stood": then,
            "any page of a rare publisher": [replace(key, publisher=RARE) for key in everywhere],
            "newest page of one that ended": [LeafKey(TOPIC, publisher=PAST)] * (rounds + 2),
        }
        for where, database in stores.items():
            reading = stack.enter_context(_reading(database, count, everywhere))
            for name, keys in asked.items():
                ours = _rendering(database, keys)
                taken = durations({"floor": reading, "ours": ours}, rounds, clock=cpu_of(database))
                least, most = (percentile(taken[one], 0.95) * 1000 for one in ("floor", "ours"))
                note = f"of {count:,}; floor: the rows of any page from the bare database"
                yield Figure(f"{name}{where}, p95", "ms", least, most, no_more(30, "ms"), note)


def _place(count: int, back: int) -> Place:
    number = count - back + 1
    return Place(NOON - _MINUTE * back, number, number)


def _rendering(database: Database, keys: list[LeafKey]) -> Callable[[int], object]:
    pages = make_pages(OPTIONS, load_assets())

    def render(run: int) -> object:
        with database.read() as connection:
            page = pages.timeline(connection, keys[run])
            assert isinstance(page, Page), f"no page: {page}"
            return page.document(gzipped=False)

    return render


@contextmanager
def _reading(
    database: Database, count: int, keys: list[LeafKey]
) -> Iterator[Callable[[int], object]]:
    with bare_store(database) as ask:

        def read(run: int) -> object:
            place = keys[run].before or _place(count, 1)
            return ask(_FLOOR, (microseconds(place.at),))

        yield read


def _fill(world: World, count: int) -> None:
    small = replace(world.rule, name=SMALL)
    with world.database.write() as connection:
        resorting.follow_topics(connection, [world.rule, small], NOON)
        for blog, url in _BLOGS.items():
            seen = NOON - _MINUTE * (count // 2) if blog == _PAST else NOON
            at = {"first_seen": seen, "last_seen": seen}
            connection.execute(
                insert(blogs).values(id=blog, url=url, title="A long day", state="live", **at)
            )
            connection.execute(insert(source_blogs).values(source_id=1, blog_id=blog))
    newest = microseconds(NOON) or 0
    with closing(bare(world.path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        for start in range(1, count + 1, _BATCH):
            numbers = range(start, min(start + _BATCH, count + 1))
            rows = [
                _row(number, newest - (count - number + 1) * 60_000_000, past=number < count / 2)
                for number in numbers
            ]
            connection.execute("BEGIN")
            connection.executemany(_ENTRY, rows)
            connection.executemany(_CHANGE, rows)
            connection.execute("COMMIT")
        for topic, above in ((TOPIC, 0), (SMALL, max(count - _NEWEST, 0))):
            connection.execute(_JOINED, {"topic": topic, "above": above})


def _row(number: int, published: int, *, past: bool) -> dict[str, object]:
    parts = [f"{SENTENCE * (1 + (number + part) % 3)}({number})" for part in range(3)]
    return {
        "number": number,
        "blog": 2 if number % 1_000 == 0 else _PAST if past else 1,
        "published": published,
        "title": f"Stroke {number}" if number % 3 == 0 else "",
        "html": "".join(f"<p>{part}</p>" for part in parts),
        "text": " ".join(parts),
        "told": _TOLD,
    }
