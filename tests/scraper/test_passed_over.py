from lookalikes import comments_of_a_live_stream, latest_without_headings, programme_by_clock
from newsrooms import reach

from scraper.page import Page
from scraper.passed_over import passed_over
from scraper.read import read


def told_of(story):
    page = Page(story.url, story.html.encode(), story.fetched_at)
    return passed_over(page, read(page))


def test_a_guess_that_would_have_read_the_page_is_named_with_its_marks():
    (told,) = told_of(reach())
    assert told.startswith("generic (")
    assert "blocks alike" in told
    assert "only where nothing surer is" in told


def test_of_a_page_that_is_no_live_blog_what_comes_nearest_is_told_with_what_speaks_against_it():
    assert any("comments and teasers" in told for told in told_of(comments_of_a_live_stream()))
    assert any("lead to other pages" in told for told in told_of(latest_without_headings()))
    assert any("times of day" in told for told in told_of(programme_by_clock()))


def test_a_page_without_any_times_has_nothing_to_tell():
    page = Page("https://quay.example/a", b"<h1>Gulls</h1><p>They left.</p>", reach().fetched_at)
    assert passed_over(page, read(page)) == ()
