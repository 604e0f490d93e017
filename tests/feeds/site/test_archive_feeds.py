"""Archive documents over HTTP (RFC 5005): links, marks, bytes that stay."""

from dataclasses import replace

import feedparser
import pytest
from lxml import etree
from pages import block, page
from sites import AT, MINUTE, NOW, RULE

from keywire.upkeep.sealing import seal_days
from store import resorting

DAY = 24 * 60
FEED = "/feeds/harbour.atom"
A, B, C, D = block("a", 0), block("b", 10), block("c", DAY), block("d", 2 * DAY)


@pytest.fixture
def filled(station):
    station.follow()
    with station.database.write() as connection:
        resorting.sort_batch(connection, RULE, NOW)
    station.poll(page([B, A]))
    station.poll(page([C, B, A]), NOW + DAY * MINUTE)
    return station


def seal(station, days):
    assert seal_days(station.database, "harbour", NOW + days * DAY * MINUTE)
    station.site.mark_changed()


def links(answer):
    tree = etree.fromstring(answer.content)
    return {one.get("rel"): one.get("href") for one in tree.findall("{*}link")}


def marks(answer):
    tree = etree.fromstring(answer.content)
    space = "{http://purl.org/syndication/history/1.0}"
    return [one.tag.removeprefix(space) for one in tree if one.tag.startswith(space)]


def ids(answer):
    return [entry.id.rpartition("/")[2] for entry in feedparser.parse(answer.content).entries]


def archive(day):
    return f"/feeds/harbour/archive/2026-05-{day:02}.atom"


def test_a_feed_that_holds_all_there_is_says_so(filled):
    assert marks(filled.ask(FEED)) == ["complete"]
    assert "prev-archive" not in links(filled.ask(FEED))
    assert marks(filled.ask(f"{FEED}?limit=1")) == []
    assert marks(filled.ask("/feeds/harbour/key-events.atom")) == ["complete"]


def test_from_the_feed_one_comes_to_every_entry_ever_and_back(filled):
    before = filled.ask(FEED)
    seal(filled, 2)
    now = filled.ask(FEED, if_none_match=before.headers["etag"])
    assert now.status_code == 200
    assert marks(now) == []
    updated = [etree.fromstring(one.content).findtext("{*}updated") for one in (before, now)]
    assert updated[0] == updated[1]
    seen, at, document = [], links(now)["prev-archive"], None
    while at:
        document = filled.ask(at.removeprefix(AT))
        assert (document.status_code, marks(document)) == (200, ["archive"])
        assert links(document)["self"] == at
        assert links(document)["current"] == f"{AT}{FEED}"
        seen += ids(document)
        at = links(document).get("prev-archive")
    assert seen == ["c", "b", "a"]
    assert links(document)["next-archive"] == f"{AT}{archive(5)}"
    assert filled.ask(archive(5)).headers["content-type"] == "application/atom+xml; charset=utf-8"


def test_an_archive_has_the_feeds_id_and_title_and_is_well_formed(filled):
    seal(filled, 2)
    one, other = (etree.fromstring(filled.ask(at).content) for at in (FEED, archive(4)))
    assert one.findtext("{*}id") == other.findtext("{*}id")
    assert one.findtext("{*}title") == other.findtext("{*}title")
    assert other.findtext("{*}updated") == max(
        entry.findtext("{*}updated") for entry in other.findall("{*}entry")
    )
    assert not feedparser.parse(filled.ask(archive(4)).content).bozo


def test_bytes_and_tag_stay_whatever_becomes_of_the_entries(filled):
    seal(filled, 2)
    before = filled.ask(archive(4), accept_encoding="gzip")
    filled.poll(page([D, C, B, A.edited("otherwise")]), NOW + 2 * DAY * MINUTE)
    seal(filled, 3)
    after = filled.ask(archive(4), accept_encoding="gzip")
    assert after.content == before.content
    assert b"otherwise" not in after.content
    assert b"otherwise" in filled.ask(archive(6)).content
    known = {"if_none_match": before.headers["etag"], "accept_encoding": "gzip"}
    assert filled.ask(archive(4), **known).status_code == 304
    filled.clock.pass_by(5 * 86_400)
    since = {"if_modified_since": filled.ask(archive(4)).headers["last-modified"]}
    assert filled.ask(archive(4), **since).status_code == 304


def test_key_events_and_summaries_lead_back_through_days_of_their_own(station):
    station.follow()
    with station.database.write() as connection:
        resorting.sort_batch(connection, RULE, NOW)
    station.poll(page([B, replace(A, key=True)]))
    seal(station, 2)
    feed = station.ask("/feeds/harbour/key-events.atom")
    first = links(feed)["prev-archive"]
    assert first == f"{AT}/feeds/harbour/key-events/archive/2026-05-04.atom"
    document = station.ask(first.removeprefix(AT))
    assert (ids(document), marks(document)) == (["a"], ["archive"])
    assert links(document)["current"] == f"{AT}/feeds/harbour/key-events.atom"
    assert [etree.fromstring(one.content).findtext("{*}title") for one in (feed, document)] == [
        "The harbour: key events"
    ] * 2
    assert station.ask("/feeds/harbour/summaries/archive/2026-05-04.atom").status_code == 404


def test_a_crowded_day_has_further_volumes(station):
    station.follow()
    with station.database.write() as connection:
        resorting.sort_batch(connection, RULE, NOW)
    blocks = [block(f"n{minute}", minute / 10) for minute in range(1000)]
    station.poll(page(blocks[::-1]))
    seal(station, 0.1)
    second = links(station.ask(FEED))["prev-archive"]
    assert second == f"{AT}/feeds/harbour/archive/2026-05-04-2.atom"
    document = station.ask(second.removeprefix(AT))
    assert links(document)["prev-archive"] == f"{AT}{archive(4)}"
    first = station.ask(archive(4))
    assert links(first)["next-archive"] == second
    assert len({*ids(first), *ids(document), *ids(station.ask(FEED))}) == len(blocks)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/feeds/harbour/archive/2026-05-04-1.atom", 404),
        ("/feeds/harbour/archive/2026-05-04-2.atom", 404),
        (archive(7), 404),
        ("/feeds/harbour/archive/2026-02-30.atom", 404),
        ("/feeds/harbour/archive/2026-05-04.rss", 404),
        ("/feeds/none/archive/2026-05-04.atom", 404),
    ],
)
def test_what_is_not_sealed_is_not_there(filled, target, status):
    seal(filled, 2)
    assert filled.ask(target).status_code == status


def test_a_renamed_topics_archives_lead_on_and_a_dropped_ones_are_gone(filled):
    seal(filled, 2)
    filled.follow(replace(RULE, name="port", was=("harbour",)))
    moved = filled.ask(archive(4))
    assert (moved.status_code, moved.headers["location"]) == (
        301,
        "/feeds/port/archive/2026-05-04.atom",
    )
    assert filled.ask(moved.headers["location"]).status_code == 200
    filled.follow(replace(RULE, name="other"))
    assert filled.ask("/feeds/port/archive/2026-05-04.atom").status_code == 410
