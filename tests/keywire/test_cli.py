"""The command line as a stranger meets it: what it prints, what it says when it cannot."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from running import KEYWIRE, Keywire, OriginThread, wait_for

from keywire.demo.origin import Refusal
from keywire.demo.page import render
from keywire.demo.script import opening

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SITE = "https://observer.example"


def keywire(*arguments, cwd=None, **more):
    return subprocess.run(
        [KEYWIRE, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        **more,
    )


def one_line(result, exit_code=1):
    """Return what stderr says, which must be one line and no traceback."""
    assert result.returncode == exit_code, result
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert result.stdout == ""
    return lines[0]


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(render(opening(NOW), NOW, SITE), encoding="utf-8")
    return path


def test_preview_prints_the_object_that_is_promised(saved):
    result = keywire("preview", saved, "--url", f"{SITE}{opening(NOW).path}", "--format", "json")
    told = json.loads(result.stdout)
    assert list(told) == [
        "url", "kind", "platform", "layout", "title", "language", "live", "complete", "warnings",
        "entries",
    ]  # fmt: skip
    assert (told["kind"], told["platform"], told["live"], told["complete"]) == (
        "live-blog", "guardian", True, True,
    )  # fmt: skip
    assert list(told["entries"][0]) == [
        "id", "permalink", "title", "published", "updated", "time_precision", "authors", "credit",
        "key_event", "summary", "pinned", "on_page", "text", "html", "media",
    ]  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{24}", told["entries"][0]["id"])


def test_preview_says_where_a_reader_was_never_tried_on_a_real_page(saved):
    fixture = Path(__file__).parents[1] / "fixtures" / "cnbc" / "2024-03-live-story" / "page.html"
    assert "Untried: no real page" in keywire("preview", fixture).stdout
    assert "Untried" not in keywire("preview", saved).stdout


def test_preview_tells_people_by_which_platform_and_why(saved):
    said = keywire("preview", saved).stdout
    assert "It is a live blog, read as guardian" in said
    assert "because" in said
    assert "How sure: very, for only this platform's pages bear these marks" in said
    assert "How it works" in said


@pytest.mark.parametrize("form", ["atom", "rss", "json", "jsonl"])
def test_feed_prints_the_same_bytes_for_the_same_page(saved, form):
    first = keywire("feed", saved, "--format", form)
    again = keywire("feed", saved, "--format", form)
    assert first.returncode == 0
    assert first.stdout == again.stdout
    ids = re.findall(r"tag:observer\.example,2026:[^\"<\s]+", first.stdout)
    assert len(set(ids)) == 4


def test_feed_reads_standard_input(saved):
    with saved.open() as file:
        result = keywire("feed", "-", "--url", f"{SITE}/live/x", stdin=file)
    assert len(feedparser.parse(result.stdout).entries) == 4


def test_feed_reads_an_address_that_a_person_typed_though_it_is_private():
    with OriginThread(opening(datetime.now(UTC))) as origin:
        result = keywire("feed", origin.url, "--key-events")
        assert result.returncode == 0, result.stderr
        assert "keywire/" in origin.requests[-1].headers["user-agent"]
    assert feedparser.parse(result.stdout).feed.title


def test_what_cannot_be_read_says_so_in_one_line(tmp_path):
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "empty").touch()
    (tmp_path / "plain.html").write_text("<html><body><p>Hello</p></body></html>")
    assert "no such file" in one_line(keywire("preview", tmp_path / "none.html"))
    assert one_line(keywire("preview", tmp_path / "empty"))
    assert "name the page in it" in one_line(keywire("preview", tmp_path))
    assert "connection refused" in one_line(keywire("feed", "http://127.0.0.1:9/live"))
    assert "no platform's marks" in one_line(keywire("feed", tmp_path / "plain.html"))
    assert json.loads(keywire("preview", tmp_path / "plain.html", "--format", "json").stdout)[
        "kind"
    ] in {"unknown", "article"}


def test_a_wrong_command_line_exits_with_two():
    assert keywire("feed").returncode == 2
    assert keywire("feed", "x", "--format", "pdf").returncode == 2
    assert keywire("dance").returncode == 2
    assert keywire("--help").returncode == 0


def test_init_writes_a_configuration_that_check_finds_good(tmp_path):
    assert keywire("init", cwd=tmp_path).returncode == 0
    assert "config.yaml is good: 1 topic, 1 source." in keywire("check", cwd=tmp_path).stdout
    assert "is there already" in one_line(keywire("init", cwd=tmp_path))


def test_check_lists_every_mistake_with_its_line(tmp_path):
    (tmp_path / "config.yaml").write_text("store: 12\ntopics:\n  A: {follow: [nowhere]}\n")
    result = keywire("check", cwd=tmp_path)
    assert result.returncode == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == ["1", "3", "3"]


def test_run_without_a_configuration_says_how_to_get_one(tmp_path):
    assert "keywire init writes one" in one_line(keywire("run", cwd=tmp_path))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p.mkdir(), "is a directory"),
        (lambda p: p.touch(), "is empty"),
        (lambda p: p.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000), "is damaged"),
    ],
    ids=["directory", "empty", "damaged"],
)
def test_run_on_a_store_that_is_none_says_so(tmp_path, make, says):
    Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    make(tmp_path / "keywire.db")
    assert says in one_line(keywire("run", cwd=tmp_path))


def test_run_on_a_port_in_use_says_so(tmp_path):
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    with socket.socket() as other:
        other.bind(("127.0.0.1", mine.port))
        other.listen()
        said = one_line(keywire("run", cwd=tmp_path))
    assert f"cannot listen on 127.0.0.1:{mine.port}" in said
    assert "set site.listen" in said


def test_a_second_run_on_one_store_refuses_at_once_and_the_first_goes_on(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        mine = Keywire(tmp_path, [origin.url])
        mine.start()
        said = one_line(keywire("run", cwd=tmp_path))
        assert f"another keywire run (process {mine.process.pid})" in said
        assert keywire("sources", cwd=tmp_path).returncode == 0
        assert mine.status("/feeds/news.atom") == 200
        assert mine.stop() == 0


def test_once_polls_everything_and_ends(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        Keywire(tmp_path, [origin.url])
        assert "4 new" in keywire("run", "--once", cwd=tmp_path).stdout
        assert "unchanged" in keywire("run", "--once", cwd=tmp_path).stdout
        origin.fault = Refusal(503)
        broken = keywire("run", "--once", cwd=tmp_path)
    assert broken.returncode == 1
    assert "1 of 1 sources could not be read" in broken.stderr
    assert "503" in broken.stderr


@pytest.fixture
def named(tmp_path):
    """Give a folder whose configuration names one source, in a store that a run has made."""
    with OriginThread(opening(datetime.now(UTC))) as origin:
        light = f'sources: {{light: {{url: "{origin.url}", every: 1s}}}}\n'
        Keywire(tmp_path, [origin.url], more=light)
        assert keywire("run", "--once", cwd=tmp_path).returncode == 0
        yield tmp_path, origin


def states(folder):
    """Tell from what `keywire sources` prints."""
    printed = keywire("sources", cwd=folder)
    assert printed.returncode == 0, printed
    lines = [line.split() for line in printed.stdout.splitlines()]
    return [words[0] for words in lines if len(words) == 2 and words[1].startswith("http")]


def test_pause_and_resume_take_a_source_by_its_name_or_its_address(named):
    folder, url = named[0], named[1].url
    for pausing, resuming in (("light", url), (url, "light")):
        assert f"keywire resume {pausing}" in keywire("pause", pausing, cwd=folder).stdout
        assert states(folder) == ["paused"]
        assert keywire("resume", resuming, cwd=folder).returncode == 0
    assert states(folder) == ["new"]


def test_a_source_that_nobody_follows_can_be_neither_paused_nor_resumed(named):
    for command in ("pause", "resume"):
        said = one_line(keywire(command, "lihgt", cwd=named[0]))
        assert "no source lihgt is followed; keywire sources lists them" in said
    assert states(named[0]) == ["ok"]


def test_once_leaves_alone_what_is_paused_or_gone(named):
    folder, origin = named
    keywire("pause", "light", cwd=folder)
    assert keywire("run", "--once", cwd=folder).returncode == 0
    assert origin.hits(origin.blog.path) == 1
    keywire("resume", "light", cwd=folder)
    origin.fault = Refusal(410)
    assert "410 Gone" in keywire("run", "--once", cwd=folder).stderr
    assert keywire("run", "--once", cwd=folder).returncode == 0
    assert origin.hits(origin.blog.path) == 2
    assert states(folder) == ["gone"]


def test_run_without_network_says_so_keeps_running_and_serves_what_it_has(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        mine = Keywire(tmp_path, [origin.url])
        mine.start()
        wait_for(lambda: b"<entry" in mine.get("/feeds/news.atom")[1], 10, mine.terminal)
        before = mine.get("/feeds/news.atom")[1]
    wait_for(lambda: mine.source()["state"] == "broken", 10, mine.terminal)
    assert "connection" in mine.source()["reason"]
    assert mine.get("/feeds/news.atom")[1] == before
    assert mine.stop() == 0
    assert "connection" in mine.terminal()
    assert mine.start() < 5
    assert mine.get("/feeds/news.atom")[1] == before
    assert mine.stop() == 0


def test_sigint_ends_a_run_cleanly(tmp_path):
    mine = Keywire(tmp_path, ["http://127.0.0.1:9/live"])
    mine.start()
    mine.process.send_signal(signal.SIGINT)
    assert mine.process.wait(10) == 0
    assert "Traceback" not in mine.terminal()


def test_the_help_comes_without_loading_the_program():
    code = (
        "import sys; import keywire.cli; "
        "print([m for m in ('sqlalchemy','httpx','selectolax','pydantic','uvicorn','rich') "
        "if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.strip() == "[]"


def test_the_demo_tells_the_whole_story(tmp_path):
    result = keywire("demo", cwd=tmp_path, env={**os.environ, "COLUMNS": "100"})
    assert result.returncode == 0, result.stderr
    for said in ("retracted", "edited", "now a key event", "blog ended", "never changed"):
        assert said in result.stdout
    assert list(tmp_path.iterdir()) == []
