"""The pages for people, and text that means them harm."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from urllib.parse import quote

import pytest
from lxml import etree
from pages import URL, block, page
from selectolax.lexbor import LexborHTMLParser
from sites import AT, MINUTE, NOW, RULE, Station

from feeds.site.app import SiteOptions
from feeds.xml import line
from store.source import SourceState
from store.topics import TopicRule

LINKS = ("href", "src", "action", "formaction", "xlink:href", "data", "content")
HTML = ("/", "/topics/harbour", "/topics/harbour/key-events", "/sources", "/nowhere")
A, B, C = block("a", 0), block("b", 10, title="Second title"), block("c", 20, key=True)
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></style></textarea><svg onload=alert(1)>",
    "javascript:alert(1)",
    "JaVa\tScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "<!--<script>--><script>alert(1)</script>",
    "\u202e<a href=javascript:alert(1)>x\x00\x1b</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


def open_page(station, path="/"):
    answer = station.ask(path, accept="text/html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return LexborHTMLParser(answer.text)


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([C, B, A]))
    station.record(state=SourceState.OK, next_poll=NOW + MINUTE)
    return station


def test_the_front_page_links_and_announces_every_feed(filled):
    tree = open_page(filled)
    wanted = {
        f"{AT}/feeds/harbour{part}.{form}"
        for part in ("", "/key-events", "/summaries")
        for form in ("atom", "rss", "json")
    }
    assert {link.attributes["href"] for link in tree.css("link[rel=alternate]")} == wanted
    assert {link.attributes["href"] for link in tree.css("a.feed")} == wanted
    assert {link.attributes["type"] for link in tree.css("link[rel=alternate]")} == {
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    }


def test_the_newest_entries_stand_on_it_with_what_they_are(filled):
    for minutes in (1, 3):
        now = NOW + minutes * MINUTE
        filled.poll(page([C, A], page_time=now), now)
    rows = open_page(filled).css(".entries li")
    said = [" ".join(row.text().split()) for row in rows]
    assert said == [
        "09:20 Key event What c says A day at the harbour",
        "09:10 Retracted Second title A day at the harbour · retracted by its publisher",
        "09:00 What a says A day at the harbour",
    ]
    assert rows[1].css_first("del") is not None
    assert rows[0].css_first("time").attributes["datetime"] == "2026-05-04T09:20:00Z"


def test_an_entry_of_two_topics_stands_there_once(station):
    station.follow(RULE, TopicRule("again", "Again", (URL,)))
    station.poll(page([B, A]))
    assert len(open_page(station).css(".entries li")) == 2


def test_only_the_newest_entries_stand_there(station):
    station.follow()
    station.poll(page([block(f"n{i}", i) for i in range(60)][::-1]))
    rows = open_page(station).css(".entries li")
    assert len(rows) == 20
    assert "What n59 says" in rows[0].text()


def test_a_source_that_is_not_well_says_why(filled):
    filled.record(state=SourceState.HELD, reason="more than half would be retracted")
    for path in ("/", "/sources"):
        said = open_page(filled, path).body.text()
        assert "More than half would be retracted." in said
        assert "keywire confirm" in said


def test_a_source_says_what_following_it_costs_and_when_it_is_asked_next_and_why(filled):
    filled.record(
        state=SourceState.OK,
        next_poll=NOW + MINUTE,
        pace="an entry about every 4 min",
        polls=1200,
        unchanged=1140,
        requests=1_204,
        received=3_140_000,
        delay=13.4,
        robots="robots.txt allows it",
    )
    said = " ".join(open_page(filled, "/sources").body.text().split())
    assert "12:01 UTC: an entry about every 4 min" in said
    assert "1,204 requests, 3.14 MB, 95 % of polls unchanged" in said
    assert "13 s on average" in said
    assert "Robots.txt allows it." in said
    assert "history: complete" in said


def test_a_source_of_which_no_traffic_was_counted_names_none(filled):
    filled.record(state=SourceState.OK, polls=20, unchanged=5)
    said = " ".join(open_page(filled, "/sources").body.text().split())
    assert "25 % of polls unchanged" in said
    assert "0 requests" not in said


def test_with_nothing_followed_the_page_says_what_to_do(station):
    said = open_page(station).body.text()
    assert "keywire add URL" in said
    assert "nothing is followed" in said
    assert "keywire add URL" in open_page(station, "/sources").body.text()


def test_before_the_first_entries_the_page_says_when_they_may_come(station):
    station.follow()
    assert "first poll is about to begin" in open_page(station).body.text()
    station.record(state=SourceState.OK, next_poll=NOW + MINUTE)
    assert "first poll at 4 May 2026, 12:01 UTC" in open_page(station).body.text()
    station.record(state=SourceState.BROKEN, reason="x", next_poll=NOW + MINUTE)
    assert "what is wrong with the sources" in open_page(station).body.text()
    station.record(state=SourceState.PAUSED)
    assert "paused or gone" in open_page(station).body.text()


def test_a_proxys_path_is_kept_in_every_link(database):
    station = Station(database, SiteOptions("Wire", "https://example.org/wire"))
    station.follow()
    for path in HTML:
        tree = open_page(station, path)
        links = [link.attributes["href"] for link in tree.css("[href]")]
        own = [link for link in links if not link.startswith(("https://news.example", "#"))]
        assert own
        assert all(link.startswith(("/wire/", "https://example.org/wire/")) for link in own)


@pytest.mark.parametrize("path", HTML)
def test_a_page_can_be_read_by_any_reader(filled, path):
    tree = open_page(filled, path)
    assert tree.root.attributes["lang"] == "en"
    assert len(tree.css("h1")) == len(tree.css("main")) == len(tree.css("title")) == 1
    assert tree.css_first("meta[name=viewport]") is not None
    assert tree.css_first("a.skip").attributes["href"] == "#main"
    levels = [int(heading.tag[1]) for heading in tree.css("h1, h2, h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(names) == len(set(names))
    for node in tree.css("[aria-labelledby]"):
        assert node.attributes["aria-labelledby"] in names


@pytest.mark.parametrize(
    "path", [*HTML, "/feeds/harbour.atom", "/feeds/x.atom", "/events", "/robots.txt", "/healthz"]
)
def test_every_answer_has_the_headers_that_keep_scripts_out(filled, path):
    headers = filled.ask(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert ("script-src 'self';" in policy) is path.startswith("/topics/")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_what_a_page_needs_is_served_here(filled):
    tree = open_page(filled)
    assert not tree.css("script, style, [style], iframe")
    (form,) = tree.css("form")
    assert (form.attributes["action"], form.attributes["method"]) == ("/search", "get")
    for link in tree.css("link[rel=stylesheet], link[rel=icon]"):
        answer = filled.ask(link.attributes["href"])
        assert answer.status_code == 200
        again = filled.ask(link.attributes["href"], if_none_match=answer.headers["etag"])
        assert again.status_code == 304
    etree.fromstring(filled.ask(tree.css_first("link[rel=icon]").attributes["href"]).content)


def test_an_unknown_address_tells_what_there_is(filled):
    for accept in ("text/html", "*/*"):
        answer = filled.ask("/topic/harbor", accept=accept)
        assert answer.status_code == 404
        assert "/feeds.opml" in answer.text
        assert answer.headers["vary"] == "Accept"


def test_a_slash_too_many_leads_nowhere_that_a_stranger_names(filled):
    assert filled.ask("/sources/").status_code == 404
    assert "location" not in filled.ask("/sources/").headers


def test_the_store_out_of_reach_is_told_plainly(filled, database):
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE topics RENAME TO hidden")
    for path in ("/", "/feeds.opml"):
        answer = filled.ask(path, accept="text/html")
        assert answer.status_code == 503
        assert "cannot be read just now" in answer.text
        assert "no such table" not in answer.text


def test_a_bug_shows_nobody_its_traceback(filled, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("feeds.site.routes.read_events", fail)
    monkeypatch.setattr("feeds.site.feed_documents.make_feed", fail)
    for path in ("/events", "/feeds/harbour.rss"):
        answer = filled.ask(path)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "nosniff" in answer.headers["x-content-type-options"]


# --- OPML ---


def test_all_feeds_stand_in_one_opml_file(filled):
    answer = filled.ask("/feeds.opml")
    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert (root.tag, root.attrib) == ("opml", {"version": "2.0"})
    assert root.findtext("head/dateModified") == "Mon, 04 May 2026 12:00:00 GMT"
    feeds = root.findall("body/outline/outline")
    assert {feed.get("xmlUrl") for feed in feeds} == {
        f"{AT}/feeds/harbour{part}.atom" for part in ("", "/key-events", "/summaries")
    }
    for feed in feeds:
        assert feed.get("type") == "rss"
        assert feed.get("text") == feed.get("title")
        assert filled.ask(feed.get("xmlUrl").removeprefix(AT)).status_code == 200
    again = filled.ask("/feeds.opml", if_none_match=answer.headers["etag"])
    assert again.status_code == 304


# --- harm ---


def live_scripts(tree):
    """List everything in a page that a browser would run or load from a stranger's address."""
    found = [node.tag for node in tree.css("script, iframe, object, embed, base, style")]
    found += [node.html for node in tree.css("form:not([role=search])")]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            words = "".join((value or "").split()).lower()
            if name.startswith("on") or (
                name in LINKS and words.startswith(("javascript:", "data:", "vbscript:"))
            ):
                found.append(f"{node.tag}[{name}={value}]")
    found += [node.html for node in tree.css("svg, img, a[autofocus]")]
    return found


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_never_becomes_a_script(database, attack):
    station = Station(database, SiteOptions(attack, AT))
    station.follow(TopicRule("harbour", attack, (URL, attack)), urls=[URL, attack])
    blog = page([replace(A, title=attack), block("b", 1, attack), replace(C, summary=True)])
    sightings = tuple(
        replace(s, permalink=attack, authors=(attack,), credit=attack) for s in blog.sightings
    )
    station.poll(replace(blog, title=attack, sightings=sightings, language=attack[:40]))
    for url in (URL, attack):
        station.record(
            url, state=SourceState.BROKEN, reason=attack, warnings=(attack,), platform=attack[:40]
        )
    for path in ("/", "/sources", f"/{quote(attack)}", f"/?{quote(attack)}"):
        tree = open_page(station, path)
        assert live_scripts(tree) == [], path
        assert "\x00" not in tree.html
    assert line(attack) in " ".join(open_page(station).body.text().split())
    for form in ("atom", "rss"):
        feed = station.ask(f"/feeds/harbour.{form}")
        assert feed.status_code == 200
        etree.fromstring(feed.content)
    etree.fromstring(station.ask("/feeds.opml").content)


def test_this_test_sees_a_script_where_there_is_one():
    for attack in ('<img src="x" onerror="f()">', '<a href=" javaScript:f()">', "<script>"):
        assert live_scripts(LexborHTMLParser(attack)) != []


def test_a_long_life_of_days_is_grouped_by_day(station):
    station.follow()
    days = [replace(block(f"d{i}"), published=A.published + timedelta(days=i)) for i in range(3)]
    station.poll(page(days[::-1]), NOW + timedelta(days=3))
    headings = [node.text() for node in open_page(station).css("h3.day")]
    assert headings == ["6 May 2026", "5 May 2026", "4 May 2026"]
