import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import ScrapeError
from scraper.page import Page
from scraper.read import read
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures"
NAMES = {
    "washington-post": "washington-post/2023-10-next",
    "haaretz": "haaretz/2024-10-apollo",
    "cnbc": "cnbc/2024-03-live-story",
    "page-state": "page-state/2026-11-next",
}
PAGES = {name: (FIXTURES / path / "page.html").read_text() for name, path in NAMES.items()}
URLS = {
    name: json.loads((FIXTURES / path / "meta.json").read_text())["url"]
    for name, path in NAMES.items()
}
FETCHED = datetime(2026, 11, 18, 18, tzinfo=UTC)


def seen(markup, url="https://daily.example/live/flood"):
    return read(Page(url=url, body=markup.encode(), fetched_at=FETCHED))


OPENS = re.compile(r'__NEXT_DATA__" [^>]*>|__s_data=')


def state_of(name):
    return json.JSONDecoder().raw_decode(PAGES[name], OPENS.search(PAGES[name]).end())[0]


def with_state(name, state):
    opened = OPENS.search(PAGES[name]).end()
    closed = PAGES[name].index("</script", opened)
    return seen(PAGES[name][:opened] + json.dumps(state) + PAGES[name][closed:], URLS[name])


def posts_of(state):
    return state["props"]["pageProps"]["article"]["liveBlog"]["posts"]


@pytest.mark.parametrize("name", PAGES)
def test_a_state_is_read_the_same_from_a_copy_at_another_address(name):
    copy = seen(PAGES[name], "https://archive.example/copy")
    assert copy.platform == name
    assert [each.block_id for each in copy.sightings] == [
        each.block_id for each in seen(PAGES[name], URLS[name]).sightings
    ]


def test_a_collection_of_stories_is_no_live_blog_of_the_posts():
    state = state_of("washington-post")
    state["props"]["pageProps"]["globalContent"]["type"] = "collection"
    assert with_state("washington-post", state).sightings == ()


def test_a_story_of_paragraphs_alone_is_no_live_blog():
    state = state_of("washington-post")
    content = state["props"]["pageProps"]["globalContent"]
    content["content_elements"] = content["content_elements"][:1]
    assert with_state("washington-post", state).kind is not Kind.LIVE_BLOG


def test_of_two_live_blogs_in_a_state_the_one_at_the_pages_address_is_read():
    state = state_of("haaretz")
    shown = with_state("haaretz", state)
    assert [each.block_id for each in shown.sightings] == ["0000-13", "0000-12", "0000-11"]
    other = "https://www.haaretz.com/weather/2026-11-17/ty-article-live/another-day/0000-99"
    page = PAGES["haaretz"].replace(URLS["haaretz"] + '">', other + '">')
    assert [each.block_id for each in seen(page, other).sightings] == ["0000-98"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("washington-post", ("_display_date", "_shown")),
        ("haaretz", ("publishDate", "printed")),
        ("cnbc", ("Published", "Printed")),
    ],
)
def test_a_model_without_times_where_they_are_known_is_left_to_other_readers(name, change):
    page = PAGES[name].replace(*change).replace("first_publish_date", "first_printed")
    assert seen(page, URLS[name]).sightings == ()
    stated = {
        "@type": "LiveBlogPosting",
        "liveBlogUpdate": [
            {"@type": "BlogPosting", "headline": "Told", "articleBody": "It is told otherwise.",
             "datePublished": f"2026-11-18T1{n}:00:00Z", "url": f"{URLS[name]}#{n}"}
            for n in (2, 1)
        ],
    }  # fmt: skip
    script = f'<script type="application/ld+json">{json.dumps(stated)}</script></head>'
    beside = seen(page.replace("</head>", script), URLS[name])
    assert (beside.platform, len(beside.sightings)) == ("schema-org", 2)


def test_an_entry_without_an_id_among_others_is_left_out_and_the_page_proves_no_absence():
    state = state_of("cnbc")
    body = state["page"]["page"]["layout"][0]["columns"][0]["modules"][1]["data"]["body"]
    del body["content"][0]["attributes"]["id"]
    snapshot = with_state("cnbc", state)
    assert [each.block_id for each in snapshot.sightings] == ["108002", "108001"]
    assert snapshot.unread


