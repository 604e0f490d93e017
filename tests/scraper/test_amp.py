import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.decision.merge import blocks
from store.sighting import Kind, View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "amp"
LIST = (FIXTURES / "2026-11-tombstones-and-advertisements" / "page.html").read_text()
BESIDE = (FIXTURES / "2026-11-stated-beside" / "page.html").read_text()
URL = "https://www.harbour-post.example/live/regatta"
FETCHED = datetime(2026, 11, 14, 15, tzinfo=UTC)
FIRST = int(datetime(2026, 11, 14, 12, tzinfo=UTC).timestamp())


def page(markup, timezone=""):
    body = markup.encode("utf-8", "surrogatepass") if isinstance(markup, str) else markup
    return Page(url=URL, body=body, fetched_at=FETCHED, timezone=timezone)


def item(number=1, inner="", **stated):
    told = {"id": f"p{number}", "data_sort_time": str(FIRST + 60 * number), **stated}
    named = " ".join(f'{k.replace("_", "-")}="{v}"' for k, v in told.items() if v is not None)
    return f"<div {named}>{inner or f'<p>Boat {number} is in.</p>'}</div>"


def listed(*items, beside="", timezone=""):
    markup = f"<amp-live-list id=l><div items>{''.join(items)}</div></amp-live-list>"
    return read(page(f"<html><body><h1>Boats</h1>{markup}{beside}</body></html>", timezone))


def entry(snapshot, block_id):
    return next(b.sighting for b in blocks(snapshot) if b.sighting.block_id == block_id)


def test_tombstones_advertisements_and_other_lists_are_no_entries():
    snapshot = read(page(LIST))
    assert [b.sighting.block_id for b in blocks(snapshot)] == ["p9", "p8", "p5"]
    assert not snapshot.unread


def test_a_deleted_post_is_not_read_from_structured_data_either():
    deleted = BESIDE.replace('<div id="post3" ', '<div id="post3" data-tombstone ')
    ids = [b.sighting.block_id for b in blocks(read(page(deleted)))]
    assert ids == ["post4", "post2", "post1"]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        (str(FIRST), datetime(2026, 11, 14, 12, tzinfo=UTC)),
        (f"{FIRST}000", datetime(2026, 11, 14, 12, tzinfo=UTC)),
        ("20261114120000", datetime(2026, 11, 14, 12, tzinfo=UTC)),
    ],
)
def test_a_place_is_a_time_in_any_of_its_units(written, at):
    snapshot = listed(item(1, data_sort_time=written), item(2))
    assert entry(snapshot, "p1").published == at


def test_digits_without_a_zone_are_read_in_the_publishers():
    snapshot = listed(item(1, data_sort_time="20261114120000"), item(2), timezone="Europe/Berlin")
    assert entry(snapshot, "p1").published == datetime(2026, 11, 14, 11, tzinfo=UTC)
    assert snapshot.warnings


def test_the_time_that_readers_see_goes_before_the_place():
    shown = '<amp-timeago datetime="2026-11-14T13:00:00Z">13:00</amp-timeago><p>In advance.</p>'
    assert entry(listed(item(1, shown), item(2)), "p1").published == FETCHED - timedelta(hours=2)


def test_a_place_days_ahead_is_a_pin_and_no_time():
    years = str(FIRST + 10 * 365 * 86400)
    shown = '<time datetime="2026-11-14T13:00:00Z">13:00</time><p>Always at the top.</p>'
    pinned = entry(listed(item(1, shown, data_sort_time=years), item(2)), "p1")
    assert pinned.pinned
    assert pinned.published == FETCHED - timedelta(hours=2)


def test_an_update_is_told_only_where_it_is_later():
    snapshot = listed(
        item(1, data_update_time=str(FIRST + 600)), item(2, data_update_time=str(FIRST))
    )
    assert entry(snapshot, "p1").updated == datetime(2026, 11, 14, 12, 10, tzinfo=UTC)
    assert entry(snapshot, "p2").updated is None


def test_structured_data_knows_what_the_list_leaves_out():
    snapshot = read(page(BESIDE))
    assert [b.on_page for b in blocks(snapshot)] == [True, True, False, False]
    assert {s.view for s in snapshot.sightings} == {View.BLOCK, View.JSON_LD}
    assert entry(snapshot, "post4").text == "No pilot will leave the quay before two."


def test_ids_with_a_word_before_them_are_joined():
    known = BESIDE.replace('<div id="post', '<div id="eintrag-').replace("#post", "#")
    assert [b.sighting.block_id for b in blocks(read(page(known)))] == ["4", "3", "2", "1"]


