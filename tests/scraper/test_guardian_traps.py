"""What the Guardian's pages hold that misleads, one test each."""

import json
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from pathlib import Path

import pytest

from scraper.page import Page
from scraper.read import read
from store.decision.merge import blocks
from store.sighting import Kind, View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "guardian"
URL = "https://www.theguardian.com/news/live/2026/aug/20/example-harbour-festival-live"
FETCHED = datetime(2026, 8, 20, 12, 1, tzinfo=UTC)
SIX = 'id="block-aa0000000000000000000006"'


def markup(name):
    return next(path for path in (FIXTURES / name).iterdir() if path.stem == "page").read_text()


LIVE, MODEL, FRONTEND = map(markup, ("2026-08-live", "2026-08-model", "2021-08-frontend"))


def seen(text, url=URL):
    return read(Page(url=url, body=text.encode(), fetched_at=FETCHED))


def shown(text):
    return [each for each in seen(text).sightings if each.view is View.BLOCK]


def change(text, old, new, count=-1):
    assert old in text
    return text.replace(old, new, count)


def with_props(text, changed):
    """Change the carousel's properties, which are JSON in an attribute."""
    opened = text.index('props="', text.index('name="KeyEventsCarousel"')) + len('props="')
    closed = text.index('"', opened)
    props = json.loads(unescape(text[opened:closed]))
    changed(props)
    return text[:opened] + escape(json.dumps(props)) + text[closed:]


# Addresses


@pytest.mark.parametrize(
    "query",
    [
        "page=with:block-aa0000000000000000000004", "page=with%3Ablock-aa0000000000000000000004",
        "filterKeyEvents=false", "dcr=apps", "dcr", "CMP=share_btn_url", "topics=a", "utm_medium=x",
        "page=with:block-aa0000000000000000000004&CMP=a&dcr=true",
    ],
)  # fmt: skip
def test_a_view_of_a_blog_is_that_blog(query):
    bare = change(LIVE, '<link rel="canonical"', "<link rel='other'")
    bare = change(bare, '<meta property="og:url"', "<meta property='x'")
    bare = change(bare, '"pageId"', '"otherId"')
    assert seen(bare, f"{URL}?{query}#block-aa0000000000000000000004").url == URL


@pytest.mark.parametrize(
    "path",
    [
        "world/middle-east-live/2013/apr/15/syria-crisis", "politics/blog/live/2026/aug/20/x",
        "news/blog/2013/aug/20/x", "news/2026/aug/20/x-live", "football/live/2026/aug/20/x",
    ],
)  # fmt: skip
def test_a_live_blog_is_told_by_its_marks_wherever_it_stands(path):
    url = f"https://www.theguardian.com/{path}"
    snapshot = seen(change(LIVE, URL, url).replace(URL.replace("https", "http"), url), url)
    assert (snapshot.kind, snapshot.url) == (Kind.LIVE_BLOG, url)
    assert len(snapshot.sightings) == len(seen(LIVE).sightings)


@pytest.mark.parametrize(
    "href",
    [
        "?page=with%3Ablock-aa0000000000000000000006#block-aa0000000000000000000006",
        f"{URL}?page=with:block-aa0000000000000000000006#block-aa0000000000000000000006",
        "#",
    ],
)
def test_a_permalink_is_the_same_however_the_page_links(href):
    old = "?page=with%3Ablock-aa0000000000000000000006#block-aa0000000000000000000006"
    block = shown(change(LIVE, old, href, 1))[0]
    assert block.permalink == (
        f"{URL}?page=with:block-aa0000000000000000000006#block-aa0000000000000000000006"
    )


# Ids, order, times


def test_ids_do_not_tell_the_order_and_nobody_sorts_by_them():
    swapped = LIVE.replace("aa0000000000000000000006", "aa00000000000000000000ff")
    swapped = swapped.replace("aa0000000000000000000005", "00000000000000000000000a")
    assert [each.block_id for each in shown(swapped)][:2] == [
        "aa00000000000000000000ff",
        "00000000000000000000000a",
    ]


def test_two_blocks_of_one_second_keep_the_order_of_the_page():
    one = change(LIVE, "2026-08-20T11:45:00.000Z", "2026-08-20T11:20:00.000Z")
    assert [each.block_id[-1] for each in shown(one)] == ["6", "5", "4", "3", "2"]


@pytest.mark.parametrize("name", ["block false", "block pending dcr-x", "block"])
def test_classes_of_blocks_are_not_read(name):
    renamed = change(LIVE, 'class="block dcr-b1"', f'class="{name}"')
    assert shown(renamed) == shown(LIVE)


