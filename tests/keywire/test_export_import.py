"""Topics taken away and brought in: whole, idempotent, and the same again."""

import hashlib
import json
import resource
import subprocess
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from archives import ALL, KEYS, a_day
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from indexed import index
from keeping import Kept, make_template
from pages import URL
from running import KEYWIRE
from sqlalchemy import select
from typer.testing import CliRunner

from feeds.export.formats import FORMATS
from keywire.cli import app
from keywire.commands.exporting import Asked, bounds, export, read_moment
from keywire.commands.folder import FolderError
from keywire.commands.importing_exports import Importer, ImportingError
from keywire.config import load
from store import log, resorting, sources
from store.database import open_database
from store.errors import UnknownError
from store.schema import entries
from store.search.finding import find
from store.search.query import read_query
from store.topics import Content
from store.upkeep.forgetting import forget

UTC_ZONE = ZoneInfo("UTC")
LATER = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
CONFIG = f"""
store: STORE
topics:
  harbour: {{title: The harbour, follow: ["{URL}"]}}
  keys: {{title: What mattered, follow: ["{URL}"], match: {{key_event: true}}}}
"""


def quiet(_done, _total):
    pass


@pytest.fixture
def store(database_at):
    return database_at("first")


@pytest.fixture
def database_at(tmp_path):
    """Open stores by name."""
    opened = {}

    def at(name):
        if name not in opened:
            opened[name] = open_database(f"sqlite:///{tmp_path}/{name}.db")
        return opened[name]

    yield at
    for database in opened.values():
        database.close()


def exported(database, out, form="jsonl", *, force=False, **asked):
    wanted = Asked(**{"topic": "harbour", "zone": UTC_ZONE, **asked})
    export(database, wanted, FORMATS[form], out, quiet, force=force)
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


def imported(database, file, folder, topic="harbour"):
    config = folder / "config.yaml"
    config.write_text(CONFIG.replace("STORE", f"sqlite:///{folder}/unused.db"))
    return Importer(database, load(config), topic, lambda: LATER).take(file, quiet)


@pytest.mark.parametrize("topic", ["harbour", "keys"])
def test_what_was_exported_and_imported_exports_to_the_same_bytes(
    store, database_at, tmp_path, topic
):
    moments = a_day(store)
    first = exported(store, tmp_path / "one", topic=topic)
    empty = database_at("second")
    said = imported(empty, tmp_path / "one/entries.jsonl", tmp_path, topic)
    assert said in {"6 entries taken in", "1 entry taken in"}
    second = exported(empty, tmp_path / "two", topic=topic)
    assert second["entries.jsonl"] == first["entries.jsonl"] != b""
    for number, moment in enumerate(moments):  # and so does its past
        then = [
            exported(one, tmp_path / f"{number}-{name}", topic=topic, as_of=moment)["entries.jsonl"]
            for name, one in (("first", store), ("second", empty))
        ]
        assert then[0] == then[1]


def test_what_is_imported_is_found_by_its_words(store, database_at, tmp_path):
    a_day(store)
    exported(store, tmp_path / "one")
    empty = database_at("second")
    imported(empty, tmp_path / "one/entries.jsonl", tmp_path)
    for database in (store, empty):
        index(database)
        with database.read() as connection:
            said = connection.scalars(select(entries.c.text).where(entries.c.text != "")).first()
            assert find(connection, read_query(f'"{said}"')).entries


class Taken(Kept):
    """Exports every history, imports it into an empty store, and exports it again."""

    def judge(self):
        out, config = self.folder / "out", self.folder / "config.yaml"
        config.write_text(CONFIG.replace("STORE", "sqlite:///unused.db"))
        empty = open_database(f"sqlite:///{self.folder}/empty{len([*self.folder.iterdir()])}.db")
        try:
            for topic in ("harbour", "keys"):
                first = exported(self.database, out, topic=topic, force=True)["entries.jsonl"]
                file = self.folder / f"{topic}.jsonl"
                file.write_bytes(first)
                Importer(empty, load(config), topic, lambda: LATER).take(file, quiet)
                assert exported(empty, out, topic=topic, force=True)["entries.jsonl"] == first
        finally:
            empty.close()


def round_trips(folder, histories):
    template = make_template(folder / "template.db")
    machine = type("Taking", (Taken,), {"template": template, "folder": folder})
    told = settings(
        max_examples=histories, stateful_step_count=30, database=None, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine, settings=told)


def test_random_histories_come_back_as_they_were(tmp_path):
    round_trips(tmp_path, 5)


@pytest.mark.torture("100 histories × 30 steps")
def test_many_random_histories_come_back_as_they_were(tmp_path):
    round_trips(tmp_path, 100)


