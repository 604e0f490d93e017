"""Pages that embed a live blog of a service, and the service's answers: Tickaroo, Arena, Norkon."""

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

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAMES = (
    "tickaroo/2024-09-embed", "tickaroo/2026-11-custom-embed", "tickaroo/2026-11-initial-data",
    "tickaroo/2026-11-prefetch", "arena/2024-05-embed", "arena/2024-05-posts",
    "norkon/2026-08-frame", "norkon/2026-08-printed", "norkon/2026-08-initial",
    "norkon/2026-08-earlier", "scribblelive/2021-06-posts",
)  # fmt: skip
BODIES = {
    name: next(path for path in (FIXTURES / name).iterdir() if path.stem == "page").read_text()
    for name in NAMES
}
URLS = {name: json.loads((FIXTURES / name / "meta.json").read_text())["url"] for name in NAMES}
ANSWERS = (
    "tickaroo/2026-11-prefetch", "arena/2024-05-posts", "norkon/2026-08-initial",
    "scribblelive/2021-06-posts",
)  # fmt: skip
EMBEDS = {
    "tickaroo/2024-09-embed": URLS["tickaroo/2026-11-prefetch"],
    "tickaroo/2026-11-custom-embed": URLS["tickaroo/2026-11-prefetch"],
    "arena/2024-05-embed": URLS["arena/2024-05-posts"] + "/ldjson",
    "norkon/2026-08-frame": URLS["norkon/2026-08-initial"],
    "norkon/2026-08-printed": URLS["norkon/2026-08-initial"],
}


def seen(name, body="", url=""):
    body = body or BODIES[name]
    markup = body if isinstance(body, bytes) else body.encode()
    return read(Page(url or URLS[name], markup, datetime(2026, 11, 18, 17, tzinfo=UTC)))


def change(name, old, new, count=-1):
    assert old in BODIES[name]
    return BODIES[name].replace(old, new, count)


@pytest.mark.parametrize("name", EMBEDS)
def test_a_page_that_embeds_a_live_blog_names_the_answer_that_has_it(name):
    snapshot = seen(name)
    assert snapshot.kind is Kind.LIVE_BLOG
    assert snapshot.answers == (EMBEDS[name],)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tickaroo/2024-09-embed", "65a0c0ffee00000000000001", "../../login"),
        ("tickaroo/2024-09-embed", "5b00000000000000000000cc", "5b000000000000000000zzzz"),
        ("arena/2024-05-embed", "Ab3xYz", "../../../secret"),
        ("norkon/2026-08-frame", "60404", "60404%2f.."),
    ],
)
def test_an_id_of_another_form_makes_no_address(name, old, new):
    with pytest.raises(LayoutError, match="does not say from where"):
        seen(name, change(name, old, new))


SECOND = {
    "tickaroo/2024-09-embed": (
        '<tickaroo-liveblog liveblogid="65a0c0ffee00000000000002"></tickaroo-liveblog>'
    ),
    "arena/2024-05-embed": (
        '<div class="arena-liveblog" data-publisher="radio-one" data-event="Other"></div>'
    ),
    "norkon/2026-08-frame": (
        '<div class="live-center-embed" '
        'data-src="https://livecenter.norkon.net/frame/island-times/60405/default"></div>'
    ),
}


@pytest.mark.parametrize("name", SECOND)
def test_a_page_that_embeds_two_live_blogs_is_read_as_neither(name):
    with pytest.raises(LayoutError, match="embeds 2 live blogs"):
        seen(name, change(name, "</body>", f"{SECOND[name]}</body>"))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tickaroo/2024-09-embed", "tickaroo-liveblog ", "tickaroo-liveblog-teaser "),
        ("tickaroo/2024-09-embed", "<tickaroo-liveblog", "<p data-x"),
        ("arena/2024-05-embed", "arena-liveblog", "arena-chat"),
        ("norkon/2026-08-frame", "live-center-embed", "poll-embed"),
    ],
)
def test_what_the_services_embed_besides_live_blogs_is_none(name, old, new):
    body = change(name, old, new).replace("arenalib.js", "chatlib.js")
    body = body.replace("livecenter.norkon.net/frame/", "livecenter.norkon.net/poll/")
    assert seen(name, body).kind is not Kind.LIVE_BLOG


def test_the_json_ld_that_arena_answers_with_is_read_and_so_is_a_page_that_prints_it():
    stated = {
        "@type": "LiveBlogPosting",
        "liveBlogUpdate": [
            {"@type": "BlogPosting", "headline": f"Hall {n}", "articleBody": "Votes are counted.",
             "datePublished": f"2026-11-18T1{n}:00:00Z", "url": f"https://radio.example/v#p{n}"}
            for n in (5, 4)
        ],
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    answer = seen("", script, EMBEDS["arena/2024-05-embed"])
    assert [each.block_id for each in answer.sightings] == ["p5", "p4"]
    page = seen("arena/2024-05-embed", change("arena/2024-05-embed", "</head>", f"{script}</head>"))
    assert (page.platform, page.answers) == ("arena", (EMBEDS["arena/2024-05-embed"],))
    assert [each.block_id for each in page.sightings] == ["p5", "p4"]


def test_a_page_that_states_updates_without_ids_is_not_joined_with_an_answer_without_ids():
    stated = json.loads(BODIES["tickaroo/2026-11-prefetch"])["html"]
    assert "liveBlogUpdate" in stated
    script = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", "liveBlogUpdate": ['
        '{"@type": "BlogPosting", "headline": "Eins", "articleBody": "Es beginnt an der See.", '
        '"datePublished": "2026-11-18T10:00:00Z"}, {"@type": "BlogPosting", "headline": "Zwei", '
        '"articleBody": "Es geht weiter am Deich.", "datePublished": "2026-11-18T11:00:00Z"}]}'
        "</script></head>"
    )
    name = "tickaroo/2024-09-embed"
    snapshot = seen(name, change(name, "</head>", script))
    assert (len(snapshot.sightings), snapshot.answers) == (2, ())


