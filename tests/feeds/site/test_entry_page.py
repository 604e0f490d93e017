"""An entry's page: what it says, its history, what changed, and where it was seen."""

from dataclasses import asdict, replace

import pytest
from demoed import tell
from pages import PROVENANCE, URL, block, page
from selectolax.lexbor import LexborHTMLParser
from sites import MINUTE, NOW, RULE, Station

from store.entry import Media, Provenance, TimePrecision
from store.topics import Content

A, B = block("a", 0), block("b", 10, title="Second title")


def open_page(station, path="/entries/2"):
    answer = station.ask(path, accept="text/html")
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def said(node):
    return " ".join(node.text().split())


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([B, A]))
    station.poll(page([B.edited("What b really says"), A]), NOW + MINUTE)
    return station


def test_the_entry_stands_there_with_its_source_and_both_clocks(filled):
    tree = open_page(filled)
    assert said(tree.css_first("h1")) == "Second title"
    assert said(tree.css_first(".single .body")) == "What b really says"
    crumbs = [link.attributes["href"] for link in tree.css(".crumbs a")]
    assert crumbs == ["/topics/harbour", URL]
    facts = {
        said(node.css_first("dt")): said(node.css_first("dd")) for node in tree.css(".facts div")
    }
    assert facts["Published"] == "4 May 2026, 09:10:00 UTC (to the second)"
    assert facts["First seen here"] == "4 May 2026, 12:00:00 UTC"
    assert facts["Number here"] == "2"
    assert facts["Id"].startswith("tag:news.example,2026:")


def test_its_history_is_told_by_our_clock(filled):
    assert [said(node) for node in open_page(filled).css(".happenings li")] == [
        "4 May 2026, 12:00:00 UTC First seen, revision 1 (from before it was followed)",
        "4 May 2026, 12:01:00 UTC Edited, revision 2",
    ]


def test_the_last_edit_is_shown_word_by_word_not_by_colour_alone(filled):
    changes = open_page(filled).css_first("#changes")
    assert said(changes.css_first("h2")) == "What changed from revision 1 to 2"
    assert said(changes.css_first(".diff")) == "What b [put in: really] says"
    assert changes.css_first("ins .unseen").text() == "[put in: "


def test_any_two_revisions_can_be_compared_without_script(filled):
    filled.poll(page([B.edited("What c says"), A]), NOW + 2 * MINUTE)
    form = open_page(filled).css_first("#changes form")
    assert form.attributes["method"] == "get"
    assert [select.attributes["name"] for select in form.css("select")] == ["from", "to"]
    assert len(form.css("option")) == 6
    for query, told in (
        ("from=1&to=3", "What [taken out: b] [put in: c] says"),
        ("from=3&to=1", "What [taken out: c] [put in: b] says"),
        ("from=1&to=2", "What b [put in: really] says"),
    ):
        tree = open_page(filled, f"/entries/2?{query}")
        assert said(tree.css_first(".diff")) == told
        chosen = [node.attributes["value"] for node in tree.css("option[selected]")]
        assert f"from={chosen[0]}&to={chosen[1]}" == query
    same = open_page(filled, "/entries/2?from=2&to=2").css_first("#changes")
    assert "Nothing differs" in same.text()


def test_a_comparison_is_there_for_programs_and_in_plain_words(filled):
    links = [link.attributes["href"] for link in open_page(filled).css("#changes .meta a")]
    assert links == [f"/entries/2/diff.{end}?from=1&to=2" for end in ("txt", "json")]
    told = filled.ask(links[1]).json()
    assert (told["from"], told["to"]) == (1, 2)
    assert told["body"] == [
        {"op": "same", "text": "What b "},
        {"op": "came", "text": "really "},
        {"op": "same", "text": "says"},
    ]
    assert filled.ask("/entries/2/diff.json").json() == told
    back = filled.ask("/entries/2/diff.json?from=2&to=1").json()
    assert [piece["op"] for piece in back["body"]] == ["same", "gone", "same"]
    words = filled.ask(links[0])
    assert words.headers["content-type"] == "text/plain; charset=utf-8"
    assert words.text == "revision 1 → 2\nbody:\n  What b {+really+} says\n"
    assert filled.ask("/entries/1/diff.txt").text == "revision 1 → 1\nnothing differs\n"


def test_a_comparison_tells_title_media_flags_and_facts(filled):
    picture = Media("https://news.example/storm.jpg", "image", "A storm", "", None, None)
    blog = page([replace(B, title="Another title", body="What b really says", key=True), A])
    shown = [replace(one, media=(picture,)) for one in blog.sightings]
    filled.poll(replace(blog, sightings=tuple(shown)), NOW + 2 * MINUTE)
    told = filled.ask("/entries/2/diff.json").json()
    assert (told["from"], told["to"], told["body"]) == (2, 3, [])
    assert [piece["text"].strip() for piece in told["title"]] == ["Second", "Another", "title"]
    assert told["media"]["came"] == [asdict(picture)]
    assert told["flags"] == {"key_event": {"old": False, "new": True}}


