"""Feeds as readers get them: addresses, types, validators, codings, refusals."""

import gzip
from datetime import timedelta

import feedparser
import msgspec
import pytest
from lxml import etree
from pages import block, page
from sites import AT, MINUTE, NOW, RULE, Station

from feeds.site.app import SiteOptions
from store import resorting
from store.topics import TopicRule

A, B, C = block("a", 0), block("b", 10, summary=True), block("c", 20, key=True)
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json",
}
FEED = "/feeds/harbour.atom"


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([C, B, A]))
    return station


def ids(answer):
    return [entry.id.rpartition("/")[2] for entry in feedparser.parse(answer.content).entries]


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("part", ["", "/key-events", "/summaries"])
def test_every_feed_has_its_type_and_names_itself(filled, form, part):
    answer = filled.ask(f"/feeds/harbour{part}.{form}?utm_source=x")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TYPES[form]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert f"{AT}/feeds/harbour{part}.{form}" in answer.text
    assert "stranger.test" not in answer.text
    assert "utm_source" not in answer.text


def test_a_selection_shows_what_belongs_in_it(filled):
    assert ids(filled.ask(FEED)) == ["c", "b", "a"]
    assert ids(filled.ask("/feeds/harbour/key-events.atom")) == ["c", "b"]
    assert ids(filled.ask("/feeds/harbour/summaries.rss")) == ["b"]


def test_a_feeds_id_stays_when_the_sites_address_changes(filled, database):
    def feed_id(station):
        return etree.fromstring(station.ask(FEED).content).findtext("{*}id")

    moved = Station(database, SiteOptions("Elsewhere", "https://other.example/wire"))
    assert feed_id(filled) == feed_id(moved)
    assert "https://other.example/wire/feeds/harbour.atom" in moved.ask(FEED).text


def test_a_blog_that_ended_makes_its_feed_expired(filled):
    feed = "/feeds/harbour.json"
    assert "expired" not in msgspec.json.decode(filled.ask(feed).content)
    filled.poll(page([C.edited("It is over"), B, A], live=False), NOW + MINUTE)
    assert msgspec.json.decode(filled.ask(feed).content)["expired"] is True


def test_a_limit_shortens_the_feed_and_is_part_of_its_own_address(filled):
    answer = filled.ask(FEED + "?x=1&limit=2")
    assert ids(answer) == ["c", "b"]
    assert f"{AT}{FEED}?limit=2" in answer.text
    assert f'{AT}{FEED}"' in filled.ask(FEED + "?limit=500&retracted=mark").text


