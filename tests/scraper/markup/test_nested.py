import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.markup.nested import flow, inline

ATTRIBUTES = r'(?: [a-z-]++="[^"]*+")*+'
FLOW, INLINE = re.compile(flow(ATTRIBUTES)), re.compile(inline(ATTRIBUTES, "w"))
# Without what keeps an element out of its own kind.
CARELESS = re.compile(re.sub(r"\(\?!\(\?P=\w+\)\\b\)", "", FLOW.pattern))
TAG = re.compile(r'<(/?[a-z][a-z0-9]*)(?:[^">]|"[^"]*")*>')

WORDS = st.sampled_from(["x", " ", "", "\n", "a > b", "&lt;", "&", "é“", "&#x27;", "x\x0cy"])
NAMES = ["p", "a", "b", "em", "strong", "span", "s", "sup", "ul", "ol", "li", "h2", "h3", "div"]
NAMES += ["blockquote", "nobr", "i", "code", "small", "sub", "table", "button", "u"]
STATED = st.sampled_from(["", "", "", ' class="x"', ' href="/a>b<c"', " hidden", " class='x'", " "])
ELEMENTS = st.recursive(
    st.one_of(WORDS, st.sampled_from(["<br>", "<br/>", "<br />", "<img>", "</p>", "<b>", "<!--"])),
    lambda within: st.builds(
        lambda name, stated, parts: f"<{name}{stated}>{''.join(parts)}</{name}>",
        st.sampled_from(NAMES),
        STATED,
        st.lists(within, max_size=3),
    ),
    max_leaves=8,
)
FRAGMENTS = st.lists(ELEMENTS, max_size=4).map("".join)


def tree_has_the_tags_of(fragment):
    page = f"<!doctype html><body><div><article>{fragment}</article>after</div>"
    made = LexborHTMLParser(page).css_first("article").parent.html
    written = f"<div><article>{fragment}</article>after</div>"
    return TAG.findall(made) == TAG.findall(written)


@settings(max_examples=500)
@given(FRAGMENTS)
@example("<p><a><b><a>x</a></b></a></p>")
@example("<p><b><i><b>x</b></i></b></p>")
@example("<ul> <li><p>x</p> </li>\n<li>y <b>z</b></li></ul><p>x</p>")
@example('<p title="<p>">x</p><blockquote> <p>x</p> </blockquote>')
def test_what_has_the_form_has_the_tree_that_is_written(fragment):
    if FLOW.fullmatch(fragment) or INLINE.fullmatch(fragment):
        assert tree_has_the_tags_of(fragment)


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "<p>x</p>",
        '<p class="x">a <a href="/y">b <em>c</em></a><br>d</p>\n<p>x</p>',
        '<h2 id="x">x</h2><ul>\n <li class="y"><p>x <b>y</b></p></li>\n <li>z</li></ul>',
        "<blockquote><p>x</p></blockquote>",
        "<p><strong><span>x</span></strong><sub>1</sub><s>x</s><small>y</small></p>",
    ],
)
def test_ordinary_markup_has_the_form(fragment):
    assert FLOW.fullmatch(fragment)
    assert tree_has_the_tags_of(fragment)


def test_a_form_that_lets_links_stand_in_links_promises_too_much():
    fragment = "<p><a><b><a>x</a></b></a></p>"
    assert CARELESS.fullmatch(fragment)
    assert not tree_has_the_tags_of(fragment)
    assert not FLOW.fullmatch(fragment)


@pytest.mark.parametrize(
    "piece", ["<p>", "<p>x</p>", "<b>", "<b>x</b>", "<li>", "<ul><li>x</li></ul>", "<p><b>x", "<"]
)
def test_no_markup_takes_long_to_hold_against_the_form(piece):
    assert FLOW.fullmatch(50_000 // len(piece) * piece + "</x>") is None
