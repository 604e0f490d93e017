import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.markup.html import (
    every_word,
    figure,
    ours,
    picture,
    pixels,
    plain_text,
    sanitise,
    stand_in,
)
from store.entry import Media

BASE = "https://www.example.org/live/day"


@pytest.mark.parametrize(
    ("fragment", "safe"),
    [
        ("<p class='x' onclick=evil()>Hi</p>", "<p>Hi</p>"),
        ("<script>evil()</script><p>Hi</p>", "<p>Hi</p>"),
        ("<p>Hi<svg><title>mark</title></svg></p>", "<p>Hi</p>"),
        ("<button>View image</button><p>Hi</p>", "<p>Hi</p>"),
        ("<iframe src=https://evil.example>in a frame</iframe>Hi", "Hi"),
        ("<a href='javascript:evil()'>Hi</a>", "<a>Hi</a>"),
        ("<img src=x onerror=evil()>", f'<img src="{BASE.rsplit("/", 1)[0]}/x">'),
        ("<span style='position:fixed'>Hi</span>", "Hi"),
        ("<p>Never closed", "<p>Never closed</p>"),
        ("<p></p><p> &nbsp;<br></p><p>Hi</p>", "<p>Hi</p>"),
        ("<blockquote class='quoted'>Hi</blockquote>", "<blockquote>Hi</blockquote>"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("5 &lt; 6", "5 &lt; 6"),
    ],
)
def test_only_the_safe_subset_stays(fragment, safe):
    assert sanitise(fragment, BASE) == safe


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("/politics", "https://www.example.org/politics"),
        ("#block-1", f"{BASE}#block-1"),
        ("?page=2", f"{BASE}?page=2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("https://other.example/?utm_source=kept", "https://other.example/?utm_source=kept"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
    ],
)
def test_links_become_absolute_and_are_otherwise_left_alone(link, whole):
    assert sanitise(f'<p><a href="{link}">x</a></p>', BASE) == f'<p><a href="{whole}">x</a></p>'


@pytest.mark.parametrize("base", ["https://\ufffdww.example.org/live", "https://a|b.example/live"])
def test_from_an_address_that_cannot_be_relative_links_are_dropped(base):
    assert sanitise("<h2 id=x><a href='/rules'>Rules</a></h2>", base) == "<h2><a>Rules</a></h2>"


def test_without_an_address_relative_links_are_dropped():
    assert sanitise('<p><a href="/a">x</a></p>', "file:///tmp/page.html") == "<p><a>x</a></p>"


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("<p>One<br>two</p><p>three</p>", "One two three"),
        ("<p>H<sub>2</sub>O is <strong>wet</strong>.</p>", "H2O is wet."),
        ("<ul><li>One<ul><li>a</li></ul></li><li>Two</li></ul>", "One a Two"),
        ("<table><tr><td>Lab</td><td>301</td></tr></table>", "Lab 301"),
        ("<p>5 &lt; 6 &amp; more</p>", "5 < 6 & more"),
        ("<figure><img src=a.jpg alt=x><figcaption>A cat</figcaption></figure><p>Hi</p>", "Hi"),
        ("<blockquote class=twitter-tweet><p>Quoted</p></blockquote><p>Hi</p>", "Hi"),
        ("<blockquote class=twitter-tweet><p>All there is</p></blockquote>", "All there is"),
        ("<blockquote><p>Said so</p></blockquote><p>Hi</p>", "Said so Hi"),
        ("<p>1 <img src=a.jpg alt='2 > 1'> 3</p>", "1 3"),
        ("plain", "plain"),
    ],
)
def test_blocks_part_words_and_captions_are_no_text(fragment, words):
    assert plain_text(sanitise(fragment, BASE)) == words


PIECES = st.lists(
    st.sampled_from(
        "<p>|</p>|<p class='a-1 b'>|<strong>|</strong>|&amp;|&nbsp;|&lt;|&copy;|<|&|x| |é|\xa0|\r|"
        "<p|</p|<p class='|<p>x</p>|<script>|<P>|<div>|</div>".replace("'", '"').split("|")
    )
).map("".join)


def test_one_fragment_in_two_places_has_the_links_of_each():
    fragment = '<p><a href="/a">x</a></p>'
    for _ in range(2):
        assert ours(fragment, "https://one.example/").html.count("https://one.example/a") == 1
        assert ours(fragment, "https://two.example/").html.count("https://two.example/a") == 1


