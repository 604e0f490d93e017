"""A page names answers and older pages, but only where its own site or platform is."""

import pytest
from pages import page

from scraper.hints.companions import MOST, is_of, within_bounds
from scraper.platform import About, Gift, Platform

PLATFORM = Platform(
    "test", (), lambda _: (), lambda _: page([]), About("", Gift.NONE), api_hosts=("api.maker.net",)
)
PAGE = "https://www.paper.example/live"


def bounded(address, url=PAGE):
    return within_bounds(page([], answers=(address,), older=address), url, PLATFORM)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.paper.example/api",
        "https://cdn.paper.example/api?page=2",
        "https://api.maker.net/v1",
        "https://eu.api.maker.net/v1",
    ],
)
def test_its_own_site_and_the_platforms_hosts_are_in_bounds(address):
    snapshot = bounded(address)
    assert (snapshot.answers, snapshot.older) == ((address,), address)


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/api",
        "https://paper.example.evil.net/api",
        "https://evil.net/www.paper.example/",
        "https://maker.net/v1",
        "https://xapi.maker.net/v1",
        "https://api.maker.net:8443/v1",
        "https://www.paper.example:8080/api",
        "https://www.paper.example@evil.net/",
        "http://127.0.0.1/api",
        "http://localhost/api",
        "http://[::1]/api",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//evil.net/x",
        "/api",
        "",
        "https://www.paper.example/" + "x" * 3000,
    ],
)
def test_what_a_stranger_could_choose_is_dropped(address):
    snapshot = bounded(address)
    assert (snapshot.answers, snapshot.older) == ((), "")


def test_a_machine_of_ones_own_names_but_its_own_port():
    here = "http://127.0.0.1:8000/live"
    assert bounded("http://127.0.0.1:8000/api", here).older
    assert not bounded("http://127.0.0.1:22/api", here).older
    assert not bounded("http://127.0.0.2:8000/api", here).older


def test_a_file_has_but_the_platforms_hosts():
    assert bounded("https://api.maker.net/v1", "file:///tmp/page.html").older
    assert not bounded("https://www.paper.example/api", "file:///tmp/page.html").older


def test_a_page_that_came_by_https_is_not_led_back_to_http():
    assert bounded("http://www.paper.example/api").older == "https://www.paper.example/api"


def test_a_page_names_so_many_answers_and_no_more():
    many = tuple(f"https://www.paper.example/{n}" for n in range(2 * MOST))
    assert within_bounds(page([], answers=many * 2), PAGE, PLATFORM).answers == many[:MOST]


def test_an_answer_from_another_host_is_none():
    assert is_of("https://api.maker.net/v2", "https://api.maker.net/v1")
    assert not is_of("https://login.maker.net/", "https://api.maker.net/v1")
