import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.read import read
from store.entry import TimePrecision
from store.sighting import Kind, View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "aljazeera"
API = "https://www.aljazeera.com/graphql?wp-site=aje&operationName=x"
BLOG = (
    "https://www.aljazeera.com/news/liveblog/2026/9/12/harbour-live-tug-of-war-goes-into-third-hour"
)
FETCHED = datetime(2026, 9, 12, 10, 1, tzinfo=UTC)
SHELL = (FIXTURES / "2026-04-shell" / "page.json").read_text()
UPDATE = (FIXTURES / "2026-04-update" / "page.json").read_text()
APOLLO = (FIXTURES / "2026-04-apollo" / "page.html").read_text()


def seen(text, url=API, **options):
    body = text if isinstance(text, bytes) else text.encode()
    return read(Page(url=url, body=body, fetched_at=FETCHED, **options))


def changed(text, name, **stated):
    said = json.loads(text)
    said["data"][name].update(stated)
    return json.dumps(said)


def update(**stated):
    (found,) = seen(changed(UPDATE, "posts", **stated)).sightings
    return found


def at(hour, minute=0, second=0):
    return datetime(2026, 9, 12, hour, minute, second, tzinfo=UTC)


def test_a_blogs_own_answer_is_an_index_in_its_own_order():
    found = seen(SHELL)
    assert [s.block_id for s in found.sightings] == ["700005", "700009", "700003"]
    assert [s.published for s in found.sightings] == [at(10), at(9), at(8)]
    assert {s.view for s in found.sightings} == {View.INDEX}
    assert {(s.title, s.text) for s in found.sightings} == {(None, None)}
    assert (found.url, found.live, found.published) == (BLOG, True, at(8))


def test_an_updates_own_answer_is_an_entry_of_its_blog():
    found = seen(UPDATE)
    (entry,) = found.sightings
    assert (found.url, found.title, entry.view) == (BLOG, "", View.BLOCK)
    assert entry.permalink == f"{BLOG}?update=700005"
    assert (entry.authors, entry.credit) == (("Bo Knot", "Cy Hitch"), "Reporting from the quay")
    assert entry.tags == ("Analysis",)


def test_a_file_from_nowhere_is_of_the_site_that_its_links_leave_out():
    assert seen(UPDATE, "page.json").url == BLOG


def test_the_arabic_site_is_read_alike():
    found = seen(SHELL, "https://www.aljazeera.net/graphql?wp-site=aja")
    assert found.language == "ar"
    assert found.url.startswith("https://www.aljazeera.net/news/liveblog/")


# Times


def test_times_without_zone_are_utc_whatever_zone_a_person_names():
    found = seen(UPDATE, timezone="Asia/Qatar")
    assert found.sightings[0].published == at(10)
    assert found.sightings[0].updated == at(10, 0, 40)


@pytest.mark.parametrize(
    ("stated", "published"),
    [
        ({"date": "2026-09-12T09:00:00"}, at(9)),
        ({"date": "2026-09-12T12:00:00+03:00"}, at(9)),
        ({"date": "2026-09-12T13:00:00", "date_gmt": "2026-09-12T10:00:00"}, at(10)),
        ({"date": "2026-09-12T13:00:00"}, None),
        ({"date": "2026-09-12T13:00:00", "modified_gmt": "2026-09-12T13:00:00"}, None),
        ({"date": "2026-09-12T10:03:00", "modified_gmt": "2026-09-12T10:00:40"}, at(10, 3)),
    ],
)
def test_a_time_by_another_clock_is_no_time(stated, published):
    entry = update(**stated)
    assert entry.published == published
    assert entry.time_precision is (TimePrecision.SECOND if published else None)
    assert entry.updated is None or entry.updated <= FETCHED


def test_a_time_in_doubt_is_told():
    found = seen(changed(UPDATE, "posts", date="2026-09-12T13:00:00"))
    assert "700005" in found.warnings[0]


def test_an_index_in_the_page_goes_before_a_clock_without_zone():
    entries = {s.block_id: s for s in seen(APOLLO, BLOG).sightings if s.view is View.BLOCK}
    assert entries["700009"].published == at(9)


