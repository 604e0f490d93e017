import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import ScrapeError
from scraper.markup.document import open_document
from scraper.page import Page
from scraper.platforms.repeated.platform import PLATFORM
from scraper.read import read
from scraper.repeated import times
from store.entry import TimePrecision
from store.sighting import Kind

FIXTURES = Path(__file__).parents[1] / "fixtures" / "generic"
URL = "https://www.rope-gazette.example/live/2026/09/12/sport/tug-of-war"
FETCHED = datetime(2026, 9, 12, 18, tzinfo=UTC)
NEWEST = datetime(2026, 9, 12, 16, tzinfo=UTC)
PAGES = {each.name: (each / "page.html").read_text() for each in sorted(FIXTURES.iterdir())}
NYT, ISRAEL = PAGES["2026-09-data-url"], PAGES["2026-09-timestamps"]


def seen(text, url=URL, **options):
    body = text if isinstance(text, bytes) else text.encode()
    return read(Page(url=url, body=body, fetched_at=FETCHED, **options))


def at(number):
    return NEWEST - timedelta(minutes=17 * number)


def page(block, count=6, around='<div class="live-feed">{}</div>', beside="", canonical=URL):
    words = "The rope has moved by a hand, and nobody knows to which side."
    blocks = "".join(
        block.format(
            n=90_000 - n, up=n, iso=at(n).isoformat(), epoch=int(at(n).timestamp()), words=words
        )
        for n in range(count)
    )
    head = f'<meta property="og:type" content="article"><link rel=canonical href="{canonical}">'
    body = f"<h1>Tug of war</h1>{around.format(blocks)}{beside}"
    return f"<html><head><title>Rope</title>{head}</head><body>{body}</body></html>"


BLOCK = '<div class="live-post" id="post-{n}"><time datetime="{iso}">1</time><p>{words}</p></div>'


def told(snapshot):
    return [(s.block_id, s.published) for s in snapshot.sightings]


# Publishers


PUBLISHERS = {
    "AP and other Brightspot sites": (
        '<bsp-liveblog-post class="LiveBlogPost" data-post-id="0000-{n}" '
        'data-posted-date-timestamp="{epoch}000"><h2 class="LiveBlogPost-headline">Rope</h2>'
        '<div class="LiveBlogPost-body"><p>{words}</p></div></bsp-liveblog-post>',
        "0000-90000",
    ),
    "a Brightspot site with other class names": (
        '<bsp-liveblog-post class="X" data-post-id="0000-{n}" data-posted-date-timestamp='
        '"{epoch}000"><h2>Rope</h2><div class="X-body"><p>{words}</p></div></bsp-liveblog-post>',
        "0000-90000",
    ),
    "la Repubblica": (
        '<section class="liveblog__post" id="4477_event{n}"><time class="liveblog__post__pubdate" '
        'datetime="{iso}">1</time><h2 class="liveblog__post__title"><p>Rope</p></h2>'
        "<p>{words}</p></section>",
        "4477_event90000",
    ),
    "The New York Times": (
        '<div role="article" aria-posinset="{up}"><div data-testid="live-blog-post" '
        f'data-url="{URL}#rope-{{n}}"><time datetime="{{iso}}">1</time><h2>Rope</h2>'
        "<p>{words}</p></div></div>",
        "rope-90000",
    ),
    "Times of Israel": (
        '<div class="liveblog-paragraph" id="liveblog-entry-{n}"><div class="liveblog-date">'
        '<a href="/liveblog_entry/r-{n}/"><span data-timestamp="{epoch}">1</span></a></div>'
        '<h4><a href="/liveblog_entry/r-{n}/">Rope</a></h4><p>{words}</p></div>',
        "90000",
    ),
    "an unknown one": (BLOCK.replace("</time>", "</time><h3>Rope</h3>"), "90000"),
}


@pytest.mark.parametrize(("block", "newest"), PUBLISHERS.values(), ids=PUBLISHERS)
def test_a_publishers_blocks_are_read_by_id_and_time(block, newest):
    found = seen(page(block))
    assert found.kind is Kind.LIVE_BLOG
    assert [s.published for s in found.sightings] == [at(n) for n in range(6)]
    assert found.sightings[0].block_id == newest
    assert {s.title for s in found.sightings} == {"Rope"}
    assert all(s.text.startswith("The rope has moved") for s in found.sightings)


def test_cnn_whose_headlines_and_times_its_scripts_fill_is_not_given_wrong_ones():
    block = (
        '<article class="live-story-post" data-post-id="h_{n}" data-last-updated="{iso}">'
        '<h2 class="live-story-post__headline"></h2>'
        '<div class="live-story-post__content"><p>{words}</p></div></article>'
    )
    found = seen(page(block))
    assert found.sightings[0].block_id == "h_90000"
    assert {s.published for s in found.sightings} == {None}


