import json
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import LayoutError, ScrapeError
from scraper.page import Page
from scraper.platforms.schema_org import wording
from scraper.read import read
from store.decision.merge import blocks
from store.entry import TimePrecision
from store.sighting import Kind, View

FIXTURES = Path(__file__).parents[1] / "fixtures" / "schema-org"
URL = "https://www.harbour-post.example/live/tug-of-war"
FETCHED = datetime(2026, 9, 12, 18, tzinfo=UTC)
FIRST = datetime(2026, 9, 12, 9, tzinfo=UTC)


def page(markup, **options):
    body = markup.encode("utf-8", "surrogatepass") if isinstance(markup, str) else markup
    return Page(url=URL, body=body, fetched_at=FETCHED, **options)


def script(said):
    text = said if isinstance(said, str) else json.dumps(said).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def update(number=1, **stated):
    told = {
        "@type": "BlogPosting",
        "headline": f"Pull number {number}",
        "articleBody": f"The rope moves by {number} hands.",
        "datePublished": (FIRST + timedelta(minutes=number)).isoformat(),
        "url": f"{URL}#u{number}x",
    }
    return {name: value for name, value in {**told, **stated}.items() if value is not None}


def live_blog(*updates, **stated):
    return {
        "@type": "LiveBlogPosting",
        "headline": "Tug of war – live",
        "url": URL,
        "liveBlogUpdate": list(updates),
        **stated,
    }


def seen(*updates, beside="", timezone="", **stated):
    return read(page(script(live_blog(*updates, **stated)) + beside, timezone=timezone))


def only(snapshot):
    (sighting,) = snapshot.sightings
    return sighting


# Shapes of JSON-LD


SHAPES = {
    "an object at the top": live_blog(update()),
    "a list": [{"@type": "WebSite"}, live_blog(update())],
    "a graph": {"@graph": [{"@type": "NewsArticle"}, live_blog(update())]},
    "types as a list": {**live_blog(update()), "@type": ["LiveBlogPosting", "NewsArticle"]},
    "a type with its vocabulary": {
        **live_blog(update()),
        "@type": "https://schema.org/LiveBlogPosting",
    },
    "a single object for the updates": {**live_blog(), "liveBlogUpdate": update()},
    "blogPosts": {**live_blog(), "blogPosts": [update()]},
    "an entity of a page": {"@type": "WebPage", "mainEntity": live_blog(update())},
    "an update that is a NewsArticle": live_blog(update(**{"@type": "NewsArticle"})),
}


@pytest.mark.parametrize("said", SHAPES.values(), ids=SHAPES)
def test_an_update_is_found_in_every_shape_that_publishers_give_it(said):
    found = only(read(page(script(said))))
    assert (found.block_id, found.title) == ("u1x", "Pull number 1")
    assert found.published == FIRST + timedelta(minutes=1)
    assert found.text == "The rope moves by 1 hands."
    assert found.view is View.BLOCK


def test_json_ld_that_is_the_page_itself_is_read():
    found = read(page(json.dumps(live_blog(update()))))
    assert (found.layout, only(found).block_id) == ("json", "u1x")


def test_a_model_in_plain_json_is_read_where_json_ld_has_none():
    model = {"props": {"seo": live_blog(update())}}
    markup = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(model)}</script>'
    assert only(read(page(markup))).block_id == "u1x"


def test_another_live_blog_that_a_page_mentions_is_not_read():
    other = {**live_blog(update(7), update(8)), "url": "https://www.harbour-post.example/live/x"}
    found = read(page(script(live_blog(update())) + script(other)))
    assert [s.block_id for s in found.sightings] == ["u1x"]


