"""Which addresses may be connected to, and which spellings of a URL are read at all."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import AddressError
from scraper.guard import check_url, read_address, read_allowed, why_refused

CLOSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.254
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.5 192.88.99.1 192.168.0.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 ::127.0.0.1 ::8.8.8.8
64:ff9b::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1 3fff::1 4000::1
5f00::1 fc00::1 fd12:3456::1 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1 2a00::5efe:10.0.0.1
2a00::200:5efe:127.0.0.1
"""

OPEN = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1
172.15.255.255 172.32.0.1 192.167.1.1 223.255.255.255 2606:4700::1111 2a00:1450::1
::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1
"""

ODD = [
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.01/",
    "http://0/",
    "http://0x/",
    "http://1.2.3.4.5/",
    "http://256.0.0.1/",
    "http://example.0x1/",
    "http://127.0.0.1../",
    "http://example..com/",
    "http://.example.com/",
    "http://-a.example/",
    "http://exa mple.com/",
    "http://exa%6dple.com/",
    "http://%31%32%37.0.0.1/",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1\\.example.com/",
    "http:\\\\example.com/",
    "http:/example.com/",
    "http:example.com",
    "http:///example.com/",
    "http://",
    "http://:80/",
    "//example.com/",
    "example.com",
    "",
    "http://[::1/",
    "http://::1/",
    "http://[::1%25lo]/",
    "http://[fe80::1%lo]/",
    "http://[127.0.0.1]/",
    "http://[::1]x/",
    "http://[::g]/",
    "http://[]/",
    "http://example.com:0/",
    "http://example.com:65536/",
    "http://example.com:99999999999/",
    "http://example.com:80:80/",
    "http://example.com:+80/",
    "http://example.com:８０/",
    "http://example.com:x/",
    "http://exam\tple.com/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://example.com/\x00",
    "\x00http://example.com/",
    "http://example.com/\x7f",
    "http://example.com/\x85",
    "http://example.com/\ud800",
    "http://１２７.１/",
    "http://①②⑦.1/",
    "http://０x7f.1/",
    "http://xn--a\u0300.example\u2024\u2024/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 130 + "com/",
    "http://example.com/" + "a" * 8_000,
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "gopher://example.com/",
    "ws://example.com/",
    "httpx://example.com/",
    "https+unix://example.com/",
]


@pytest.mark.parametrize("text", CLOSED.split())
def test_no_address_within_is_connected_to(text):
    assert why_refused(ip_address(text))


@pytest.mark.parametrize("text", OPEN.split())
def test_public_addresses_are_open(text):
    assert why_refused(ip_address(text)) == ""


@pytest.mark.parametrize("url", ODD)
def test_odd_urls_are_refused_before_anything_is_resolved(url):
    with pytest.raises(AddressError) as caught:
        check_url(url)
    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("url", "normal", "origin"),
    [
        ("http://example.com", "http://example.com/", ("http", "example.com", 80)),
        ("HTTP://EXAMPLE.com.:80/A?b#c", "http://example.com/A?b", ("http", "example.com", 80)),
        ("https://example.com:443/", "https://example.com/", ("https", "example.com", 443)),
        ("https://example.com:/", "https://example.com/", ("https", "example.com", 443)),
        ("https://example.com:84?x", "https://example.com:84/?x", ("https", "example.com", 84)),
        ("  https://example.com/  ", "https://example.com/", ("https", "example.com", 443)),
        ("https://straße.de/", "https://xn--strae-oqa.de/", ("https", "xn--strae-oqa.de", 443)),
        ("http://a_b.example/", "http://a_b.example/", ("http", "a_b.example", 80)),
        ("http://e.com/?u=a@b\\c", "http://e.com/?u=a@b\\c", ("http", "e.com", 80)),
        ("http://[2606:4700:0::1]:81/", "http://[2606:4700::1]:81/", ("http", "2606:4700::1", 81)),
        ("http://127.0.0.1./", "http://127.0.0.1/", ("http", "127.0.0.1", 80)),
        ("http://１２７。0。0。1/", "http://127.0.0.1/", ("http", "127.0.0.1", 80)),
    ],
)  # fmt: skip
def test_urls_are_normalised(url, normal, origin):
    target = check_url(url)
    assert (target.url, target.origin) == (normal, origin)
    assert check_url(normal) == target


def test_a_literal_address_is_known_as_one():
    assert check_url("http://127.0.0.1:81/").address == ip_address("127.0.0.1")
    assert check_url("http://[::1]/").address == ip_address("::1")
    assert check_url("http://localhost/").address is None


def test_allowed_addresses_are_opened_one_by_one():
    allow = read_allowed(["127.0.0.1", "10.1.0.0/16", " fd00::/8"])
    for text in ("127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "fd00::5"):
        assert why_refused(ip_address(text), allow) == ""
    for text in ("127.0.0.2", "10.2.0.1", "fc00::1", "64:ff9b::127.0.0.1", "2002:7f00:1::"):
        assert why_refused(ip_address(text), allow)
    with pytest.raises(ValueError, match="localhost"):
        read_allowed(["localhost"])


def test_a_resolvers_answer_is_read_without_its_scope():
    assert read_address("fe80::1%eth0") == ip_address("fe80::1")
    assert read_address("::ffff:127.0.0.1") == ip_address("127.0.0.1")


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:", "64:ff9b::", "2a00::5efe:"]))
def test_what_is_embedded_is_as_closed_as_it_is_alone(four, prefix):
    assert bool(why_refused(ip_address(f"{prefix}{four}"))) == bool(why_refused(four))


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}/?.{0,9}", fullmatch=True))
def test_any_text_is_a_target_or_an_address_error(text):
    try:
        target = check_url(text)
    except AddressError:
        return
    assert target.host.isascii()
    assert check_url(target.url) == target
