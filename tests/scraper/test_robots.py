"""robots.txt: RFC 9309's examples, its cases of not getting one, and what is remembered."""

import time
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.robots import (
    MAX_BODY,
    Robots,
    close,
    crawl_delay,
    is_due,
    judge,
    product_token,
    read_answer,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENT = "keywire/0.1 (+https://example.org/bot)"


def verdict(text, path="/live", agent=AGENT):
    body = text if isinstance(text, bytes) else text.encode()
    return judge(read_answer(200, body, NOW), f"https://news.example{path}", agent)


# RFC 9309 5.1 and 5.2, with the names of its robots
SIMPLE = """
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""
LONGEST = """
User-Agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
"""


EXAMPLES = [
    (SIMPLE, "anybot", "/live", True),
    (SIMPLE, "anybot", "/picture.gif", False),
    (SIMPLE, "anybot", "/picture.gif?x", True),
    (SIMPLE, "anybot", "/example/", False),
    (SIMPLE, "anybot", "/example/page.html", False),
    (SIMPLE, "anybot", "/publications/a.gif", True),
    (SIMPLE, "foobot", "/", False),
    (SIMPLE, "FooBot/2.0", "/live", False),
    (SIMPLE, "foobot", "/example/page.html", True),
    (SIMPLE, "foobot", "/example/allowed.gif", True),
    (SIMPLE, "barbot", "/example/page.html", False),
    (SIMPLE, "bazbot", "/example/page.html", False),
    (SIMPLE, "barbot", "/other.gif", True),
    (SIMPLE, "quxbot", "/example/", True),
    (LONGEST, "foobot", "/example/page/disallowed.gif", False),
    (LONGEST, "foobot", "/example/page/x", True),
    (LONGEST, "other", "/example/page/disallowed.gif", True),
    ("User-agent: *\nDisallow: /a\nAllow: /a", AGENT, "/a", True),
    ("User-agent: *\nDisallow: /foo/bar?baz=quz", AGENT, "/foo/bar?baz=quz", False),
    ("User-agent: *\nDisallow: /foo/bar/ツ", AGENT, "/foo/bar/%E3%83%84", False),
    ("User-agent: *\nDisallow: /foo/bar/%62%61%7A", AGENT, "/foo/bar/baz", False),
    ("user-agent: KEYWIRE\r\ndisallow: /live # why\r\n", AGENT, "/live", False),
    ("User-agent: *\nDisallow:", AGENT, "/live", True),
    ("\ufeffUser-agent: *\nDisallow: /", AGENT, "/live", False),
    ("User-agent: bot\nDisallow: /", AGENT, "/live", True),
    ("<html><body>Not found</body></html>", AGENT, "/live", True),
    ("", AGENT, "/live", True),
    (b"User-agent: *\nDisallow: /\xff\xfe\nDisallow: /live", AGENT, "/live", False),
]


@pytest.mark.parametrize(("text", "agent", "path", "allowed"), EXAMPLES)
def test_the_examples_of_rfc_9309_are_read_as_it_says(text, agent, path, allowed):
    assert verdict(text, path, agent).allowed is allowed


def test_the_standard_librarys_reading_fails_the_examples(monkeypatch):
    class Weak:
        def __init__(self, text):
            self._parser = RobotFileParser()
            self._parser.parse(text.splitlines())

        def can_fetch(self, url, token):
            return self._parser.can_fetch(token, url)

    monkeypatch.setattr("scraper.robots._parse", Weak)
    wrong = [case for case in EXAMPLES if verdict(case[0], case[2], case[1]).allowed is not case[3]]
    assert len(wrong) >= 5


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("User-agent: *\nDisallow: /\nDisallow: /li", "Disallow: /li"),
        ("User-agent: other\nDisallow: /live\n\nUser-agent: *\nDisallow: /l", "Disallow: /l"),
        ("User-agent: *\nDisallow: /*e$ # no pages", "Disallow: /*e$ # no pages"),
    ],
)
def test_the_rule_that_decides_is_named(text, rule):
    told = verdict(text)
    assert not told.allowed
    assert told.reason == f"robots.txt disallows it by “{rule}”"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("User-agent: *\nAllow: /\nAllow: /li\nDisallow: /l", "Allow: /li"),
        ("User-agent: *\nAllow: /live\nDisallow: /live", "Allow: /live"),
        ("User-agent: x\nAllow: /live\n\nUser-agent: *\nAllow: /\n", "Allow: /"),
        ("User-agent: x\nAllow: /live\n\nUser-agent: *\nDisallow: /x\n", ""),
        ("User-agent: *\nDisallow:", ""),
        ("", ""),
    ],
)
def test_the_rule_that_allows_is_named(text, rule):
    told = verdict(text)
    assert told.allowed
    wanted = f"robots.txt allows it by “{rule}”" if rule else "nothing in robots.txt forbids it"
    assert told.reason == wanted


def test_many_rules_that_match_are_judged_soon():
    for kind in ("Disallow", "Allow"):
        text = "User-agent: *\n" + "".join(f"{kind}: /l{'*' * i}e\n" for i in range(300))
        text += "Disallow: /other\n" * 20_000
        began = time.process_time()
        assert verdict(text).allowed is (kind == "Allow")
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: keywire\nCrawl-delay: 2.5", 2.5),
        ("User-agent: other\nCrawl-delay: 10", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("User-agent: *\nDisallow: /x", 0),
    ],
)
def test_the_crawl_delay_for_us_is_read(text, seconds):
    assert crawl_delay(read_answer(200, text.encode(), NOW), AGENT) == seconds
    assert crawl_delay(read_answer(404, b"", NOW), AGENT) == 0


def test_what_was_learned_is_plain_values_that_can_be_kept():
    before = read_answer(200, b"User-agent: *\nDisallow: /live", NOW)
    kept = msgspec.json.decode(msgspec.json.encode(before), type=Robots)
    assert kept == before
    assert judge(kept, "https://news.example/live", AGENT).reason.endswith("“Disallow: /live”")
    closed = close("connection refused", NOW)
    assert msgspec.json.decode(msgspec.json.encode(closed), type=Robots) == closed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 429, 451, 499])
def test_a_4xx_means_everything_is_allowed_for_a_day(status):
    robots = read_answer(status, b"User-agent: *\nDisallow: /", NOW)
    told = judge(robots, "https://news.example/live", AGENT)
    assert told.allowed
    assert str(status) in told.reason
    assert not is_due(robots, NOW + timedelta(hours=23, minutes=59))
    assert is_due(robots, NOW + timedelta(hours=24))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 522, 599])
def test_a_5xx_forbids_everything_and_is_asked_again_after_a_minute_doubling_to_an_hour(status):
    robots, now, waits = None, NOW, []
    for _ in range(9):
        robots = read_answer(status, b"", now, robots)
        assert not judge(robots, "https://news.example/live", AGENT).allowed
        assert not is_due(robots, robots.due - timedelta(seconds=1))
        waits.append((robots.due - now) // timedelta(minutes=1))
        now = robots.due
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    robots = read_answer(200, b"", now, robots)
    assert judge(robots, "https://news.example/live", AGENT).allowed
    assert read_answer(status, b"", now, robots).failures == 1


def test_rules_that_were_read_stay_in_force_while_robots_txt_cannot_be_reached():
    before = read_answer(200, b"User-agent: *\nDisallow: /private", NOW)
    later = close("connection refused", NOW + timedelta(days=1), before)
    assert judge(later, "https://news.example/live", AGENT).allowed
    assert not judge(later, "https://news.example/private", AGENT).allowed
    assert later.due - later.asked_at == timedelta(minutes=1)


def test_a_clock_that_went_back_asks_again():
    assert is_due(read_answer(404, b"", NOW), NOW - timedelta(hours=2))


def test_the_first_500_kib_are_read_and_no_rule_is_cut_in_half():
    filler = b"# " + b"x" * 97 + b"\n"
    start = b"User-agent: *\n" + filler * (500 * 1024 // len(filler)) + b"Disallow: /late\n"
    assert not verdict(start, "/late").allowed
    half = start + filler * 200
    half = half[: MAX_BODY - len(b"Disallow: /l")] + b"\nDisallow: /live\n"
    assert verdict(half, "/l").allowed
    assert not verdict(half, "/late").allowed


def test_a_robots_txt_grown_to_stall_us_is_refused_at_once():
    agents = b"".join(b"User-agent: a%d\n" % i for i in range(4_000))
    rules = b"".join(b"Disallow: /%d\n" % i for i in range(20_000))
    many = b"".join(b"User-agent: b%d\n" % i for i in range(15_000)) * 2
    for text in (agents + rules, many):
        began = time.process_time()
        told = verdict(text)
        assert time.process_time() - began < 1
        assert not told.allowed
        assert "more rules" in told.reason


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        (AGENT, "keywire"),
        ("MyBot/1.0 keywire/2", "mybot"),
        ("  Key_Wire-x;", "key_wire-x"),
        ("", "keywire"),
        ("1.0", "keywire"),
    ],
)
def test_our_product_token_is_the_first_word_of_the_user_agent(agent, token):
    assert product_token(agent) == token


@given(st.binary(), st.sampled_from(["/", "/a", "/*", "/%zz"]))
def test_any_bytes_are_survived(body, path):
    verdict(body, path)
