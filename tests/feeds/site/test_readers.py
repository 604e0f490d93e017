"""The site over a real server, read by real readers, and while it is written to."""

import shutil
import sqlite3
import subprocess
import threading
import time
from dataclasses import replace

import feedparser
import httpx
import pytest
from lxml import etree
from pages import block, page
from server import serve
from sites import MINUTE, NOW, Station

from feeds.site.app import SiteOptions

A, B, C = block("a", 0), block("b", 10), block("c", 20, key=True)
NEWSBOAT = shutil.which("newsboat")


@pytest.fixture
def served(database):
    """Give a station and its address. Each request sees the last poll at once."""
    stations = []

    def make(address):
        stations.append(Station(database, SiteOptions("Wire", address), time.time))
        return stations[0].site

    with serve(make) as address:
        stations[0].follow()
        stations[0].poll(page([C, B, A]))
        yield stations[0], address


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_subscribes_asks_again_and_takes_an_edit_in_place(served, form):
    station, address = served
    feed = f"{address}/feeds/harbour.{form}"
    first = feedparser.parse(feed)
    assert (first.status, first.bozo) == (200, False)
    ids = [entry.id for entry in first.entries]
    assert len(ids) == 3
    again = feedparser.parse(feed, etag=first.etag, modified=first.modified)
    assert (again.status, again.entries) == (304, [])
    station.poll(page([C, B, A.edited("It is otherwise")]), NOW + MINUTE)
    third = feedparser.parse(feed, etag=first.etag, modified=first.modified)
    assert (third.status, [entry.id for entry in third.entries]) == (200, ids)
    assert "It is otherwise" in third.entries[2].summary


def test_the_front_page_leads_a_reader_to_its_feeds(served):
    _, address = served
    links = [link.href for link in feedparser.parse(f"{address}/").feed.get("links", [])]
    assert f"{address}/feeds/harbour.atom" in links


@pytest.mark.skipif(NEWSBOAT is None, reason="newsboat is not installed")
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_newsboat_takes_an_edit_in_place(served, tmp_path, form):
    station, address = served
    home = tmp_path / "newsboat"
    home.mkdir()
    (home / "urls").write_text(f"{address}/feeds/harbour.{form}\n", "utf-8")
    (home / "config").write_text("", "utf-8")

    def reload():
        subprocess.run(
            [NEWSBOAT, "-u", home / "urls", "-c", home / "cache.db", "-C", home / "config",
             "-x", "reload"],
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            check=True,
            capture_output=True,
            timeout=60,
        )  # fmt: skip
        with sqlite3.connect(home / "cache.db") as cache:
            found = cache.execute("SELECT guid, content FROM rss_item ORDER BY guid").fetchall()
        cache.close()
        return dict(found), len(found)

    before, count = reload()
    assert count == 3
    station.poll(page([C, B, A.edited("It is otherwise")]), NOW + MINUTE)
    after, count = reload()
    assert count == 3
    assert before.keys() == after.keys()
    edited = [guid for guid in after if after[guid] != before[guid]]
    assert [guid.rpartition("/")[2] for guid in edited] == ["a"]
    assert "It is otherwise" in after[edited[0]]


@pytest.mark.parametrize(
    "times", [300, pytest.param(10_000, marks=pytest.mark.torture("10,000 GETs"))]
)
def test_feeds_stay_whole_while_they_are_written(served, times):
    """No 5xx, none malformed, and a tag that changes with the content alone."""
    station, address = served
    written = threading.Event()
    ended = []

    def write():
        one = A
        for n in range(times // 5):
            one = one.edited(f"Version {n}")
            blog = page([C, replace(B, title=f"Title {n // 7}"), one])
            now = NOW + (n + 1) * MINUTE
            if n % 2:
                station.poll(blog, now)
            else:
                station.write_elsewhere(blog, now)
            time.sleep(0.005)
        ended.append(n)
        written.set()

    thread = threading.Thread(target=write)
    thread.start()
    tags: dict[tuple[str, str], bytes] = {}
    forms = ("atom", "rss", "json")
    asked = 0
    with httpx.Client(base_url=address, headers={"accept-encoding": "identity"}) as client:
        while not written.is_set() or asked < times:
            target = f"/feeds/harbour.{forms[asked % 3]}"
            answer = client.get(target)
            asked += 1
            assert answer.status_code == 200
            known = tags.setdefault((target, answer.headers["etag"]), answer.content)
            assert known == answer.content
            assert len({body for (of, _), body in tags.items() if of == target}) == len(
                [1 for of, _ in tags if of == target]
            )
            if not target.endswith("json"):
                etree.fromstring(answer.content)
        thread.join()
        assert ended
        assert len(tags) > 10
        time.sleep(1.1)
        for form in forms:
            assert f"Version {times // 5 - 1}" in client.get(f"/feeds/harbour.{form}").text


def test_nobody_is_sent_elsewhere_by_a_host_header(served):
    _, address = served
    for path in ("/", "/sources/", "/feeds/harbour.atom", "/feeds.opml"):
        answer = httpx.get(address + path, headers={"host": "evil.example"})
        assert "evil.example" not in answer.text
        assert not answer.is_redirect
