"""A configuration that changes while keywire runs: taken whole, or refused whole."""

import os
import resource
import signal
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from running import Keywire, OriginThread, wait_for

from keywire.config import load
from keywire.demo.script import opening
from keywire.reload import ConfigFile

GOOD = """store: sqlite:///keywire.db
fetch: {contact: "mailto:desk@observer.example"}
topics:
  news: {title: News, follow: ["https://observer.example/live"]}
"""


# --- the file alone ---


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(GOOD)
    return path


@pytest.fixture
def file(path):
    return ConfigFile(path, load(path))


def errors(caplog):
    return [record.getMessage() for record in caplog.records]


def test_a_file_that_nobody_touched_is_not_read_again(file, path):
    path.chmod(0)
    assert file.look() is None


def test_a_change_is_taken_once(file, path):
    path.write_text(GOOD.replace("title: News", "title: The news"))
    assert file.look().topics[0].title == "The news"
    assert file.look() is None


def test_a_file_put_in_its_place_is_seen_though_it_is_as_old_and_as_long(file, path):
    old = path.stat()
    other = path.with_suffix(".new")
    other.write_text(GOOD.replace("title: News", "title: Olds"))
    os.utime(other, ns=(old.st_atime_ns, old.st_mtime_ns))
    other.rename(path)
    assert file.look().topics[0].title == "Olds"


def test_what_says_the_same_in_other_words_changes_nothing(file, path):
    path.write_text(f"# a comment\n{GOOD}")
    assert file.look() is None
    assert file.look(anyway=True) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "surprise: 1\n", "config.yaml:5"),
        (GOOD.replace("news:", "NEWS:"), "config.yaml:4"),
        ("topics: [", "is no YAML"),
        ("", "holds no settings"),
        (GOOD.replace("keywire.db", "other.db"), "store: cannot change while keywire runs"),
        (GOOD + "site: {title: Mine}\n", "site: cannot change while keywire runs"),
    ],
    ids=["option", "name", "yaml", "empty", "store", "site"],
)
def test_a_mistake_refuses_the_file_whole_says_where_and_is_got_over(
    file, path, caplog, text, says
):
    path.write_text(text)
    assert file.look() is None
    assert says in errors(caplog)[0]
    assert errors(caplog)[-1] == f"{path} is not taken; keywire goes on as it was"
    told = len(errors(caplog))
    assert file.look() is None
    assert len(errors(caplog)) == told
    path.write_text(GOOD.replace("title: News", "title: Mended"))
    assert file.look().topics[0].title == "Mended"


def test_a_file_that_is_away_or_unreadable_is_complained_of_once(file, path, caplog):
    path.unlink()
    assert file.look() is None
    assert "no such file" in errors(caplog)[0]
    path.write_bytes(b"\xff\xfe\x00")
    assert file.look() is None
    assert "cannot be read" in errors(caplog)[2]
    assert file.look() is None
    assert len(errors(caplog)) == 4


# --- a process that runs ---


def other_blog(now):
    return replace(opening(now - timedelta(hours=3)), path="/live/two", title="Another light")


def limit(keywire, size):
    """Let the process write no file beyond `size` bytes: what a full disk does, to it alone."""
    resource.prlimit(keywire.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def two_blogs(folder, **more):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        first = origin.url
        origin.show(other_blog(datetime.now(UTC)))
        keywire = Keywire(folder, [first], **more)
        keywire.start()
        try:
            wait_for(lambda: keywire.source()["last_poll"], 10, keywire.terminal)
            yield origin, keywire, first, origin.url
            assert keywire.stop() == 0
            assert "Traceback" not in keywire.terminal()
        finally:
            keywire.process.kill()
            keywire.process.wait()


def change(keywire, old, new):
    path = keywire.folder / "config.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def asked_at(origin, url):
    path = url.removeprefix(origin.site)
    return [request.at for request in origin.requests if request.target == path]


def add_topic(keywire, url):
    change(
        keywire,
        "topics:\n",
        f'topics:\n  more:\n    title: More\n    follow: [{{url: "{url}", every: 1s}}]\n',
    )


def titles(keywire, topic):
    return keywire.get(f"/feeds/{topic}.atom")[1].count(b"<entry")


def test_a_topic_comes_with_its_feed_no_poll_of_another_is_lost_and_it_goes_again(tmp_path):
    with two_blogs(tmp_path) as (origin, keywire, first, second):
        before = (tmp_path / "config.yaml").read_text()
        add_topic(keywire, second)
        wait_for(lambda: titles(keywire, "more") == 4, 6, keywire.terminal)
        time.sleep(1.0)
        (tmp_path / "config.yaml").write_text(before)
        wait_for(lambda: keywire.status("/feeds/more.atom") == 410, 6, keywire.terminal)
        last_of_second, so_far = len(asked_at(origin, second)), len(asked_at(origin, first))
        wait_for(lambda: len(asked_at(origin, first)) >= so_far + 2, 6, keywire.terminal)
        assert len(asked_at(origin, second)) <= last_of_second + 1
        waits = [b - a for a, b in pairwise(asked_at(origin, first))]
        assert min(waits).total_seconds() >= 1.0
        assert titles(keywire, "news") == 4


def test_a_broken_file_is_refused_with_its_lines_again_on_sighup_and_following_goes_on(tmp_path):
    with two_blogs(tmp_path) as (origin, keywire, first, second):
        add_topic(keywire, second)
        change(keywire, "    title: More\n", "    titel: More\n")
        wait_for(lambda: "is not taken" in keywire.terminal(), 4, keywire.terminal)
        assert "config.yaml:" in keywire.terminal()
        assert "titel" in keywire.terminal()
        polls = len(asked_at(origin, first))
        wait_for(lambda: len(asked_at(origin, first)) > polls + 1, 5, keywire.terminal)
        assert asked_at(origin, second) == []
        assert keywire.status("/feeds/more.atom") == 404
        keywire.process.send_signal(signal.SIGHUP)
        wait_for(lambda: keywire.terminal().count("is not taken") == 2, 1, keywire.terminal)
        change(keywire, "titel", "title")
        wait_for(lambda: titles(keywire, "more") == 4, 6, keywire.terminal)


def test_a_store_that_cannot_be_written_when_a_change_comes_ends_nothing(tmp_path):
    with two_blogs(tmp_path, every="1h") as (_, keywire, _, second):
        limit(keywire, (tmp_path / "keywire.db-wal").stat().st_size)
        add_topic(keywire, second)
        time.sleep(2.5)
        assert keywire.process.poll() is None, keywire.terminal()
        limit(keywire, resource.RLIM_INFINITY)
        wait_for(lambda: titles(keywire, "more") == 4, 10, keywire.terminal)