MENDED = {
    "a comma too many": json.dumps(live_blog(update())).replace("}]}", "},],}"),
    "a line break in a string": json.dumps(live_blog(update())).replace(
        "rope moves", "rope\nmoves"
    ),
    "an escape that is none": json.dumps(live_blog(update())).replace("The rope", "The \\'rope"),
    "quotes as entities": json.dumps(live_blog(update())).replace('"', "&quot;"),
    "comment marks": "<!--\n" + json.dumps(live_blog(update())) + "\n-->",
    "a byte order mark": "\ufeff" + json.dumps(live_blog(update())),
    "half a surrogate": json.dumps(live_blog(update())).replace("The rope", "\\ud83d The rope"),
    "a plus sign as an entity": None,
}


@pytest.mark.parametrize("text", MENDED.values(), ids=MENDED)
def test_broken_json_is_mended_where_that_is_safe(text):
    markup = script(text or live_blog(update())).replace(
        "ld+json", "ld+json" if text else "ld&#x2B;json"
    )
    found = read(page(markup))
    assert only(found).block_id == "u1x"
    assert found.warnings == ()


def test_a_comma_within_a_string_is_no_mistake():
    text = json.dumps(live_blog(update(articleBody="a, ] and b, }"))).replace("}]}", "},]}")
    assert only(read(page(script(text)))).text == "a, ] and b, }"


def test_one_bad_block_costs_no_other_and_is_told():
    found = read(page(script('{"@type": "LiveBlogPosting", ') + script(live_blog(update()))))
    assert only(found).block_id == "u1x"
    assert "cannot be read" in found.warnings[0]
    found = read(page(script("{oops") + script(live_blog(update()))))
    assert found.warnings == ()


def test_what_canonical_and_amp_both_state_is_one_update_with_the_fuller_body():
    amp = {**live_blog(update(articleBody=None)), "url": URL + "/amp"}
    found = read(page(script(amp) + script(live_blog(update(), update(2)))))
    assert [s.block_id for s in found.sightings] == ["u1x", "u2x"]
    assert found.sightings[0].text == "The rope moves by 1 hands."


# Ids


@pytest.mark.parametrize(
    ("stated", "block_id"),
    [
        ({"url": f"{URL}#751105"}, "751105"),
        ({"url": f"{URL}/#liveblogPost1288914"}, "1288914"),
        ({"url": f"{URL}/#liveblog-17000020"}, "17000020"),
        ({"url": f"{URL}#h_3d6c61"}, "h_3d6c61"),
        ({"url": f"{URL}?entry=26"}, "26"),
        ({"url": f"{URL}?postId=ab-1"}, "ab-1"),
        ({"url": f"{URL}?liveblog._id=urn:newsml:x:1__newest_first"}, "urn:newsml:x:1"),
        ({"url": f"{URL}/card/the-rope-snaps"}, "the-rope-snaps"),
        ({"url": None, "@id": f"{URL}#post-asset:0b1c"}, "asset:0b1c"),
        ({"url": None, "@id": "urn:uuid:0b1c"}, "urn:uuid:0b1c"),
        ({"url": URL, "mainEntityOfPage": {"@id": f"{URL}#m4"}}, "m4"),
        ({"url": None, "identifier": {"@type": "PropertyValue", "value": 4711}}, "4711"),
        ({"url": None, "@id": "6a57f1e28f086b77"}, "6a57f1e28f086b77"),
        ({"url": None, "@id": "post-4711"}, "4711"),
        ({"url": None, "@id": "_:b0"}, None),
        ({"url": URL}, None),
        ({"url": None}, None),
        ({"url": "https://[broken/#x"}, None),
    ],
)
def test_an_id_is_what_tells_an_address_from_the_blogs(stated, block_id):
    assert only(seen(update(**stated))).block_id == block_id


def test_numbers_that_count_from_the_newest_are_no_ids():
    posts = [update(9 - n, url=f"{URL}#post{n}") for n in (1, 2, 3)]
    found = seen(*posts)
    assert [s.block_id for s in found.sightings] == [None] * 3
    assert {s.permalink for s in found.sightings} == {URL}