def test_importing_again_changes_nothing(store, tmp_path):
    a_day(store)
    first = exported(store, tmp_path / "one")
    with store.read() as connection:
        head = log.head(connection)
    assert imported(store, tmp_path / "one/entries.jsonl", tmp_path) == (
        "0 entries taken in, 6 were kept already"
    )
    with store.read() as connection:
        assert log.head(connection) == head
    assert exported(store, tmp_path / "two") == first


def test_what_was_taken_down_is_in_no_export_and_stays_so(store, database_at, tmp_path):
    moments = a_day(store)
    with store.write() as connection:
        (number,) = connection.scalars(select(entries.c.number).where(entries.c.block_id == "d"))
        forget(connection, number, "the court said so", moments[-1])
    for form in FORMATS:
        made = exported(store, tmp_path / form, form)
        assert not [name for name, body in made.items() if b"pier" in body.lower()]
        whole = b"".join(made.values()).replace(b"\r\n ", b"")
        assert (b"the court said so" in whole) or form == "parquet"  # which is compressed
    first = (tmp_path / "jsonl/entries.jsonl").read_bytes()
    empty = database_at("second")
    imported(empty, tmp_path / "jsonl/entries.jsonl", tmp_path)
    assert exported(empty, tmp_path / "again")["entries.jsonl"] == first
    then = exported(store, tmp_path / "then", as_of=moments[1])["entries.jsonl"]
    assert b"the court said so" in then


def test_an_import_alerts_nobody_and_is_told_as_backfill(store, database_at, tmp_path):
    a_day(store)
    exported(store, tmp_path / "one")
    empty = database_at("second")
    imported(empty, tmp_path / "one/entries.jsonl", tmp_path)
    with empty.read() as connection:
        changes = log.read_after(connection, 0, 100)
    assert len(changes) > 6
    assert all(change.backfill and change.topics == ("harbour",) for change in changes)
    edited = [change.changes for change in changes if "text" in change.changes]
    assert {"old": "What d says", "new": "The pier has moved"} in [one["text"] for one in edited]


def test_a_later_rule_keeps_what_was_imported(store, database_at, tmp_path):
    """A blog of last year is none that the configured sources ever led to."""
    a_day(store)
    exported(store, tmp_path / "one")
    text = (tmp_path / "one/entries.jsonl").read_text().replace("2026/may/04", "2025/may/04")
    text = text.replace("news.example,2026", "news.example,2025")
    (tmp_path / "old.jsonl").write_text(text)
    database = database_at("second")
    imported(database, tmp_path / "old.jsonl", tmp_path)
    before = exported(database, tmp_path / "two")
    with database.write() as connection:
        resorting.sort_anew(connection, ["harbour"])
        while not resorting.sort_batch(connection, ALL, LATER).finished:
            pass
        assert not [one.url for one in sources.followed(connection) if "2025" in one.url]
    assert exported(database, tmp_path / "three") == before


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "it is no entry of keywire's"),
        ("{", "it is no entry of keywire's"),
        ('{"keywire":1}', "missing required field"),
        ("VERSION", "it is of version 2, and this keywire reads 1; update keywire"),
        ("TIME", "Invalid RFC3339"),
        ("REVISION", "do not count up"),
    ],
)
def test_a_line_that_is_no_entry_is_told_with_its_number(store, database_at, tmp_path, line, why):
    a_day(store)
    exported(store, tmp_path / "one")
    lines = (tmp_path / "one/entries.jsonl").read_text().splitlines()
    broken = {
        "": "\x00",
        "VERSION": lines[2].replace('"keywire":1', '"keywire":2'),
        "TIME": lines[2].replace('"published":"2026', '"published":"yesterday'),
        "REVISION": lines[3].replace('"earlier":[{"revision":1', '"earlier":[{"revision":3'),
    }
    lines[2] = broken.get(line, line)
    file = tmp_path / "broken.jsonl"
    file.write_text("\n".join(lines))
    with pytest.raises(ImportingError, match=rf"broken\.jsonl, line 3: .*{why}"):
        imported(database_at("second"), file, tmp_path)


def test_what_is_no_export_is_refused(database_at, tmp_path):
    (tmp_path / "page.html").write_text("<html>")
    with pytest.raises(ImportingError, match="is no export of keywire's"):
        imported(database_at("x"), tmp_path / "page.html", tmp_path)
    with pytest.raises(ImportingError, match="cannot be read: No such file"):
        imported(database_at("x"), tmp_path / "none.jsonl", tmp_path)
    with pytest.raises(ImportingError, match="cannot be read: Is a directory"):
        imported(database_at("x"), tmp_path, tmp_path)


