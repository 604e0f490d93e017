import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "superdesk"
URL = "https://blogs.ticker.example/lb/65a000000000000000000001/index.html"
FETCHED = datetime(2026, 11, 12, 19, 30, tzinfo=UTC)
API = "https://blogs.ticker.example/api/client_blogs/65a000000000000000000001/posts"


def markup(name):
    return next(path for path in (FIXTURES / name).iterdir() if path.stem == "page").read_text()


def snapshot(text, url=URL):
    return read(Page(url=url, body=text.encode(), fetched_at=FETCHED))


def answer(change=None, url=API, name="2026-11-api-v1"):
    said = json.loads(markup(name))
    if change:
        change(said)
    return snapshot(json.dumps(said), url)


def numbers(seen):
    return [int(sighting.block_id[-2:]) for sighting in seen.sightings]


def test_pinned_posts_stand_first_and_say_so_in_pythons_words():
    seen = snapshot(markup("2026-11-theme"))
    assert numbers(seen) == [1, 8, 7, 5, 4, 3]
    assert [s.pinned for s in seen.sightings] == [True, False, False, False, False, False]


def test_a_highlight_is_a_key_event_and_its_absence_none():
    seen = snapshot(markup("2026-11-theme"))
    assert [s.key_event for s in seen.sightings] == [True, False, True, False, False, False]


def test_themes_that_do_not_say_what_is_pinned_show_a_sign():
    text = markup("2026-11-theme")
    seen = snapshot(text.replace("data-post-sticky=", "data-renamed="))
    assert seen.sightings == snapshot(text).sightings


def test_the_writer_of_a_readers_comment_is_not_who_answered_it():
    text = markup("2026-11-theme")
    answered = """<div class="items-containerIndent"><div class="lb-author lb-author--indent">
        <div class="lb-author__name">Ida Holm</div></div>
        <div class="lb-item text"><article><p>We have asked.</p></article></div></div>"""
    start = text.index('<div class="lb-author ">')
    end = text.index("</div></div>", start) + len("</div></div>")
    below = '<div class="lb-post-bottom">'
    moved = (text[:start] + text[end:]).replace(below, below + text[start:end], 1)
    body = '<div class="items-container">'
    moved = moved.replace(body, body + answered, 1)
    first = snapshot(moved).sightings[0]
    assert first.authors == ("Asta Berg",)
    assert first.text.startswith("We have asked.")


def test_advertisements_are_no_posts():
    assert "Buy lamps" not in repr(snapshot(markup("2026-11-theme")).sightings)


def test_what_waits_for_consent_in_a_template_is_read():
    tweet = snapshot(markup("2026-11-theme")).sightings[2]
    assert '<blockquote class="twitter-tweet"><p>The bridge is open again.</p>' in tweet.html
    assert "template" not in tweet.html
    video = snapshot(markup("2026-11-theme")).sightings[5]
    assert 'href="https://www.youtube.com/embed/lantern?feature=oembed&amp;x=1"' in video.html
    assert video.text == ""


def test_items_after_an_embed_with_a_broken_end_tag_are_read_once():
    seen = snapshot(markup("2026-11-theme")).sightings[1]
    assert seen.text == "Rain & wind: 3 < 4. City Lantern night The lamps stay dry."


def test_a_caption_is_part_of_the_text_and_the_largest_picture_is_taken():
    seen = snapshot(markup("2026-11-theme")).sightings[3]
    assert seen.text == "Seen from the tower: Lanterns on the bridge at dusk. Photo: J. Wren"
    assert (seen.media[0].url, seen.media[0].credit) == (
        "https://media.example/large.jpg",
        "Photo: J. Wren",
    )


def test_a_heading_that_a_post_begins_with_is_its_title():
    seen = snapshot(markup("2026-11-theme")).sightings[2]
    assert seen.title == "Bridge open again"
    assert seen.text.startswith("People may cross here.")


def test_the_pages_script_tells_whether_the_blog_is_open():
    text = markup("2026-11-theme")
    assert snapshot(text).live is True
    assert snapshot(text.replace('"blog_status": "open"', '"blog_status": "closed"')).live is False
    assert snapshot(text.replace("window.LB", "window.XX")).live is None


def test_options_written_as_one_json_object_are_read_as_well():
    text = markup("2026-11-theme")
    script = re.search(r"window\.LB = .*?\n    \};", text, re.DOTALL)[0]
    blog = re.search(r"blog: (\{.*\}),", script)[1]
    seen = snapshot(text.replace(script, f'window.LB = {{"blog": {blog}, "settings": {{}}}};'))
    assert seen.live is True
    assert seen.sightings[0].permalink.endswith("__editorial")


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ('"permalinkDelimiter": "?"', "/lantern-night?liveblog._id=urn"),
        ('"permalinkDelimiter": "#"', "/lantern-night#liveblog._id=urn"),
    ],
)
def test_a_permalink_is_made_as_the_publisher_makes_it(setting, address):
    text = markup("2026-11-theme").replace('"permalinkDelimiter": "?"', setting)
    permalink = snapshot(text).sightings[1].permalink
    assert address in permalink
    assert permalink.endswith("__newest_first")


def test_the_button_for_more_tells_whether_the_page_shows_everything():
    text = markup("2026-11-theme")
    assert snapshot(text).complete is False
    button = '<button data-load-more class="lb-button load-more-posts">'
    assert button in text
    assert snapshot(text.replace(button, "<button hidden>")).complete is True
    assert snapshot(text.replace("data-load-more", "data-renamed")).complete is False
    assert snapshot(text[: text.index("<button data-load-more")]).complete is None