def test_the_state_of_an_unknown_publisher_is_read_by_its_live_blogs_list_alone():
    shown = seen(PAGES["page-state"])
    assert [each.block_id for each in shown.sightings] == ["b-41", "b-40", "b-39"]


def dated(posts, time):
    return [{**post, "createdAt": time.format(n)} for n, post in enumerate(posts)]


def named_otherwise(state, posts):
    del posts
    article = state["props"]["pageProps"]["article"]
    article["gallery"] = article.pop("liveBlog")


def led_elsewhere(state, posts):
    del state
    for post in posts:
        post["url"] = f"/news/{post['id']}"


def without_words(state, posts):
    del state
    for post in posts:
        post["html"] = "<p>Soon.</p>"


def in_the_future(state, posts):
    del state
    for hour, post in enumerate(posts):
        post["createdAt"] = f"2026-11-19T0{9 - hour}:00:00Z"


def out_of_order(state, posts):
    del state
    for hour, post in zip((9, 11, 10, 12, 8), posts, strict=False):
        post["createdAt"] = f"2026-11-18T{hour:02}:00:00Z"


def of_one_time(state, posts):
    del state
    for post in posts:
        post["createdAt"] = "2026-11-18T10:00:00Z"


def twice_one_id(state, posts):
    del state
    posts[1]["id"] = posts[0]["id"]


def among_comments(state, posts):
    del posts
    props = state["props"]["pageProps"]
    props["liveComments"] = props.pop("article")


def two_alone(state, posts):
    del state, posts[2:]


@pytest.mark.parametrize(
    "changed",
    [
        named_otherwise, led_elsewhere, without_words, in_the_future, of_one_time, twice_one_id,
        among_comments, two_alone,
    ],
)  # fmt: skip
def test_a_list_that_may_be_anything_else_is_no_live_blog(changed):
    state = state_of("page-state")
    changed(state, posts_of(state))
    assert with_state("page-state", state).kind is not Kind.LIVE_BLOG


def test_a_front_page_is_no_live_blog_whatever_its_state_lists():
    page = PAGES["page-state"].replace("https://daily.example/live/flood", "https://daily.example/")
    assert seen(page, "https://daily.example/").kind is Kind.LISTING


def test_nothing_is_guessed_at_where_a_known_publisher_is_at_home():
    url = "https://www.theguardian.com/world/live/2026/nov/18/flood"
    assert seen(PAGES["page-state"].replace(URLS["page-state"], url), url).sightings == ()


def test_numbers_that_are_positions_are_no_ids():
    state = state_of("page-state")
    for number, post in enumerate(posts_of(state), 1):
        post["id"] = number
    snapshot = with_state("page-state", state)
    assert [each.block_id for each in snapshot.sightings] == [None, None, None]


def test_numbers_that_grow_with_time_are_ids():
    state = state_of("page-state")
    for number, post in zip((7, 6, 5), posts_of(state), strict=True):
        post["id"] = number
    snapshot = with_state("page-state", state)
    assert [each.block_id for each in snapshot.sightings] == ["7", "6", "5"]


def test_times_without_a_zone_are_said_to_be_read_in_one():
    state = state_of("page-state")
    for post in posts_of(state):
        post["createdAt"] = post["createdAt"].removesuffix("Z")
    assert "UTC, since none is configured" in with_state("page-state", state).warnings[0]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


def holders(said):
    """Give every object and list of a state with one of its places."""
    if isinstance(said, dict | list):
        for place in range(len(said)) if isinstance(said, list) else list(said):
            yield said, place
            yield from holders(said[place])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PAGES)), st.data(), JUNK)
def test_a_state_with_anything_in_any_place_is_read_or_refused(name, data, junk):
    state = state_of(name)
    holder, place = data.draw(st.sampled_from(list(holders(state))))
    holder[place] = junk
    with suppress(ScrapeError):
        with_state(name, state)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(PAGES)),
    st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=4)), max_size=6),
    st.integers(0, 9000),
)
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(name, changes, end):
    body = bytearray(PAGES[name].encode())
    for place, piece in changes:
        body[place : place + len(piece)] = piece
    with suppress(ScrapeError):
        read(Page(url=URLS[name], body=bytes(body[:end]), fetched_at=FETCHED))
