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
from store.decision.merge import blocks
from store.sighting import Kind, View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "automattic"
STATED = (FIXTURES / "2026-11-json-ld" / "page.html").read_text()
PRINTED = (FIXTURES / "2016-11-printed" / "page.html").read_text()
AMP = (FIXTURES / "2026-11-amp" / "page.html").read_text()
ANSWER = json.loads((FIXTURES / "2026-11-answer" / "page.json").read_text())
URL = "https://paper.example/2026/11/14/pier/"
FETCHED = datetime(2026, 11, 14, 15, tzinfo=UTC)


def seen(markup, url=URL):
    body = markup if isinstance(markup, bytes) else markup.encode()
    return read(Page(url=url, body=body, fetched_at=FETCHED))


def answer(*entries, **said):
    return seen(json.dumps({**ANSWER, "entries": list(entries), **said}))


def ids(snapshot):
    return [block.sighting.block_id for block in blocks(snapshot)]


@pytest.mark.parametrize(
    ("state", "live"), [("enable", True), ("archive", False), ("paused", None)]
)
@pytest.mark.parametrize("markup", [STATED, PRINTED], ids=["json-ld", "printed"])
def test_the_state_in_the_settings_is_believed(markup, state, live):
    stated = markup.replace('"state":"enable"', f'"state":"{state}"')
    if live is None and markup is STATED:
        live = True  # its JSON-LD has no end of coverage
    assert seen(stated).live is live


def test_an_amp_page_is_live_until_its_json_ld_ends_the_coverage():
    assert seen(AMP).live is False
    assert seen(AMP.replace("coverageEndTime", "somethingElse")).live is True


@pytest.mark.parametrize(
    ("per_page", "complete"), [("3", False), ("2", False), ("4", None), ("6", True), ("", None)]
)
def test_a_page_of_json_ld_is_complete_where_it_is_far_from_full(per_page, complete):
    stated = STATED.replace('"entries_per_page":"3"', f'"entries_per_page":"{per_page}"')
    assert seen(stated).complete is complete


def test_a_later_page_does_not_show_the_newest_entry():
    assert seen(STATED, f"{URL}?liveblog_page=2").shows_top is False
    assert seen(STATED).shows_top is True


@pytest.mark.parametrize(
    ("pages", "complete"), [("1 of 2", False), ("1 of 1", True), ("2 of 2", False), ("", None)]
)
def test_amp_pagination_tells_how_far_a_page_reaches(pages, complete):
    assert seen(AMP.replace("1 of 2", pages)).complete is complete


def test_an_archived_printed_page_shows_everything_and_a_live_one_has_a_button_for_more():
    assert seen(PRINTED.replace('"state":"enable"', '"state":"archive"')).complete is True
    assert seen(PRINTED).complete is False
    assert seen(PRINTED.replace("liveblog-load-more", "more")).complete is None


def test_an_entry_of_the_list_of_key_events_is_no_block_of_the_page():
    snapshot = seen(PRINTED)
    assert [b.on_page for b in blocks(snapshot)] == [True, True, False]
    listed = [s for s in snapshot.sightings if s.view is View.INDEX]
    assert [(s.block_id, s.title) for s in listed] == [
        ("48", "The crane has taken the last of the lamps."),
        ("39", "The gates are shut."),
    ]


def test_without_any_sign_of_key_events_none_is_told():
    start, end = PRINTED.index('<div class="liveblog-key-events">'), PRINTED.index('<div id="wpcom')
    bare = (PRINTED[:start] + PRINTED[end:]).replace(" type-key", "")
    bare = bare.replace('<span class="liveblog-command">key</span> ', "")
    assert {s.key_event for s in seen(bare).sightings} == {None}


def test_commands_are_no_words():
    for markup in (PRINTED, AMP):
        first = seen(markup).sightings[0]
        assert first.text.startswith("The crane has taken")
        assert first.key_event is True


def test_amp_ids_are_times_of_changes_and_never_taken():
    assert ids(seen(AMP)) == ["48", "46", "45"]
    unshared = AMP.replace("liveblog_id", "other_id")
    snapshot = seen(unshared)
    assert ids(snapshot) == ["48", "45"]
    assert snapshot.unread
    assert snapshot.warnings