@pytest.mark.parametrize("limit", ["0", "501", "-1", "x", "", "1.5", "٣", "1e2", "9" * 400])
def test_a_bad_limit_is_refused_by_name(filled, limit):
    answer = filled.ask(f"{FEED}?limit={limit}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("limit: ")
    assert "1 to 500" in answer.text


def test_a_bad_word_for_retractions_is_refused_by_name(filled):
    answer = filled.ask(FEED + "?retracted=maybe")
    assert (answer.status_code, answer.text[:11]) == (400, "retracted: ")


def test_retractions_are_marked_named_or_hidden(filled):
    filled.poll(page([C, A], page_time=NOW + MINUTE), NOW + MINUTE)
    filled.poll(page([C, A], page_time=NOW + 3 * MINUTE), NOW + 3 * MINUTE)
    assert "Retracted: What b says" in filled.ask(FEED).text
    tombstone = filled.ask(FEED + "?retracted=tombstone").text
    assert "deleted-entry" in tombstone
    assert "What b says" not in tombstone
    hidden = filled.ask(FEED + "?retracted=hide").text
    assert "/b" not in "".join(ids(filled.ask(FEED + "?retracted=hide")))
    assert "deleted-entry" not in hidden


def test_a_topic_that_nobody_follows_is_not_found(filled):
    answer = filled.ask("/feeds/football.atom")
    assert answer.status_code == 404
    assert "No topic football is followed" in answer.text


def test_a_topic_that_is_no_longer_followed_is_gone(filled, database):
    with database.write() as connection:
        resorting.follow_topics(connection, [], NOW)
    filled.site.shelf.mark_changed()
    assert filled.ask(FEED).status_code == 410


def test_a_renamed_topic_is_redirected_for_good_with_what_was_asked(filled, database):
    follow = filled.rules[0].follow
    renamed = TopicRule("port", "The port", follow, was=("harbour",))
    with database.write() as connection:
        resorting.follow_topics(connection, [renamed], NOW)
    filled.site.shelf.mark_changed()
    moved = filled.ask("/feeds/harbour/key-events.rss?limit=3")
    assert moved.status_code == 301
    assert moved.headers["location"] == "/feeds/port/key-events.rss?limit=3"
    assert filled.ask(moved.headers["location"]).status_code == 200
    behind_a_proxy = Station(database, SiteOptions("Wire", "https://example.org/wire"))
    moved = behind_a_proxy.ask("/feeds/harbour.atom")
    assert moved.headers["location"] == "/wire/feeds/port.atom"


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/",
        "/feeds/harbour",
        "/feeds/harbour.xml",
        "/feeds/harbour.atom/",
        "/feeds/harbour.atom%00",
        "/feeds/harbour.atom%0A",
        "/feeds/HARBOUR.atom",
        "/feeds/../harbour.atom.atom",
        "/feeds/%2e%2e/%2e%2e/etc/passwd",
        "/feeds/harbour/all.atom",
        "/feeds/harbour/key-events",
        "/feeds/" + "a" * 64 + ".atom",
        "/feeds/" + "x" * 5000,
    ],
)
def test_any_other_address_is_told_what_there_is(filled, path):
    answer = filled.ask(path)
    assert answer.status_code == 404
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", [FEED, "/", "/events", "/feeds.opml"])
def test_nothing_can_be_written(filled, path, method):
    answer = filled.ask(path, method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


# --- validators, RFC 9110 §8.8, §13 ---


def test_a_reader_that_knows_the_feed_gets_a_304(filled):
    first = filled.ask(FEED)
    again = filled.ask(FEED, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "last-modified", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]
    assert "content-length" not in again.headers
    assert "content-type" not in again.headers
    by_date = filled.ask(FEED, if_modified_since=first.headers["last-modified"])
    assert by_date.status_code == 304


def test_a_tag_that_does_not_match_beats_a_date_that_does(filled):
    modified = filled.ask(FEED).headers["last-modified"]
    answer = filled.ask(FEED, if_none_match='"x"', if_modified_since=modified)
    assert answer.status_code == 200


def test_an_edit_changes_tag_and_date_and_a_poll_without_news_neither(filled):
    first = filled.ask(FEED)
    filled.poll(page([C, B, A]), NOW + MINUTE)
    assert filled.ask(FEED).headers["etag"] == first.headers["etag"]
    filled.poll(page([C, B, A.edited("otherwise")]), NOW + 2 * MINUTE)
    second = filled.ask(FEED)
    assert "otherwise" in second.text
    assert second.headers["etag"] != first.headers["etag"]
    assert second.headers["last-modified"] != first.headers["last-modified"]
    assert filled.ask(FEED, if_none_match=first.headers["etag"]).status_code == 200


def test_a_retraction_changes_the_tag(filled):
    before = filled.ask(FEED).headers["etag"]
    for minutes in (1, 3):
        now = NOW + minutes * MINUTE
        filled.poll(page([C, A], page_time=now), now)
    assert filled.ask(FEED, if_none_match=before).status_code == 200


def test_a_date_ahead_of_the_clock_is_not_sent_until_its_time_has_come(filled):
    filled.clock.seconds = (NOW - timedelta(seconds=5)).timestamp()
    filled.site.shelf.mark_changed()
    assert "last-modified" not in filled.ask(FEED).headers
    filled.clock.pass_by(60)
    assert "last-modified" in filled.ask(FEED).headers


def test_gzip_has_a_tag_of_its_own_and_unpacks_to_the_same_bytes(filled):
    plain, packed = filled.ask(FEED), filled.ask(FEED, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    tag = packed.headers["etag"]
    known = filled.ask(FEED, accept_encoding="gzip", if_none_match=tag)
    assert (known.status_code, known.headers["etag"]) == (304, tag)
    refused = filled.ask(FEED, accept_encoding="gzip;q=0")
    assert "content-encoding" not in refused.headers


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", [FEED, "/feeds.opml", "/", "/sources", "/static/keywire.css"])
def test_head_has_the_headers_of_get_and_no_body(filled, path, coding):
    get, head = (filled.ask(path, method, accept_encoding=coding) for method in ("GET", "HEAD"))
    assert head.content == b""
    assert head.headers == get.headers
    if coding == "identity":
        assert int(get.headers["content-length"]) == len(get.content)


def test_two_sites_over_one_store_give_the_same_bytes(filled, database):
    other = Station(database)
    for target in (FEED, "/feeds/harbour.rss", "/feeds/harbour.json?limit=2", "/feeds.opml"):
        one, two = filled.ask(target), other.ask(target)
        assert (one.content, one.headers["etag"]) == (two.content, two.headers["etag"])


def test_the_gzipped_bytes_carry_no_time(filled):
    filled.ask(FEED, accept_encoding="gzip")
    (kept,) = filled.site.shelf._documents.values()
    packed = kept.document.gzipped.full.body
    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed) == kept.document.plain.full.body


def test_nothing_is_gzipped_for_those_who_take_it_plain(filled):
    plain = filled.ask(FEED)
    (kept,) = filled.site.shelf._documents.values()
    assert kept.document.gzipped is None
    packed = filled.ask(FEED, accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    (kept,) = filled.site.shelf._documents.values()
    assert kept.document.gzipped


def test_a_feed_says_no_cache_so_that_caches_ask_each_time(filled):
    assert filled.ask(FEED).headers["cache-control"] == "no-cache"


def test_the_store_out_of_reach_is_a_503_but_feeds_at_hand_are_still_served(filled, database):
    kept = filled.ask(FEED)
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE selections RENAME TO hidden")
    filled.clock.pass_by(5)
    filled.site.shelf.mark_changed()
    still = filled.ask(FEED)
    assert (still.status_code, still.content) == (200, kept.content)
    assert filled.ask(FEED, if_none_match=kept.headers["etag"]).status_code == 304
    other = filled.ask("/feeds/harbour.rss")
    assert other.status_code == 503
    assert other.headers["retry-after"]
    assert "selections" not in other.text
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO selections")
    filled.clock.pass_by(5)
    assert filled.ask("/feeds/harbour.rss").status_code == 200


def test_a_hub_and_a_language_are_told_where_there_are_any(database):
    station = Station(database, SiteOptions("Wire", AT, hub_url=f"{AT}/websub"))
    station.follow(RULE)
    station.poll(page([A], language="en-GB"))
    told = station.ask(FEED).text
    assert f'href="{AT}/websub" rel="hub"' in told
    assert 'lang="en-GB"' in told


def test_an_empty_feed_is_a_feed(station):
    station.follow()
    for form in TYPES:
        answer = station.ask(f"/feeds/harbour.{form}")
        assert answer.status_code == 200
