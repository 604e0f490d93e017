import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "24liveblog"
CLOSED = (FIXTURES / "2026-11-closed" / "page.html").read_text()
NEWS = json.loads((FIXTURES / "2026-11-news" / "page.json").read_text())
URL = "https://omroep.example/2026/11/14/brug/"
START, END = CLOSED.index('"liveBlogUpdate": ['), CLOSED.index("</script>")


def seen(markup):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return read(Page(url=URL, body=body, fetched_at=datetime(2026, 11, 14, 15, tzinfo=UTC)))


def stating(*updates):
    return seen(f'{CLOSED[:START]}"liveBlogUpdate": {json.dumps(updates)}}}{CLOSED[END:]}')


def update(number, at="2026-11-14T14:00:00+01:00"):
    return {
        "@type": "BlogPosting",
        "articleBody": f"Auto {number} rijdt.",
        "datePublished": at,
        "url": f"{URL}#liveblog-18000000{number:05}",
    }


def news(*entries):
    return seen(json.dumps({"status": True, "data": {"news": entries}}))


def test_a_blog_is_live_until_its_json_ld_ends_the_coverage():
    assert seen(CLOSED).live is False
    assert seen(CLOSED.replace("coverageEndTime", "somethingElse")).live is True


def test_the_end_of_coverage_in_the_json_ld_of_others_is_a_guess():
    others = CLOSED.replace("#liveblog-", "#")
    assert seen(others).live is None
    assert seen(others).complete is None


@pytest.mark.parametrize(("many", "complete"), [(3, True), (70, None), (100, False)])
def test_a_page_is_complete_where_it_has_far_fewer_entries_than_were_asked_for(many, complete):
    assert stating(*map(update, range(many, 0, -1))).complete is complete


def test_two_live_blogs_on_a_page_leave_its_reach_open():
    twice = CLOSED.replace(
        "<script src=", '<div id="LB24_LIVE_CONTENT" data-eid="3"></div><script src='
    )
    assert seen(twice).complete is None


def test_a_service_that_gave_nothing_tells_nothing():
    snapshot = stating()
    assert (snapshot.kind, snapshot.sightings, snapshot.live) == (Kind.LIVE_BLOG, (), None)


def test_a_page_whose_entries_a_script_loads_says_where_they_are():
    empty = CLOSED[: CLOSED.index("<script type=")] + CLOSED[CLOSED.index("</head>") :]
    (answer,) = seen(empty).answers
    assert answer.startswith("https://data.24liveplus.com/")
    assert "event/3200000000000000000/news/" in answer
    assert seen(empty).sightings == ()
    assert seen(CLOSED.replace("liveBlogUpdate", "updates")).sightings == ()
    with pytest.raises(LayoutError):
        seen(empty.replace("data-eid", "data-x"))


@pytest.mark.parametrize("change", [("24.js", "25.js"), ("data-eid", "data-x"), ("<h1", "<h2")])
def test_a_changed_page_gives_the_same_entries(change):
    assert seen(CLOSED.replace(*change)).sightings == seen(CLOSED).sightings


def test_the_services_answer_tells_markup_and_titles():
    first, second = news(*NEWS["data"]["news"]).sightings
    assert (first.title, first.html) == (
        "Open & bloot",
        "<p>De eerste <i>auto</i> rijdt over de brug.</p>",
    )
    assert (second.block_id, second.published) == (
        "1800000000002",
        datetime(2026, 11, 14, 12, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("change", [{"nid": None}, {"nid": ""}, {"created": "noon"}])
def test_an_entry_without_id_or_time_is_an_alarm(change):
    with pytest.raises(LayoutError):
        news({**NEWS["data"]["news"][0], **change})


@settings(max_examples=60)
@given(
    st.sampled_from((CLOSED, json.dumps(NEWS))),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 4000),
)
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(markup, changes, end):
    body = bytearray(markup.encode())
    for place, piece in changes:
        body[place : place + len(piece)] = piece
    with suppress(ScrapeError):
        seen(bytes(body[:end]))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["nid", "created", "contents", "newstitle"]), JUNK))
def test_an_answer_of_any_shape_is_read_or_refused(change):
    with suppress(ScrapeError):
        news({**NEWS["data"]["news"][0], **change})