def test_what_the_service_printed_into_a_page_is_read_from_it():
    item = (
        '<div class="tik4-live__event" id="ev-{0}"><time datetime="2026-11-18T1{0}:00:00+01:00">'
        "1{0}:00</time><h3>Stand {0}</h3><p>Das Wasser stieg um {0} Uhr noch einmal an.</p></div>"
    )
    printed = "".join(map(item.format, (5, 4, 3)))
    container = f'<div class="tik4-live__container">{printed}</div></tickaroo-liveblog>'
    name = "tickaroo/2024-09-embed"
    snapshot = seen(name, change(name, "</tickaroo-liveblog>", container))
    assert (snapshot.platform, snapshot.layout) == ("tickaroo", "printed")
    assert [each.title for each in snapshot.sightings] == ["Stand 5", "Stand 4", "Stand 3"]
    assert snapshot.answers == ()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tickaroo/2026-11-prefetch", "65a0c0ffee00000000000001", "65a0c0ffee00000000000002"),
        ("arena/2024-05-posts", '"slug": "Ab3xYz"', '"slug": "Other"'),
    ],
)
def test_an_answer_of_another_live_blog_is_refused(name, old, new):
    with pytest.raises(LayoutError, match="of another live blog"):
        seen(name, change(name, old, new))


BAD = (
    '{"error": {"code": 404, "message": "not found"}}', '{"html": ""}', "{}", "[]",
    '{"html": "<tickaroo-liveblog></tickaroo-liveblog>"}',
    '{"eventInfo": {}, "message": "Blog not found"}', '{"success": false}',
    '{"result": null}', '{"posts": []}', "Blog not found: Ab3xYz", "<html><body>Error",
)  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("body", BAD)
def test_an_error_or_nothing_in_the_place_of_an_answer_is_never_a_live_blog(name, body):
    try:
        snapshot = seen(name, body)
    except ScrapeError:
        return
    assert snapshot.kind is not Kind.LIVE_BLOG
    assert snapshot.sightings == ()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("tickaroo/2026-11-prefetch", "liveBlogUpdate", "updates"),
        ("arena/2024-05-posts", "createdAt", "made"),
        ("norkon/2026-08-initial", '"id": 9003', '"id": null'),
        ("norkon/2026-08-initial", '"created": 1795011600', '"created": "noon"'),
        ("norkon/2026-08-printed", "ncpost-content", "content"),
        ("scribblelive/2021-06-posts", "2021-06-08T19:00:00Z", "yesterday"),
    ],
)
def test_an_answer_in_another_form_is_an_alarm(name, old, new):
    body = change(name, old, new).replace("ncpost-title", "title")
    with pytest.raises(LayoutError):
        seen(name, body)


def test_a_page_of_a_feed_tells_how_far_it_reaches_and_what_is_older():
    first, last = seen("norkon/2026-08-initial"), seen("norkon/2026-08-earlier")
    assert (first.shows_top, first.shows_bottom) == (True, False)
    assert first.older == URLS["norkon/2026-08-earlier"]
    assert (last.shows_top, last.shows_bottom, last.older) == (False, True, "")
    kept = seen("norkon/2026-08-initial", url="https://archive.example/feed.json")
    assert (kept.shows_top, kept.older) == (None, "")


def test_a_feed_without_bulletins_is_a_live_blog_that_has_not_begun():
    empty = '{"success": true, "result": {"addedOrChanged": [], "hasMore": false}}'
    snapshot = seen("norkon/2026-08-initial", empty)
    assert (snapshot.kind, snapshot.sightings, snapshot.complete) == (Kind.LIVE_BLOG, (), True)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


def holders(said):
    if isinstance(said, dict | list):
        for place in range(len(said)) if isinstance(said, list) else list(said):
            yield said, place
            yield from holders(said[place])


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(ANSWERS), st.data(), JUNK)
def test_an_answer_with_anything_in_any_place_is_read_or_refused(name, data, junk):
    said = json.loads(BODIES[name].lstrip("\ufeff"))
    holder, place = data.draw(st.sampled_from(list(holders(said))))
    holder[place] = junk
    with suppress(ScrapeError):
        seen(name, json.dumps(said))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 4000),
)
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(name, changes, end):
    body = bytearray(BODIES[name].encode())
    for place, piece in changes:
        body[place : place + len(piece)] = piece
    with suppress(ScrapeError):
        seen(name, bytes(body[:end]) or b" ")