@given(st.one_of(st.text(), PIECES, st.text(alphabet="<>/\"'= apscrit&;:\ud800\x00")))
def test_nothing_makes_sanitising_raise_and_what_is_clean_stays(fragment):
    clean = sanitise(fragment, BASE)
    assert sanitise(clean, BASE) == clean
    assert not re.search(r"<script|javascript:|onerror", clean, re.IGNORECASE)
    plain_text(clean)


@given(st.text(alphabet='<>/"= aptwefigc&;'))
def test_nothing_makes_plain_text_raise(text):
    plain_text(text)


def test_markup_nested_beyond_reason_is_reduced_to_its_words():
    assert sanitise("<div>" * 50_000 + "<b>deep</b>", BASE) == "deep"


def read_figure(markup):
    node = LexborHTMLParser(f"<figure>{markup}</figure>").css_first("figure")
    return picture(node, BASE)


def test_a_picture_is_read_with_caption_and_credit():
    found = read_figure(
        '<img src="/a.jpg" alt=" A  cat " width="465" height="348.75">'
        "<figcaption><span><svg></svg></span><span>A cat sits.</span> Photograph: J Doe/Wire"
    )
    media = Media(
        url="https://www.example.org/a.jpg",
        alt="A cat",
        credit="Photograph: J Doe/Wire",
        width=465,
        height=348,
    )
    assert found == (media, "A cat sits.")


@pytest.mark.parametrize(
    ("below", "caption", "credit"),
    [
        ("Photograph: J Doe", "", "Photograph: J Doe"),
        ("A cat. Photograph: J Doe", "A cat.", "Photograph: J Doe"),
        ("A photograph of a cat", "A photograph of a cat", ""),
        ("<span>A cat.</span> <span>Composite: The desk</span>", "A cat.", "Composite: The desk"),
    ],
)
def test_a_credit_within_one_text_begins_at_its_word(below, caption, credit):
    found = read_figure(f"<img src=a.jpg><figcaption>{below}</figcaption>")
    assert (found[1], found[0].credit) == (caption, credit)


@pytest.mark.parametrize("markup", ["", "<img>", '<img src="data:image/png,x">'])
def test_a_figure_without_an_address_of_the_web_is_no_picture(markup):
    assert read_figure(markup) is None


def test_what_we_draw_is_clean_already():
    media = Media(
        url='https://example.org/a.jpg?x="1"&y=<2>', alt="5 > 4", credit="J & Co", width=4
    )
    drawn = figure(media, "<b>bold</b>")
    assert "<b>" not in drawn
    assert plain_text(drawn) == ""
    assert sanitise(drawn, BASE).count("<img") == 1


def test_a_link_stands_in_for_what_is_embedded():
    drawn = stand_in("https://v.example/1?a=1&b=2", "A <film>")
    assert drawn == (
        '<figure><a href="https://v.example/1?a=1&amp;b=2">A &lt;film&gt;</a></figure>'
    )
    assert sanitise(drawn, BASE) == drawn
    assert stand_in("https://v.example/1", "").count("https://v.example/1") == 2
    assert stand_in("javascript:evil()", "x") == ""


def test_a_stand_in_is_text_only_where_there_is_nothing_else():
    drawn = stand_in("https://v.example/1", "A film")
    assert plain_text(f"<p>Watch:</p>{drawn}<p>Good.</p>") == "Watch: Good."
    assert plain_text(drawn) == "A film"


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("465", 465),
        ("348.75", 348),
        (10, 10),
        ("", None),
        ("wide", None),
        (None, None),
        ("-3", None),
    ],
)
def test_pixels_are_whole_and_positive(written, size):
    assert pixels(written) == size


def test_every_word_has_captions_and_quoted_posts_but_no_bare_addresses():
    html = (
        '<p>Above.</p><figure><img src="https://x.example/1.jpg"><figcaption>A kite</figcaption>'
        '</figure><blockquote class="twitter-tweet"><p>Wind &amp; rain</p></blockquote>'
        '<figure><a href="https://x.example/film">https://x.example/film</a></figure>'
        '<figure><a href="https://x.example/launch">The launch</a></figure>'
    )
    assert every_word(html) == "Above. A kite Wind & rain The launch"
