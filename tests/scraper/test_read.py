from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import ScrapeError, UnreadableError
from scraper.page import Page
from scraper.read import PLATFORMS, read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "guardian"
LIVE = (FIXTURES / "2026-08-live" / "page.html").read_bytes()
FETCHED = datetime(2026, 8, 20, 12, 1, tzinfo=UTC)


def page(body, url="https://www.example.org/a", **rest):
    return Page(url=url, body=body, fetched_at=FETCHED, **rest)


def titled(head, title="Caf\u00e9 \u2013 live"):
    return f"<html><head>{head}<title>{title}</title></head><body><p>{title}</p></body></html>"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n\t",
        b"\x00" * 500,
        b"\x89PNG\r\n\x1a\n" + b"x" * 200,
        b"%PDF-1.7 text in a file of another kind",
        b"\x1f\x8b\x08 still compressed",
        b'{"blocks": [',
        b"[" * 100_000 + b"{",
        b'{"a":' * 100_000,
        b'{"broken":"\xff", "whole":"' + "é".encode() * 9 + b'"}',
        b"<div>" * 100_000,
        b"<div>" * 100_000 + b"</div>" * 100_000,
        b"<p><font size=1>" * 20_000,
    ],
    ids=range(13),
)
def test_a_body_that_is_no_page_cannot_be_read(body):
    with pytest.raises(UnreadableError):
        read(page(body))


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ('<meta property="og:type" content="article"><p>x</p>', Kind.ARTICLE),
        ('<script type="application/ld+json">{"@type":"NewsArticle"}</script>', Kind.ARTICLE),
        (
            '<script type="application/ld+json">[{"@graph":[{"@type":["Article"]}]}]</script>',
            Kind.ARTICLE,
        ),
        ('<script type="application/ld+json">{broken</script><p>x</p>', Kind.UNKNOWN),
        ('<script type="application/ld+json">{"@type":"Person"}</script>', Kind.UNKNOWN),
        ("<p>Subscribe to go on</p>", Kind.UNKNOWN),
        ("bare words", Kind.UNKNOWN),
        ('{"any": "json"}', Kind.UNKNOWN),
        ('<div id="liveblog-body"><p>Another site\'s</p></div>', Kind.UNKNOWN),
        (
            '<amp-live-list id="live-blog-entries-main"><div items></div></amp-live-list>',
            Kind.UNKNOWN,
        ),
    ],
)
def test_a_page_that_no_platform_knows_is_no_live_blog_and_has_no_sightings(markup, kind):
    seen = read(page(markup.encode()))
    assert (seen.kind, seen.platform, seen.sightings) == (kind, "", ())
    assert seen.why


@pytest.mark.parametrize(
    ("markup", "kind", "why"),
    [
        ('<link rel=canonical href="https://www.example.org/">', Kind.LISTING, "front of its site"),
        (
            '<meta property="og:type" content="Article"><link rel=canonical href="/">',
            Kind.LISTING,
            "front of its site",
        ),
        (
            '<script type="application/ld+json">{"@type":"CollectionPage"}</script>',
            Kind.LISTING,
            "JSON-LD says CollectionPage",
        ),
        (
            '<div itemscope itemtype="https://schema.org/NewsArticle"></div>',
            Kind.ARTICLE,
            "marked as an article",
        ),
        (
            '<script type="application/ld+json">{"@type":"LiveBlogPosting"}</script>'
            '<script type="application/ld+json">{"@type":"NewsArticle"}</script>',
            Kind.UNKNOWN,
            "lists no updates",
        ),
    ],
)
def test_what_a_page_is_told_to_be_is_said_in_plain_words(markup, kind, why):
    seen = read(page(f"<html><head>{markup}</head><body><p>x</p></body></html>".encode()))
    assert seen.kind is kind
    assert why in seen.why[0]


def test_a_listing_of_live_blogs_is_none_and_has_no_sightings():
    markup = """<html><head><link rel="canonical" href="https://www.theguardian.com/world/series/x">
        <script>window.guardian = {"config":{"page":{"contentType":"Tag"}}};</script></head><body>
        <main data-layout="TagPageLayout"><div data-format-design="11"><a href="/world/live/2026/x"
        aria-label="A blog – live"></a><gu-island name="PulsingDot"></gu-island></div></main>"""
    seen = read(page(markup.encode(), "https://www.theguardian.com/world/series/x"))
    assert (seen.kind, seen.sightings) == (Kind.LISTING, ())
    assert [blog.url for blog in seen.blogs] == ["https://www.theguardian.com/world/live/2026/x"]


