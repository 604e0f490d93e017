"""`content:` of a topic: what it changes wherever publishers' text is given out."""

from dataclasses import replace

import pytest
from lxml import etree
from pages import block, page
from sites import MINUTE, NOW, RULE

from store import resorting
from store.topics import Content

WORDS = "A storm of words that belong to their publisher. " * 12
LAST = "and this is the very end"
A = block("a", 0, WORDS + LAST, title="A storm")
FEEDS = ["/feeds/harbour.atom", "/feeds/harbour.rss", "/feeds/harbour.json"]


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([A]))
    station.poll(page([A.edited(A.body + ".")]), NOW + MINUTE)
    return station


def give(station, content):
    station.follow(replace(RULE, content=content))


def updated(answer):
    return etree.fromstring(answer.content).findtext("{*}updated")


@pytest.mark.parametrize("target", FEEDS)
def test_a_feed_gives_out_as_much_as_its_topic_says(filled, target):
    assert LAST in filled.ask(target).text
    give(filled, Content.EXCERPT)
    excerpt = filled.ask(target).text
    assert (LAST in excerpt, "A storm of words" in excerpt) == (False, True)
    give(filled, Content.NONE)
    nothing = filled.ask(target).text
    assert ("words" in nothing, "A storm" in nothing) == (False, True)


def test_another_setting_changes_bytes_and_tag_but_not_when_the_feed_was_updated(filled):
    before = filled.ask("/feeds/harbour.atom")
    give(filled, Content.EXCERPT)
    after = filled.ask("/feeds/harbour.atom", if_none_match=before.headers["etag"])
    assert after.status_code == 200
    assert updated(after) == updated(before)
    give(filled, Content.FULL)
    assert filled.ask("/feeds/harbour.atom").content == before.content


def test_another_setting_sorts_nothing_anew(filled):
    with filled.database.write() as connection:
        while not resorting.sort_batch(connection, RULE, NOW).finished:
            pass
    strict = replace(RULE, content=Content.NONE)
    give(filled, Content.NONE)
    with filled.database.read() as connection:
        assert resorting.pending(connection, [strict]) == []


def test_programs_get_no_more_than_readers(filled):
    change = filled.ask("/events").json()["changes"][-1]
    assert LAST in change["changes"]["text"]["new"]
    targets = ["/events", f"/entries/{change['entry']['number']}.json"]
    give(filled, Content.EXCERPT)
    for target in targets:
        assert LAST not in filled.ask(target).text
        assert "A storm of words" in filled.ask(target).text
    give(filled, Content.NONE)
    for target in [*targets, "/"]:
        assert "words" not in filled.ask(target).text


def test_what_one_topic_gives_out_in_full_is_given_in_full(filled):
    open_to_all = replace(RULE, name="all-of-it")
    filled.follow(replace(RULE, content=Content.NONE), open_to_all)
    with filled.database.write() as connection:
        while not resorting.sort_batch(connection, open_to_all, NOW).finished:
            pass
    assert LAST in filled.ask("/entries/1.json").text
    assert LAST not in filled.ask("/feeds/harbour.atom").text
