"""Which link on a page leads to what is older, and what comes after a page that is lost."""

from datetime import UTC, datetime

import pytest
from paged import page

from scraper.hints.older import beyond
from scraper.page import Page
from scraper.read import read

NOW = datetime(2026, 11, 18, 18, tzinfo=UTC)
LIVE = "https://weir.example/live"


def older(link, url=LIVE, **change):
    body = page(range(30, 20, -1), "HERE/older").replace(b"HERE/older", link.encode())
    for before, after in change.items():
        body = body.replace(before.encode(), after.encode())
    return read(Page(url, body.replace(b"HERE", b"https://weir.example"), NOW)).older


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (LIVE, "https://weir.example/live?page=2"),
        (LIVE, "/live?page=2#top"),
        (LIVE, "?page=2"),
        (LIVE, "/live/page/2/"),
        (f"{LIVE}?page=7", "?page=8"),
        (f"{LIVE}/page/7/", "/live/page/8/"),
    ],
)
def test_the_link_to_the_next_number_of_the_same_page_is_older(url, link):
    assert older(link, url).endswith(link.partition("#")[0])


@pytest.mark.parametrize(
    "link",
    [
        "/another-story",
        "/live/the-next-story",
        "/another?page=2",
        "/live?page=1",
        "/live?page=3",
        "https://elsewhere.example/live?page=2",
        "javascript:next()",
        "",
    ],
)
def test_a_link_to_another_page_is_not(link):
    assert older(link) == ""


@pytest.mark.parametrize(
    ("address", "after"),
    [
        (f"{LIVE}?page=2", f"{LIVE}?page=3"),
        (f"{LIVE}?a=1&page=9&b=2", f"{LIVE}?a=1&page=10&b=2"),
        (f"{LIVE}/page/19/", f"{LIVE}/page/20/"),
        (f"{LIVE}?liveblog_page=2", f"{LIVE}?liveblog_page=3"),
        (
            "https://a.example/v1/4/get-entries/3/19-17",
            "https://a.example/v1/4/get-entries/4/19-17",
        ),
        (f"{LIVE}?page=with:block-6579", ""),
        (LIVE, ""),
    ],
)
def test_the_page_after_a_numbered_one_has_the_next_number(address, after):
    assert beyond(address) == after
