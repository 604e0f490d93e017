"""A disk that is full: the process lives, feeds are served, and following resumes with room."""

import resource
import sqlite3
from datetime import UTC, datetime

import feedparser
from running import Keywire, OriginThread, wait_for

from keywire.demo.blog import add, block
from keywire.demo.script import opening


def limit(keywire, size):
    """Let the process write no file beyond `size` bytes: what a full disk does, to it alone."""
    resource.prlimit(keywire.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_stops_no_feed_and_is_got_over_when_there_is_room(tmp_path):
    with OriginThread(opening(datetime.now(UTC))) as origin:
        keywire = Keywire(tmp_path, [origin.url])
        keywire.start()
        wait_for(lambda: b"<entry" in keywire.get("/feeds/news.atom")[1], 10, keywire.terminal)
        wal = tmp_path / "keywire.db-wal"
        limit(keywire, wal.stat().st_size)
        before = keywire.get("/feeds/news.atom")[1]
        now = datetime.now(UTC)
        for n in range(12):
            origin.show(add(origin.blog, block(f"n{n}", now, f"<p>{'Much is said. ' * 400}</p>")))
        wait_for(lambda: "cannot be kept" in keywire.terminal(), 20, keywire.terminal)
        assert keywire.get("/feeds/news.atom")[1] == before
        assert keywire.status("/healthz") == 200
        assert "Traceback" not in keywire.terminal()
        limit(keywire, resource.RLIM_INFINITY)
        wait_for(lambda: keywire.get("/feeds/news.atom")[1] != before, 40, keywire.terminal)
        feed = feedparser.parse(keywire.get("/feeds/news.atom")[1])
        assert len(feed.entries) > 4
        assert keywire.stop() == 0
    database = sqlite3.connect(tmp_path / "keywire.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
