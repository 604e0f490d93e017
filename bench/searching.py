"""Search many entries, newest first, against the same query on bare sqlite3.

Entries have forty words each, distributed as in any language: a few are everywhere, most are
rare. The queries are single words from common to rare, several words, phrases, beginnings and
exclusions, in all topics and in one that has every tenth entry. The floor queries the index alone,
and reads the rows that it returns. With `--long` there are 1,000,000 entries, and PostgreSQL is
measured too. CPU time, p95.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter

from sqlalchemy import insert

from bench.floors import bare
from bench.measure import Figure, Finding, Size, durations, no_more, percentile
from bench.on_postgresql import cpu_of, either
from bench.pages import NOON, URL
from bench.world import TOPIC, World, a_world
from store.column_types import moment_of
from store.database import Database
from store.schema import blogs
from store.search.finding import find
from store.search.index import index_of
from store.search.places import Row, number_at, place_of
from store.search.query import read_query

SEED, VOCABULARY, WORDS = 20261128, 20_000, 40
_BATCH = 5_000
_ENTRY = """
INSERT INTO entries (number, blog_id, block_id, guid, published, time_precision, title, html,
    text, permalink, authors, credit, media, tags, language, revision, first_seen, last_seen,
    changed_at, content_view)
VALUES (:number, 1, :number, 'tag:news.example,2026:/bench/' || :number, :published, 'second',
    :title, :text, :text, 'https://news.example/b#' || :number, '["Mara Quill"]', '', '[]', '[]',
    'en', 1, :published, :published, :published, 5)
"""
_JOINED = """
INSERT INTO joined (topic, selection, number, joined_at, joined_seq, changed_at)
SELECT :topic, 'all', number, published, number, changed_at FROM entries WHERE number % 10 = 0
ORDER BY number
"""
_FLOOR = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 51"
_ROWS = "SELECT * FROM entries WHERE number IN ({})"


def measure(size: Size) -> Iterator[Finding]:
    count = (1_000_000 if size.long else 50_000) if size.full else 200
    chance = Random(SEED)  # noqa: S311 - the same each time
    vocabulary = [_word(n) for n in range(VOCABULARY)]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        world = stack.enter_context(a_world(Path(folder) / "search.db"))
        begun = perf_counter()
        _fill(world, count, vocabulary, chance)
        filled = perf_counter() - begun
        stores = stack.enter_context(either(world.database, Path(folder), size, searched=True))
        floor = stack.enter_context(closing(bare(world.path)))
        rounds = size.rounds(400)
        for where, database in stores.items():
            for name, topic in (("", ""), (" in a topic", TOPIC)):
                asked = [_question(vocabulary, chance) for _ in range(rounds + 2)]
                assert any(_find(database, one, topic) for one in asked), "nothing is found"
                taken = durations(
                    {
                        "floor": lambda n, asked=asked: _read(floor, asked[n]),
                        "ours": partial(_ask, database, asked, topic),
                    },
                    rounds,
                    clock=cpu_of(database),
                )
                least, ours = (percentile(taken[one], 0.95) * 1000 for one in ("floor", "ours"))
                note = f"of {count:,}, filled in {filled:.0f} s; floor: the same of bare sqlite3"
                named = f"search by time{name}{where}, p95"
                yield Figure(named, "ms", least, ours, no_more(20, "ms"), note)


def _word(number: int) -> str:
    """Return a number spelled in syllables, as a made-up word."""
    said = ""
    while number or not said:
        number, syllable = divmod(number, 60)
        said += "bdfghklmnprs"[syllable % 12] + "aeiou"[syllable // 12]
    return said


def _question(vocabulary: Sequence[str], chance: Random) -> str:
    def word() -> str:
        return vocabulary[int(VOCABULARY ** chance.random()) - 1]

    return chance.choice(
        [
            word(),
            f"{word()} {word()}",
            f'"{word()} {word()}"',
            f"{word()} -{word()}",
            f"{word()} OR {word()}",
            f"{vocabulary[chance.randrange(100, VOCABULARY)][:4]}*",
        ]
    )


def _ask(database: Database, asked: Sequence[str], topic: str, run: int) -> list[int]:
    return _find(database, asked[run], topic)


def _find(database: Database, asked: str, topic: str) -> list[int]:
    with database.read() as connection:
        found = find(connection, read_query(asked), topic=topic)
    return [stored.number for stored in found.entries]


def _read(floor: sqlite3.Connection, asked: str) -> list[tuple[object, ...]]:
    said = asked.replace(" -", " NOT ")
    places = [number_at(place) for (place,) in floor.execute(_FLOOR, (said,))]
    return floor.execute(_ROWS.format(",".join(map(str, places))), ()).fetchall()


def _fill(world: World, count: int, vocabulary: Sequence[str], chance: Random) -> None:
    weights = [*accumulate(1 / (rank + 1) for rank in range(VOCABULARY))]
    with world.database.write() as connection:
        connection.execute(insert(blogs).values(id=1, url=URL, first_seen=NOON, last_seen=NOON))
    last = int(NOON.timestamp()) * 1_000_000
    with closing(bare(world.path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        for start in range(1, count + 1, _BATCH):
            rows = []
            for number in range(start, min(start + _BATCH, count + 1)):
                said = chance.choices(vocabulary, cum_weights=weights, k=WORDS)
                published = last - (count - number) * 60_000_000
                rows.append(
                    {
                        "number": number,
                        "published": published,
                        "title": " ".join(said[:5]),
                        "text": " ".join(said),
                    }
                )
            connection.execute("BEGIN")
            connection.executemany(_ENTRY, rows)
            connection.execute("COMMIT")
            _index(world, rows)
        connection.execute(_JOINED, {"topic": TOPIC})


def _index(world: World, rows: Sequence[dict[str, object]]) -> None:
    """Put entries into the search index; their words are separated by spaces already."""
    with world.database.write() as connection:
        index_of(connection).put(
            connection,
            [
                Row(
                    place_of(moment_of(int(str(row["published"]))), int(str(row["number"]))),
                    str(row["title"]).split(),
                    str(row["text"]).split(),
                )
                for row in rows
            ],
        )