def test_markup_that_a_file_brings_is_cleaned(store, database_at, tmp_path):
    a_day(store)
    exported(store, tmp_path / "one")
    text = (tmp_path / "one/entries.jsonl").read_text()
    file = tmp_path / "hostile.jsonl"
    file.write_text(text.replace("<p>", "<p onclick='x()'><script>x()</script>"))
    database = database_at("second")
    imported(database, file, tmp_path)
    assert exported(database, tmp_path / "two")["entries.jsonl"].decode() == text


# --- what is written, and where ------------------------------------------------------------------


def test_the_manifest_tells_what_was_asked_and_what_each_file_is(store, tmp_path):
    moments = a_day(store)
    day = date(2026, 5, 4)
    files = exported(
        store,
        tmp_path / "out",
        zone=ZoneInfo("Asia/Damascus"),
        first=day,
        last=day,
        as_of=moments[-1],
    )
    told = json.loads(files["manifest.json"])
    with store.read() as connection:
        head = log.head(connection)
    assert told == {
        "keywire": 1,
        "format": "jsonl",
        "topic": "harbour",
        "title": "The harbour",
        "from": "2026-05-04",
        "to": "2026-05-04",
        "zone": "Asia/Damascus",
        "as_of": "2026-05-04T10:16:00Z",
        "content": "full",
        "store": {"epoch": store.epoch, "seq": head},
        "counts": {"entries": 6, "revisions": 9, "retracted": 1, "key_events": 0},
        "files": [
            {
                "name": "entries.jsonl",
                "bytes": len(files["entries.jsonl"]),
                "sha256": hashlib.sha256(files["entries.jsonl"]).hexdigest(),
            }
        ],
    }


def test_a_topic_gives_out_what_its_option_lets(store, tmp_path):
    a_day(store)
    with store.write() as connection:
        shy = replace(ALL, content=Content.NONE)
        resorting.follow_topics(connection, (shy, KEYS), LATER)
    files = exported(store, tmp_path / "out")
    assert b"pier" not in files["entries.jsonl"]
    assert b"What" not in files["entries.jsonl"]
    assert json.loads(files["manifest.json"])["content"] == "none"


def test_the_same_data_gives_the_same_bytes(store, tmp_path):
    a_day(store)
    assert exported(store, tmp_path / "one") == exported(store, tmp_path / "two")


def test_a_folder_that_holds_something_is_refused_unless_forced(store, tmp_path):
    a_day(store)
    out = tmp_path / "out"
    out.mkdir()
    exported(store, out)  # an empty one is none
    (out / "mine.txt").write_text("mine")
    (out / "entries.jsonl").write_text("old")
    with pytest.raises(FolderError, match="holds something already; name another folder, or"):
        exported(store, out)
    assert (out / "entries.jsonl").read_text() == "old"
    files = exported(store, out, force=True)
    assert files["mine.txt"] == b"mine"
    assert files["entries.jsonl"].startswith(b'{"keywire":1')
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_what_a_killed_export_left_is_in_nobodys_way(one_store, tmp_path):
    (tmp_path / "out" / ".out.x7f.part").mkdir(parents=True)
    wanted = Asked(topic="harbour", zone=UTC_ZONE)
    export(one_store, wanted, FORMATS["jsonl"], tmp_path / "out", quiet)
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_forced_export_leaves_none_of_the_last_ones_files(store, tmp_path):
    a_day(store)
    out = tmp_path / "out"
    exported(store, out)
    (out / "2026-01-01.md").write_text("of the last one")
    (tmp_path / "kept.txt").write_text("outside")
    manifest = {"files": [{"name": "2026-01-01.md"}, {"name": "../kept.txt"}, {"name": ".."}]}
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert [*exported(store, out, force=True)] == ["entries.jsonl", "manifest.json"]
    assert (tmp_path / "kept.txt").read_text() == "outside"