def test_le_monde_and_tagesschau_which_print_clocks_alone_are_left_to_the_clock():
    monde = (
        '<section class="post post__live-container" data-post-id="{n}"><span class="date">'
        '1{up}:00</span><div class="content--live"><p>{words}</p></div></section>'
    )
    schau = (
        '<div class="liveblog--anchor" id="a{n}"></div><div class="liveblog__datetime">'
        "12.09.2026 • 1{up}:12 Uhr</div><h2>Seil</h2><p class=textabsatz>{words}</p>"
    )
    for block in (monde, schau):
        document = open_document(Page(URL, page(block).encode(), FETCHED))
        assert PLATFORM.marks(document) == ()


# Finding the block


def test_hashed_classes_and_the_elements_around_blocks_may_change():
    changed = re.sub(r' class="css-[^"]*"', "", NYT).replace("<section", "<div")
    assert told(seen(changed)) == told(seen(NYT))
    wrapped = NYT.replace('<div role="article"', '<div><div class="row"><div role="article"')
    wrapped = wrapped.replace(
        "Share</button></div></div></div>", "Share</button></div></div></div></div></div>"
    )
    assert told(seen(wrapped)) == told(seen(NYT))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('data-timestamp="1', 'data-timestamp="x'),
        ("liveblog", "paragraphs"),
        ("<p>", "<h5>"),
    ],
)
def test_without_times_words_or_a_name_nothing_is_guessed(old, new):
    canonical = "https://www.quay-times.example/september-12-2026/"
    url = canonical if old == "liveblog" else URL
    assert seen(ISRAEL.replace(old, new), url).sightings == ()


def test_a_time_is_one_whatever_its_attribute_is_called():
    assert told(seen(ISRAEL.replace("data-timestamp", "data-ts"))) == told(seen(ISRAEL))


def test_entries_without_ids_are_read_and_have_none():
    found = seen(page(BLOCK.replace(' id="post-{n}"', "")))
    assert told(found) == [(None, at(n)) for n in range(6)]


def test_a_block_with_the_time_of_its_last_change_is_not_lost():
    block = BLOCK.replace("</div>", '<footer><time datetime="{iso}">2</time></footer></div>')
    text = page(BLOCK).replace(
        "</p></div>", f'</p><i><time datetime="{NEWEST.isoformat()}">2</time></i></div>', 3
    )
    assert told(seen(text)) == told(seen(page(BLOCK)))
    assert told(seen(page(block))) == told(seen(page(BLOCK)))


def test_a_copy_without_an_id_is_left_out_and_told():
    copy = f'<div class="live-post"><time datetime="{at(4).isoformat()}">1</time><p>Rope.</p></div>'
    found = seen(page(BLOCK, around=f'<div class="live-feed">{copy}{{}}</div>'))
    assert told(found) == told(seen(page(BLOCK)))
    assert "without an id" in found.warnings[0]


def test_numbers_that_count_from_the_newest_are_no_ids():
    found = seen(page(BLOCK.replace("post-{n}", "post-{up}")))
    assert [s.block_id for s in found.sightings] == [None] * 6
    assert found.sightings[1].published == at(1)


# What is no live blog