def test_displayed_times_in_an_editions_zone_are_not_read():
    elsewhere = change(LIVE, "12.45&nbsp;BST", "21.45&nbsp;AEST")
    assert shown(elsewhere) == shown(LIVE)


def test_the_newest_update_in_javascripts_form_fails_nothing():
    for told in ("Invalid Date", "", "Wed Dec 13 2023 17:35:51 GMT+0000 (Coordinated…"):
        spoilt = change(
            LIVE, "Thu Aug 20 2026 11:40:00 GMT+0000 (Coordinated Universal Time)", told
        )
        assert shown(spoilt) == shown(LIVE)


def test_dates_that_move_with_each_publication_are_no_blocks_time():
    head = '<meta property="article:published_time" content="2026-08-20T11:59:00.000Z"></head>'
    assert seen(change(LIVE, "</head>", head)).sightings == seen(LIVE).sightings


def test_json_ld_gives_every_block_the_pages_own_time_and_is_not_read():
    update = {"@type": "BlogPosting", "headline": "Festival", "articleBody": "Cut",
              "datePublished": "2026-08-20T11:59:00Z"}  # fmt: skip
    stated = [{"@type": "LiveBlogPosting", "headline": "Festival", "liveBlogUpdate": [
        {**update, "@id": f"aa000000000000000000000{n}"} for n in (6, 5, 4)]}]  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(stated)}</script></head>'
    assert seen(change(LIVE, "</head>", script)).sightings == seen(LIVE).sightings


# Key events


def test_key_events_of_the_whole_blog_are_entries_though_their_blocks_are_on_other_pages():
    off_page = [each for each in blocks(seen(LIVE)) if not each.on_page]
    titles = [each.sighting.title for each in off_page if each.sighting.key_event]
    assert "Fog lifts" in titles
    assert all(each.sighting.text for each in off_page)


def test_a_key_event_without_elements_is_known_by_title_and_date():
    def emptied(props):
        props["keyEvents"][-1]["elements"] = []

    fog = [s for s in seen(with_props(LIVE, emptied)).sightings if s.title == "Fog lifts"]
    assert [(each.text, each.key_event) for each in fog] == [("", True)]


def test_a_summary_is_in_the_list_and_is_no_key_event():
    (summary,) = [s for s in seen(LIVE).sightings if s.summary]
    assert (summary.title, summary.key_event) == ("Summary", False)


def test_two_carousels_are_one_list():
    start = LIVE.index('<gu-island name="KeyEventsCarousel"')
    end = LIVE.index("</gu-island>", start) + len("</gu-island>")
    twice = LIVE[:end] + LIVE[start:end] + LIVE[end:]
    assert seen(twice).sightings == seen(LIVE).sightings


def test_a_promotion_changes_the_lists_word_and_not_the_blocks():
    def promoted(props):
        props["keyEvents"][1]["attributes"]["keyEvent"] = True

    before, after = seen(LIVE), seen(with_props(LIVE, promoted))
    assert shown(LIVE) == [s for s in after.sightings if s.view is View.BLOCK]
    assert before.sightings != after.sightings


# Pinned copies


def test_a_pinned_copy_and_its_block_are_one_entry():
    four = "aa0000000000000000000001"
    copied = LIVE.replace(f"block-{four}", "block-aa0000000000000000000004")
    (entry,) = [each for each in blocks(seen(copied)) if each.sighting.block_id[-1] == "4"]
    assert entry.on_page
    assert entry.sighting.pinned


def test_a_copy_that_is_pinned_no_more_leaves_the_rest_as_it_was():
    start = LIVE.index('<div id="pinned-post"')
    end = LIVE.index(f"<article {SIX}")
    unpinned = LIVE[:start] + '<div id="top-of-blog"></div>' + LIVE[end:]
    assert shown(unpinned) == shown(LIVE)
    assert not any(s.view is View.PINNED for s in seen(unpinned).sightings)


# Words that are not the block's


@pytest.mark.parametrize(
    "furniture",
    [
        "<aside data-ad-slot='true'><div id='dfp-ad--inline1'>Advertisement</div></aside>",
        "<footer><gu-island name='ShareButton'><a>Share</a></gu-island></footer>",
        "<style>.dcr-x{color:red}</style>",
        "<script>track()</script>",
    ],
)
def test_furniture_in_a_block_is_not_its_text(furniture):
    changed = change(LIVE, '<p class="dcr-p1">Boats have left.</p>', furniture +
                     '<p class="dcr-p1">Boats have left.</p>')  # fmt: skip
    assert [each.text for each in shown(changed)] == [each.text for each in shown(LIVE)]