@pytest.mark.parametrize("epoch", ["1789203600", 1789203600, "1789203600000", 1789203600.0])
def test_an_epoch_may_be_digits_or_a_number_in_seconds_or_milliseconds(epoch):
    children = [{"id": "700009", "publishedTime": epoch}]
    found = seen(changed(SHELL, "article", children=[700009], childrenMeta=children))
    assert found.sightings[0].published == at(9)


# Forms


def test_titles_and_authors_that_are_not_shown_are_left_out():
    entry = update(shouldDisplayTitle=False, showAuthor=False, writeInAuthor="")
    assert (entry.title, entry.authors) == ("", ())


def test_a_page_gives_the_updates_of_its_own_blog_and_what_they_refer_to():
    found = seen(APOLLO, BLOG)
    shown = [s for s in found.sightings if s.view is View.BLOCK]
    assert [s.block_id for s in shown] == ["700005", "700009"]
    assert shown[0].authors == ("Bo Knot", "Cy Hitch")


def test_references_of_older_caches_are_followed():
    old = APOLLO.replace('{"__ref": "User:2"}', '{"type":"id","generated":false,"id":"User:2"}')
    old = old.replace("[700005, 700009, 700003]", '{"type":"json","json":[700005,700009,700003]}')
    assert seen(old, BLOG).sightings == seen(APOLLO, BLOG).sightings


def test_a_front_that_holds_posts_of_a_live_blog_is_none():
    front = APOLLO.replace(f'"{BLOG}"', '"https://www.aljazeera.com/"')
    assert seen(front, "https://www.aljazeera.com/").kind is not Kind.LIVE_BLOG


def test_json_ld_has_the_words_where_the_cache_is_a_mere_index():
    blog = {
        "@type": "LiveBlogPosting",
        "liveBlogUpdate": [{"headline": "In words", "url": f"{BLOG}#7", "articleBody": "Told."}],
    }
    script = f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    bare = APOLLO.replace('"liveblog-update"', '"post"').replace("<body>", f"<body>{script}")
    assert seen(bare, BLOG).platform == "schema-org"


def test_a_blog_without_updates_yet_is_a_live_blog():
    found = seen(changed(SHELL, "article", children=[], childrenMeta=[]))
    assert (found.kind, found.sightings) == (Kind.LIVE_BLOG, ())


def test_an_error_of_the_service_is_none():
    body = '{"data":{"article":null},"errors":[{"message":"no_posts_found"}]}'
    found = seen(body)
    assert found.kind is Kind.UNKNOWN
    assert "no_posts_found" in found.why[0]
    assert seen('{"data":{"posts":null}}').kind is Kind.UNKNOWN


def test_an_article_of_the_same_service_is_no_live_blog():
    assert seen(changed(UPDATE, "posts", postType="post")).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (SHELL, '"children', '"kids'),
        (SHELL, '"publishedTime"', '"time"'),
        (SHELL, "1789203600", "yesterday"),
        (SHELL, '"id": "700009"', '"number": "700009"'),
        (UPDATE, '"content"', '"body"'),
        (UPDATE, '"id": "700005"', '"number": "700005"'),
        (UPDATE, '"date"', '"day"'),
    ],
)
def test_a_form_that_is_not_known_is_an_alarm(text, old, new):
    with pytest.raises(LayoutError, match="Al Jazeera"):
        seen(text.replace(old, new))


ANY = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
VALUES = st.recursive(
    ANY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=200)
@given(st.sampled_from([("article", SHELL), ("posts", UPDATE)]), st.data())
def test_fields_of_any_kind_are_read_or_refused(what, data):
    name, text = what
    said = json.loads(text)["data"][name]
    for field in data.draw(st.lists(st.sampled_from(sorted(said)), max_size=4)):
        said[field] = data.draw(VALUES)
    try:
        seen(json.dumps({"data": {name: said}}))
    except ScrapeError:
        return


@settings(max_examples=60)
@given(st.data())
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(data):
    body = bytearray(APOLLO.encode())
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[place : place + 2] = data.draw(st.binary(max_size=4))
    try:
        seen(bytes(body[: data.draw(st.integers(0, len(body)))]), BLOG)
    except ScrapeError:
        return
