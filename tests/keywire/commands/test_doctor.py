"""What `keywire doctor` finds, with real stores, runs, ports, sites and distributions."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import namedtuple
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from running import KEYWIRE, Keywire, free_port
from sqlalchemy import create_engine, text

from keywire.commands.doctor.clock import EARLIEST, examine_clock
from keywire.commands.doctor.finding import Verdict
from keywire.commands.doctor.stored import judge_space
from store.alerting import deliveries
from store.alerting.delivery import Lane
from store.database import open_database
from store.schema import VERSION
from store.upkeep.facts import Facts

Told = namedtuple("Told", ["code", "lines"])  # noqa: PYI024 - a test's value
NOWHERE = "http://127.0.0.1:9/live"


def doctor(folder, *options, **environment):
    result = subprocess.run(
        [KEYWIRE, "doctor", *options],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stderr == ""
    lines = {}
    for line in result.stdout.splitlines():
        mark, rest = line[0], line[2:]
        about, _, says = rest.partition(": ")
        assert mark in "✓!✗", line
        lines.setdefault(about, []).append((mark, says))
    return Told(result.returncode, lines)


def only(told, about):
    (found,) = told.lines[about]
    return found


def assert_bad(told, about, *said):
    mark, says = only(told, about)
    assert (mark, told.code) == ("✗", 1), told
    for words in said:
        assert words in says


def make_store(folder):
    database = open_database(f"sqlite:///{folder}/keywire.db")
    database.close()
    return folder / "keywire.db"


@pytest.fixture
def mine(tmp_path):
    return Keywire(tmp_path, [NOWHERE])


def set_site(mine, url):
    path = mine.folder / "config.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('site: {listen: "', f'site: {{url: "{url}", listen: "'), encoding="utf-8"
    )


def test_before_the_first_run_nothing_is_wrong_and_nothing_is_made(mine, tmp_path):
    told = doctor(tmp_path)
    assert told.code == 0, told
    mark, says = only(told, "store")
    assert (mark, says) == ("!", "there is none at keywire.db yet; keywire run makes one")
    assert only(told, "configuration")[0] == "✓"
    assert f"Python {sys.version.split()[0]}" in only(told, "versions")[1]
    assert "httpx 0." in only(told, "versions")[1]
    assert only(told, "packages")[0] == "✓"
    mark, says = only(told, "site")
    assert mark == "!"
    assert "readers on this machine only" in says
    assert only(told, "listening") == ("✓", f"127.0.0.1:{mine.port} is free for keywire run")
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.usefixtures("mine")
def test_a_store_that_is_sound_is_described_and_left_as_it_is(tmp_path):
    path = make_store(tmp_path)
    before = path.read_bytes()
    told = doctor(tmp_path)
    assert told.code == 0, told
    assert only(told, "store") == ("✓", f"SQLite {sqlite3.sqlite_version} at keywire.db")
    assert only(told, "schema") == ("✓", f"{VERSION}, this keywire's own")
    assert only(told, "integrity") == ("✓", "every page of the file is sound")
    mark, says = only(told, "size")
    assert mark == "✓"
    assert "0 B in its write-ahead log" in says
    epoch = open_database(f"sqlite:///{path}").epoch
    assert only(told, "content") == (
        "✓",
        f"sources 0, blogs 0, entries 0, changes 0; epoch {epoch}",
    )
    assert only(told, "in use") == ("✓", "no keywire run follows with this store")
    assert path.read_bytes() == before


@pytest.mark.usefixtures("mine")
def test_deliveries_that_wait_for_a_person_are_found(tmp_path):
    database = open_database(f"sqlite:///{make_store(tmp_path)}")
    with database.write() as connection:
        deliveries.write_lane(connection, Lane("webhook:x/1", 10, EARLIEST, EARLIEST, "410 Gone"))
    database.close()
    told = doctor(tmp_path)
    assert told.code == 1
    mark, says = only(told, "deliveries")
    assert mark == "✗"
    assert says.startswith("0 of alerts are parked; asked no more: webhook:x/1; keywire")


def test_every_mistake_of_the_configuration_is_told(tmp_path):
    (tmp_path / "config.yaml").write_text("store: 12\ntopics:\n  A: {follow: [nowhere]}\n")
    told = doctor(tmp_path)
    assert told.code == 1
    assert [mark for mark, _ in told.lines["configuration"]] == ["✗"] * 3
    assert "config.yaml:1: store: text is meant here" in told.lines["configuration"][0][1]
    assert only(told, "store and site")[0] == "!"


def test_without_a_configuration_it_says_how_to_get_one(tmp_path):
    assert_bad(doctor(tmp_path), "configuration", "keywire init writes one")


def test_a_run_that_holds_the_store_is_named_and_asked(mine, tmp_path):
    mine.start()
    try:
        set_site(mine, mine.site)
        told = doctor(tmp_path)
        mine.kill()
    finally:
        mine.process.wait()
    assert told.code == 0, told
    assert only(told, "in use") == (
        "✓",
        f"a keywire run follows with this store, process {mine.process.pid}",
    )
    assert only(told, "listening") == ("✓", f"keywire answers at {mine.site}")
    assert only(told, "site") == ("✓", f"keywire answers at {mine.site}")
    assert "MB" in only(told, "size")[1] or "kB" in only(told, "size")[1]


def test_a_run_that_listens_elsewhere_than_configured_is_found(mine, tmp_path):
    mine.start()
    try:
        port = free_port()
        path = tmp_path / "config.yaml"
        path.write_text(path.read_text().replace(str(mine.port), str(port)))
        told = doctor(tmp_path)
    finally:
        mine.kill()
    assert_bad(told, "listening", f"http://127.0.0.1:{port}", "connection refused", "restart")


def test_a_port_that_something_else_has_taken_is_found(mine, tmp_path):
    with socket.create_server(("127.0.0.1", mine.port)):
        told = doctor(tmp_path)
    assert_bad(told, "listening", f"cannot listen on 127.0.0.1:{mine.port}", "set site.listen")


@contextmanager
def foreign_site(status=200, body=b"hello", location=""):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            if location:
                self.send_header("Location", location + self.path)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (200, b"hello", "something else than keywire answers"),
        (200, b"ok\n", "something else than keywire answers"),
        (404, b"", "the server says 404 Not Found"),
    ],
)
def test_a_site_url_that_leads_elsewhere_is_found(mine, tmp_path, status, body, says):
    with foreign_site(status, body) as url:
        set_site(mine, url)
        assert_bad(doctor(tmp_path), "site", f"{url} is not this site", says, "set site.url")


def test_a_site_url_with_the_wrong_port_is_found_while_keywire_runs(mine, tmp_path):
    mine.start()
    try:
        wrong = f"http://127.0.0.1:{free_port()}"
        set_site(mine, wrong)
        told = doctor(tmp_path)
    finally:
        mine.kill()
    assert_bad(told, "site", f"{wrong} is not this site", "connection refused")


def test_a_site_url_is_not_judged_by_silence_while_no_keywire_runs(mine, tmp_path):
    set_site(mine, f"http://127.0.0.1:{free_port()}")
    told = doctor(tmp_path)
    assert told.code == 0, told
    mark, says = only(told, "site")
    assert mark == "!"
    assert "cannot be judged while no keywire runs: connection refused" in says


def test_a_site_url_that_redirects_is_found(mine, tmp_path):
    mine.start()
    try:
        with foreign_site(302, b"", mine.site) as url:
            path = tmp_path / "config.yaml"
            set_site(mine, url)
            told = doctor(tmp_path)
            path.write_text(path.read_text().replace(url, mine.site + "/wrong"))
            missing = doctor(tmp_path)
    finally:
        mine.kill()
    assert_bad(told, "site", url)
    assert_bad(missing, "site", "404")


def test_another_keywire_at_the_site_url_is_found(mine, tmp_path):
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    other = Keywire(other_folder, [NOWHERE])
    make_store(tmp_path)
    other.start()
    try:
        set_site(mine, other.site)
        told = doctor(tmp_path)
    finally:
        other.kill()
    assert_bad(told, "site", f"another keywire answers at {other.site}")


def test_open_to_others_without_a_site_url_is_told(mine, tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(path.read_text().replace('listen: "127.0.0.1', 'listen: "0.0.0.0'))
    mark, says = only(doctor(tmp_path), "site")
    assert mark == "!"
    assert f"feeds link to http://0.0.0.0:{mine.port}" in says


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda p: (p.unlink(), p.mkdir()), "is a directory"),
        (lambda p: p.write_bytes(b""), "is empty"),
        (lambda p: p.write_bytes(b"<html>" * 1000), "is no SQLite database"),
    ],
    ids=["directory", "empty", "another file"],
)
@pytest.mark.usefixtures("mine")
def test_a_store_that_is_none_is_found(tmp_path, spoil, says):
    spoil(make_store(tmp_path))
    assert_bad(doctor(tmp_path), "store", says)


@pytest.mark.usefixtures("mine")
def test_a_damaged_page_is_found_with_what_is_wrong_and_the_mend(tmp_path):
    path = make_store(tmp_path)
    connection = sqlite3.connect(path)
    page = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'ix_changes_entry'"
    ).fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek(4096 * (page - 1))
        file.write(b"\xa5" * 4096)
    assert_bad(doctor(tmp_path), "integrity", "is damaged", "restore a backup", ".recover")
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)
    assert_bad(doctor(tmp_path), "integrity", "is damaged", "restore a backup", ".recover")


def test_a_store_whose_file_is_gone_but_not_its_log_is_found(mine, tmp_path):
    mine.start()
    mine.kill()
    assert (tmp_path / "keywire.db-wal").stat().st_size
    (tmp_path / "keywire.db").unlink()
    assert_bad(doctor(tmp_path), "store", "keywire.db is gone", "keywire.db-wal")


def test_a_store_after_a_kill_is_sound(mine, tmp_path):
    mine.start()
    mine.kill()
    told = doctor(tmp_path)
    assert told.code == 0, told
    assert only(told, "in use")[1] == "no keywire run follows with this store"


def set_schema(path, version):
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.commit()
    connection.close()


@pytest.mark.usefixtures("mine")
def test_a_store_without_the_wal_of_a_killed_run_is_gone_on_with_by_one_command(tmp_path):
    path = make_store(tmp_path)
    path.with_name("keywire.db.lock").write_text("4194304")
    assert_bad(doctor(tmp_path), "store", "keywire.db-wal is missing", "keywire doctor --as-it-is")
    told = doctor(tmp_path, "--as-it-is")
    assert told.code == 0, told
    mark, says = only(told, "-wal")
    assert (mark, says.partition(":")[0]) == ("!", "keywire goes on with what the file holds")
    assert only(doctor(tmp_path, "--as-it-is"), "-wal")[0] == "✓"


@pytest.mark.usefixtures("mine")
def test_a_newer_store_an_older_and_a_strangers_are_told_apart(tmp_path):
    path = make_store(tmp_path)
    set_schema(path, "9999")
    assert_bad(doctor(tmp_path), "schema", "written by a newer keywire", "update keywire")
    set_schema(path, "0000")
    assert only(doctor(tmp_path), "schema") == (
        "!",
        f"0000; keywire run brings it up to {VERSION}",
    )
    assert not list(tmp_path.glob("*.before-*"))
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.commit()
    connection.close()
    assert_bad(doctor(tmp_path), "schema", "tables of something else")


@pytest.mark.usefixtures("mine")
def test_a_clock_behind_what_the_store_has_seen_is_found(tmp_path):
    path = make_store(tmp_path)
    later = datetime.now(UTC) + timedelta(days=2)
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO changes (seq, type, occurred_at, revision, backfill, topics, told)"
        " VALUES (1, 'blog.discovered', ?, 0, 0, '[]', '{}')",
        (int(later.timestamp() * 1_000_000),),
    )
    connection.commit()
    connection.close()
    assert_bad(doctor(tmp_path), "clock", f"the store has seen {later:%Y-%m-%d %H:%M:%S}")


def test_a_clock_that_lost_its_battery_and_one_apart_from_the_servers_are_found():
    facts = Facts("PostgreSQL 17", "x", None, 0, 0, VERSION, clock=EARLIEST + timedelta(minutes=3))
    (past,) = examine_clock(datetime(1970, 1, 2, tzinfo=UTC), None)
    assert past.verdict is Verdict.BAD
    assert "long past" in past.says
    (apart,) = examine_clock(EARLIEST, facts)
    assert apart.verdict is Verdict.BAD
    assert "180 s apart from the database server's" in apart.says


def test_a_disk_that_is_nearly_full_is_found(tmp_path):
    mount = shutil.which("mount")
    folder = tmp_path / "small"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        found = judge_space(folder, 0)
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607 - the system's own
    assert found.verdict is Verdict.BAD
    assert "only 2.1 MB free" in found.says


def test_a_store_larger_than_what_is_free_is_told(tmp_path):
    free = shutil.disk_usage(tmp_path).free
    assert judge_space(tmp_path, free * 2).verdict is Verdict.NOTE
    if free > 2_000_000_000:
        assert judge_space(tmp_path, 0).verdict is Verdict.GOOD


# --- distributions that take our names ---


def install(folder, name, files):
    """Install a distribution by hand, as pip would: its files and the list of them."""
    info = f"{name}-1.0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    for file, body in files.items():
        path = Path(folder, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")


def run_with(folder, *arguments):
    return subprocess.run(
        [KEYWIRE, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "site-packages")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", ["run", "check", "doctor"])
@pytest.mark.usefixtures("mine")
def test_a_foreign_package_in_the_place_of_ours_is_one_clear_line(tmp_path, command):
    install(tmp_path / "site-packages", "storekeeper", {"store/__init__.py": "SHELVES = 3\n"})
    result = run_with(tmp_path, command)
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(
        f"keywire: the package store, found at {tmp_path / 'site-packages' / 'store'}, is that of "
        "storekeeper; install keywire into an environment of its own"
    )


@pytest.mark.usefixtures("mine")
def test_a_distribution_that_writes_into_a_package_of_ours_is_found(tmp_path):
    install(tmp_path / "site-packages", "feedstuff", {"feeds/stuff.py": ""})
    result = run_with(tmp_path, "doctor")
    assert result.returncode == 1
    assert "✗ packages: the package feeds is also written by feedstuff" in result.stdout


def run_without(library, folder, command):
    code = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from keywire.cli import main\n"
        f"sys.argv = ['keywire', '{command}']; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_library_that_is_missing_is_one_clear_line(tmp_path):
    result = run_without("msgspec", tmp_path, "check")
    assert result.returncode == 1
    assert result.stderr == (
        "keywire: msgspec is not installed, which keywire needs; install keywire anew\n"
    )


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_postgresql_without_its_extra_is_one_clear_line(tmp_path, command):
    path = Keywire(tmp_path, [NOWHERE]).folder / "config.yaml"
    nowhere = "postgresql+psycopg://me@127.0.0.1:9/keywire"
    path.write_text(path.read_text().replace("sqlite:///keywire.db", nowhere))
    result = run_without("psycopg", tmp_path, command)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    (line,) = [line for line in (result.stdout + result.stderr).splitlines() if "psycopg" in line]
    assert "psycopg is not installed" in line
    assert "keywire[postgresql]" in line


def test_a_bug_is_no_broken_installation():
    code = (
        "import keywire.cli as cli, keywire.clock as clock\n"
        "@cli.app.command()\n"
        "def stumble(): raise AttributeError('a bug')\n"
        "import sys; sys.argv = ['keywire', 'stumble']; cli.main()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" in result.stderr
    assert "AttributeError: a bug" in result.stderr


# --- PostgreSQL ---


def test_a_store_on_postgresql_is_described_and_its_run_found(mine, tmp_path, postgresql):
    address = postgresql()
    path = tmp_path / "config.yaml"
    path.write_text(path.read_text().replace("sqlite:///keywire.db", address))
    empty = doctor(tmp_path)
    assert only(empty, "schema") == ("!", "the database is empty; keywire run makes the tables")
    mine.start()
    try:
        held = doctor(tmp_path)
    finally:
        mine.kill()
    assert held.code == 0, held
    assert only(held, "store")[1].startswith("PostgreSQL ")
    assert only(held, "schema") == ("✓", f"{VERSION}, this keywire's own")
    assert only(held, "in use") == ("✓", "a keywire run follows with this store")
    assert only(held, "content")[1].startswith("sources 1, blogs 0, entries 0")
    assert "on the server" in only(held, "size")[1]
    assert only(held, "clock")[0] == "✓"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert_bad(doctor(tmp_path), "schema", "written by a newer keywire")


@pytest.mark.usefixtures("mine")
def test_a_server_that_does_not_answer_is_found(tmp_path):
    path = tmp_path / "config.yaml"
    nowhere = "postgresql+psycopg://me:hunter2!@127.0.0.1:9/keywire"
    path.write_text(path.read_text().replace("sqlite:///keywire.db", nowhere))
    assert_bad(doctor(tmp_path), "store", "me:***@127.0.0.1", "Connection refused")