TEASER = (
    '<div class="live-item" id="i-{n}"><time datetime="{iso}">1</time>'
    '<h3><a href="/2026/09/rope-{n}">Rope</a></h3><p>{words}</p></div>'
)
NONE = {
    "comments": page(
        '<li id="comment-{n}"><time datetime="{iso}">1</time><p>{words}</p></li>',
        around='<div class="liveblog"><ol class="comment-list">{}</ol></div>',
    ),
    "comments of a live page": page(
        '<div class="live-comment comment" id="c-{n}"><time datetime="{iso}">1</time>{words}</div>'
    ),
    "a discussion": page(BLOCK, around='<section id="discussion"><div>{}</div></section>'),
    "teasers of other pages": page(TEASER),
    "a list of headlines": page(
        '<li class="live-item" id="i-{n}"><time datetime="{iso}">1</time><a href="/{n}">{words}</a>'
    ),
    "what stands beside an article": page(BLOCK, around='<aside class="live-feed">{}</aside>'),
    "a table": page(
        '<tr class="live-row" id="r-{n}"><td data-time="{epoch}">1<td>{words}</tr>',
        around="<table class=live-feed>{}</table>",
    ),
    "two blocks": page(BLOCK, count=2),
    "articles of a category": page(
        BLOCK.replace("live-post", "story"),
        around="<div>{}</div>",
        canonical="https://www.rope-gazette.example/sport/tug-of-war",
    ),
    "a front": page(BLOCK, canonical="https://www.rope-gazette.example/"),
    "days without a clock": page(BLOCK.replace("{iso}", "2026-09-0{up}")),
    "one time for all": page(BLOCK.replace("{iso}", NEWEST.isoformat())),
    "a programme to come": page(BLOCK.replace("{iso}", "2026-10-1{up}T10:00Z")),
    "times without order": page(BLOCK.replace("{iso}", "2026-09-12T0{up}:00Z"), count=6)
    .replace("T01", "T09")
    .replace("T03", "T08"),
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_is_built_alike_and_no_live_blog_is_not_taken_for_one(text):
    assert seen(text).kind is not Kind.LIVE_BLOG


def test_comments_below_a_live_blog_are_none_of_its_entries():
    below = page(
        '<li id="comment-{n}"><time datetime="{iso}">1</time><p>{words}</p></li>',
        count=20,
        around='<ol id="comments">{}</ol>',
    )
    text = page(BLOCK, beside=below[below.index("<ol") : below.index("</ol>") + 5])
    assert told(seen(text)) == told(seen(page(BLOCK)))


# Times


def test_a_time_without_zone_is_in_the_zone_that_a_person_names_or_an_estimate():
    text = page(BLOCK).replace("+00:00", "")
    estimate = seen(text)
    assert estimate.sightings[0].time_precision is TimePrecision.ESTIMATED
    assert "no zone" in estimate.warnings[0]
    placed = seen(text, timezone="Europe/Berlin")
    assert placed.sightings[0].published == NEWEST - timedelta(hours=2)
    assert placed.warnings == ()


def test_letters_that_several_zones_go_by_mean_the_zone_of_the_page():
    text = page(BLOCK).replace("+00:00", " IST")
    at_home = seen(text, timezone="Europe/Dublin").sightings[0]
    assert at_home.published == NEWEST - timedelta(hours=1)
    assert seen(text).sightings[0].published == NEWEST - timedelta(hours=5, minutes=30)


def test_who_takes_letters_for_a_zone_alone_reads_ireland_s_time_as_india_s(monkeypatch):
    monkeypatch.setattr(times, "LETTERS", re.compile("(?!)"))
    text = page(BLOCK).replace("+00:00", " IST")
    read_so = seen(text, timezone="Europe/Dublin").sightings[0]
    assert read_so.published != NEWEST - timedelta(hours=1)


def test_a_time_ahead_of_now_is_none():
    found = seen(page(BLOCK).replace(NEWEST.isoformat(), "2026-09-12T18:40:00Z"))
    assert found.sightings[0].published is None
    assert "1 times lie ahead" in found.warnings[0]


def test_reading_twice_gives_the_same():
    assert seen(NYT) == seen(NYT)


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
@settings(max_examples=40)
@given(st.data())
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(text, data):
    body = bytearray(text.encode())
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[place : place + 2] = data.draw(st.binary(max_size=4))
    try:
        seen(bytes(body[: data.draw(st.integers(0, len(body)))]))
    except ScrapeError:
        return


def test_a_time_with_the_word_for_an_update_before_it_is_when_a_block_was_updated():
    block = (
        '<div class="live-post" id="post-{n}"><time datetime="{iso}">1</time><p>{words}</p>'
        '<footer>Aggiornato alle <time datetime="2026-09-12T17:30:00Z">17.30</time></footer></div>'
    )
    shown = seen(page(block)).sightings
    assert [each.published for each in shown] == [at(n) for n in range(6)]
    assert {each.updated for each in shown} == {datetime(2026, 9, 12, 17, 30, tzinfo=UTC)}
    assert not any("Aggiornato" in (each.text or "") for each in shown)


def test_what_is_printed_twice_counts_once_and_two_blocks_are_no_list():
    block = "<article><span>5 minutes ago</span><h3>Rope</h3><p>{words}</p></article>"
    same = "".join(block.format(words="The rope has moved by a hand since noon.") for _ in range(3))
    shown = seen(f"<html><body><h1>Tug of war: live</h1><div>{same}</div></body></html>")
    assert shown.kind is not Kind.LIVE_BLOG


@pytest.mark.parametrize(
    "title",
    [
        "UŽIVO Konopac",
        "OTSEBLOGI. Köis",
        "La corda, en directe",
        "Trực tiếp: kéo co",
        "Köysi: seuranta",
    ],
)
def test_a_page_is_called_live_in_its_own_language(title):
    block = (
        '<div class="x9" id="k{n}"><time datetime="{iso}">1</time><h3>Hand</h3><p>{words}</p></div>'
    )
    markup = page(block, around="<div>{}</div>", canonical="https://www.rope.example/a/b-1")
    named = markup.replace("Tug of war", title).replace("<title>Rope", f"<title>{title}")
    url = "https://www.rope.example/a/b-1"
    assert seen(named, url=url).kind is Kind.LIVE_BLOG
    assert seen(markup, url=url).kind is not Kind.LIVE_BLOG


def test_what_calls_a_block_pinned_is_none_of_its_writers():
    block = (
        '<div role="article"><div data-url="{url}#{n}"><div>{label}<time datetime="{at}">x</time>'
        '</div><h2>Hand {n}</h2><div data-testid="live-blog-byline"><span>{writer}</span></div>'
        "<div><p>The rope has moved by a hand, and nobody knows where to.</p></div></div></div>"
    )
    rows = "".join(
        block.format(
            url=URL,
            n=90 - n,
            at=at(n).isoformat(),
            label="" if n else "<span>Pinned</span>",
            writer=("Ada Lindqvist", "Tom Okafor")[n % 2],
        )
        for n in range(8)
    )
    snapshot = seen(page("", beside=f'<section id="live-feed-items">{rows}</section>'))
    first, second = snapshot.sightings[:2]
    assert (first.pinned, first.authors) == (True, ("Ada Lindqvist",))
    assert (second.pinned, second.authors) == (False, ("Tom Okafor",))
