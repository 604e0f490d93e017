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

FIXTURES = Path(__file__).parents[1] / "fixtures" / "easy-liveblogs"
CLOSED = (FIXTURES / "2026-11-closed" / "page.html").read_text()
FEED = json.loads((FIXTURES / "2026-11-feed" / "page.json").read_text())
URL = "https://paper.example/2026/11/14/market/"
FETCHED = datetime(2026, 11, 14, 15, tzinfo=UTC)


def seen(markup, timezone=""):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return read(Page(url=URL, body=body, fetched_at=FETCHED, timezone=timezone))


def feed(*updates, timezone="", **said):
    return seen(json.dumps({**FEED, "updates": list(updates), **said}), timezone)


@pytest.mark.parametrize(
    ("status", "live"), [("open", True), ("", True), ("closed", False), ("paused", None)]
)
def test_a_blog_is_live_until_it_is_closed(status, live):
    assert seen(CLOSED.replace('data-status="closed"', f'data-status="{status}"')).live is live
    assert feed(status=status).live is live


def test_a_page_that_tells_no_status_tells_nothing_of_it():
    assert seen(CLOSED.replace("data-status", "data-state")).live is None


def test_json_ld_and_the_feed_show_a_blog_whole_and_a_page_cut_off_does_not():
    assert seen(CLOSED).complete is True
    assert feed(*FEED["updates"]).complete is True
    assert seen(CLOSED.replace("</html>", "")).complete is None


def test_the_site_is_no_author_and_a_writer_is():
    assert {update.authors for update in seen(CLOSED).sightings} == {None}
    written = CLOSED.replace('"name": "The Paper"\n   }', '"name": "Nora Quist"\n   }')
    assert {update.authors for update in seen(written).sightings} == {("Nora Quist",)}


def test_updates_of_one_second_stand_in_the_order_of_their_numbers():
    assert [update.block_id for update in seen(CLOSED).sightings] == ["73", "72", "71"]


def test_the_feed_tells_markup_writer_and_edits():
    first = feed(*FEED["updates"]).sightings[0]
    assert first.html == "<p>The <b>last</b> crab went at noon.</p>"
    assert first.authors == ("Nora Quist",)
    assert first.updated == datetime(2026, 11, 14, 12, 20, tzinfo=UTC)


def test_a_time_without_a_zone_is_taken_in_gmt_or_in_the_sites_zone():
    old = FEED["updates"][1]
    assert feed(old).sightings[0].published == datetime(2026, 11, 14, 8, 30, tzinfo=UTC)
    alone = {name: value for name, value in old.items() if name != "post"}
    local = feed(alone, timezone="Europe/Amsterdam")
    assert local.sightings[0].published == datetime(2026, 11, 14, 8, 30, tzinfo=UTC)
    assert local.warnings
    assert feed(alone).warnings != local.warnings


@pytest.mark.parametrize("change", [{"id": ""}, {"id": "x"}, {"datetime": "noon"}])
def test_an_entry_without_id_or_time_is_an_alarm(change):
    with pytest.raises(LayoutError):
        feed({**FEED["updates"][0], **change})


def test_a_page_whose_entries_scripts_load_says_where_they_are():
    empty = CLOSED[: CLOSED.index("<script type=")] + CLOSED[CLOSED.index("</head>") :]
    (answer,) = seen(empty).answers
    assert answer.endswith("/wp-json/easy-liveblogs/v1/liveblog/70")
    assert seen(empty).sightings == ()
    assert seen(CLOSED.replace("liveBlogUpdate", "updates")).sightings == ()
    with pytest.raises(LayoutError):
        seen(empty.replace("data-endpoint", "data-x"))


def test_a_blog_that_has_not_begun_has_no_entries():
    start, end = CLOSED.index('"liveBlogUpdate": ['), CLOSED.index("</script>")
    snapshot = seen(f'{CLOSED[:start]}"liveBlogUpdate": []}}{CLOSED[end:]}')
    assert (snapshot.kind, snapshot.sightings) == (Kind.LIVE_BLOG, ())
    assert feed().sightings == ()


@pytest.mark.parametrize(
    "change",
    [
        ("elb-theme-light", "x1"),
        ("elb-liveblog-list", "x2"),
        ('id="elb-liveblog" ', ""),
        ('class="elb-liveblog ', 'class="'),
        ("data-endpoint", "data-end"),
    ],
)
def test_a_changed_theme_gives_the_same_entries(change):
    assert seen(CLOSED.replace(*change)).sightings == seen(CLOSED).sightings


@settings(max_examples=60)
@given(
    st.sampled_from((CLOSED, json.dumps(FEED))),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 5000),
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


@settings(max_examples=80)
@given(st.dictionaries(st.sampled_from(sorted(FEED["updates"][1])), JUNK), JUNK)
def test_a_feed_of_any_shape_is_read_or_refused(change, status):
    with suppress(ScrapeError):
        feed({**FEED["updates"][1], **change}, status=status, title=status, url=status)
