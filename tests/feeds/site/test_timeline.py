"""A topic's timeline as people get it: leaf by leaf, whole without script."""

from dataclasses import replace
from datetime import timedelta

import pytest
from demoed import TOPIC, tell
from pages import URL, at_another, block, page
from selectolax.lexbor import LexborHTMLParser
from sites import MINUTE, NOW, RULE, Station

from feeds.site.app import SiteOptions
from store.entry import TimePrecision
from store.topics import Content, Match, TopicRule

A, B, C = block("a", 0), block("b", 10, title="Second title"), block("c", 20, key=True)


def open_page(station, path="/topics/harbour"):
    answer = station.ask(path, accept="text/html")
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def said(node):
    return " ".join(node.text().split())


def posts(tree):
    return [said(node) for node in tree.css("article.post")]


@pytest.fixture
def filled(station):
    station.follow()
    station.poll(page([C, B, A]))
    return station


def test_entries_stand_there_the_newest_first_under_their_day(filled):
    tree = open_page(filled)
    assert said(tree.css_first("h1")) == "The harbour"
    assert [said(node) for node in tree.css("h2.day")] == ["Monday, 4 May 2026"]
    assert posts(tree) == [
        "09:20 Key event What c says news.example",
        "09:10 Second title What b says news.example",
        "09:00 What a says news.example",
    ]
    first = tree.css_first("article.post")
    assert first.css_first(".when a").attributes["href"] == "/entries/3"
    assert first.css_first(".meta a").attributes["href"] == f"{URL}#c"
    assert first.css_first("time").attributes["datetime"] == "2026-05-04T09:20:00Z"


def test_key_events_are_one_link_away_and_need_no_script(filled):
    tabs = open_page(filled).css(".tabs a")
    assert [said(tab) for tab in tabs] == ["Everything", "Key events", "Summaries"]
    keys = open_page(filled, tabs[1].attributes["href"])
    assert posts(keys) == ["09:20 Key event What c says news.example"]
    assert keys.css_first("[aria-current]").text() == "Key events"
    assert "None yet" in open_page(filled, tabs[2].attributes["href"]).body.text()


def test_an_entry_says_what_became_of_it(filled):
    edited = C.edited("What c says now")
    filled.poll(page([edited, B, A]), NOW + MINUTE)
    for minutes in (2, 4):
        now = NOW + minutes * MINUTE
        filled.poll(page([C.edited("And now"), A], page_time=now), now)
    tree = open_page(filled)
    first, second, _ = tree.css("article.post")
    assert said(first).endswith("And now news.example · edited 2×")
    assert first.css(".meta a")[1].attributes["href"] == "/entries/3#history"
    assert said(second).startswith("09:10 Retracted Second title Its publisher took this entry")
    assert said(second.css_first("h3 del")) == "Second title"
    assert said(second.css_first("details del")) == "What b says"


def test_one_made_a_key_event_later_says_since_when(filled):
    filled.poll(page([C, replace(B, key=True), A]), NOW + 26 * 60 * MINUTE)
    keys = open_page(filled, "/topics/harbour/key-events")
    assert [said(node) for node in keys.css("h2.day")] == [
        "Tuesday, 5 May 2026",
        "Monday, 4 May 2026",
    ]
    assert posts(keys)[0] == (
        "4 May 2026 09:10 Key event Second title What b says "
        "news.example · here since 5 May 2026, 14:00 UTC"
    )


def test_a_time_that_is_estimated_says_so(station):
    station.follow()
    blog = page([A])
    (sighting,) = blog.sightings
    vague = replace(sighting, time_precision=TimePrecision.ESTIMATED)
    station.poll(replace(blog, sightings=(vague,)))
    assert posts(open_page(station))[0].startswith("about 09:00 What a")