def test_numbers_that_grow_with_time_are_ids_in_either_order():
    posts = [update(n, url=f"{URL}#post{n}") for n in (1, 2, 3)]
    for order in (posts, posts[::-1]):
        assert {s.block_id for s in seen(*order).sightings} == {"post1", "post2", "post3"}


def test_a_lone_first_post_may_be_a_position():
    assert only(seen(update(url=f"{URL}#post1"))).block_id is None
    assert only(seen(update(url=f"{URL}#751105"))).block_id == "751105"


def test_one_fragment_for_all_updates_is_no_id():
    found = seen(*(update(n, url=f"{URL}#live") for n in (1, 2)))
    assert [s.block_id for s in found.sightings] == [None, None]


# Titles, bodies, authors, pictures


@pytest.mark.parametrize(
    ("headline", "body", "title"),
    [
        ("A rope", "The rope is long.", "A rope"),
        ("The rope is", "The rope is long.", ""),
        ("The rope is long", "The rope is long.", ""),
        ("The rope is …", "The rope is long.", ""),
        ("14:02(IST) The rope is", "The rope is long.", ""),
        ("The rope is long", "The rope is long. It was made in Merrow.", "The rope is long"),
        ("Tug of war – live", "Welcome.", ""),
        ("Tug of War - Live!", "Welcome.", ""),
        ("", "Welcome.", ""),
        (None, "Welcome.", ""),
        ("It &amp;amp; us", "Welcome.", "It & us"),
        ("<b>Bold</b> words", "Welcome.", "Bold words"),
        (["In a list"], "Welcome.", "In a list"),
        ("Only a title", None, "Only a title"),
    ],
)
def test_a_headline_is_a_title_unless_it_is_the_pages_or_a_cut_of_the_body(headline, body, title):
    others = (update(7), update(8), update(9))
    found = seen(update(headline=headline, articleBody=body), *others)
    assert found.sightings[0].title == title


@pytest.mark.parametrize(
    ("headline", "title"),
    [
        ("11:01 – Rope holds", "Rope holds"),
        ("9.01am: Rope holds", "Rope holds"),
        ("14:31 | Rope holds", "Rope holds"),
        ("11:20 – the boats sail", "11:20 – the boats sail"),
    ],
)
def test_an_entrys_own_clock_in_any_zone_is_no_part_of_its_title(headline, title):
    (entry,) = seen(update(headline=headline)).sightings
    assert entry.title == title


def test_a_headline_that_all_updates_share_is_no_title():
    found = seen(*(update(n, headline="Latest") for n in (1, 2, 3)))
    assert [s.title for s in found.sightings] == [""] * 3


def test_whole_sentences_are_no_titles_where_most_headlines_are_the_first_sentence():
    found = seen(*(update(n, headline=f"Rope {n}", articleBody=f"Rope {n}. Go.") for n in (1, 2)))
    assert [s.title for s in found.sightings] == ["", ""]


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("a <br>b", "a <br>b"),
        ("&lt;p&gt;a &amp;amp; b&lt;/p&gt;", "<p>a &amp; b</p>"),
        ("&amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;", "<b>x</b>"),
        ("&lt;img src=x onerror=alert(1)&gt;ouch", None),
        ("<script>alert(1)</script>safe", "safe"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("\u200bzero[[photo 1]] width", "<p>zero width</p>"),
        ({"@type": "Text"}, ""),
        ({"@value": "in an object"}, "<p>in an object</p>"),
        ("", ""),
    ],
)
def test_a_body_is_decoded_until_stable_and_made_safe(body, html):
    found = only(seen(update(articleBody=body)))
    if html is None:
        assert "onerror" not in found.html
    else:
        assert (found.html or "") == html


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "name": "Ann Rope"}, ("Ann Rope",)),
        (
            [{"name": "Ann Rope"}, {"name": "Ben Knot"}, {"name": "Ann Rope"}],
            ("Ann Rope", "Ben Knot"),
        ),
        ("Ann Rope", ("Ann Rope",)),
        (["Ann Rope"], ("Ann Rope",)),
        ({"@type": "Organization", "name": "Harbour &amp; Co"}, ("Harbour & Co",)),
        ("https://example.org/ann", None),
        (None, None),
        ({"name": None}, None),
        ([], None),
    ],
)
def test_authors_come_in_any_shape(author, names):
    stated = {} if author is None else {"author": author}
    found = only(seen(update(**stated)))
    assert found.authors == names