def test_a_platform_is_known_by_its_marks_on_any_host():
    seen = read(page(LIVE, "http://127.0.0.1:8000/saved.html"))
    assert seen.platform == "guardian"
    assert "the island Liveness" in seen.why


def test_hosts_are_hints_that_include_those_below_them():
    (platform,) = (p for p in PLATFORMS if p.name == "guardian")
    assert platform.expects("www.theguardian.com")
    assert not platform.expects("nottheguardian.com")


def test_the_address_that_answered_decides_what_is_believed():
    canonical = b'<link rel="canonical" href="https://www.example.org/b?page=2"><p>x</p>'
    assert read(page(canonical)).url == "https://www.example.org/b"
    moved = page(canonical, final_url="https://elsewhere.example/c#d")
    assert read(moved).url == "https://elsewhere.example/c"
    assert read(moved).claimed_url == "https://www.example.org/b?page=2"


CHARSETS = {
    "UTF-8 without a word": (titled("").encode(), {}),
    "a byte order mark": (b"\xef\xbb\xbf" + titled("").encode(), {}),
    "UTF-16 with a mark": (titled("").encode("utf-16"), {}),
    "HTTP alone": (titled("").encode("utf-16le"), {"content-type": "text/html; charset=UTF-16LE"}),
    "a meta element": (titled('<meta charset="windows-1252">').encode("cp1252"), {}),
    "an old meta element": (
        titled('<meta http-equiv=Content-Type content="text/html; charset=iso-8859-1">').encode(
            "cp1252"
        ),
        {},
    ),
    "nothing, and windows-1252": (titled("").encode("cp1252"), {}),
    "a server that says latin-1 of UTF-8": (
        titled("").encode(),
        {"content-type": "text/html;charset=latin1"},
    ),
    "a page that says utf-8 of windows-1252": (
        titled('<meta charset="utf-8">').encode("cp1252"),
        {},
    ),
    "an unknown label": (titled('<meta charset="made-up">').encode(), {}),
    "UTF-8 with one byte broken": (titled("").encode() + "é".encode() * 9 + b"\xe2", {}),
}


@pytest.mark.parametrize(("body", "headers"), CHARSETS.values(), ids=CHARSETS)
def test_text_is_right_whatever_is_declared(body, headers):
    assert read(page(body, headers=headers)).title == "Café – live"


def test_http_goes_before_the_page_for_other_charsets():
    body = titled('<meta charset="windows-1252">', "Ночь").encode("koi8-r")
    assert read(page(body, headers={"content-type": "text/html; charset=koi8-r"})).title == "Ночь"


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b"<html><p>x</html>", True),
        (b"<HTML><p>x</HTML>", True),
        (b"<html><p>x", False),
        (b"<p>x", True),
    ],
)
def test_a_page_is_whole_when_its_markup_ends(body, whole):
    assert read(page(body)).whole is whole


def test_a_canonical_link_that_a_noscript_pushed_out_of_the_head_is_found():
    body = (
        b'<head><noscript><img src="p.gif"></noscript>'
        b'<link rel="canonical" href="/blog"><meta property="og:title" content="Moved"></head>'
    )
    seen = read(page(body))
    assert (seen.url, seen.title) == ("https://www.example.org/blog", "Moved")


@given(st.binary(max_size=2000))
def test_bytes_of_any_kind_are_read_or_refused(body):
    try:
        assert read(page(body)).kind is not Kind.LIVE_BLOG
    except ScrapeError:
        return


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(LIVE) - 1), st.binary(max_size=6)), max_size=20),
    st.integers(0, len(LIVE)),
)
def test_a_live_blog_with_bytes_changed_and_cut_is_read_or_refused(changes, end):
    body = bytearray(LIVE)
    for place, what in changes:
        body[place : place + 3] = what
    try:
        read(page(bytes(body[:end])))
    except ScrapeError:
        return


def test_reading_twice_gives_the_same():
    assert read(page(LIVE)) == read(page(LIVE))