def test_leaves_lead_to_each_other_and_no_entry_comes_twice(station):
    station.follow()
    blocks = [block(f"n{i}", i) for i in range(120)][::-1]
    station.poll(page(blocks))
    seen, path, lengths = [], "/topics/harbour", []
    while path:
        tree = open_page(station, path)
        names = [node.attributes["id"] for node in tree.css("article.post")]
        lengths.append(len(names))
        seen += names
        blocks.insert(0, block(f"m{len(blocks)}", len(blocks)))
        station.poll(page(blocks), NOW + len(blocks) * MINUTE)
        link = tree.css_first("a[rel=next]")
        path = link.attributes["href"] if link else ""
    assert lengths == [50, 50, 20]
    assert len(set(seen)) == 120
    back = open_page(station, tree.css_first("a[rel=prev]").attributes["href"])
    assert [node.attributes["id"] for node in back.css("article.post")] == seen[50:100]
    assert "To the newest" in said(back.css_first(".lead"))


def test_no_entry_hides_all_others_however_long_it_is(station):
    station.follow()
    long = block("long", 5, "</p><p>".join(f"The tide falls at {n}." for n in range(2000)))
    station.poll(page([long, A]))
    first = open_page(station).css_first("article.post")
    assert len(first.html) < 12_000
    assert said(first.css_first(".more a")) == "Read on"
    whole = open_page(station, first.css_first(".more a").attributes["href"])
    assert "falls at 1999" in said(whole.css_first(".single .body"))


def test_a_day_can_be_opened(station):
    station.follow()
    days = [replace(block(f"d{i}"), published=A.published + timedelta(days=i)) for i in range(3)]
    station.poll(page(days[::-1]), NOW + timedelta(days=3))
    heading = open_page(station).css("h2.day a")[1]
    assert heading.attributes["href"] == "/topics/harbour?day=2026-05-05"
    tree = open_page(station, heading.attributes["href"])
    assert [said(node) for node in tree.css("h2.day")] == [
        "Tuesday, 5 May 2026",
        "Monday, 4 May 2026",
    ]


@pytest.mark.parametrize(
    "query",
    [
        *("before=x", "before=1.2", "before=999999999999999999.1.1", "after=", "day=2026-02-30"),
        *("day=9999-12-31", "day=1", "before=1.1.1&after=1.1.1", "as_of=", "as_of=2026-05-04"),
        *("as_of=9999-12-31T23:59:59Z", "as_of=yesterday", "after=1.1.1&as_of=2026-05-04T10:00Z"),
    ],
)
def test_an_address_that_means_nothing_is_refused_with_the_mend(filled, query):
    answer = filled.ask(f"/topics/harbour?{query}", accept="text/html")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text or "after" in answer.text


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_topic_that_is_not_there_or_not_any_more_or_renamed_says_so(filled, accept):
    missing = filled.ask("/topics/harbor", accept=accept)
    assert missing.status_code == 404
    assert "No topic harbor is followed here" in missing.text
    filled.follow(TopicRule("port", "The port", (URL,), was=("harbour",)))
    moved = filled.ask("/topics/harbour/key-events?day=2026-05-04", accept=accept)
    assert moved.status_code == 301
    assert moved.headers["location"] == "/topics/port/key-events?before=1777939200000000.0.0"
    filled.follow(TopicRule("other", "Another", (URL,)))
    gone = filled.ask("/topics/port", accept=accept)
    assert gone.status_code == 410
    assert "no longer followed" in gone.text


def test_a_topic_can_be_read_as_it_stood(station):
    station.follow()
    blocks = [block(f"n{i}", i, f"First words of {i}") for i in range(120)][::-1]
    station.poll(page(blocks))
    blocks[0] = replace(blocks[0].edited("Other words"), key=True)
    blocks.insert(0, block("new", 181, "Late news"))
    station.poll(page(blocks), NOW + 10 * MINUTE)
    then = "as_of=2026-05-04T12:05Z"
    tree = open_page(station, f"/topics/harbour?{then}")
    first = tree.css_first("article.post")
    assert said(first) == "10:59 First words of 119 news.example"
    assert "As it stood on 4 May 2026, 12:05:00 UTC" in said(tree.css_first(".lead"))
    assert tree.css_first(".lead a").attributes["href"] == "/topics/harbour"
    assert tree.css_first("script") is None
    assert tree.css_first("input[name=as_of]").attributes["value"] == "2026-05-04T12:05"
    seen, link = [], tree.css_first("a[rel=next]")
    while link:
        tree = open_page(station, link.attributes["href"])
        seen += [node.attributes["id"] for node in tree.css("article.post")]
        link = tree.css_first("a[rel=next]")
    assert len(seen) == len(set(seen)) == 70
    keys = tree.css(".tabs a")[1].attributes["href"]
    assert "As it stood" in open_page(station, keys).body.text()
    assert posts(open_page(station, keys)) == []
    assert len(posts(open_page(station, "/topics/harbour/key-events"))) == 1
    typed = open_page(station, "/topics/harbour?as_of=2026-05-04T12%3A15")
    assert "Late news" in said(typed.css_first("article.post"))
    assert posts(open_page(station, "/topics/harbour?as_of=2026-05-03T12:00Z")) == []