def test_several_authors_named_on_every_update_are_the_blogs():
    crew = ["Ann Rope", "Ben Knot"]
    found = seen(*(update(n, author=crew) for n in (1, 2)))
    assert [s.authors for s in found.sightings] == [None, None]
    found = seen(update(1, author=crew), update(2, author="Ben Knot"))
    assert [s.authors for s in found.sightings] == [("Ann Rope", "Ben Knot"), ("Ben Knot",)]
    found = seen(*(update(n, author="Ann Rope") for n in (1, 2)))
    assert [s.authors for s in found.sightings] == [("Ann Rope",)] * 2


def test_a_picture_of_one_update_is_its_own_and_one_of_several_is_the_pages():
    def drawn(name):
        return {"@type": "ImageObject", "url": f"/{name}.jpg", "width": 90}

    found = seen(
        update(1, image=drawn("own"), articleBody=None),
        update(2, image=drawn("shared")),
        update(3, image=[drawn("shared")]),
    )
    assert [[m.url for m in s.media or ()] for s in found.sightings] == [
        ["https://www.harbour-post.example/own.jpg"],
        [],
        [],
    ]
    assert found.sightings[0].html.startswith("<figure><img")
    assert found.sightings[0].text == ""


# Times


def test_a_time_without_a_zone_is_the_publishers_and_is_told():
    written = update(datePublished="2026-07-01T12:00:00")
    found = seen(written, timezone="Asia/Kolkata")
    assert only(found).published == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
    assert "Asia/Kolkata" in found.warnings[0]
    found = seen(written)
    assert only(found).published == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert "UTC" in found.warnings[0]


def test_a_zone_that_nobody_knows_is_none():
    assert "UTC" in seen(update(datePublished="2026-07-01T12:00"), timezone="Mars/X").warnings[0]


def test_a_z_is_false_where_the_newest_update_lies_ahead_of_the_page():
    ahead = update(datePublished="2026-09-12T19:30:00Z")
    found = seen(ahead, timezone="Europe/Rome")
    assert only(found).published == datetime(2026, 9, 12, 17, 30, tzinfo=UTC)
    assert only(seen(ahead)).published is None


def test_local_times_that_claim_to_be_utc_are_read_in_the_zone_of_the_pages_country():
    ahead = [update(n, datePublished=f"2026-09-12T23:{20 - n}:00Z") for n in (1, 2, 3)]
    markup = f'<html lang="en-IN"><head>{script(live_blog(*ahead))}</head></html>'
    snapshot = read(page(markup))
    first = snapshot.sightings[0]
    assert first.published == datetime(2026, 9, 12, 17, 49, tzinfo=UTC)
    assert first.time_precision is TimePrecision.ESTIMATED
    assert any("Asia/Kolkata" in warning for warning in snapshot.warnings)


def test_an_update_without_a_time_is_kept_and_told():
    found = seen(update(datePublished="soon"), update(2))
    assert found.sightings[0].published is None
    assert "1 of 2 updates have no time" in found.warnings[0]


def test_updated_is_told_only_where_it_is_later():
    same = update(1, dateModified=update(1)["datePublished"])
    later = update(2, dateModified="2026-09-12T11:00:00Z")
    found = seen(same, later)
    assert [s.updated for s in found.sightings] == [None, datetime(2026, 9, 12, 11, tzinfo=UTC)]


