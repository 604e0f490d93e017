from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from fronts import BLOG, FRONTS, HOST, STORIES, page, plain

from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

NOW = datetime(2026, 11, 18, 16, tzinfo=UTC)


def seen(front):
    return read(Page(front.url, front.html.encode(), NOW))


@pytest.mark.parametrize("make", FRONTS, ids=lambda make: make.__name__)
def test_a_page_of_stories_lists_what_it_calls_live_blogs_and_nothing_else(make):
    front = make()
    snapshot = seen(front)
    assert (snapshot.kind, snapshot.platform) == (Kind.LISTING, "listing")
    assert [(urlsplit(b.url).path, b.live) for b in snapshot.blogs] == list(front.blogs)
    assert not any(blog.sure for blog in snapshot.blogs)
    assert snapshot.cards >= len(STORIES)


def test_links_in_navigation_and_to_other_sites_are_no_stories():
    link = f'<a href="https://elsewhere.example{BLOG}"><h3>A storm elsewhere</h3></a>'
    elsewhere = f"<article><span>LIVE</span>{link}</article>"
    above = f'<nav><a href="{BLOG}"><span>LIVE</span> Storm at the harbour</a></nav>'
    assert seen(page("x", elsewhere + above + plain(), [], path="/")).blogs == ()


def test_a_badge_belongs_to_the_story_beside_it_alone():
    live = f'<div><span>LIVE</span><a href="{BLOG}"><h3>Storm at the harbour</h3></a></div>'
    front = page("x", f'<div class="grid">{live}{plain()}</div>', [])
    assert [blog.url for blog in seen(front).blogs] == [HOST + BLOG]


def test_a_few_links_make_no_list_of_a_page():
    live = f'<a href="{BLOG}">Live: storm at the harbour</a>'
    assert seen(page("x", live + plain(STORIES[:3]), [])).kind is Kind.UNKNOWN


def test_a_page_of_links_without_live_blogs_is_a_list_if_it_was_one_before():
    front = page("x", plain(), [])
    asked = Page(front.url, front.html.encode(), NOW)
    assert read(asked).kind is Kind.UNKNOWN
    known = read(replace(asked, as_listing=True))
    assert (known.kind, known.platform, known.blogs) == (Kind.LISTING, "listing", ())


def test_a_page_of_links_is_a_list_where_a_person_follows_it_anew_unless_it_is_called_live_itself():
    front = page("x", plain(), [])
    asked = Page(front.url, front.html.encode(), NOW, as_new=True)
    assert (read(asked).kind, read(asked).blogs) == (Kind.LISTING, ())
    live = replace(asked, body=asked.body.replace(b"<h1>", b"<h1>Live updates: "))
    titled = replace(live, body=live.body.replace(b"<title>", b"<title>Live updates: "))
    assert read(titled).kind is Kind.UNKNOWN
    assert read(replace(titled, as_listing=True)).kind is Kind.LISTING


def test_a_page_that_says_much_of_its_own_is_no_list():
    said = "<p>The harbour office has told us at some length what it thinks of the storm.</p>" * 40
    assert seen(page("x", said + plain(), [])).kind is Kind.UNKNOWN


def test_an_article_that_links_to_live_blogs_is_no_list():
    front = page("x", plain(), [])
    html = front.html.replace('content="website"', 'content="article"')
    assert read(Page(front.url, html.encode(), NOW)).kind is Kind.ARTICLE