def test_the_same_entries_have_the_same_bytes_and_a_304(filled):
    answer = filled.ask("/topics/harbour")
    etag = answer.headers["etag"]
    assert filled.ask("/topics/harbour", if_none_match=etag).status_code == 304
    gzipped = filled.ask("/topics/harbour", accept_encoding="gzip")
    assert gzipped.headers["content-encoding"] == "gzip"
    assert gzipped.text == answer.text
    filled.poll(page([C, B, A]), NOW + MINUTE)
    assert filled.ask("/topics/harbour", if_none_match=etag).status_code == 304
    filled.poll(page([C, B, A.edited("Other words")]), NOW + 2 * MINUTE)
    assert filled.ask("/topics/harbour", if_none_match=etag).status_code == 200


def test_another_topics_changes_move_no_page(station):
    station.follow(RULE, TopicRule("empty", "Nothing", (URL,), Match(any=("whales",))))
    station.poll(page([A]))
    etag = station.ask("/topics/empty").headers["etag"]
    station.poll(page([B, A]), NOW + MINUTE)
    assert station.ask("/topics/empty", if_none_match=etag).status_code == 304


def test_fifty_long_entries_are_a_page_of_a_hundred_kilobytes_at_most(station):
    station.follow()
    long = " ".join(["Some words of a very long entry that goes on and on."] * 300)
    blocks = [block(f"n{i}", i, f"{i}</p><p>".join([long] * 3) if i % 5 else "") for i in range(50)]
    station.poll(page(blocks[::-1]))
    answer = station.ask("/topics/harbour")
    tree = LexborHTMLParser(answer.text)
    assert len(tree.css("article.post")) == 50
    assert len(answer.content) <= 100_000
    cut = [node for node in tree.css("article.post") if node.css_first(".more")]
    assert len(cut) == 40
    assert cut[0].css_first(".more a").attributes["href"] == "/entries/50"


def test_what_a_topic_does_not_give_out_does_not_stand_there(station):
    station.follow(replace(RULE, content=Content.NONE))
    station.poll(page([C, B, A]))
    answer = station.ask("/topics/harbour")
    assert "Second title" in answer.text
    assert "What b says" not in answer.text
    assert "a.jpg" not in answer.text


def test_pictures_may_be_left_out(database):
    shown = Station(database)
    shown.follow()
    shown.poll(page([A]))
    answer = shown.ask("/topics/harbour")
    assert "<img " in answer.text
    assert "img-src 'self' https: http:;" in answer.headers["content-security-policy"]
    without = Station(database, SiteOptions("Wire", pictures=False))
    answer = without.ask("/topics/harbour")
    assert "<img " not in answer.text
    assert ">Picture</a>" in answer.text
    assert "img-src 'self';" in answer.headers["content-security-policy"]


def test_the_newest_leaf_alone_runs_this_sites_script_and_nothing_else(filled):
    answer = filled.ask("/topics/harbour")
    tree = LexborHTMLParser(answer.text)
    (script,) = tree.css("script")
    assert script.text() == ""
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    stream = tree.css_first("#timeline").attributes["data-stream"]
    assert stream == "/events/stream?topic=harbour&after=4"
    earlier = filled.ask("/topics/harbour?day=2026-05-04")
    assert "<script" not in earlier.text
    assert "script-src" not in earlier.headers["content-security-policy"]