# Blocks beside JSON-LD


def reach(number, **options):
    at = int((FIRST + timedelta(minutes=number)).timestamp() * 1000)
    told = {"title": f"<h3>Pull number {number}</h3>", "body": f"<p>In full: {number}.</p>"}
    told |= {"id": f"u{number}x", "writer": "Ann Rope"} | options
    return (
        f'<div class="live-event-entry" id="{told["id"]}" data-type="default" '
        f'data-post-time="{at}" data-last-modified-time="{at}"><div class="entry-info">'
        f"<mark>{told['writer']}</mark></div>"
        f'<div class="entry-content">{told["title"]}{told["body"]}</div></div>'
    )


def test_blocks_are_the_page_and_json_ld_fills_in():
    found = seen(update(3), update(2), update(1), beside=reach(3) + reach(2))
    merged = blocks(found)
    assert [(b.sighting.block_id, b.on_page) for b in merged] == [
        ("u3x", True),
        ("u2x", True),
        ("u1x", False),
    ]
    assert merged[0].sighting.text == "In full: 3."
    assert merged[0].sighting.permalink == f"{URL}#u3x"
    assert {s.view for s in found.sightings} == {View.BLOCK, View.JSON_LD}


def test_a_block_that_json_ld_does_not_know_is_read_all_the_same():
    found = blocks(seen(update(1), beside=reach(2) + reach(1)))
    assert found[0].sighting.permalink == f"{URL}#u2x"


def test_blocks_without_json_ld_are_a_live_blog():
    found = read(page(reach(2) + reach(1)))
    assert (found.kind, found.layout, len(found.sightings)) == (Kind.LIVE_BLOG, "reach", 2)


def test_the_independents_posts_name_their_writer_beside_their_day_or_nobody():
    post = (
        '<div id="post-{n}" data-sort-time="1789200{n}000"><a href="#post-{n}"><amp-timeago '
        'datetime="2026-09-12T0{n}:30:00Z">1</amp-timeago></a><div><h3>Hand {n}</h3><p>It moves.'
        "</p></div><div><div>{name}<span>12 September 2026</span></div></div></div>"
    )
    names = {3: "<span>Kit Amos</span>", 2: "", 1: "<span>Ida Orr</span>"}
    posts = "".join(post.format(n=n, name=name) for n, name in names.items())
    told = read(page(f"<amp-live-list><div items>{posts}</div></amp-live-list>")).sightings
    assert [each.authors for each in told] == [("Kit Amos",), None, ("Ida Orr",)]


def test_on_a_publishers_own_host_without_its_blocks_json_ld_stays_the_weaker_view():
    url = "https://www.mirror.co.uk/live/x"
    found = read(replace(page(script(live_blog(update(), url=url))), url=url))
    assert only(found).view is View.JSON_LD


def test_json_ld_that_repeats_one_date_and_headline_is_refused():
    same = [update(n, headline="Live", datePublished="2026-09-12T09:00:00Z") for n in (1, 2)]
    found = seen(*same, beside=reach(2) + reach(1))
    assert {s.view for s in found.sightings} == {View.BLOCK}
    assert "not read" in found.warnings[0]
    alone = seen(*same)
    assert (alone.kind, alone.sightings) == (Kind.UNKNOWN, ())
    assert "told apart" in alone.why[0]


# What is a live blog


def test_a_live_blog_without_updates_is_not_recognised_and_says_why():
    found = seen()
    assert found.kind is Kind.UNKNOWN
    assert "a script may load them" in found.why[0]


def test_a_live_blog_whose_coverage_has_not_begun_is_one():
    found = seen(coverageStartTime="2026-09-12T20:00:00Z")
    assert (found.kind, found.sightings, found.title) == (Kind.LIVE_BLOG, (), "Tug of war – live")
    assert seen(coverageStartTime="2026-09-12T08:00:00Z").kind is Kind.UNKNOWN


