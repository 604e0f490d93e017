import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.errors import LayoutError
from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision
from store.sighting import Kind, View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "guardian"
URL = "https://www.theguardian.com/news/live/2026/aug/20/example-harbour-festival-live"
FETCHED = datetime(2026, 8, 20, 12, 1, tzinfo=UTC)


def markup(name):
    return next(path for path in (FIXTURES / name).iterdir() if path.stem == "page").read_text()


def snapshot(text, url=URL):
    return read(Page(url=url, body=text.encode(), fetched_at=FETCHED))


def by_view(seen, view):
    return [sighting for sighting in seen.sightings if sighting.view is view]


def test_each_view_of_a_block_is_a_sighting_of_its_own():
    seen = snapshot(markup("2026-08-live"))
    assert [s.block_id[-1] for s in by_view(seen, View.BLOCK)] == ["6", "5", "4", "3", "2"]
    assert [s.block_id[-1] for s in by_view(seen, View.PINNED)] == ["1"]
    assert [s.block_id[-1] for s in by_view(seen, View.MODEL)] == ["5", "2", "1", "0"]


def test_a_rendered_block_does_not_tell_its_kind_or_whether_it_is_pinned():
    for seen in by_view(snapshot(markup("2026-08-live")), View.BLOCK):
        assert (seen.key_event, seen.summary, seen.pinned) == (None, None, None)


def test_the_carousel_lists_every_key_event_in_full():
    seen = snapshot(markup("2026-08-live"))
    fog = by_view(seen, View.MODEL)[-1]
    assert seen.lists_every_key_event
    assert (fog.title, fog.key_event, fog.summary) == ("Fog lifts", True, False)
    assert fog.published == datetime(2026, 8, 20, 7, 0, tzinfo=UTC)
    assert fog.updated == datetime(2026, 8, 20, 7, 5, tzinfo=UTC)
    assert fog.time_precision is TimePrecision.SECOND
    assert "<p>Fog lifted." in fog.html
    assert "Another story" not in fog.html


def test_the_pinned_copy_takes_its_id_from_its_link_and_its_time_from_above_it():
    (pinned,) = by_view(snapshot(markup("2026-08-live")), View.PINNED)
    assert pinned.block_id == "aa0000000000000000000001"
    assert pinned.published == datetime(2026, 8, 20, 8, 30, tzinfo=UTC)
    assert pinned.pinned is True


def test_a_pinned_copy_that_prints_no_instant_is_a_copy_all_the_same():
    before = markup("2026-08-live")
    frame = before.index('id="pinned-post"')
    end = before.index("</article>", frame)
    copy = re.sub(r"<time[^>]*>[^<]*</time>", "<b>49m ago</b>", before[frame:end])
    told = snapshot(before[:frame] + copy + before[end:])
    (pinned,) = by_view(told, View.PINNED)
    assert (pinned.block_id, pinned.published) == ("aa0000000000000000000001", None)
    assert pinned.time_precision is None
    assert by_view(told, View.BLOCK) == by_view(snapshot(before), View.BLOCK)


def test_the_page_time_is_the_servers_not_that_of_the_newest_update():
    seen = snapshot(markup("2026-08-live"))
    assert seen.page_time == datetime.fromtimestamp(1787184000 + 43230, UTC)


def test_without_a_carousel_the_page_time_stands_beside_a_block():
    seen = snapshot(markup("2026-08-match-ended"))
    assert seen.page_time == datetime(2026, 8, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "top", "bottom"),
    [
        ("2026-08-live", True, False),
        ("2026-08-last-page", False, True),
        ("2026-08-match-ended", True, True),
        ("2026-08-not-begun", True, True),
        ("2022-07-key-events-list", True, False),
        ("2026-08-model", True, False),
        ("2024-01-amp", True, False),
        ("2021-08-frontend", None, None),
    ],
)
def test_pagination_tells_how_far_the_page_reaches(name, top, bottom):
    seen = snapshot(markup(name))
    assert (seen.shows_top, seen.shows_bottom) == (top, bottom)


