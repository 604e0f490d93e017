"""One real blog polled three times, then spoilt in every way: what feeds and events then say."""

import json
import re
import time
from pathlib import Path

import feedparser
import pytest
from running import Keywire, Shelf, wait_for

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "guardian"
EDITED, DELETED = "6579cf928f08e3b7ab1a30c3", "6579d1458f08e3b7ab1a30f2"
CONSENT = b"""<html><head><title>Before you continue</title></head><body>
<h1>We value your privacy</h1><button>Accept all</button></body></html>"""
ARTICLE = b"""<html><head><meta property="og:type" content="article"><title>Gardens</title></head>
<body><article><h1>Gardens</h1><p>About gardens.</p></article></body></html>"""

pytestmark = pytest.mark.skipif(
    not (CORPUS / "timelapse-1").is_dir(),
    reason="the corpus of real pages is not beside the repository",
)


def real_page(name):
    return (CORPUS / name / "page.html").read_bytes()


def expected(name):
    told = json.loads((CORPUS / name / "expected.json").read_text())
    ids = {e["id"] for e in told["entries"]} | {e["id"] for e in told["key_events_of_whole_blog"]}
    return ids | {told[key] for key in ("pinned_copy_shown",) if key in told}


def follow_pages(tmp_path):
    shelf = Shelf(real_page("timelapse-1"), "/politics/live/2023/dec/13/pmqs")
    return shelf, Keywire(tmp_path, [shelf.url])


def told(events):
    return [(e["type"], (e.get("entry") or {}).get("block_id", "")) for e in events]


def entries(keywire):
    feed = feedparser.parse(keywire.get("/feeds/news.atom?limit=500")[1])
    assert not feed.bozo
    return {entry.id.rsplit("/", 1)[1]: entry for entry in feed.entries}


def test_a_real_blog_polled_three_times_and_then_spoilt(tmp_path):
    shelf, keywire = follow_pages(tmp_path)
    with shelf:
        keywire.start()
        wait_for(keywire.events, 10, keywire.terminal)
        first = keywire.events()
        assert {b for kind, b in told(first) if kind == "entry.published"} == expected(
            "timelapse-1"
        )
        before = entries(keywire)

        shelf.body = real_page("timelapse-2")
        second = wait_for(lambda: keywire.events(first[-1]["seq"]), 10, keywire.terminal)
        assert sorted(told(second)) == sorted(
            [("entry.published", b) for b in expected("timelapse-2") - expected("timelapse-1")]
            + [("entry.updated", EDITED)]
        )
        now = entries(keywire)
        for block_id, entry in before.items():
            assert now[block_id].published == entry.published
            assert (now[block_id].updated != entry.updated) == (block_id == EDITED)
        assert "Correction" in now[EDITED].title

        _, _, headers = keywire.get("/feeds/news.atom")
        assert keywire.get("/feeds/news.atom", **{"If-None-Match": headers["etag"]})[0] == 304
        wait_for(lambda: shelf.answers[-1] == 304, 5)

        shelf.body = real_page("timelapse-3")
        cursor = second[-1]["seq"]
        third = wait_for(lambda: keywire.events(cursor), 10, keywire.terminal)
        assert told(third) == [
            ("entry.published", b) for b in expected("timelapse-3") - expected("timelapse-2")
        ]
        first_look = time.monotonic()
        time.sleep(5)
        assert keywire.events(third[-1]["seq"]) == []
        gone = wait_for(lambda: keywire.events(third[-1]["seq"]), 90, keywire.terminal)
        assert told(gone) == [("entry.retracted", DELETED)]
        assert time.monotonic() - first_look > 30
        after = entries(keywire)
        assert after[DELETED].title.startswith("Retracted: ")
        for block_id, entry in now.items():
            assert after[block_id].published == entry.published
            assert (after[block_id].updated != entry.updated) == (block_id == DELETED)

        feeds = [
            f"/feeds/news{s}.{f}"
            for s in ("", "/key-events", "/summaries")
            for f in ("atom", "rss", "json")
        ]
        kept = {path: keywire.get(path)[1] for path in feeds}
        cursor = gone[-1]["seq"]
        good = shelf.body
        for spoil in (
            lambda: setattr(shelf, "status", 503),
            lambda: setattr(shelf, "body", b""),
            lambda: setattr(shelf, "body", CONSENT),
            lambda: setattr(shelf, "body", ARTICLE),
            lambda: setattr(shelf, "body", good[: len(good) * 2 // 3]),
            lambda: setattr(shelf, "body", real_page("timelapse-1")),
        ):
            shelf.status, shelf.body = 200, good
            wait_for(lambda: keywire.source()["state"] == "ok", 10, keywire.terminal)
            spoil()
            wait_for(lambda: keywire.source()["state"] == "broken", 10, keywire.terminal)
            assert keywire.source()["reason"]
            assert {path: keywire.get(path)[1] for path in feeds} == kept
        assert "stale" in keywire.source()["reason"]
        shelf.body = good
        wait_for(lambda: keywire.source()["state"] == "ok", 10, keywire.terminal)
        kinds = [kind for kind, _ in told(keywire.events(cursor))]
        assert kinds == ["source.broken", "source.recovered"] * 6
        assert {path: keywire.get(path)[1] for path in feeds} == kept
        assert keywire.stop() == 0


def test_a_page_border_that_moves_retracts_nothing(tmp_path):
    """At the 20th block page one falls from 19 blocks to 10; ten leave it and none is deleted."""
    whole = (CORPUS / "stress-long-500-one-page" / "page.html").read_text("utf-8")
    articles = list(re.finditer(r'<article id="block-.*?</article>', whole, re.DOTALL))
    head, tail = whole[: articles[0].start()], whole[articles[-1].end() :]
    head = re.sub(r'<gu-island name="KeyEventsCarousel".*?</gu-island>', "", head, flags=re.DOTALL)
    texts = [match.group(0) for match in articles]
    link = '<a href="?page=with%3Ablock-0">Next</a>'
    older = f'<nav id="liveblog-navigation"><section>{link}</section></nav>'
    nineteen = (head + "".join(texts[1:20]) + tail).encode()
    ten = (head + "".join(texts[:10]) + older + tail).encode()
    with Shelf(nineteen, "/live/border") as shelf:
        keywire = Keywire(tmp_path, [shelf.url])
        keywire.start()
        wait_for(lambda: len(keywire.events()) == 20, 10, keywire.terminal)
        shelf.body = ten
        wait_for(lambda: len(keywire.events()) == 21, 10, keywire.terminal)
        time.sleep(2)
        assert [e["type"] for e in keywire.events(20)] == ["entry.published"]
        assert keywire.source()["state"] == "ok"
        assert keywire.stop() == 0