def test_coverage_that_should_have_ended_ends_nothing():
    found = seen(update(), coverageEndTime="2020-01-01T00:00:00Z")
    assert (found.live, found.complete) == (None, None)


@pytest.mark.parametrize(("status", "live"), [("open", True), ("closed", False), ("odd", None)])
def test_a_publishing_systems_own_flag_is_believed(status, live):
    flag = f'<div id="elb-liveblog" class="elb-liveblog" data-status="{status}"></div></html>'
    found = seen(update(), beside=flag)
    assert (found.live, found.complete) == (live, True)


def test_updates_of_one_second_keep_one_order_where_their_system_leaves_it_open():
    flag = '<div id="elb-liveblog" class="elb-liveblog" data-status="open"></div>'
    at = "2026-09-12T09:00:00Z"
    two = [update(n, url=f"{URL}?entry={n}", datePublished=at) for n in (11, 12)]
    for order in (two, two[::-1]):
        assert [s.block_id for s in seen(*order, beside=flag).sightings] == ["12", "11"]


@pytest.mark.parametrize("marked", ["itemprop=liveBlogUpdate itemscope", "property=liveBlogUpdate"])
def test_one_marked_item_is_no_live_blog_and_two_are(marked):
    said = "itemprop=articleBody property=articleBody"
    item = f"<div {marked} typeof=BlogPosting><p {said}>The ferry sails.</p></div>"
    assert read(page(item)).kind is Kind.UNKNOWN
    assert read(page(item * 2)).kind is Kind.LIVE_BLOG


def test_readers_comments_are_no_live_blog():
    comment = '<article itemprop="comment" itemscope><p itemprop="text">First!</p></article>'
    assert read(page(comment * 5)).kind is Kind.UNKNOWN


# Any text at all


NAMES = [
    *("@type", "@id", "@graph", "url", "headline", "articleBody", "datePublished", "author"),
    *("dateModified", "image", "liveBlogUpdate", "blogPosts", "mainEntityOfPage", "identifier"),
    *("name", "text", "width", "caption"),
]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner
            | st.sampled_from(["LiveBlogPosting", "BlogPosting", URL, f"{URL}#1", "2026-01-01"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(ANY_JSON, ANY_JSON)
def test_json_ld_of_any_shape_is_read_or_refused(one, other):
    said = [{"@type": "LiveBlogPosting", "liveBlogUpdate": one}, live_blog(other, update())]
    try:
        read(page(script(json.dumps(said))))
    except ScrapeError:
        return


@settings(max_examples=200)
@given(st.text(max_size=200), st.integers(0, 300))
def test_json_ld_with_any_text_in_it_is_read_or_refused(text, place):
    said = json.dumps(live_blog(update(), update(2)))
    try:
        read(page(script(said[:place] + text + said[place:]) + script(f"LiveBlogPosting {text}")))
    except ScrapeError:
        return


FIXTURE = (FIXTURES / "2026-09-false-clock" / "page.html").read_bytes()


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(0, len(FIXTURE) - 1), st.binary(max_size=6)), max_size=12),
    st.integers(0, len(FIXTURE)),
)
def test_a_page_with_bytes_changed_and_cut_is_read_or_refused(changes, end):
    body = bytearray(FIXTURE)
    for place, what in changes:
        body[place : place + 3] = what
    try:
        read(page(bytes(body[:end])))
    except ScrapeError:
        return


@pytest.mark.parametrize("folder", sorted(FIXTURES.iterdir()), ids=lambda f: f.name)
def test_reading_twice_gives_the_same(folder):
    body = (folder / "page.html").read_bytes()
    assert read(page(body)) == read(page(body))


def test_marks_without_anything_to_read_are_an_alarm():
    with pytest.raises(LayoutError, match="none of its updates can be read"):
        read(page(reach(1, title="", body="") + reach(2, title="", body="")))