@pytest.mark.parametrize("name", ["2026-08-live", "2022-07-key-events-list", "2026-08-last-page"])
def test_a_page_names_the_next_older_one_by_a_block_of_it(name):
    older = snapshot(markup(name), f"{URL}?page=with:block-aa00000000000000000000ff").older
    last = {"2026-08-live": "01", "2022-07-key-events-list": "1f"}.get(name)
    assert older == (f"{URL}?page=with:block-aa00000000000000000000{last}" if last else "")


def test_a_model_names_the_next_older_page_in_its_own_form():
    paged = markup("2026-08-model").replace(
        '"totalPages": 2',
        '"totalPages": 2, "older": "?page=with:block-aa0000000000000000000001"',
    )
    asked = f"{URL}.json?dcr=true&page=with:block-"
    older = snapshot(paged, f"{asked}aa0000000000000000000003").older
    assert older == f"{asked}aa0000000000000000000001"


def test_a_view_of_key_events_only_reaches_nowhere():
    seen = snapshot(markup("2026-08-live"), f"{URL}?filterKeyEvents=true")
    assert (seen.shows_top, seen.shows_bottom) == (None, None)
    text = markup("2022-07-key-events-list")
    seen = snapshot(text.replace("filterKeyEvents&quot;: false", "filterKeyEvents&quot;:true"))
    assert seen.complete is None


def test_a_page_cut_off_does_not_show_the_oldest_block():
    text = markup("2026-08-match-ended")
    cut = text[: text.index("</body>")]
    seen = snapshot(cut)
    assert not seen.whole
    assert seen.shows_bottom is None


def test_links_to_other_pages_without_known_pagination_leave_the_reach_open():
    text = markup("2026-08-live").replace('id="liveblog-navigation"', 'id="pages"')
    assert snapshot(text).complete is None


@pytest.mark.parametrize(
    ("name", "live"),
    [
        ("2026-08-live", True),
        ("2026-08-match-ended", False),
        ("2022-07-key-events-list", True),
        ("2021-08-frontend", True),
        ("2024-01-amp", None),
        ("2013-09-body", None),
    ],
)
def test_a_blog_is_live_as_far_as_its_page_tells(name, live):
    assert snapshot(markup(name)).live is live


def test_a_blog_whose_marks_disagree_on_being_live_is_neither():
    text = markup("2026-08-live").replace('name="Liveness"', 'name="Else"')
    seen = snapshot(text)
    assert seen.live is None
    assert any("live" in warning for warning in seen.warnings)


def test_a_page_of_the_layout_without_a_carousel_has_no_key_events():
    assert snapshot(markup("2026-08-match-ended")).lists_every_key_event
    assert not snapshot(markup("2022-07-key-events-list")).lists_every_key_event
    assert not snapshot(markup("2021-08-frontend")).lists_every_key_event


def test_permalinks_are_whole_and_not_percent_encoded():
    first = snapshot(markup("2026-08-live")).sightings[0]
    assert first.permalink == f"{URL}?page=with:block-{first.block_id}#block-{first.block_id}"


def test_a_copy_on_another_host_keeps_its_own_address_and_tells_the_claimed_one():
    seen = snapshot(markup("2026-08-live"), "http://127.0.0.1:8000/copy?page=2#x")
    assert seen.kind is Kind.LIVE_BLOG
    assert seen.url == "http://127.0.0.1:8000/copy"
    assert seen.claimed_url == URL
    assert seen.sightings[0].permalink.startswith("http://127.0.0.1:8000/copy?page=with:block-")


def test_an_author_printed_twice_stays_twice():
    text = markup("2026-08-live").replace("in Exampletown", "C Writer")
    assert snapshot(text).sightings[1].authors == ("C Writer", "C Writer")


