import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.markup import held
from scraper.markup.cut import left_of
from scraper.markup.held import Holders, gap_for, hold_back, plain_value, stand_for_values
from scraper.markup.word import Word

HOLDERS = Holders(
    begins=(Word(b'<x-island name="Big"'),),
    to_value=re.compile(rb'<x-island name="Big" props="'),
    attribute="props",
)
LONG = "{&quot;a&quot;: &quot;&lt;p class=&#x27;x&#x27;&gt;R&amp;amp;D&lt;/p&gt;&quot;}" * 100


def page(value, before="", after=""):
    island = f'<x-island name="Big" props="{value}">x</x-island>'
    return f"<!doctype html><body>{before}{island}{after}</body>".encode()


def stated(markup, gaps):
    tree = LexborHTMLParser(left_of(markup, gaps))
    assert stand_for_values(tree, gaps, HOLDERS)
    found = (gap_for(node, "props", gaps) for node in tree.css("x-island"))
    return [plain_value(markup[gap.start : gap.end]) for gap in found if gap]


def stated_whole(markup):
    found = LexborHTMLParser(markup).css("x-island")
    return [node.attributes.get("props") or "" for node in found]


def test_a_long_value_is_kept_from_the_parser_and_given_as_it_would_have_read_it():
    markup = page(LONG, after=f'<x-island name="Big" props="{LONG}2"></x-island>')
    gaps = hold_back(markup, HOLDERS)
    assert len(left_of(markup, gaps)) < 300
    assert stated(markup, gaps) == stated_whole(markup)
    assert "R&amp;D" in stated(markup, gaps)[0]


@given(st.text("x&<>;'#qultampcopy0\r\n\x00é\U0001f600=", max_size=40))
def test_whatever_a_value_holds_it_is_given_as_a_parser_reads_it(value):
    markup = page(LONG + value)
    assert stated(markup, hold_back(markup, HOLDERS)) == stated_whole(markup)


def test_short_values_stay():
    markup = page("{}")
    assert not hold_back(markup, HOLDERS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<script>", "</script>"),
        ("<!--", "-->"),
        ("<textarea>", "</textarea>"),
        ("<p title='", "'>"),
        ("<style>", ""),
        ("<noscript><noframes>", "</noframes></noscript>"),
    ],
)
def test_what_is_no_attribute_is_seen_not_to_stand_for_one(before, after):
    markup = page(LONG, before, after)
    gaps = hold_back(markup, HOLDERS)
    tree = LexborHTMLParser(left_of(markup, gaps))
    assert gaps
    assert not stand_for_values(tree, gaps, HOLDERS)


def test_a_page_cannot_write_what_stands_for_a_value():
    markup = page("0" * 20, after=page(LONG).decode())
    (gap,) = hold_back(markup, HOLDERS)
    assert held._PLACE not in markup
    assert gap.stand_in.startswith(held._PLACE)
