"""`keywire add` as a stranger uses it: one address in, one feed out."""

import asyncio
import os
import pty
import subprocess
import time
from datetime import UTC, datetime, timedelta

import feedparser
import fronts
import pytest
from daily import SERIES_PATH, Daily
from press import day_blog, day_path, rss
from running import KEYWIRE, Keywire, OriginThread, wait_for

from keywire.commands import adding
from keywire.commands.adding import look, name_of
from keywire.config import load
from keywire.demo.blog import add, block
from keywire.demo.page import render
from scraper.errors import ReadError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

TODAY = datetime.now(UTC).replace(microsecond=0)


def keywire(*arguments, cwd):
    return subprocess.run(
        [KEYWIRE, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def paper():
    blog = day_blog(TODAY - timedelta(hours=3))
    for n in range(4):
        at = TODAY - timedelta(minutes=50 - n)
        blog = add(blog, block(f"n{n}", at, f"<p>The {n}. boat came in.</p>"))
    with OriginThread(blog, Daily) as origin:
        yield origin


def follows(folder):
    return {topic.name: topic.follow for topic in load(folder / "config.yaml").topics}


def test_a_series_is_recognised_written_and_its_newest_entries_are_shown(tmp_path, paper):
    told = keywire("add", paper.series, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert follows(tmp_path) == {"harbour-live": (paper.series,)}
    assert "1 live blogs are on it, 1 of them live now" in told.stdout
    assert "http://127.0.0.1:8700/feeds/harbour-live.atom" in told.stdout
    shown = [line for line in told.stdout.splitlines() if "boat came in" in line]
    assert [line.rpartition("The ")[2] for line in shown] == [
        "3. boat came in.",
        "2. boat came in.",
        "1. boat came in.",
    ]


def test_a_day_s_blog_is_followed_as_asked_where_nobody_can_be_asked_and_that_is_said(
    tmp_path, paper
):
    told = keywire("add", paper.url, cwd=tmp_path)
    assert follows(tmp_path) == {"harbour-live": (paper.url,)}
    assert "tomorrow's will have another address" in told.stdout
    assert "--series follows its series" in told.stdout
    told = keywire("add", paper.url, "--series", "--topic", "harbour", cwd=tmp_path)
    assert follows(tmp_path)["harbour"] == (paper.series,)
    told = keywire("add", paper.url, "--this-blog", "--topic", "harbour", cwd=tmp_path)
    assert follows(tmp_path)["harbour"] == (paper.series, paper.url)


@pytest.mark.parametrize(("answer", "series"), [("y", True), ("n", False)])
def test_on_a_terminal_it_asks(tmp_path, paper, answer, series):
    ours, theirs = pty.openpty()
    asked = subprocess.Popen(
        [KEYWIRE, "add", paper.url], cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert asked.wait(20) == 0, seen
    assert b"Follow the series instead?" in seen
    assert follows(tmp_path) == {"harbour-live": (paper.series if series else paper.url,)}


def test_a_series_that_cannot_be_read_leaves_the_blog(tmp_path, paper):
    paper.listing = False
    told = keywire("add", paper.url, "--series", cwd=tmp_path)
    assert told.returncode == 0
    assert "cannot be followed" in told.stdout
    assert follows(tmp_path) == {"harbour-live": (paper.url,)}


def test_what_cannot_be_followed_says_what_it_is_and_writes_nothing(tmp_path, paper):
    told = keywire("add", paper.site + "/nowhere", cwd=tmp_path)
    assert (told.returncode, told.stdout) == (1, "")
    assert "404" in told.stderr
    told = keywire("add", paper.series, "--topic", "Not A Name", cwd=tmp_path)
    assert (told.returncode, len(told.stderr.splitlines())) == (1, 1)
    assert list(tmp_path.iterdir()) == []


def test_once_polls_a_listing_and_the_blogs_that_it_leads_to(tmp_path, paper):
    keywire("add", paper.series, cwd=tmp_path)
    path = tmp_path / "config.yaml"
    path.write_text(path.read_text().replace("  # allow_private:", "  allow_private:"))
    assert keywire("run", "--once", cwd=tmp_path).returncode == 0
    told = keywire("sources", cwd=tmp_path).stdout
    assert "5 entries" in told
    assert "live: Good morning" in told


PAGES = {
    "article": (
        '<html><head><meta property="og:type" content="article"><title>Gardens</title></head>'
        "<body><article><h1>Gardens</h1><p>About gardens and their walls.</p></article></body>"
        "</html>"
    ),
    "front": (
        '<html><head><link rel="canonical" href="https://news.example/"><title>News</title></head>'
        "<body><h1>News</h1><p>All the news.</p></body></html>"
    ),
    "nothing": "<html><head><title>Hm</title></head><body><p>Some words.</p></body></html>",
}


@pytest.mark.parametrize(
    ("kind", "said"), [("front", "a listing on which no live blogs"), ("nothing", "no live blog")]
)
def test_a_page_that_is_no_live_blog_is_named_for_what_it_is_and_why(kind, said):
    async def see(url):
        return read(Page(url, PAGES[kind].encode(), TODAY))

    with pytest.raises(ReadError, match=said) as refused:
        asyncio.run(look("https://news.example/page", see))
    assert refused.value.reason.partition(": ")[2]


def test_an_article_is_said_to_be_one():
    async def see(url):
        return read(Page(url, PAGES["article"].encode(), TODAY))

    choice = asyncio.run(look("https://news.example/gardens", see))
    assert choice.said == ("This is an ordinary article: its og:type is article.",)
    assert name_of(choice) == "gardens"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://news.example/feed/", "harbour-post"),
        ("https://news.example/atom.xml", "harbour-post"),
        ("https://news.example/tides/rss.xml", "tides"),
        ("https://news.example/rss/tides.xml", "tides"),
        ("https://news.example/tides", "tides"),
    ],
)
def test_a_feed_says_what_may_be_live_on_it_and_shows_what_is_one(url, name):
    blog = add(day_blog(TODAY - timedelta(hours=1)), block("n", TODAY, "<p>A boat.</p>"))
    site = "https://news.example"
    told = ((f"{site}/live/gardens", "Live: gardens", TODAY), (f"{site}/b", "Live: boats", TODAY))
    pages = {url: rss(site, *told).replace("Harbour live", "Harbour Post - all of it")}
    pages |= {told[0][0]: PAGES["article"], told[1][0]: render(blog, TODAY, site)}
    pages = {at: text.replace("Guardian News", "Harbour Post") for at, text in pages.items()}

    async def see(asked):
        return read(Page(asked, pages[asked].encode(), TODAY))

    choice = asyncio.run(look(url, see))
    assert choice.snapshot.platform == "feed"
    assert choice.shown.kind is Kind.LIVE_BLOG
    assert choice.said[0].startswith("2 pages on it may be live blogs")
    assert choice.said[1] == f"{told[0][0]} is no live blog that keywire can read."
    assert name_of(choice) == name


def test_the_first_minute_init_add_run(tmp_path, paper):
    """A running keywire takes what is added, and the feed is there."""
    mine = Keywire(tmp_path, [f"{paper.site}{day_path(TODAY, 'elsewhere')}"])
    mine.start()
    told = keywire("add", paper.series, "--topic", "news", cwd=tmp_path)
    assert f"{mine.site}/feeds/news.atom" in told.stdout

    def arrived():
        feed = feedparser.parse(mine.get("/feeds/news.atom")[1])
        return len(feed.entries) == 5 and feed

    feed = wait_for(arrived, 15, mine.terminal)
    assert feed.entries[0].summary == "<p>The 3. boat came in.</p>"
    listed = [one for one in mine.json("/sources.json") if one["url"].endswith(SERIES_PATH)]
    assert [blog["entries"] for blog in listed[0]["blogs"]] == [5]
    assert mine.stop() == 0


def test_a_section_on_which_nothing_is_live_today_is_followed_all_the_same():
    section = fronts.page("news", fronts.plain(), []).html.encode()

    async def see(url):
        return read(Page(url, section, TODAY, as_new=True))

    choice = asyncio.run(look("https://news.example/world", see))
    assert (choice.snapshot.kind, choice.shown) == (Kind.LISTING, None)
    assert choice.said == ("No live blog is named on it now; those that will be are followed.",)
    assert name_of(choice) == "world"


def test_a_title_of_blanks_keeps_nobody_waiting():
    began = time.process_time()
    assert adding._TAIL.sub("", "Storm – live | News") == "Storm"
    assert adding._TAIL.sub("", blanks := " " * 50_000) == blanks
    assert time.process_time() - began < 1
