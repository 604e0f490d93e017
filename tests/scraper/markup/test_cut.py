from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keywire.demo.blog import Blog, Kind, add, block
from keywire.demo.page import render
from scraper.errors import ScrapeError
from scraper.markup import cut, document, parsed
from scraper.page import Page
from scraper.platforms.guardian import key_events, rendered
from scraper.read import read

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SITE = "https://news.example"
PATH = "/live/2026/jul/01/cut"


def blog(*titles, around):
    blocks = (
        block(
            title,
            NOON - MINUTE * (10 + number),
            around.format(f"<p>Of {title} this is said.</p>"),
            '<p>And <a href="https://news.example/x">that</a>.</p>',
            title=title,
            kind=Kind.KEY_EVENT if number % 2 else Kind.ORDINARY,
        )
        for number, title in enumerate(titles)
    )
    return add(Blog(PATH, "A day – live", NOON, page_size=20), *blocks)


def page(body, now=NOON):
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(SITE + PATH, body, now, headers=headers)


def written(*titles, now=NOON, around="<section>{}</section>"):
    return render(blog(*titles, around=around), now, SITE).encode()


BODY = written("one", "two", "three", "four")
PLAIN = written("one", "two", "three", "four", around="{}")


def forget():
    cut._SIGHTS.forget()
    rendered._PINNED.forget()
    key_events._LISTED.forget()


def told(body):
    try:
        return read(page(body))
    except ScrapeError as error:
        return str(error)