def test_what_pages_need_is_kept_for_ever_under_an_address_that_names_its_content(filled):
    tree = open_page(filled)
    paths = [node.attributes["href"] for node in tree.css("link[rel=stylesheet], link[rel=icon]")]
    paths.append(tree.css_first("script").attributes["src"])
    for path in paths:
        answer = filled.ask(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(path.split(".")[1]) == 12
    assert filled.ask("/topics/harbour").headers["cache-control"] == "no-cache"


def test_feeds_are_announced_on_the_page(filled):
    feeds = [link.attributes["href"] for link in open_page(filled).css("link[rel=alternate]")]
    assert "https://wire.example/feeds/harbour.atom" in feeds
    assert len(feeds) == 9


def test_feeds_lead_to_the_page_that_shows_the_same(filled):
    for part in ("", "/key-events"):
        feed = filled.ask(f"/feeds/harbour{part}.json").json()
        page_path = feed["home_page_url"].removeprefix("https://wire.example")
        assert page_path == f"/topics/harbour{part}"
        assert posts(open_page(filled, page_path))
        assert feed["home_page_url"] in filled.ask("/feeds.opml").text


def test_the_story_of_the_demo_can_be_read(database):
    tell(database)
    station = Station(database)
    tree = open_page(station, f"/topics/{TOPIC}")
    assert len(tree.css("article.post")) == 9
    assert len(tree.css(".is-void")) == 1
    assert len(tree.css(".is-key")) == 4
    assert tree.css_first("figure img").attributes["width"] == "620"


OTHER = "https://www.other.example/live/quay"


@pytest.fixture
def two(station):
    """A topic of two publishers."""
    station.follow(replace(RULE, follow=(URL, OTHER)), urls=(URL, OTHER))
    station.poll(page([C, B, A]))
    rare = [block(f"r{n}", n, key=n > 15) for n in (25, 15)]
    station.poll(at_another(page(rare), OTHER), NOW + MINUTE)
    return station


def test_a_topic_of_one_publisher_offers_no_choice_of_them(filled):
    assert open_page(filled).css_first(".whose") is None


def test_a_publishers_entries_can_be_read_alone_without_script(two):
    links = open_page(two).css(".whose a")
    assert [said(link) for link in links] == ["All", "news.example", "other.example"]
    alone = open_page(two, links[2].attributes["href"])
    assert [line[:5] for line in posts(alone)] == ["09:25", "09:15"]
    assert said(alone.css_first(".whose [aria-current]")) == "other.example"
    timeline = alone.css_first("#timeline")
    assert timeline.attributes["data-publisher"] == "other.example"
    keys = alone.css(".tabs a")[1].attributes["href"]
    assert keys == "/topics/harbour/key-events?publisher=other.example"
    assert [line[:5] for line in posts(open_page(two, keys))] == ["09:25"]
    assert alone.css_first("input[name=publisher]").attributes["value"] == "other.example"
    back = alone.css(".whose a")[0].attributes["href"]
    assert len(posts(open_page(two, back))) == 5


def test_a_publishers_leaves_days_and_moments_stay_its_own(two):
    rare = [block(f"r{n}", n) for n in range(130)][::-1]
    two.poll(at_another(page(rare), OTHER), NOW + 2 * MINUTE)
    seen, path = [], "/topics/harbour?publisher=other.example"
    while path:
        tree = open_page(two, path)
        assert "news.example" not in " ".join(posts(tree))
        seen += [node.attributes["id"] for node in tree.css("article.post")]
        link = tree.css_first("a[rel=next]")
        path = link.attributes["href"] if link else ""
    assert len(seen) == len({*seen}) == 130
    day = open_page(two, "/topics/harbour?publisher=other.example").css_first("h2.day a")
    assert "publisher=other.example&day=" in day.attributes["href"]
    then = open_page(two, "/topics/harbour?publisher=other.example&as_of=2026-05-04T12:01:30Z")
    assert len(posts(then)) == 2


@pytest.mark.parametrize(
    ("asked", "status"), [("publisher=nobody.example", 404), ("publisher=%3Cb%3E", 400)]
)
def test_a_publisher_that_a_topic_has_not_is_refused(two, asked, status):
    assert two.ask(f"/topics/harbour?{asked}").status_code == status


def test_a_search_from_a_topics_page_is_in_that_topic(two):
    form = open_page(two).css_first("form.find")
    assert form.css_first("input[name=topic]").attributes["value"] == "harbour"
    assert "in The harbour" in said(form.css_first("label"))
    assert open_page(two, "/").css_first("form.find input[name=topic]") is None
