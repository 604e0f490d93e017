"""Permanent ids: what of a blog's address enters them, and what does not."""

from datetime import UTC, datetime

import pytest

from store.decision.identity import address_of, mint

PUBLISHED = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
ID = "tag:news.example,2026:/live/harbour/b-1"


@pytest.mark.parametrize(
    "blog",
    [
        "https://news.example/live/harbour",
        "http://news.example/live/harbour",
        "https://www.news.example/live/harbour",
        "https://NEWS.example:8443/live/harbour/",
        "https://news.example/live/harbour?page=2#b-7",
    ],
)
def test_scheme_www_port_query_and_fragment_do_not_enter_an_id(blog):
    assert mint(blog, "b-1", PUBLISHED) == ID


@pytest.mark.parametrize(
    ("blog", "block_id"),
    [
        ("https://live.news.example/live/harbour", "b-1"),
        ("https://news.example/live/Harbour", "b-1"),
        ("https://news.example/live/harbour/2", "b-1"),
        ("https://news.example/live/harbour", "b-2"),
        ("https://news.example/live/harbour", "b/1"),
    ],
)
def test_host_path_and_block_enter_an_id(blog, block_id):
    assert mint(blog, block_id, PUBLISHED) != ID


def test_an_id_bears_the_year_of_publication_and_no_character_that_would_end_it():
    ours = mint("https://news.example/l\u00edve/a b", "b/1 \u00fc#?", PUBLISHED.replace(year=2024))
    assert ours == "tag:news.example,2024:/l%C3%ADve/a%20b/b%2F1%20%C3%BC%23%3F"


def test_two_addresses_of_one_blog_are_one():
    assert address_of("https://www.news.example/a?x=1") == address_of("http://news.example/a/")