def told_whole(body):
    """Read a page of which nothing is left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsed, "_parsed_in_part", lambda *_: None)
        patch.setattr(parsed, "_parsed_without_texts", lambda *_: None)
        return told(body)


def pieces_of(body):
    opened = document.open_document(page(body), rendered.LEAVES_OUT)
    return [piece for run in opened.runs for piece in run]


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget()
    yield
    forget()


def test_blocks_that_were_seen_before_are_cut_out_and_read_the_same():
    first = told(BODY)
    assert [len(pieces_of(BODY)) for _ in range(2)] == [4, 4]
    assert told(BODY) == first
    assert [s.title for s in first.sightings[:4]] == ["one", "two", "three", "four"]


def test_blocks_in_the_plain_form_are_cut_out_at_first_sight_and_read_the_same():
    assert told(PLAIN) == told_whole(PLAIN)
    forget()
    assert len(pieces_of(PLAIN)) == 4
    assert [s.title for s in told(PLAIN).sightings[:4]] == ["one", "two", "three", "four"]


@pytest.mark.parametrize("within", [b"\r\n", b"\x00", b"\xff"])
def test_bytes_that_parsers_replace_are_left_to_a_parser(within):
    assert len(pieces_of(PLAIN.replace(b"Of two", within + b"Of two"))) == 3


def test_what_was_not_seen_before_stays_in_the_tree():
    for _ in range(2):
        told(BODY)
    grown = written("one", "two", "three", "four", "five")
    assert len(pieces_of(grown)) == 4
    forget()
    cold = told(grown)
    for _ in range(2):
        told(BODY)
    assert told(grown) == cold


def test_a_page_rendered_later_has_the_same_blocks():
    for _ in range(2):
        told(BODY)
    later = written("one", "two", "three", "four", now=NOON + MINUTE)
    assert b"10m ago</time>" in BODY
    assert b"11m ago</time>" in later
    assert len(pieces_of(later)) == 4
    assert told(later).page_time == NOON + MINUTE


def test_an_edited_block_is_read_anew():
    for _ in range(3):
        told(BODY)
    edited = BODY.replace(b"Of two this", b"Of two something else")
    assert "something else" in told(edited).sightings[1].text


@pytest.mark.parametrize(
    "spoilt",
    [
        b"<b>",  # left open
        b"</div>",  # closes what is around it
        b"</div><div>",
        b"<p><p>",
        b"<!--",
        b"<h1>x</h1>",  # the page's own is looked for
        b'<a href="?page=with:block-1">older</a>',
        b'<nav id="liveblog-navigation">1 of 3</nav>',
        b'<gu-island name="Liveness"></gu-island>',
        b"<form></form>",
        b"<table></table>",
        b'<b class="js-liveblog-body">x</b>',
        b'<b id="liveblog-body">x</b>',
        b'<p class="x js-liveblog-body">x</p>',
    ],
)
@pytest.mark.parametrize("body", [BODY, PLAIN])
def test_a_block_that_matters_to_its_page_is_never_cut_out(body, spoilt):
    marred = body.replace(b"Of two this", spoilt + b"Of two this")
    for _ in range(3):
        assert len(pieces_of(marred)) < 4
    assert told(marred) == told_whole(marred)


@pytest.mark.parametrize(
    "before",
    [
        b"<b>",
        b"<!--",
        b"<template>",
        b"<select>",
        b"<svg>",
        b"<a href='/x'>",
        b"<textarea>",
        b"<h1>",
        b'<div data-gu-name="standfirst">',
    ],
)
def test_nothing_is_cut_out_of_what_would_change_it(before):
    for _ in range(3):
        told(BODY)
    first = BODY.index(b'<article id="block-')
    marred = BODY[:first] + before + BODY[first:]
    assert not pieces_of(marred)


ANYTHING = st.sampled_from(
    [
        *(
            b"<b>",
            b"</b>",
            b"<i>",
            b"</div>",
            b"<div>",
            b"<!--",
            b"-->",
            b"<svg>",
            b"</svg>",
            b"<p>",
        ),
        *(b"<table>", b"<tr><td>", b"</table>", b"<form>", b"<select>", b"<script>", b"</script>"),
        *(
            b"</article>",
            b"<article>",
            b'<a href="/x">',
            b"</a>",
            b"<template>",
            b"<title>x</title>",
        ),
        *(
            b"<textarea>",
            b"<h1>x</h1>",
            b'"',
            b"'",
            b">",
            b"<nobr>",
            b"<button>",
            b"</body>",
            b"</p>",
        ),
        *(
            b'<div id="pinned-post">',
            b'<gu-island name="Liveness">',
            b"<math>",
            b"<ul><li>",
            b"\x00",
        ),
        *(
            b'<a href="?page=with:block-1">',
            b"<noscript>",
            b"<plaintext>",
            b"&lt;",
            b"<meta name=x>",
        ),
        *(
            b"<b>x</b>",
            b"<p>a <em>b</em><br></p>",
            b"<h2>x</h2>",
            b"<ul><li>x</li> <li><p>y</p></li></ul>",
            b'<strong><a href="/y">z</a></strong>',
            b"<blockquote><p>q</p></blockquote>",
            b"&#x27;&nosuch;&amp;lt;",
            b"&nbsp;\xc2\xa0",
            b"\r\n",
            b"\xff",
            b'<a href="/x#block-1?page=with">w</a>',
            b" Updated ",
        ),
    ]
)
PLACES = st.integers(0, BODY.count(b"<") - 1)


def marred(body, changes):
    for place, what in changes:
        parts = body.split(b"<")
        at = len(b"<".join(parts[: place % len(parts) + 1]))
        body = body[:at] + what + body[at:]
    return body


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([BODY, PLAIN]),
    st.lists(st.tuples(PLACES, ANYTHING), min_size=1, max_size=3),
)
@example(BODY, [(20, b"<table>")])
def test_a_page_reads_the_same_whatever_was_seen_before(whole, changes):
    body = marred(whole, changes)
    forget()
    truth = told_whole(body)
    forget()
    cold = told(body)
    for _ in range(3):
        told(whole)
    warm = [told(body) for _ in range(3)]
    assert [cold, *warm] == [truth] * 4


def test_a_cut_that_heeds_nothing_around_it_would_read_another_page(monkeypatch):
    monkeypatch.setattr(parsed, "stand_as_written", lambda *_: True)
    first = BODY.index(b'<article id="block-')
    marred = BODY[:first] + b"<p><b>x</p>" + BODY[first:]
    for _ in range(3):
        told(BODY)
    assert told(marred) != told_whole(marred)


def test_documents_opened_without_blocks_are_whole():
    for _ in range(3):
        told(BODY)
    assert not document.open_document(page(BODY)).runs
    assert read(replace(page(BODY), final_url="https://www.mirror.co.uk/x")).platform == "guardian"


MANY = [f"entry {number}" for number in range(40)]


def test_a_carousel_as_it_was_is_not_read_again_and_its_clock_is_told():
    bodies = [written(*MANY, now=NOON + MINUTE * later, around="{}") for later in range(3)]
    assert all(len(held(body)) == 2 for body in bodies)
    for later, body in enumerate(bodies):
        assert told(body) == told_whole(body)
        assert told(body).page_time == NOON + MINUTE * later


def test_an_edited_carousel_is_read_anew():
    body = written(*MANY, around="{}")
    told(body)
    edited = body.replace(b"Of entry 1 this", b"Of entry 1 something else")
    assert told(edited) == told_whole(edited) != told(body)


def test_what_only_looks_like_the_clock_of_a_carousel_is_not_taken_for_it():
    false = b"&quot;x&quot;:{&quot;serverTime&quot;:7},&quot;keyEvents&quot;:"
    body = written(*MANY, around="{}").replace(b"&quot;keyEvents&quot;:", false)
    for _ in range(2):
        assert told(body) == told_whole(body)
        assert told(body).page_time == NOON


def held(body):
    return document.open_document(page(body), rendered.LEAVES_OUT).held
