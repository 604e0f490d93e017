import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "bbc"
URL = "https://www.bbc.com/news/live/c0kites00000t"
FETCHED = datetime(2026, 9, 3, 13, tzinfo=UTC)


def markup(name):
    return next(path for path in (FIXTURES / name).iterdir() if path.stem == "page").read_text()


def snapshot(text, url=URL):
    return read(Page(url=url, body=text.encode(), fetched_at=FETCHED))


def model(change):
    said = json.loads(markup("2026-09-model"))
    change(said["data"])
    return snapshot(json.dumps(said))


def test_the_model_is_read_and_not_what_is_made_of_it():
    seen = snapshot(markup("2026-09-rendered"))
    assert seen.platform == "bbc"
    second = seen.sightings[1]
    assert second.title == ""
    assert second.text == "What we know: Forty teams One record"
    assert second.published == datetime(2026, 9, 3, 12, 10, tzinfo=UTC)


def test_a_live_page_says_whether_it_is_live_and_which_page_of_how_many_it_is():
    text = markup("2026-09-rendered")
    seen = snapshot(text)
    assert (seen.live, seen.shows_top, seen.shows_bottom) == (True, True, False)
    last = snapshot(text.replace('"index":1,"total":3', '"index":3,"total":3'))
    assert (last.shows_top, last.shows_bottom) == (False, True)
    assert snapshot(text.replace('"isLive":true', '"isLive":false')).live is False
    assert snapshot(text.replace('"index":1,"total":3', '"index":1,"total":1')).complete is True


def test_a_header_has_a_headline_who_wrote_and_where_from():
    first = snapshot(markup("2026-09-rendered")).sightings[0]
    assert (first.title, first.authors) == ("Kites grounded", ("Una Roe",))
    assert first.credit == "Reporting from the beach"
    assert first.updated == datetime(2026, 9, 3, 12, 55, tzinfo=UTC)
    assert first.permalink == f"{URL}#post-{first.block_id}"


def test_what_is_labelled_breaking_is_a_key_event():
    seen = snapshot(markup("2026-09-rendered")).sightings
    assert [sighting.key_event for sighting in seen] == [True, False, False, False, False]


def test_words_that_look_like_markup_stay_words():
    first = snapshot(markup("2026-09-rendered")).sightings[0]
    assert "gusts &lt; 60 knots" in first.html
    assert "<em><strong>now</strong></em>" in first.html


def test_blocks_of_unknown_types_lose_no_words():
    assert snapshot(markup("2026-09-rendered")).sightings[-1].text == "Up it went."


def test_a_live_page_without_a_stream_is_a_live_blog_without_entries():
    seen = snapshot(markup("2026-09-not-begun"))
    assert (seen.kind, seen.live, seen.sightings) == (Kind.LIVE_BLOG, False, ())


def test_the_desktop_sites_model_is_a_string_or_an_object():
    text = markup("2026-09-desktop")
    seen = snapshot(text)
    assert [s.title for s in seen.sightings] == ["First launch"]
    assert (seen.shows_top, seen.shows_bottom) == (False, True)
    start = text.index("__INITIAL_DATA__=") + len("__INITIAL_DATA__=")
    end = text.index(";</script>")
    bare = text[:start] + json.loads(text[start:end]) + text[end:]
    assert snapshot(bare).sightings == seen.sightings


def test_the_stream_alone_is_read_and_other_lists_of_results_are_not():
    said = json.loads(markup("2026-09-model"))["data"]["liveTextStream"]["content"]
    assert len(snapshot(json.dumps(said)).sightings) == 2
    assert snapshot('{"data": {"results": [{"urn": "urn:bbc:x"}]}}').kind is Kind.UNKNOWN


STREAM = "5A1B80B519D1451FBF5DF6AB029B8B1C"
ASKED = f"https://web-cdn.api.bbci.co.uk/fd/stream?liveTextStreamId={STREAM}&type=curated"


def live_model(change=lambda _: None):
    """Read the model of what is live, with the id of a stream."""

    def live(said):
        said["isLive"] = True
        said["liveTextStream"]["id"] = STREAM
        said["liveTextStream"]["content"]["data"]["page"] = {"index": 1, "total": 3}
        change(said)

    return model(live)


def test_what_is_live_asks_for_its_newest_posts_as_its_own_client_does():
    assert live_model().answers == (ASKED,)


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(isLive=False),
        lambda said: said["liveTextStream"].update(id="5a1b/../"),
        lambda said: said["liveTextStream"].update(id=7),
        lambda said: said["liveTextStream"]["content"]["data"]["page"].update(index=2),
    ],
    ids=["ended", "no id", "a number", "an older page"],
)
def test_what_is_not_live_or_not_the_first_page_asks_for_nothing_more(change):
    assert live_model(change).answers == ()


def test_the_stream_tells_neither_the_address_of_its_page_nor_an_older_one():
    said = json.loads(markup("2026-09-model"))["data"]["liveTextStream"]["content"]
    said["data"]["page"] = {"index": 1, "total": 3}
    seen = snapshot(json.dumps(said), ASKED)
    assert [post.permalink for post in seen.sightings] == [None, None]
    assert seen.older == ""
    assert [post.block_id for post in seen.sightings] == [
        post.block_id for post in live_model().sightings
    ]


@pytest.mark.parametrize(
    "name",
    [
        "liveTextStream",
        "pageData",
        "results",
        "__NEXT_DATA__",
        '"isLive"',
        '"content":{"data"',
        '"data"',
    ],
)
def test_a_model_in_another_form_leaves_the_json_ld_to_be_read(name):
    text = markup("2026-09-rendered")
    assert name in text
    changed = text.replace('"type":"live-coverage"', '"type":"other"').replace(name, '"renamed"')
    seen = snapshot(changed)
    assert seen.platform == "schema-org" or name == '"isLive"'
    assert len(seen.sightings) == 5


@pytest.mark.parametrize("name", ["urn", "dates", "content", "header"])
def test_a_post_in_another_form_is_an_alarm(name):
    def rename(data):
        post = data["liveTextStream"]["content"]["data"]["results"][1]
        post["renamed"] = post.pop(name)

    with pytest.raises(LayoutError):
        model(rename)


@pytest.mark.parametrize("name", ['"headline"', '"type"', '"text"', '"blocks"'])
def test_blocks_in_another_form_are_an_alarm(name):
    start = (text := markup("2026-09-model")).index('"results"')
    with pytest.raises(LayoutError):
        snapshot(text[:start] + text[start:].replace(name, '"renamed"'))


def test_a_time_without_a_zone_is_an_alarm():
    def cut(data):
        dates = data["liveTextStream"]["content"]["data"]["results"][0]["dates"]
        dates["firstPublished"] = "2026-09-03T12:40:00"

    with pytest.raises(LayoutError):
        model(cut)


@given(st.binary(max_size=300))
def test_junk_in_a_page_raises_nothing_but_scrape_errors(junk):
    for name in ("2026-09-rendered", "2026-09-model", "2026-09-desktop"):
        page = markup(name).encode()
        place = len(junk) * 37 % len(page)
        try:
            read(Page(url=URL, body=page[:place] + junk + page[place + 40 :], fetched_at=FETCHED))
        except ScrapeError:
            continue


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "model", "blocks", "text", "locator", "href"]), inner
            )
        ),
    )
)
def test_no_shape_of_blocks_breaks_the_reader(blocks):
    def put(data):
        post = data["liveTextStream"]["content"]["data"]["results"][0]
        post["content"] = {"model": {"blocks": [blocks]}}

    try:
        assert model(put).sightings
    except LayoutError:
        return
