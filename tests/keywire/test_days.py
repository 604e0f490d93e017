"""Four nights of live blogs, one feed: a real process and a real origin, killed in between."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import feedparser
from daily import Daily
from press import day_blog
from running import Keywire, OriginThread, wait_for

from keywire.demo.blog import add, block, close

DAYS = 4
# The last day is today; each blog opens at ten in the evening and goes on past midnight.
LAST = datetime.now(UTC).replace(hour=22, minute=0, second=0, microsecond=0) - timedelta(days=1)
OPENED = [LAST - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
AFTER = [timedelta(minutes=m) for m in (30, 119, 121, 180)]  # 22:30, 23:59, 00:01, 01:00


def entries_of(day, count):
    blog = day_blog(OPENED[day])
    for n, after in enumerate(AFTER[:count]):
        at = OPENED[day] + after
        blog = add(blog, block(f"{day}-{n}", at, f"<p>Night {day}, at {at:%H:%M}.</p>"))
    return blog


def told(keywire, *kinds):
    return [change for change in keywire.events() if change["type"] in kinds]


def shown(keywire):
    feed = feedparser.parse(keywire.get("/feeds/news.atom?limit=500")[1])
    assert not feed.bozo
    return feed.entries


def holds(keywire, blogs):
    """Say whether the feed holds exactly the blocks of these blogs."""
    wanted = {one.id for blog in blogs for one in blog.blocks}
    return {entry.id.rpartition("/")[2] for entry in shown(keywire)} == wanted


def test_four_nights_of_a_series_make_one_feed_whatever_kills_keywire(tmp_path):
    with OriginThread(entries_of(0, 2), Daily) as origin:
        keywire = Keywire(tmp_path, [origin.series])
        keywire.start()
        kept = []
        for day in range(DAYS):
            before = entries_of(day, 2)
            origin.show(before)
            wait_for(lambda: holds(keywire, [*kept, before]), 20, keywire.terminal)  # noqa: B023
            if day % 2:
                keywire.kill()
            whole = entries_of(day, len(AFTER))
            origin.show(whole)
            if day % 2:
                keywire.start()
            wait_for(lambda: holds(keywire, [*kept, whole]), 20, keywire.terminal)  # noqa: B023
            kept.append(close(whole) if day < DAYS - 1 else whole)
            origin.show(kept[-1])
            ended = min(day + 1, DAYS - 1)
            wait_for(lambda: len(told(keywire, "blog.ended")) == ended, 20, keywire.terminal)  # noqa: B023
        keywire.kill()
        keywire.start()
        wait_for(lambda: keywire.source()["last_poll"], 10, keywire.terminal)

        entries = shown(keywire)
        assert len(entries) == DAYS * (len(AFTER) + 1)
        assert len({entry.id for entry in entries}) == len(entries)
        times = [entry.published for entry in entries]
        assert times == sorted(times, reverse=True)

        addresses = [origin.site + blog.path for blog in kept]
        rolled = told(keywire, "blog.rolled_over")
        pairs = [
            (change["changes"]["blog"]["old"]["url"], change["changes"]["blog"]["new"]["url"])
            for change in rolled
        ]
        assert pairs == list(pairwise(addresses))
        published = [one["entry"]["id"] for one in told(keywire, "entry.published")]
        assert sorted(published) == sorted(entry.id for entry in entries)
        first_of_a_day = [
            one
            for one in told(keywire, "entry.published")
            if one["blog"]["url"] == addresses[2] and one["backfill"]
        ]
        assert len(first_of_a_day) == 3  # what was there when the blog was found
        blogs = keywire.source()["blogs"]
        assert [blog["url"] for blog in blogs] == addresses[::-1]
        assert [blog["state"] for blog in blogs] == ["live", "ended", "ended", "ended"]
        assert keywire.stop() == 0