@pytest.mark.parametrize("end", ["json", "txt"])
@pytest.mark.parametrize(
    ("asked", "status"),
    [("77/diff", 404), ("x/diff", 404), ("2/diff?from=9", 404), ("2/diff?to=0", 400)],
)
def test_a_comparison_that_cannot_be_made_is_refused(filled, asked, status, end):
    answer = filled.ask(f"/entries/{asked.replace('diff', f'diff.{end}')}")
    assert answer.status_code == status
    assert "json" in answer.headers["content-type"] or end == "txt"


def test_a_comparison_gives_out_no_more_than_its_topic(filled):
    filled.follow(replace(RULE, content=Content.NONE))
    assert filled.ask("/entries/2/diff.json").json()["body"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/entries/77", 404),
        ("/entries/x", 404),
        ("/entries/2?from=9", 404),
        ("/entries/2?to=9", 404),
        ("/entries/2?from=0", 400),
        ("/entries/2?to=two", 400),
    ],
)
def test_what_is_not_there_is_refused_in_the_sites_design(filled, path, status):
    answer = filled.ask(path, accept="text/html")
    assert answer.status_code == status
    assert "To the topics" in answer.text


def test_every_revision_says_where_it_was_seen(station):
    station.follow()
    seen = Provenance(
        "https://news.example/live?page=2",
        NOW,
        etag='"abc"',
        sha256="f" * 64,
        platform="test",
        layout="one",
        view="block",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sites.PROVENANCE", seen)
        station.poll(page([B, A]))
    facts = {
        said(node.css_first("dt")): node.css_first("dd")
        for node in open_page(station).css("#r1 .facts div")
    }
    assert facts["Seen at"].css_first("a").attributes["href"] == "https://news.example/live?page=2"
    assert said(facts["Fetched"]) == "4 May 2026, 12:00:00 UTC"
    assert said(facts["ETag"]) == '"abc"'
    assert said(facts["SHA-256"]) == "f" * 64
    assert said(facts["Read as"]) == "test, one; the view: block"
    link = facts["Wayback Machine"].css_first("a").attributes["href"]
    assert link == "https://web.archive.org/web/20260504120000/https://news.example/live?page=2"


def test_an_estimated_time_says_so(station):
    station.follow()
    blog = page([A])
    (sighting,) = blog.sightings
    station.poll(
        replace(blog, sightings=(replace(sighting, time_precision=TimePrecision.ESTIMATED),))
    )
    tree = open_page(station, "/entries/1")
    assert said(tree.css_first("h1")) == "about 4 May 2026, 09:00 UTC"
    assert "estimated: its publisher shows no time of its own" in tree.body.text()


def test_a_retracted_entry_says_so_and_keeps_what_it_said_out_of_the_way(database):
    tell(database)
    tree = open_page(Station(database), "/entries/7")
    assert "Its publisher took this entry away" in said(tree.css_first(".single"))
    assert "leaking" in tree.css_first("details del").text()
    assert said(tree.css(".happenings li")[-1]).endswith("Retracted by its publisher")


def test_a_flag_that_changed_is_told_with_the_edit(database):
    tell(database)
    (flag,) = open_page(Station(database), "/entries/5").css("#changes .facts div")
    assert [said(node) for node in flag.css("dt, dd")] == ["Key event", "before: no → now: yes"]


def test_what_a_topic_does_not_give_out_stands_in_no_diff_either(station):
    station.follow(replace(RULE, content=Content.NONE))
    station.poll(page([B, A]))
    station.poll(page([B.edited("What b really says"), A]), NOW + MINUTE)
    answer = station.ask("/entries/2")
    assert "Second title" in answer.text
    assert "really" not in answer.text
    assert PROVENANCE.sha256 in answer.text


def test_the_page_announces_its_topics_feeds_and_its_json(filled):
    tree = open_page(filled)
    links = {
        link.attributes["type"]: link.attributes["href"] for link in tree.css("link[rel=alternate]")
    }
    assert links["application/json"] == "/entries/2.json"
    assert links["application/atom+xml"].startswith("https://wire.example/feeds/harbour")
    assert filled.ask("/entries/2.json").json()["number"] == 2


def test_the_page_of_an_entry_that_did_not_change_is_a_304(filled):
    etag = filled.ask("/entries/2").headers["etag"]
    assert filled.ask("/entries/2", if_none_match=etag).status_code == 304
