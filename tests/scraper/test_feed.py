"""Anybody's RSS and Atom as lists: which items may be live blogs, and what no feed can do."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.hints.live_words import may_lead_to_live_blog
from scraper.markup.rss import Dialect, dialect_of
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "feed"
RSS = (FIXTURES / "2026-11-rss" / "page.xml").read_text()
RDF = (FIXTURES / "2026-11-rdf" / "page.xml").read_text()
ATOM = (FIXTURES / "2026-11-atom" / "page.xml").read_text()
URLS = {
    RSS: "https://www.harbour-post.example/news/feed",
    RDF: "https://www.hafenblatt.example/index.rdf",
    ATOM: "https://lequai.example/atom.xml",
}
DIALECTS = pytest.mark.parametrize("text", [RSS, RDF, ATOM], ids=["rss", "rdf", "atom"])
FETCHED = datetime(2026, 11, 27, 12, tzinfo=UTC)


def seen(text, url=URLS[RSS]):
    body = text if isinstance(text, bytes) else text.encode()
    return read(Page(url=url, body=body, fetched_at=FETCHED))


def feed(*items, head=""):
    return f'<rss version="2.0"><channel><title>News</title>{head}{"".join(items)}</channel></rss>'


def item(title, link="/news/1"):
    return f"<item><title>{title}</title><link>{link}</link></item>"


@DIALECTS
def test_a_feed_is_a_listing_with_what_it_calls_live_blogs_and_counts_the_rest(text):
    found = seen(text, URLS[text])
    assert (found.kind, found.platform, found.sightings) == (Kind.LISTING, "feed", ())
    assert found.url == URLS[text]
    assert 0 < len(found.blogs) < found.cards
    assert {blog.live for blog in found.blogs} == {None}


@DIALECTS
def test_a_feed_reads_the_same_under_its_byte_order_mark_and_in_other_letters(text):
    assert seen(b"\xef\xbb\xbf" + text.encode(), URLS[text]) == seen(text, URLS[text])
    wide = text.replace("UTF-8", "UTF-16").encode("utf-16")
    assert seen(wide, URLS[text]).blogs == seen(text, URLS[text]).blogs


@DIALECTS
def test_a_file_of_a_feed_that_came_from_nowhere_has_the_site_that_it_names(text):
    listed = [blog.url for blog in seen(text, "page.xml").blogs]
    assert listed == [blog.url for blog in seen(text, URLS[text]).blogs]


def test_links_to_other_sites_the_front_and_the_feed_itself_are_not_listed():
    site = "https://www.harbour-post.example"
    links = (f"{site}", f"{site}/", "https://elsewhere.example/live/1", URLS[RSS], "javascript:1")
    assert seen(feed(*(item("Live: now", link) for link in links))).blogs == ()
    # The same words lead on where the address does.
    assert len(seen(feed(item("Live: now", f"{site}/live/1"))).blogs) == 1


@pytest.mark.parametrize(
    "text",
    [feed(), feed(item("The harbour in winter")), "<rss/>", '<rss version="2.0"><channel/></rss>'],
    ids=["no items", "an article", "nothing at all", "an empty channel"],
)
def test_a_feed_without_live_blogs_is_a_listing_without_blogs(text):
    found = seen(text)
    assert (found.kind, found.platform, found.blogs) == (Kind.LISTING, "feed", ())


def test_markup_of_a_live_blog_in_an_item_makes_no_live_blog_of_the_feed():
    posting = (
        '<script type="application/ld+json">{"@type":"LiveBlogPosting","liveBlogUpdate":['
        '{"@type":"BlogPosting","headline":"A","datePublished":"2026-11-27T09:00:00Z"}]}</script>'
    )
    for written in (f"<![CDATA[{posting}]]>", posting):
        found = seen(feed(f"<item><title>A</title><description>{written}</description></item>"))
        assert (found.kind, found.sightings, found.blogs) == (Kind.LISTING, (), ())


@pytest.mark.parametrize(
    "text",
    ["<!doctype html><html><body><rss></rss></body></html>", "<feed><entry/></feed>", "rss"],
)
def test_what_only_looks_like_a_feed_is_none(text):
    assert dialect_of(text.encode()) is None
    assert seen(text).platform != "feed"


BOMB = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
DANGEROUS = {
    "a bomb": f'[{BOMB}<!ENTITY e0 "boom">]',
    "a file": '[<!ENTITY e9 SYSTEM "file:///etc/passwd">]',
    "an address": '[<!ENTITY e9 SYSTEM "http://127.0.0.1/secret">]',
    "a document type elsewhere": 'SYSTEM "http://127.0.0.1/feed.dtd"',
    "parameters": '[<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]',
}


@pytest.mark.parametrize("declared", DANGEROUS.values(), ids=DANGEROUS)
@pytest.mark.parametrize("root", ["rss", "rdf:RDF", "a:feed"])
def test_no_entity_is_ever_expanded_or_fetched(root, declared):
    text = next(text for text in URLS if f"<{root} " in text)
    hostile = text.replace(f"<{root} ", f"<!DOCTYPE {root} {declared}><{root} ", 1)
    hostile = hostile.replace("<title>", "<title>&e9;")
    began = time.process_time()
    with pytest.raises(LayoutError, match="document type"):
        seen(hostile, URLS[text])
    assert time.process_time() - began < 1


@pytest.mark.parametrize("spoilt", ["</channel>", "</rss>", "<title>", "]]>"])
def test_a_feed_that_is_no_xml_is_an_alarm(spoilt):
    with pytest.raises(LayoutError, match="cannot be read"):
        seen(RSS.replace(spoilt, ""))


def test_a_feed_of_a_hundred_thousand_live_blogs_lists_a_hundred():
    many = (item("Live: now", f"/live/{n}") for n in range(100_000))
    began = time.process_time()
    found = seen(feed(*many))
    assert time.process_time() - began < 5
    assert (len(found.blogs), found.cards) == (100, 100_000)


@DIALECTS
@settings(max_examples=40)
@given(st.data())
def test_a_feed_with_bytes_changed_and_cut_is_read_or_refused(text, data):
    body = bytearray(text.encode())
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[place : place + 2] = data.draw(st.binary(max_size=4))
    try:
        assert seen(bytes(body[: data.draw(st.integers(0, len(body)))])).sightings == ()
    except ScrapeError:
        return


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Live: storm at the pier", "/n/1"),
        ("Storm at the pier – live", "/n/1"),
        ("Storm at the pier - live!", "/n/1"),
        ("Storm at the pier (Live)", "/n/1"),
        ("Storm live updates: harbour shut", "/n/1"),
        ("The regatta: as it happened", "/n/1"),
        ("Sturmflut im Newsticker", "/n/1"),
        ("EN DIRECT, tempête au port", "/n/1"),
        ("Direct : tempête au port", "/n/1"),
        ("Mareggiata, la diretta", "/n/1"),
        ("Tormenta, minuto a minuto", "/n/1"),
        ("العاصفة لحظة بلحظة", "/n/1"),
        ("A storm", "/news/live/2026/storm"),
        ("A storm", "/news/liveblog/storm"),
        ("A storm", "/news/storm-live-updates-123"),
        ("A storm", "/news/sturm-liveticker_a-1.html"),
        ("A storm", "/storm-en-direct-1.html"),
    ],
)
def test_a_link_that_is_called_a_live_blog_is_worth_a_look(title, path):
    assert may_lead_to_live_blog(title, path)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Where the gulls live", "/news/where-gulls-live"),
        ("Olive: a harbour cat", "/news/olive"),
        ("Watch live: the regatta", "/news/regatta-delivery"),
        ("Live music: what is on", "/culture/live-music"),
        ("Latest figures and updates", "/news/latest-updates"),
        ("Sticker zum Hafenfest", "/news/sticker-fest"),
        ("Dove vedere la regata in diretta tv", "/sport/regata"),
        ("Direct flights to the isles", "/travel/direct-flights"),
        ("Blogging, a history", "/media/live-blogging"),
    ],
)
def test_a_link_to_other_news_is_not(title, path):
    assert not may_lead_to_live_blog(title, path)


def test_dialects_are_told_by_the_first_element():
    assert [dialect_of(text.encode()) for text in (RSS, RDF, ATOM)] == [
        Dialect.RSS,
        Dialect.RSS_1,
        Dialect.ATOM,
    ]
