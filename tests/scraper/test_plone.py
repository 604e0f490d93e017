from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "plone"
URL = "https://portal.example/live/regatta"
FETCHED = datetime(2026, 3, 5, 15, tzinfo=UTC)


def markup(name):
    return (FIXTURES / name / "page.html").read_text()


def snapshot(text, url=URL):
    return read(Page(url=url, body=text.encode(), fetched_at=FETCHED))


def test_the_time_is_the_true_one_and_not_the_servers_clock():
    first = snapshot(markup("2018-06-live")).sightings[0]
    assert first.published == datetime(2026, 3, 5, 14, 2, 11, 250_000, tzinfo=UTC)
    assert first.block_id == "1772719331.25"
    assert first.permalink == f"{URL}/microupdate/1772719331.25"


def test_an_update_may_have_neither_title_nor_byline():
    first, second = snapshot(markup("2018-06-live")).sightings
    assert (first.title, first.authors) == ("Sails up", ("bruna",))
    assert (second.title, second.authors) == ("", None)


@pytest.mark.parametrize(
    ("name", "live"), [("2018-06-live", True), ("2018-06-quiet", False), ("2018-06-empty", True)]
)
def test_a_page_that_updates_itself_is_live(name, live):
    seen = snapshot(markup(name))
    assert (seen.live, seen.complete) == (live, True)


def test_a_script_that_asks_for_more_without_the_sign_beside_it_tells_nothing():
    assert snapshot(markup("2018-06-live").replace('id="spinner"', 'id="x"')).live is None


def test_a_page_cut_off_does_not_show_the_oldest_update():
    text = markup("2018-06-live")
    seen = snapshot(text[: text.index("</body>")])
    assert seen.shows_bottom is None


def test_a_blog_without_updates_is_a_live_blog_without_entries():
    seen = snapshot(markup("2018-06-empty"))
    assert (seen.kind, seen.sightings) == (Kind.LIVE_BLOG, ())


def test_without_its_section_the_updates_do_not_tell_how_far_they_reach():
    renamed = snapshot(markup("2018-06-live").replace("micro-updates", "renamed"))
    assert len(renamed.sightings) == 2
    assert (renamed.live, renamed.complete) == (None, None)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('class="microupdate"', 'class="renamed"'),
        ("<article class", "<section class"),
        ("data-timestamp=", "data-renamed="),
        ('data-timestamp="1772718000.07" itemprop', 'data-timestamp="10h02" itemprop'),
        ('class="microupdate-text" itemprop="text"', 'class="renamed"'),
    ],
)
def test_renamed_hooks_are_an_alarm(written, instead):
    text = markup("2018-06-live")
    assert written in text
    with pytest.raises(LayoutError):
        snapshot(text.replace(written, instead))


@pytest.mark.parametrize("name", ["microupdate-text", "microupdate-title", "microupdate-byline"])
def test_classes_may_be_renamed_where_microdata_says_the_same(name):
    text = markup("2018-06-live")
    renamed = snapshot(text.replace(f'class="{name}"', 'class="renamed"'))
    assert renamed.sightings == snapshot(text).sightings


@given(st.binary(max_size=300))
def test_junk_in_a_page_raises_nothing_but_scrape_errors(junk):
    page = markup("2018-06-live").encode()
    place = len(junk) * 41 % len(page)
    try:
        read(Page(url=URL, body=page[:place] + junk + page[place + 40 :], fetched_at=FETCHED))
    except ScrapeError:
        return
