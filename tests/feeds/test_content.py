"""How much of a publisher's text is given out."""

import pytest

from feeds.atom import render_atom
from feeds.content import EXCERPT, cut_text, republished
from store.topics import Content, given_out

LONG = "The harbour master spoke at noon. " * 20


def test_all_of_an_entry_is_the_very_same_entry(make_entry):
    stored = make_entry()
    assert republished(stored, Content.FULL) is stored


def test_an_excerpt_has_the_first_words_and_neither_markup_nor_pictures(make_entry):
    stored = republished(make_entry(text=LONG, html=f"<p>{LONG}</p>"), Content.EXCERPT)
    assert stored.entry.text.endswith("…")
    assert LONG.startswith(stored.entry.text.removesuffix("…"))
    assert EXCERPT - 20 < len(stored.entry.text) <= EXCERPT
    assert (stored.entry.html, stored.entry.media) == ("", ())


@pytest.mark.parametrize("text", ["", "Short.", "word " * 200, "x" * 1000, "港" * 1000, "a\nb"])
def test_an_excerpt_is_never_longer_than_it_may_be(text):
    assert len(cut_text(text, Content.EXCERPT)) <= EXCERPT


def test_of_no_text_a_feed_shows_title_link_and_time(make_entry, make_feed):
    stored = make_entry(text="Secret words.", html="<p>Secret words.</p>")
    shown = render_atom(make_feed(republished(stored, Content.NONE))).decode()
    assert "Secret" not in shown
    assert "Headline 0" in shown
    assert stored.entry.permalink in shown


def test_an_untitled_entry_of_which_nothing_is_given_is_called_by_its_time(make_entry, make_feed):
    stored = make_entry(title="", text="Secret words.", html="<p>Secret words.</p>")
    shown = render_atom(make_feed(republished(stored, Content.NONE))).decode()
    assert "Secret" not in shown
    assert "13 Dec 2023, 17:25 UTC" in shown


def test_the_most_generous_topic_of_an_entry_decides():
    contents = {"a": Content.NONE, "b": Content.EXCERPT, "c": Content.FULL}
    assert given_out(["a", "b"], contents) is Content.EXCERPT
    assert given_out(["a", "b", "c"], contents) is Content.FULL


def test_an_entry_of_no_topic_is_given_out_as_the_most_reserved_one():
    assert given_out([], {"a": Content.FULL, "b": Content.EXCERPT}) is Content.EXCERPT
    assert given_out(["gone"], {"a": Content.NONE}) is Content.NONE
    assert given_out([], {}) is Content.FULL