def test_a_post_pinned_above_the_rest_has_the_time_of_its_id_as_an_estimate():
    above, below = snapshot(markup("2026-11-pinned-above")).sightings
    assert above.time_precision is TimePrecision.ESTIMATED
    assert above.published == datetime(2026, 11, 12, 17, tzinfo=UTC)
    assert (above.pinned, above.key_event, above.authors) == (True, None, None)
    assert below.time_precision is TimePrecision.SECOND


def test_a_blog_without_posts_yet_is_a_live_blog_without_entries():
    text = markup("2026-11-pinned-above")
    post = re.compile(r'<article class="lb-.*?lb-post-bottom.*?</article>', re.DOTALL)
    empty = post.sub("", text)
    empty = empty.replace("empty-message mod--displaynone", "empty-message ")
    said = empty.replace('"total_posts": 30', '"total_posts": 0')
    seen = snapshot(said)
    assert (seen.kind, seen.sightings) == (Kind.LIVE_BLOG, ())
    with pytest.raises(LayoutError):
        snapshot(empty)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("data-post-id=", "data-key="),
        ('data-post-sticky="False"', 'data-post-sticky="no"'),
        ("lb-post-date ", "post-date "),
        ('data-js-timestamp="2026-11-12 19:20:00+00:00"', 'data-js-timestamp="yesterday"'),
        ('data-js-timestamp="2026-11-12 19:20:00+00:00"', 'data-js-timestamp="2026-11-12 19:20"'),
        ("lb-post-updated-time", "post-changed-time"),
        ("lb-item ", "item "),
        ("lb-author__name", "writer"),
        ("lb-post--highlighted", "is-high"),
        ("<article class", "<section class"),
    ],
)
def test_renamed_hooks_are_an_alarm(written, instead):
    text = markup("2026-11-theme")
    assert written in text
    with pytest.raises(LayoutError):
        snapshot(text.replace(written, instead))


def test_the_page_that_a_blog_is_set_to_stand_in_is_not_its_address():
    seen = snapshot(markup("2026-11-theme"))
    assert seen.url == URL
    assert seen.sightings[0].permalink.startswith("https://www.ticker.example/lantern-night?")


@pytest.mark.parametrize("name", ["data-timeline-normal", "lb-timeline", "items-container"])
def test_other_hooks_may_be_renamed(name):
    text = markup("2026-11-theme")
    renamed = snapshot(text.replace(name, "renamed"))
    assert renamed.sightings == snapshot(text).sightings


def test_pinned_posts_of_amp_are_sorted_ten_years_ahead():
    seen = snapshot(markup("2026-11-amp"))
    pinned = seen.sightings[0]
    assert pinned.published == datetime(2026, 11, 12, 17, tzinfo=UTC)
    assert (pinned.pinned, pinned.key_event) == (True, True)
    assert len(seen.sightings) == 3
    assert "Taken back" not in repr(seen.sightings)
    assert seen.sightings[1].media[0].credit == "J. Wren"
    assert "https://www.youtube.com/watch?v=lantern" in seen.sightings[2].html


def test_a_full_amp_page_does_not_tell_whether_there_is_more():
    text = markup("2026-11-amp")
    assert snapshot(text).complete is True
    assert snapshot(text.replace('per-page="20"', 'per-page="3"')).complete is None


@pytest.mark.parametrize("name", ["data-sort-time", "\nid=", "lb-post--highlighted", "lb-item "])
def test_renamed_hooks_of_amp_are_an_alarm(name):
    text = markup("2026-11-amp")
    assert name in text
    with pytest.raises(LayoutError):
        snapshot(text.replace(name, " renamed="))


def test_the_api_gives_what_readers_are_shown():
    seen = answer()
    assert numbers(seen) == [7, 5, 3]
    assert [s.key_event for s in seen.sightings] == [True, False, False]
    assert seen.sightings[0].updated == datetime(2026, 11, 12, 19, 15, 30, tzinfo=UTC)
    assert seen.sightings[0].tags == ("bridge",)


def test_the_second_version_of_the_api_is_read_too():
    (seen,) = answer(name="2026-11-api-v2").sightings
    assert (seen.pinned, seen.key_event, seen.authors) == (True, True, ("Asta Berg",))


@pytest.mark.parametrize(
    ("url", "complete"),
    [
        (API, True),
        (f"{API}?max_results=20&page=1", True),
        (f"{API}?source=%7B%7D", None),
        (f"{API.replace('/api/', '/api/v2/')}?highlight=1", None),
        ("https://blogs.ticker.example/copy.json", None),
    ],
)
def test_an_answer_is_complete_where_its_address_left_nothing_out(url, complete):
    assert answer(url=url).complete is complete


def test_an_answer_with_more_pages_is_not_complete():
    assert answer(lambda said: said["_meta"].update(total=21)).complete is False


def test_an_empty_answer_is_known_by_its_address():
    empty = json.dumps({"_items": [], "_meta": {"page": 1, "max_results": 20, "total": 0}})
    assert snapshot(empty, API).kind is Kind.LIVE_BLOG
    assert snapshot(empty, "https://example.org/items").kind is Kind.UNKNOWN


@pytest.mark.parametrize("name", ["_id", "published_date", "post_status", "groups"])
def test_a_renamed_field_of_the_api_is_an_alarm(name):
    def rename(said):
        post = said["_items"][2]
        post["renamed"] = post.pop(name)

    with pytest.raises(LayoutError):
        answer(rename)


@given(st.binary(max_size=300))
def test_junk_in_a_page_raises_nothing_but_scrape_errors(junk):
    for name in ("2026-11-theme", "2026-11-amp", "2026-11-api-v1"):
        page = markup(name).encode()
        place = len(junk) * 31 % len(page)
        try:
            read(Page(url=URL, body=page[:place] + junk + page[place + 40 :], fetched_at=FETCHED))
        except ScrapeError:
            continue