def test_the_headline_goes_before_the_one_for_sharing():
    assert "as shared" not in snapshot(markup("2026-08-live")).title
    assert snapshot(markup("2026-08-match-ended")).title.startswith("Regatta")


def test_one_block_without_a_time_is_left_out_with_a_warning():
    text = markup("2026-08-live")
    broken = text.replace('datetime="2026-08-20T10:50:00.000Z"', 'datetime="10.50"', 1)
    seen = snapshot(broken)
    assert [s.block_id[-1] for s in by_view(seen, View.BLOCK)] == ["6", "5", "3", "2"]
    assert any("aa0000000000000000000004" in warning for warning in seen.warnings)


def renamed(old, new):
    return lambda text: text.replace(old, new)


def matched(pattern, new):
    return lambda text: re.sub(pattern, new, text, flags=re.DOTALL)


CHANGES = {
    "the body has another id and class": renamed("liveblog-body", "stream"),
    "blocks have other ids": renamed('id="block-', 'id="post-'),
    "one block has another id": renamed('id="block-aa0000000000000000000004"', 'id="extra"'),
    "blocks have no header": matched(r"(</?)header\b", r"\1hgroup"),
    "blocks have no footer": matched(r"(</?)footer\b", r"\1div"),
    "titles are no headings": matched(r"<h2 class=\"dcr-t1\">(.*?)</h2>", r"<div>\1</div>"),
    "contributors stand otherwise": matched(r'<span class="dcr-c4">(.*?)</span>', r"<b>\1</b>"),
    "times are no elements": matched(r"(</?)time\b", r"\1span"),
    "times are local": matched(r'datetime="([\d-]+)T(\d\d:\d\d)[^"]*"', r'datetime="\1 \2"'),
    "times are words": matched(r'datetime="[^"]*"', 'datetime="just now"'),
    "updates have no time": matched(r"(Updated at&nbsp;<time) datetime=", r"\1 title="),
    "blocks are wrapped within": matched(
        r'(<article id="block-[^>]*>)(.*?)(</article>)', r"\1<div>\2</div>\3"
    ),
    "there are no islands": renamed("gu-island", "app-island"),
    "the carousel has another name": renamed("KeyEventsCarousel", "Moments"),
    "the carousel lists nothing": renamed("keyEvents&quot;", "moments&quot;"),
    "key events have no flags": renamed("keyEvent&quot;:", "flag&quot;:"),
    "key events have no times": renamed("blockFirstPublished&quot;", "when&quot;"),
    "key events count seconds": matched(r"(blockFirstPublished&quot;: \d{10})000", r"\1"),
    "key events have no elements": renamed("&quot;elements&quot;", "&quot;parts&quot;"),
    "key events have no texts": renamed("&quot;html&quot;", "&quot;markup&quot;"),
    "key events have no titles": renamed("&quot;title&quot;", "&quot;name&quot;"),
    "key events have no ids": renamed("&quot;id&quot;", "&quot;key&quot;"),
    "the pinned copy has no link": matched(
        r'(<article class="block dcr-b1"><header><div><a href=")[^"]*"', r'\1#"'
    ),
    "every block is gone": matched(r'<article id="block-.*?</article>', ""),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_form_is_an_alarm_and_never_another_reading(change):
    text = markup("2026-08-live")
    changed = change(text)
    assert changed != text
    with pytest.raises(LayoutError):
        snapshot(changed)


HARMLESS = {
    "classes are hashed anew": matched(r'class="dcr-[^"]*"', 'class="dcr-zzz"'),
    "there are no classes": matched(r' class="[^"]*"', ""),
    "articles are sections": matched(r"(</?)article\b", r"\1section"),
    "blocks stand in a wrapper": matched(r'(<article id="block-)', r"<div>\1"),
    "titles are of another rank": matched(r"(</?)h2\b", r"\1h3"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_a_change_of_what_is_not_read_changes_nothing(change):
    # No pinned copy here: it is told from blocks by being an article.
    text = re.sub(r'<div id="pinned-post".*?</article></div></div>', "", markup("2026-08-live"))
    ids = lambda seen: [(s.view, s.block_id, s.published, s.title, s.text) for s in seen.sightings]  # noqa: E731
    plain, changed = snapshot(text), snapshot(change(text))
    assert [s[:4] for s in ids(changed)] == [s[:4] for s in ids(plain)]


OLD_CHANGES = {
    "blocks have no elements": renamed("block-elements", "parts"),
    "titles have another class": renamed("block-title", "heading"),
    "times have another class": renamed("block-time", "when"),
    "updates have another class": renamed("updated-time", "changed"),
    "key events have another class": matched("is-key-event|is-summary", "is-major"),
    "blocks have other ids": renamed('id="block-', 'id="post-'),
}


@pytest.mark.parametrize("change", OLD_CHANGES.values(), ids=OLD_CHANGES)
def test_a_changed_form_of_the_old_renderer_is_an_alarm_too(change):
    with pytest.raises(LayoutError):
        snapshot(change(markup("2021-08-frontend")))


AMP_CHANGES = {
    "blocks have other ids": matched(r'<div id="aa', '<div id="block-aa'),
    "blocks have no times": renamed("data-sort-time", "data-order"),
    "titles are no headings": matched(r"(</?)h2\b", r"\1p"),
}


@pytest.mark.parametrize("change", AMP_CHANGES.values(), ids=AMP_CHANGES)
def test_a_changed_amp_page_is_an_alarm_too(change):
    with pytest.raises(LayoutError):
        snapshot(change(markup("2024-01-amp")))


def test_a_begging_block_without_an_id_is_no_entry():
    assert all(
        "Support" not in (s.text or "") for s in snapshot(markup("2021-08-frontend")).sightings
    )


def test_the_model_states_the_kind_of_each_block():
    seen = snapshot(markup("2026-08-model"), f"{URL}.json?dcr=true")
    assert seen.url == URL
    assert [(s.key_event, s.summary) for s in by_view(seen, View.BLOCK)] == [
        (True, False),
        (False, False),
    ]


def test_the_words_true_and_false_are_flags_in_the_model():
    text = markup("2026-08-model").replace('"keyEvent": true', '"keyEvent": "true"')
    text = text.replace('"keyEvent": false', '"keyEvent": "false"')
    seen = snapshot(text)
    assert [s.key_event for s in by_view(seen, View.BLOCK)] == [True, False]


def test_an_edit_is_seen_in_a_page_whose_other_blocks_were_read_before():
    text = markup("2026-08-live")
    before = by_view(snapshot(text), View.BLOCK)
    block = re.search(r'<article id="block-.*?<p[^<>]*>', text, re.DOTALL)
    after = by_view(snapshot(f"{text[: block.end()]}Edited. {text[block.end() :]}"), View.BLOCK)
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert [edited.text.startswith("Edited.") for edited in changed] == [True]


def test_blocks_read_before_are_each_pages_own():
    addresses = r'<link rel="canonical"[^<>]*>|<meta property="og:url"[^<>]*>|"pageId":'
    text = re.sub(addresses, "", markup("2026-08-live"))
    for url in (URL, "https://www.theguardian.com/news/live/2026/aug/21/another", URL):
        for sighting in snapshot(text, url).sightings:
            assert sighting.permalink.startswith(url)


def test_the_clock_of_a_page_changes_no_block():
    text = markup("2026-08-live")
    later = re.sub(r"(&quot;now&quot;: ?)\d+", r"\g<1>1999999999999", text)
    assert later != text
    for _ in range(2):
        snapshot(text)
    before = by_view(snapshot(text), View.BLOCK)
    after = by_view(snapshot(later), View.BLOCK)
    assert all(new is old for old, new in zip(before, after, strict=True))