def test_buttons_and_drawings_in_pictures_and_quotes_are_not_text():
    quote = (
        '<blockquote class="quoted"><svg><title>double quotation mark</title></svg>'
        "<p>We sail.</p></blockquote>"
    )
    start = '<p class="dcr-p1">Boats have left.</p>'
    text = next(
        each.text
        for each in shown(change(LIVE, start, start + quote))
        if each.block_id.endswith("5")
    )
    assert "We sail." in text
    assert "double quotation mark" not in text
    assert "View image in fullscreen" not in "".join(each.text for each in shown(LIVE))


def test_a_heading_of_the_body_is_no_title():
    (three,) = [each for each in shown(LIVE) if each.block_id.endswith("3")]
    assert (three.title, "A heading of the body" in three.text) == ("", True)


def test_contributors_are_as_many_as_are_printed_and_none_where_none_is():
    authors = {each.block_id[-1]: each.authors for each in shown(LIVE)}
    assert authors["5"] == ("C Writer", "in Exampletown")
    assert authors["6"] == ()


# Pages and closing


@pytest.mark.parametrize("href", ["?#maincontent", "?#liveblog-navigation"])
def test_an_empty_query_leads_to_page_one_and_is_no_other_blog(href):
    second = change(LIVE, "<strong>1</strong>", "<strong>2</strong>")
    second = change(second, ">Next</a>", f'>Next</a><a href="{href}">Newest</a>')
    snapshot = seen(second, f"{URL}?page=with:block-aa0000000000000000000006")
    assert (snapshot.url, snapshot.shows_top, snapshot.shows_bottom) == (URL, False, False)


def test_a_blog_that_closes_keeps_its_blocks_and_says_that_it_is_not_live():
    closed = change(LIVE, '<gu-island name="Liveness"', '<gu-island name="Other"')
    closed = change(closed, '"isLive": true', '"isLive": false')
    closed = change(closed, "festival sets sail – live<", "festival set sail – as it happened<")
    assert seen(closed).live is False
    assert shown(closed) == shown(LIVE)


def test_a_headline_that_says_as_it_happened_closes_nothing():
    renamed = change(LIVE, "festival sets sail – live<", "festival set sail – as it happened<")
    assert seen(renamed).live is True


def test_a_pages_frame_in_english_does_not_make_its_words_english():
    words = "غادرت القوارب الميناء هذا الصباح وعادت عند الظهر مع أول ريح"
    arabic = change(LIVE, "Boats have left.", words * 20)
    for block in ("What we know at ten.", "Bare words.", "A heading of the body"):
        arabic = change(arabic, block, words * 5)
    assert (seen(LIVE).language, seen(arabic).language) == ("en", "ar")


# The old renderer


@pytest.mark.parametrize(
    ("told", "hours"),
    [("2021-08-02T15:27:43.907Z", 0), ("2021-08-02T16:27:43.907+01:00", 0),
     ("2021-08-02T15:27:43.907+01:00", -1)],
)  # fmt: skip
def test_offsets_of_the_old_renderer_are_read_and_labels_are_not(told, hours):
    (block, *_) = shown(change(FRONTEND, "2021-08-02T15:58:54.945Z", told, 1))
    expected = datetime(2021, 8, 2, 15, 27, 43, 907_000, UTC) + timedelta(hours=hours)
    assert block.published == expected


# The client's small answer, read as a page


def test_a_small_answer_has_the_new_blocks_their_kind_and_proves_no_absence():
    snapshot = seen(markup("2026-08-polled"), f"{URL}.json?lastUpdate=block-a&dcr=true")
    assert (snapshot.url, snapshot.unread, snapshot.complete) == (URL, True, None)
    told = [(each.sighting.block_id[-1], each.sighting.key_event) for each in blocks(snapshot)]
    assert told == [("8", True), ("7", None)]


def test_a_small_answer_that_knows_of_nothing_has_no_blocks():
    nothing = (FIXTURES / "2026-08-polling" / "nothing-new.json").read_text()
    snapshot = seen(nothing, f"{URL}.json?lastUpdate=block-a")
    assert (snapshot.kind, snapshot.sightings) == (Kind.LIVE_BLOG, ())


def test_the_model_behind_a_page_is_the_same_blog():
    snapshot = seen(MODEL, f"{URL}.json?dcr")
    assert snapshot.url == URL
    assert {s.view for s in snapshot.sightings} >= {View.BLOCK, View.MODEL}