def test_ids_that_are_none_give_way_to_those_of_structured_data():
    known = BESIDE.replace('id="post4"', 'id="x77"').replace('id="post3"', 'id="x78"')
    ids = [b.sighting.block_id for b in blocks(read(page(known)))]
    assert ids == ["post4", "post3", "post2", "post1"]


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="by">Nora Quist</p>',
        '<span class="post__author">By Nora Quist</span>',
        '<a rel="author" href="/nora">Nora Quist</a>',
        '<div class="authors"><span class="author-name">Nora Quist</span></div>',
    ],
)
def test_a_byline_is_an_author_and_no_words(byline):
    read_as = entry(listed(item(1, f"{byline}<p>One boat.</p>"), item(2)), "p1")
    assert (read_as.authors, read_as.text) == (("Nora Quist",), "One boat.")


@pytest.mark.parametrize(
    "line",
    [
        "<p>12:01</p>",
        "<span>14 November 2026 12:01</span>",
        '<p class="date">a minute ago</p>',
        '<div class="social-share"><a href="/s">Share</a></div>',
        "<button>Copy</button>",
        '<p><time datetime="2026-11-14T12:01:00Z">noon</time></p>',
    ],
)
def test_what_stands_beside_the_words_is_none_of_them(line):
    assert entry(listed(item(1, f"{line}<p>One boat.</p>"), item(2)), "p1").text == "One boat."


def test_a_heading_below_words_is_part_of_them():
    read_as = entry(listed(item(1, "<p>One.</p><h3>Two</h3><p>Three.</p>"), item(2)), "p1")
    assert (read_as.title, read_as.text) == ("", "One. Two Three.")


def test_embeds_and_pictures_are_kept():
    inner = (
        "<p>Look:</p><amp-youtube data-videoid='abc' width=1 height=1></amp-youtube>"
        "<amp-img src='/boat.jpg' alt='A boat' width=60 height=40></amp-img>"
    )
    read_as = entry(listed(item(1, inner), item(2)), "p1")
    assert "https://www.youtube.com/watch?v=abc" in read_as.html
    assert [media.url for media in read_as.media] == ["https://www.harbour-post.example/boat.jpg"]


@pytest.mark.parametrize(
    "items",
    [
        (),
        (item(1, " ", data_sort_time="1"), item(2, " ", data_sort_time="1")),
        (item(1, "Red 2, Blue 1", data_sort_time="1"),) * 3,
        (item(1),),
    ],
    ids=["empty", "furniture", "scores", "one"],
)
def test_a_live_list_that_is_furniture_is_no_live_blog(items):
    assert listed(*items).kind is not Kind.LIVE_BLOG


def test_one_post_is_a_live_blog_where_structured_data_says_so():
    stated = BESIDE[BESIDE.index("<script type=") : BESIDE.index("</script>\n</head>") + 9]
    assert listed(item(1), beside=stated).kind is Kind.LIVE_BLOG


def test_items_without_any_known_time_are_an_alarm():
    with pytest.raises(LayoutError):
        listed(*(item(n, data_sort_time=None) for n in range(4)))
    with pytest.raises(LayoutError):
        listed(*(item(n, data_sort_time="yesterday") for n in range(4)))


def test_one_item_without_a_time_is_left_out_and_told():
    snapshot = listed(item(1, data_sort_time=None), item(2), item(3))
    assert [s.block_id for s in snapshot.sightings] == ["p2", "p3"]
    assert snapshot.unread
    assert snapshot.warnings


@pytest.mark.parametrize(
    "change",
    [
        ('class="x9a"', 'class="zzz"'),
        ('class="x9b"', ""),
        ("data-sort-time=", "data-order="),
        ("data-update-time=", "data-touched="),
        ("amp-timeago", "time"),
        ("data-poll-interval", "data-poll"),
        ("pagination", "pages"),
    ],
)
def test_a_changed_template_gives_the_same_entries_at_the_same_times(change):
    before, after = read(page(LIST)), read(page(LIST.replace(*change)))
    assert [(s.block_id, s.published, s.text) for s in after.sightings] == [
        (s.block_id, s.published, s.text) for s in before.sightings
    ]


def test_reading_twice_gives_the_same():
    assert read(page(LIST)) == read(page(LIST))


def test_an_edit_is_seen_among_items_read_before():
    read(page(LIST))
    assert entry(read(page(LIST.replace("Six boats", "Seven boats"))), "p9").text.startswith(
        "Seven"
    )


@settings(max_examples=60)
@given(
    st.sampled_from((LIST, BESIDE)),
    st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 8000),
)
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(markup, changes, end):
    body = bytearray(markup.encode())
    for place, piece in changes:
        body[place : place + len(piece)] = piece
    with contextlib.suppress(ScrapeError):
        read(page(bytes(body[:end])))


@settings(max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=60))
def test_items_of_any_words_are_read_or_refused(item_id, place, inner):
    stated = json.dumps(place).replace('"', "&quot;")
    with contextlib.suppress(ScrapeError):
        listed(item(1, inner, id=item_id.replace('"', ""), data_sort_time=stated), item(2), item(3))