def test_an_amp_page_of_which_no_entry_can_be_told_is_an_alarm():
    with pytest.raises(LayoutError):
        seen(
            AMP[: AMP.index("<script type=")]
            + AMP[AMP.index("</head>") :].replace("liveblog_id", "x")
        )


def test_a_deletion_is_no_entry_and_an_edit_keeps_its_place():
    snapshot = answer(*ANSWER["entries"])
    assert ids(snapshot) == ["48", "45", "41"]
    edited = snapshot.sightings[1]
    assert (edited.published, edited.updated) == (
        datetime(2026, 11, 14, 12, 20, 10, tzinfo=UTC),
        datetime(2026, 11, 14, 12, 41, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("page", "pages", "complete"), [(1, 1, True), (1, 4, False), (4, 4, False), ("1", "1", True)]
)
def test_an_answer_tells_how_far_it_reaches(page, pages, complete):
    assert answer(*ANSWER["entries"], page=page, pages=pages).complete is complete


def test_the_answer_of_a_window_of_time_is_no_page():
    window = {"entries": ANSWER["entries"], "latest_timestamp": 1794663000, "pages": 1}
    assert seen(json.dumps(window)).kind is Kind.UNKNOWN


@pytest.mark.parametrize("change", [{"id": None}, {"id": "x"}, {"timestamp": "", "entry_time": 0}])
def test_an_entry_without_id_or_time_is_an_alarm(change):
    with pytest.raises(LayoutError):
        answer({**ANSWER["entries"][0], **change})


def test_a_page_whose_entries_scripts_load_says_where_they_are():
    empty = STATED[: STATED.index("<script type=")] + STATED[STATED.index("</head>") :]
    snapshot = seen(empty)
    assert snapshot.sightings == ()
    assert snapshot.answers[0].endswith("/wp-json/liveblog/v1/40/get-entries/1/latest")
    with pytest.raises(LayoutError):
        seen(empty.replace("endpoint_url", "endpoint"))


def test_a_blog_that_has_not_begun_has_no_entries():
    start, end = STATED.index('"liveBlogUpdate": ['), STATED.index("</script>")
    snapshot = seen(f'{STATED[:start]}"liveBlogUpdate": []}}{STATED[end:]}')
    assert (snapshot.kind, snapshot.live, snapshot.sightings) == (Kind.LIVE_BLOG, True, ())


@pytest.mark.parametrize(
    "change",
    [
        ('class="liveblog liveblog-entry', 'class="x'),
        ("liveblog-author-avatar", "x1"),
        ("liveblog-meta-time", "x2"),
        ("wpcom-liveblog-container", "x3"),
        ("liveblog_settings", "x4"),
        ("data-original-content", "x5"),
    ],
)
def test_a_changed_theme_gives_the_same_entries(change):
    before, after = seen(PRINTED), seen(PRINTED.replace(*change))
    assert [(s.block_id, s.published, s.text) for s in after.sightings] == [
        (s.block_id, s.published, s.text) for s in before.sightings
    ]


@pytest.mark.parametrize(
    "change",
    [('id="liveblog-entry-', 'id="entry-'), ("data-timestamp", "data-t"), ("entry-text", "body")],
)
def test_a_changed_form_of_printed_entries_is_an_alarm(change):
    with pytest.raises(LayoutError):
        seen(PRINTED.replace(*change))


@pytest.mark.parametrize(
    "change",
    [("data-sort-time", "data-place"), ("liveblog-entry-content", "body"), ("[items]", "")],
)
def test_a_changed_amp_page_is_read_by_json_ld_or_an_alarm(change):
    with suppress(LayoutError):
        assert set(ids(seen(AMP.replace(*change)))) <= {"48", "46", "45"}


@settings(max_examples=60)
@given(
    st.sampled_from((STATED, PRINTED, AMP, json.dumps(ANSWER))),
    st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 8000),
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
@given(st.dictionaries(st.sampled_from(sorted(ANSWER["entries"][0])), JUNK), JUNK, JUNK)
def test_an_answer_of_any_shape_is_read_or_refused(change, page, pages):
    with suppress(ScrapeError):
        answer({**ANSWER["entries"][0], **change}, page=page, pages=pages)
