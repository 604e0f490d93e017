import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.markup import raw
from scraper.markup.cut import left_of
from scraper.markup.raw import raw_texts, stand_for_texts

LONG = "var a = '<p>no entry</p>';" * 30

PIECES = st.sampled_from(
    [
        *("<p>x</p>", "<p title='<script>'>y</p>", '<p title="</script>">z</p>', "words", "<b>"),
        *("<script>", "</script>", "<style>", "</style>", "</SCRIPT>", "</script\n>", "</sTyle>"),
        *("<!--", "-->", "<script src='a>b'>", '<script type="x" data-y=">">', "<Script>"),
        *("<textarea>", "</textarea>", "<svg>", "</svg>", "<title>", "</title>", "<noscript>"),
        *("</noscript>", "<script/>", "</scriptx>", "<template>", "</template>", "<plaintext>"),
        *(LONG, LONG, "<!--<script>", f"<script>{LONG}</script>", f"<style>{LONG}</style>"),
        *("<xmp>", "</xmp>", "<iframe>", "</iframe>", "<math>", "<![CDATA[", "]]>", "\x00", "\r\n"),
    ]
)


def bare(tree):
    """Write a tree without what its scripts and styles hold."""
    for node in tree.css("script, style"):
        for child in list(node.iter(include_text=True)):
            child.decompose()
    return tree.html


def read_without(markup):
    """Parse without raw texts where those stand as they seemed to; None where they do not."""
    gaps = raw_texts(markup)
    tree = LexborHTMLParser(left_of(markup, gaps))
    return tree if stand_for_texts(tree, gaps) else None


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=12).map("".join))
@example(f"<script>{LONG}</SCRIPT><p>x</p><script>{LONG}</script>")
@example(f"<!--<script>--><p>x</p><script>{LONG}</script>")
@example(f"<p title='<script>'>x{LONG}</p><script>{LONG}</script>")
@example(f"<textarea><script></textarea><p>{LONG}</p><script></script>")
@example(f"<script><!--<script>{LONG}</script><p>x</p>--></script>")
@example(f"<title><script></title>{LONG}<script></script>")
def test_a_tree_without_what_scripts_and_styles_hold_is_else_the_tree_of_the_page(page):
    markup = f"<!doctype html><body>{page}".encode()
    tree = read_without(markup)
    if tree is not None:
        assert bare(tree) == bare(LexborHTMLParser(markup))


@pytest.mark.parametrize("name", ["script", "style"])
def test_long_texts_are_taken_out_and_leave_nothing_in_the_tree(name):
    markup = f"<p>a<{name} class='x'>{LONG}</{name}>b</p><{name}>short</{name}>".encode()
    tree = read_without(markup)
    assert len(left_of(markup, raw_texts(markup))) < 120
    assert [node.text() for node in tree.css(name)] == ["", "short"]
    assert tree.css_first("p").text() == "ab"


def test_an_end_that_no_program_writes_leaves_all_in_its_place():
    assert not raw_texts(f"<script>{LONG}</Script><script>{LONG}</script>".encode())


def test_who_believes_that_all_stands_as_it_seems_loses_an_entry(monkeypatch):
    monkeypatch.setattr(raw, "_ODD_END", re.compile(rb"(?!)"))
    markup = f"<script>{LONG}</SCRIPT><p>entry</p><script>{LONG}</script>".encode()
    assert "entry" not in read_without(markup).html