def same_second(number, **stated):
    return update(1, **{"headline": f"No. {number}", "url": f"{URL}?entry={number}"} | stated)


HOSTILE = {
    "a string without an end": script('{"LiveBlog": "' + '\\"' * 400_000),
    "the word json over and over": '<script x="' + "json " * 400_000,
    "scripts that are no scripts": '<script type="application/ld+json' * 60_000,
    "braces": script('{"liveBlogUpdate":' * 100_000),
    "many blogs": script([live_blog(update(n)) for n in range(4_000)]),
    "updates of one second": script(live_blog(*(same_second(n) for n in range(4_000))))
    + '<div id="elb-liveblog" data-status="open"></div>',
    "updates and times of one second": script(
        live_blog(*(same_second(n, url=None) for n in range(2_000)))
    )
    + '<p><time datetime="2026-09-12T09:01:00Z"></time>x</p>' * 2_000,
    "flags": 'liveBlogUpdate id="elb-liveblog" ' * 30_000 + script(live_blog(update())),
    "items in items": '<div itemprop="liveBlogUpdate" itemscope>' * 400
    + "<i itemprop=text>x</i>" * 4_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_a_page_grown_to_stall_us_is_done_with_soon(markup):
    began = time.process_time()
    with suppress(ScrapeError):
        read(page(markup))
    assert time.process_time() - began < 3


def test_an_edited_update_is_seen_among_those_read_before():
    before = seen(*(update(number) for number in range(1, 5))).sightings
    edited = update(3, articleBody="The rope has snapped.")
    after = seen(update(1), update(2), edited, update(4)).sightings
    changed = [new.text for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["The rope has snapped."]


def test_equal_updates_of_two_blogs_are_each_blogs_own():
    stated = update(1, articleBody='<p><a href="#map">Map</a></p>'), update(2)
    for url in (URL, "https://www.harbour-post.example/live/regatta", URL):
        body = script({**live_blog(*stated), "url": url}).encode()
        found = read(Page(url=url, body=body, fetched_at=FETCHED)).sightings
        assert found[0].html == f'<p><a href="{url}#map">Map</a></p>'


@pytest.mark.parametrize("broken", ["\\ud83d", "\\'", "\x01"])
def test_an_update_that_cannot_be_decoded_by_itself_is_mended_with_its_block(broken):
    said = json.dumps(live_blog(update(1), update(2, articleBody="It HERE snapped."), update(3)))
    for wrap in (said, f"[{said}]", f'{{"@graph": [{said}]}}'):
        found = read(page(script(wrap.replace("HERE", broken)))).sightings
        assert [each.block_id for each in found] == ["u1x", "u2x", "u3x"]
        assert "snapped." in found[1].text


@pytest.mark.parametrize("layers", [1, 5, 60, 100_000])
def test_lists_in_lists_are_read_or_refused(layers):
    said = "[" * layers + json.dumps(live_blog(update(1), update(2))) + "]" * layers
    with suppress(ScrapeError):
        assert len(read(page(script(said))).sightings) in {0, 2}


def test_what_is_no_object_among_updates_is_passed_over():
    found = seen(update(1), 7, None, "words", [update(3)], update(2)).sightings
    assert [each.block_id for each in found] == ["u1x", "u2x"]


ENTITIES = st.lists(
    st.sampled_from(
        [
            *("&", "&amp;", "&quot;", "&apos;", "&#39;", "&#39", "&lt;", "&gt;", "&lt", "&not"),
            *("amp;", "quot;", "lt;", "in;", "&#", "&#x", "27;", "&nbsp;", "&copy", "x" * 20),
            *"\"'<>;x 9",
        ]
    )
).map("".join)


@given(ENTITIES)
def test_entities_are_undone_as_the_standard_library_undoes_them(text):
    assert wording._undone(text) == unescape(text)