@contextmanager
def files_of_at_most(size):
    """Let no file grow beyond a size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("size", [0, 1, 100, 1000])
def test_a_full_disk_leaves_no_half_file(one_store, tmp_path, size, force):
    out = tmp_path / "out"
    if force:
        out.mkdir()
        (out / "entries.jsonl").write_text("old")
    with files_of_at_most(size), pytest.raises(FolderError, match="File too large; nothing of it"):
        exported(one_store, out, force=force)
    assert [file.name for file in tmp_path.iterdir()] == (["out"] if force else [])
    assert not force or (out / "entries.jsonl").read_text() == "old"
    assert "entries.jsonl" in exported(one_store, out, force=force)  # once there is room


HOSTILE_TOPICS = [
    *(
        "..",
        "../x",
        "../../etc/passwd",
        "/etc/passwd",
        "a/b",
        "a/../b",
        "./a",
        "a\\b",
        "~",
        "~root",
    ),
    *("", " ", "\x00", "a\x00b", "%2e%2e", "%2e%2e%2fx", "..%2f", "..\\..", "C:\\x", "\\\\host\\x"),
    *("con", "nul", "-rf", "--help", "a;b", "$(x)", "`x`", "a|b", "*", "?", "\n", "a\nb", "．．"),
    *(
        "\u202eevil",
        "a" * 64,
        "a" * 5000,
        "HARBOUR",
        "harbour.jsonl",
        "harbour/",
        "/harbour",
        "h\u200barbour",
    ),
]


@pytest.mark.parametrize("topic", HOSTILE_TOPICS)
def test_a_topic_that_is_not_kept_writes_nothing_anywhere(one_store, tmp_path, topic):
    with pytest.raises(UnknownError, match="no topic"):
        exported(one_store, tmp_path / "out", topic=topic)
    assert [*tmp_path.iterdir()] == []


@pytest.fixture(scope="module")
def one_store(tmp_path_factory):
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('hostile')}/keywire.db")
    a_day(database)
    yield database
    database.close()


# --- days and moments ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "since", "hours"),
    [
        ("UTC", date(2024, 12, 2), datetime(2024, 12, 2, tzinfo=UTC), 24),
        ("Asia/Damascus", date(2024, 12, 2), datetime(2024, 12, 1, 21, tzinfo=UTC), 24),
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), 23),
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), 25),
        ("Asia/Beirut", date(2022, 3, 27), datetime(2022, 3, 26, 22, tzinfo=UTC), 23),  # no 00:00
        (
            "America/Havana",
            date(2024, 11, 3),
            datetime(2024, 11, 3, 4, tzinfo=UTC),
            25,
        ),  # 00:00 twice
        (
            "Pacific/Apia",
            date(2011, 12, 30),
            datetime(2011, 12, 30, 10, tzinfo=UTC),
            0,
        ),  # no such day
        ("Australia/Lord_Howe", date(2024, 4, 7), datetime(2024, 4, 6, 13, tzinfo=UTC), 24.5),
    ],
)
def test_days_are_those_of_the_zone(zone, day, since, hours):
    begin, end = bounds(day, day, ZoneInfo(zone))
    assert begin == since
    assert end - begin == timedelta(hours=hours)


def test_the_first_and_the_last_day_have_bounds_too():
    begin, end = bounds(date.min, date.max, ZoneInfo("Asia/Tokyo"))
    assert begin == datetime.min.replace(tzinfo=UTC)
    assert end is None
    assert bounds(None, None, UTC_ZONE) == (None, None)


def test_a_moment_has_a_time_and_a_zone():
    tokyo = ZoneInfo("Asia/Tokyo")
    noon = datetime(2024, 12, 2, 12, tzinfo=UTC)
    assert read_moment("2024-12-02T12:00Z", tokyo) == noon
    assert read_moment("2024-12-02T21:00", tokyo) == noon
    for text in ("2024-12-02", "noon", "", "2024-13-02T12:00Z"):
        with pytest.raises(ValueError, match="is no moment; write one like"):
            read_moment(text, tokyo)


# --- the command ---------------------------------------------------------------------------------


def keywire(folder, *words):
    return subprocess.run(
        [KEYWIRE, *words], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_commands_write_and_take_in(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    a_day(database)
    database.close()
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.replace("STORE", "sqlite:///keywire.db"))
    done = keywire(
        tmp_path,
        *("export", "harbour", "--format", "jsonl", "--out", "out", "--tz", "Europe/Berlin"),
        *("--from", "2026-05-04", "--to", "2026-05-04", "--as-of", "2026-05-04T12:00"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Wrote 6 entries with 6 revisions to out\n"
    again = keywire(tmp_path, "export", "harbour", "--format", "jsonl", "--out", "out")
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert "--force" in again.stderr
    config.write_text(CONFIG.replace("STORE", "sqlite:///second.db"))
    files = ("out/entries.jsonl", "config.yaml")
    taken = keywire(tmp_path, "import", *files, "--topic", "harbour")
    assert taken.returncode == 1
    assert taken.stdout == "out/entries.jsonl: 6 entries taken in\n"
    assert taken.stderr.startswith("keywire: config.yaml: no live blog or article was found")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--from", "yesterday"), "is no day"),
        (("--to", "2024-02-30"), "is no day"),
        (("--tz", "Mars/Olympus"), "is no time zone"),
        (("--tz", "../../etc/passwd"), "is no time zone"),
        (("--as-of", "2024-02-02"), "is no moment"),
        (("--from", "2024-02-02", "--to", "2024-02-01"), "--to is before --from"),
    ],
)
def test_what_cannot_be_asked_is_told(words, why):
    said = CliRunner().invoke(app, ["export", "x", "--format", "jsonl", "--out", "y", *words])
    assert said.exit_code == 2
    assert why in " ".join(said.stderr.replace("│", " ").split())
