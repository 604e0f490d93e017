"""Export a topic as JSON lines, against a raw SELECT of the same rows encoded by msgspec.

Both read every entry with its revisions and changes and write them to a file. keywire also turns
rows into values, writes each entry whole on one line, and hashes the file. A tenth of the entries
was edited once. The memory is that of `keywire export` in a process of its own, with `--long` in
every format, and from PostgreSQL too.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

import msgspec

from bench.floors import bare
from bench.measure import Figure, Finding, Size, at_least, durations, no_more
from bench.on_postgresql import either
from bench.pages import NOON, URL
from bench.world import TOPIC, a_filled_world
from feeds.export.formats import FORMATS
from keywire.commands.exporting import Asked, export
from store.database import Database

# Prints the peak memory of the process in kB (getrusage would include its parent's).
_TELLING = """
import sys
from keywire.cli import main
try:
    main()
finally:
    with open("/proc/self/status") as status:
        print(status.read().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""
_SOME, _MANY = 20_000, 1_000_000
_MEGABYTE = 1_000_000
_BODY = " ".join(["Something happened at the harbour, and was put into some words here."] * 5)
_ENTRIES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO entries (number, blog_id, block_id, guid, published, time_precision, title, html,
    text, permalink, authors, credit, media, tags, language, revision, first_seen, last_seen,
    changed_at, content_view, key_event, summary, provenance)
SELECT i, 1, 'block' || i, 'tag:news.example,2026:/bench/' || i, :last - (:count - i) * 60000000,
    'second', 'Entry ' || i, '<p>' || i || :body || '</p>', i || :body,
    'https://news.example/b#' || i, '["Mara Quill"]', '', '[]', '["Harbour"]', 'en',
    1 + (i % 10 = 0), :last, :last, :last - (:count - i) * 60000000, 5, i % 7 = 0, 0, :seen
FROM n
"""
_REVISIONS = """
INSERT INTO revisions (number, revision, title, html, text, permalink, authors, credit, media,
    tags, language, updated, digest, seen_at, provenance)
SELECT number, n, title, html, text, permalink, authors, credit, media, tags, language, updated,
    '1:0123456789abcdef0123456789abcdef', first_seen, provenance
FROM entries JOIN (SELECT 1 AS n UNION ALL SELECT 2) ON n <= revision
"""
_TOLD = """
INSERT INTO changes (seq, type, occurred_at, blog_id, entry, revision, backfill, topics, told)
SELECT number * 2 + n - 2, CASE n WHEN 1 THEN 'entry.published' ELSE 'entry.updated' END,
    first_seen, blog_id, number, n, 0, '["bench"]', json_object('entry', json_object('id', guid,
    'number', number, 'block_id', block_id, 'revision', n, 'title', title, 'url', permalink,
    'published', :stamp, 'time_precision', 'second', 'updated', null, 'changed_at', :stamp,
    'retracted_at', null, 'key_event', json('false'), 'summary', json('false'),
    'authors', json(authors)), 'changes', json('{}'), 'source', json('{}'))
FROM entries JOIN (SELECT 1 AS n UNION ALL SELECT 2) ON n <= revision
"""
_JOINED = """
INSERT INTO joined (topic, selection, number, joined_at, joined_seq, changed_at)
SELECT :topic, 'all', number, published, number * 2 - 1, changed_at FROM entries ORDER BY number
"""
_SEEN = (
    '{"page_url":"https://news.example/b","fetched_at":"2026-05-04T10:00:00Z","status":200,'
    '"etag":"\\"1\\"","last_modified":"","sha256":"' + "0" * 64 + '","platform":"guardian",'
    '"layout":"dcr","view":"block"}'
)
# The least that reads everything: the entries in order, then all revisions, then all changes.
_RAW = (
    """
    SELECT e.*, b.url, b.title AS blog_title, j.joined_at FROM joined j
    JOIN entries e ON e.number = j.number JOIN blogs b ON b.id = e.blog_id
    WHERE j.topic = 'bench' AND j.selection = 'all' ORDER BY e.published, e.number
    """,
    "SELECT * FROM revisions ORDER BY number, revision",
    "SELECT entry, type, occurred_at, told FROM changes ORDER BY entry, seq",
)


def measure(size: Size) -> Iterator[Finding]:
    count = (_MANY if size.long else _SOME) if size.full else 30
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        world = stack.enter_context(a_filled_world(Path(folder) / "k.db", partial(_fill, count)))
        raw, outs = Path(folder) / "raw.jsonl", list[Path]()

        def ours(run: int) -> None:
            outs.append(Path(folder) / f"out-{run}")
            asked = Asked(topic=TOPIC, zone=ZoneInfo("UTC"))
            export(world.database, asked, FORMATS["jsonl"], outs[-1], lambda _done, _total: None)

        with closing(bare(world.path)) as connection:
            taken = durations(
                {"floor": lambda _: _select(connection, raw), "ours": ours},
                1 if size.long else size.rounds(5),
                warm_up=0 if size.long else 1,
                clock=process_time,
            )
        with (outs[-1] / "entries.jsonl").open("rb") as written:
            lines = sum(1 for _ in written)
        assert lines == count, "not every entry was written"
        floor, whole = (sorted(taken[name])[len(taken[name]) // 2] for name in ("floor", "ours"))
        yield Figure(
            f"export {count:,} as JSON lines",
            "/s",
            count / floor,
            count / whole,
            at_least(0.5),
            "floor: the same rows by sqlite3, encoded by msgspec",
        )
        stores = stack.enter_context(either(world.database, Path(folder), size))
        for where, database in stores.items():
            for form in FORMATS if size.long else ("jsonl",):
                yield _memory(Path(folder), database, f"{count:,} as {form}{where}", form)


def _memory(folder: Path, database: Database, name: str, form: str) -> Figure:
    """Measure the peak memory of `keywire export`: of no entries as the floor, then of all."""
    address = database.engine.url.render_as_string(hide_password=False)
    told = {"store": address, "topics": {TOPIC: {"follow": [URL]}}}
    (folder / "config.yaml").write_bytes(msgspec.json.encode(told))
    few_at, all_at = (Path(tempfile.mkdtemp(dir=folder)) for _ in range(2))

    def most(*words: str) -> float:
        done = subprocess.run(  # noqa: S603 - our own program
            (sys.executable, "-c", _TELLING, "export", TOPIC, "--format", form, *words),
            cwd=folder,
            capture_output=True,
            check=True,
        )
        return int(done.stderr.split()[-1]) * 1024 / _MEGABYTE

    few = most("--out", str(few_at), "--to", "1970-01-01")
    begun = perf_counter()
    all_of_it = most("--out", str(all_at))
    seconds = perf_counter() - begun
    shutil.rmtree(all_at)
    return Figure(
        f"memory of {name}",
        "MB",
        few,
        all_of_it,
        no_more(200, "MB"),
        f"floor: of exporting none; it took {seconds:.0f} s",
    )


def _select(connection: sqlite3.Connection, file: Path) -> None:
    """Write the rows of `_RAW` to a file as JSON lines, one statement after the other."""
    encode = msgspec.json.Encoder().encode
    with file.open("wb", 1 << 20) as out:
        for statement in _RAW:
            rows = connection.execute(statement)
            names = [column[0] for column in rows.description]
            for row in rows:
                out.write(encode(dict(zip(names, row, strict=True))) + b"\n")


def _fill(count: int, connection: sqlite3.Connection) -> None:
    last = int(NOON.timestamp()) * 1_000_000
    stamp = NOON.isoformat().replace("+00:00", "Z")
    said = {
        "count": count,
        "last": last,
        "topic": TOPIC,
        "body": _BODY,
        "seen": _SEEN,
        "stamp": stamp,
    }
    for statement in (_ENTRIES, _REVISIONS, _TOLD, _JOINED):
        connection.execute(statement, said)
