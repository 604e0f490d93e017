"""`keywire backfill`, and walking back by a keywire that is killed, in processes of their own."""

import asyncio
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from paged import PagedBlog, Served
from running import KEYWIRE, Keywire, wait_for
from sqlalchemy import text

from keywire.app import App
from keywire.config import load
from store.database import open_database

HOURS_AGO = timedelta(hours=5)


@pytest.fixture
def served():
    with Served(PagedBlog(60, begun=datetime.now(UTC) - HOURS_AGO)) as origin:
        yield origin


def history(keywire):
    """Give what /sources.json says of the blog's history, "" before there is a blog."""
    return next((blog["history"] for blog in keywire.source()["blogs"]), "")


def backfill(keywire, *arguments):
    return subprocess.run(
        [KEYWIRE, "backfill", *arguments],
        cwd=keywire.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("target", [(), ("news",), ("URL",)])
def test_by_hand_a_blog_is_read_to_its_first_entry_and_nothing_else_is_printed(
    tmp_path, served, target
):
    keywire = Keywire(tmp_path, [served.url])
    arguments = [served.url if word == "URL" else word for word in target]
    result = backfill(keywire, *arguments)
    assert (result.stdout, result.stderr) == ("At the weir: complete (60 entries)\n", "")
    assert result.returncode == 0
    again = backfill(keywire, *arguments)
    assert again.stdout == result.stdout
    assert len([path for path in served.asked if "page=" in path]) == 5


def test_once_reads_older_pages_too_and_the_next_run_goes_on_where_it_ended(
    tmp_path, served, monkeypatch
):
    monkeypatch.chdir(tmp_path)  # where its store is
    loaded = load(Keywire(tmp_path, [served.url]).folder / "config.yaml")
    told = []
    with App(loaded, tell=lambda _: None) as application:
        asyncio.run(application.poll_once(told.append, most=2))
        (title, history), *others = application.unread()
    assert (title, others, len(told)) == ("At the weir", [], 2)
    assert history.startswith("reading older pages, back to")
    again = subprocess.run(
        [KEYWIRE, "run", "--once"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (again.returncode, "older pages" in again.stdout) == (0, False)
    older = [path for path in served.asked if "page=" in path]
    assert sorted(older) == sorted(set(older))
    assert len(older) == 5
    assert (
        backfill(Keywire(tmp_path, [served.url])).stdout == "At the weir: complete (60 entries)\n"
    )


def test_by_hand_a_hole_is_told_and_tried_again(tmp_path, served):
    keywire = Keywire(tmp_path, [served.url])
    served.blog.cut = {4}
    result = backfill(keywire)
    assert result.returncode == 1
    assert result.stdout.startswith("At the weir: missing ")
    assert "1 of 1 histories" in result.stderr
    served.blog.cut = set()
    assert backfill(keywire).stdout == "At the weir: complete (60 entries)\n"


def test_what_is_not_followed_is_said_in_one_line(tmp_path, served):
    result = backfill(Keywire(tmp_path, [served.url]), "nonsense")
    assert (result.returncode, result.stdout) == (1, "")
    assert "nonsense" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_blog_that_is_known_from_before_is_walked_from_its_page(tmp_path, served):
    keywire = Keywire(tmp_path, [served.url])
    backfill(keywire)
    database = open_database(f"sqlite:///{tmp_path}/keywire.db")
    with database.write() as connection:
        connection.execute(text("UPDATE blogs SET coverage = '{}'"))
    database.close()
    served.asked.clear()
    assert backfill(keywire).stdout == "At the weir: complete (60 entries)\n"
    assert served.asked == ["/live", *(f"/live?page={n}" for n in range(2, 7))]


def test_a_keywire_that_runs_reads_them_itself_and_the_command_looks_on(tmp_path, served):
    served.blog.cut = {4}
    keywire = Keywire(tmp_path, [served.url])
    keywire.start()
    try:
        wait_for(lambda: "missing" in history(keywire), 20, keywire.terminal)
        wait_for(lambda: "reading" not in history(keywire), 20, keywire.terminal)
        served.blog.cut = set()
        result = backfill(keywire)
        assert result.stdout == "At the weir: complete (60 entries)\n", result
        assert history(keywire) == "complete"
    finally:
        keywire.stop()


def test_kill_9_during_the_walk_loses_nothing_and_asks_for_hardly_any_page_twice(tmp_path, served):
    keywire = Keywire(tmp_path, [served.url])
    keywire.start()
    for _ in range(3):
        served.walked.clear()
        wait_for(lambda: served.walked, 20)
        keywire.kill()
        keywire.start()
    try:
        wait_for(lambda: history(keywire) == "complete", 30, keywire.terminal)
        published = [e for e in keywire.events() if e["type"] == "entry.published"]
        assert len(published) == len({e["entry"]["block_id"] for e in published}) == 60
        assert all(e["backfill"] for e in published)
        walked = [path for path in served.asked if "page=" in path]
        assert len(walked) <= len(set(walked)) + 3
    finally:
        keywire.stop()
