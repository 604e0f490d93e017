"""/search and /search.atom."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from lxml import etree, html
from pages import block, page
from sites import AT, MINUTE, NOW, RULE, Station

from feeds.site.options import SiteOptions
from store import resorting
from store.topics import Content, Match, TopicRule

A = block("a", 0, "The harbour is calm")
B = block("b", 10, 'A storm is near the harbour, <b>say</b> "fishers"', title="Storm & sea")
C = block("c", 20, "東京都の港で嵐", key=True)


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([C, B, A]))
    return station


def titles(answer):
    tree = html.fromstring(answer.content)
    return [
        " ".join(title.text_content().split()) for title in tree.xpath("//ol[@class='results']//h3")
    ]


def ids(answer):
    return [entry.id.rpartition("/")[2] for entry in feedparser.parse(answer.content).entries]


def test_a_search_shows_what_it_found_newest_first(filled):
    assert titles(filled.ask("/search?q=harbour")) == ["Storm & sea", "The harbour is calm"]
    assert titles(filled.ask("/search?q=嵐")) == ["Key event 東京都の港で嵐"]
    assert titles(filled.ask("/search?q=harbour+-storm&topic=harbour")) == ["The harbour is calm"]
    assert len(titles(filled.ask("/search?q=harbour&order=best"))) == 2


def test_what_was_asked_is_marked_and_publishers_and_askers_words_are_text(filled):
    answer = filled.ask("/search?q=harbour+%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in answer.text
    shown = filled.ask("/search?q=storm").text
    assert "<mark>storm</mark>" in shown
    assert "&lt;b&gt;say&lt;/b&gt;" in shown


def test_a_page_without_a_question_asks_for_one(filled):
    answer = filled.ask("/search")
    assert answer.status_code == 200
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert titles(answer) == []


def test_a_retracted_entry_is_found_and_said_to_be_retracted(filled):
    for minute in (1, 3):
        filled.poll(page([C, A]), NOW + minute * MINUTE)
    assert titles(filled.ask("/search?q=storm")) == ["Retracted Storm & sea"]
    entry = feedparser.parse(filled.ask("/search.atom?q=storm").content).entries[0]
    assert entry.title == "Retracted: Storm & sea"


def test_older_results_are_a_link_away(station):
    station.follow()
    blocks = [block(f"n{n}", n, "harbour") for n in range(120)]
    station.poll(page(blocks[::-1]))
    seen, target = [], "/search?q=harbour"
    while target:
        answer = station.ask(target)
        seen += titles(answer)
        links = html.fromstring(answer.content).xpath("//p[@class='older']/a")
        target = links[0].get("href") if links else ""
    assert len(seen) == 120


def test_a_search_is_a_feed_with_an_id_of_its_own(filled):
    answer = filled.ask("/search.atom?q=harbour&topic=harbour&utm_source=x")
    tree = etree.fromstring(answer.content)
    assert ids(answer) == ["b", "a"]
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    (self_link,) = tree.xpath("//*[local-name()='link'][@rel='self']/@href")
    assert self_link.startswith(f"{AT}/search.atom?")
    assert parse_qs(urlsplit(self_link).query) == {"q": ["harbour"], "topic": ["harbour"]}
    other = etree.fromstring(filled.ask("/search.atom?q=harbour").content)
    assert tree.findtext("{*}id") != other.findtext("{*}id")
    again = filled.ask("/search.atom?q=harbour&topic=harbour")
    assert again.content == answer.content
    known = {"if_none_match": answer.headers["etag"]}
    assert filled.ask("/search.atom?q=harbour&topic=harbour", **known).status_code == 304


def test_a_feed_of_a_search_moves_when_what_it_finds_does(filled):
    before = filled.ask("/search.atom?q=harbour")
    filled.poll(page([C, B, A.edited("The harbour is rough")]), NOW + MINUTE)
    after = filled.ask("/search.atom?q=harbour")
    stamps = [etree.fromstring(one.content).findtext("{*}updated") for one in (before, after)]
    assert stamps[0] < stamps[1]
    assert ids(filled.ask("/search.atom?q=rough")) == ["a"]
    assert ids(filled.ask("/search.atom?q=calm")) == []


@pytest.mark.parametrize("target", ["/search", "/search.atom"])
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("q=a&topic=none-such", 404),
        ("q=a&topic=%00", 404),
        ("q=a&before=x", 400),
        ("q=a&order=oldest", 400),
        ("q=%00%ff%22%22*-OR", 200),
        ("q=" + "(%22*" * 200, 200),
    ],
)
def test_what_cannot_be_answered_is_said_and_nothing_fails(filled, target, asked, status):
    assert filled.ask(f"{target}?{asked}").status_code == status


def test_what_is_found_is_given_out_as_its_topic_says(filled):
    filled.follow(replace(RULE, content=Content.NONE))
    for target in ("/search?q=harbour", "/search.atom?q=harbour"):
        assert "Storm &amp; sea" in filled.ask(target).text
        assert "fishers" not in filled.ask(target).text


def test_a_search_in_a_topic_finds_its_entries_alone(filled):
    calm = replace(RULE, name="calm", match=Match(any=("calm",)))
    filled.follow(RULE, calm)
    with filled.database.write() as connection:
        while not resorting.sort_batch(connection, calm, NOW).finished:
            pass
    assert ids(filled.ask("/search.atom?q=harbour&topic=calm")) == ["a"]


@pytest.mark.parametrize("path", ["/search", "/search.atom"])
def test_a_search_in_a_topic_by_a_name_that_it_had_leads_on_with_what_was_asked(
    filled, database, path
):
    follow = filled.rules[0].follow
    filled.follow(TopicRule("port", "The port", follow, was=("harbour",)))
    moved = filled.ask(f"{path}?q=old+harbour&topic=harbour&order=best&before=9")
    asked = "q=old+harbour&topic=port&before=9&order=best"
    assert (moved.status_code, moved.headers["location"]) == (301, f"{path}?{asked}")
    assert filled.ask(moved.headers["location"]).status_code == 200
    behind_a_proxy = Station(database, SiteOptions("Wire", "https://example.org/wire"))
    moved = behind_a_proxy.ask(f"{path}?q=x&topic=harbour")
    assert moved.headers["location"] == f"/wire{path}?q=x&topic=port"


def test_where_nothing_was_found_yet_one_can_go_on(station, monkeypatch):
    monkeypatch.setattr("store.search.finding.FEW", 0)
    monkeypatch.setattr("store.search.finding.STEPS", (3,))
    calm = replace(RULE, name="calm", match=Match(any=("calm",)))
    station.follow(RULE, calm)
    station.poll(page([*(block(f"n{n}", n, "The harbour") for n in range(9, 0, -1)), A]))
    found, target, rounds = [], "/search?q=harbour&topic=calm", 0
    while target:
        answer = station.ask(target)
        found += titles(answer)
        links = html.fromstring(answer.content).xpath("//p[@class='older']/a")
        target = links[0].get("href") if links else ""
        assert not found or not target
        rounds += 1
    assert (found, rounds) == (["The harbour is calm"], 4)
