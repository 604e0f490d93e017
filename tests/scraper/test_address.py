import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.address import _joined, absolute, believed, host, normalise, same_site, with_query


@pytest.mark.parametrize(
    ("given_url", "blog"),
    [
        (
            "https://www.example.org/live/day?page=with:block-1&filterKeyEvents=true#block-1",
            "https://www.example.org/live/day",
        ),
        ("https://WWW.Example.ORG:443/a?CMP=x&dcr=apps&topics=y", "https://www.example.org/a"),
        (
            "http://example.org:8080/a?id=7&utm_source=s&utm_medium=m",
            "http://example.org:8080/a?id=7",
        ),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("file:///tmp/page.html#top", "file:///tmp/page.html"),
        ("", ""),
    ],
)
def test_an_address_loses_what_does_not_name_the_blog(given_url, blog):
    assert normalise(given_url) == blog


def test_a_parameter_that_names_the_blog_stays_in_its_place():
    assert (
        normalise("https://example.org/live?b=2&page=3&a=1") == "https://example.org/live?b=2&a=1"
    )


@pytest.mark.parametrize(
    ("claimed", "answered"),
    [
        ("https://www.example.org/a", "http://example.org/b"),
        ("https://live.example.co.uk/a", "https://www.example.co.uk/a"),
        ("https://example.org/a", "file:///tmp/page.html"),
        ("https://example.org/a", ""),
        ("http://127.0.0.1:8000/a", "http://127.0.0.1:9000/b"),
        ("http://localhost/a", "http://localhost:8000/a"),
    ],
)
def test_a_page_may_name_its_address_within_its_own_site(claimed, answered):
    assert believed(claimed, answered)


@pytest.mark.parametrize(
    ("claimed", "answered"),
    [
        ("https://www.example.org/a", "https://evil.example/a"),
        ("https://one.co.uk/a", "https://two.co.uk/a"),
        ("https://one.github.io/a", "https://two.github.io/a"),
        ("https://github.io/a", "https://two.github.io/a"),
        ("https://www.example.org/a", "http://127.0.0.1:8000/a"),
        ("http://127.0.0.1/a", "http://127.0.0.2/a"),
        ("http://localhost/a", "http://example.org/a"),
        ("javascript:alert(1)", "https://example.org/a"),
        ("", "https://example.org/a"),
        ("https://[broken/a", "https://example.org/a"),
    ],
)
def test_a_page_may_not_speak_for_another_site(claimed, answered):
    assert not believed(claimed, answered)


def test_a_dot_at_the_end_of_a_host_makes_no_other_host():
    assert same_site("https://example.org./a", "https://example.org/b")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "mailto:a@example.org", "http://[x/", "data:,x"]
)
def test_a_link_that_leads_to_no_page_of_the_web_is_empty(link):
    assert absolute(link, "https://example.org/a") == ""


def test_a_link_is_resolved_against_the_page():
    assert absolute("../b?c=1", "https://example.org/x/y/z") == "https://example.org/x/b?c=1"


def test_a_query_is_added_beside_one_that_is_there():
    assert (
        with_query("https://example.org/a?b=1", "page=2", "x")
        == "https://example.org/a?b=1&page=2#x"
    )


@given(st.text(), st.text())
def test_no_text_makes_an_address_raise(one, other):
    for url in (one, f"https://{one}", f"http://{one}/{other}?{other}#{one}"):
        normalise(url)
        absolute(other, url)
        believed(url, f"https://{other}")
        assert host(url) == host(url).lower()


@given(st.text())
def test_a_normal_address_is_its_own_normal_form(text):
    once = normalise(f"https://example.org/{text}")
    assert normalise(once) == once


LINK = st.lists(
    st.sampled_from(
        [
            *("https://", "http://", "HTTPS://", "//", "ftp://", "mailto:", "www.example.org"),
            *("a-b.co", "x", "[::1]", "1.2.3.4", ":80", ":x", "/", "/a/b", "..", ".", "./", ";p"),
            *("?", "?a=b", "&c", "#", "#block-1", "#a b", " ", "\t", "\n", "%20", "é", "@", "\\"),
            *("EX.org", "xn--a.com", "\x00", '"', "<", "'", "(", "=", "~", "a.b", "|", "{"),
        ]
    ),
    max_size=6,
).map("".join)
BASES = st.one_of(
    LINK, st.sampled_from(["https://www.example.org/live/day", "https://a.co/x?y=1#z", ""])
)


@settings(max_examples=1000)
@given(LINK, BASES)
@example("#block-1", "https://a.co/x?y=1#z")
@example("#block-1", "https://a.co/x/../y;z?y=1")
@example("https://a.co/a/../b?x=1#y", "https://b.co/")
@example("https://a.co/a?", "https://b.co/")
@example("https://a.co/a;b=1?c", "https://b.co/")
def test_a_link_is_resolved_as_by_joining_it(link, base):
    assert absolute(link, base) == _joined(link.strip(), base)
