"""Where a text says what was asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.snippets import snippet
from feeds.xml import line
from store.search.query import read_query

LONG = "The quay was calm. " * 30 + "Then a storm came over the Café. " + "All was wet. " * 30


def found(text, asked):
    return [piece.text for piece in snippet(text, read_query(asked)) if piece.found]


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("A storm, another STORM; stormy", "storm", ["storm", "STORM"]),
        ("A storm and stormy weather", "storm*", ["storm", "stormy"]),
        ("Le café — “été”", "cafe ete", ["café", "été"]),
        ("The old  harbour wall", '"old harbour" -wall', ["old harbour"]),
        ("東京都の港", "京都 港", ["京都", "港"]),
        ("Nothing of it", "storm", []),
        ("", "storm", []),
    ],
)
def test_what_was_asked_is_marked_as_it_is_written(text, asked, marked):
    assert found(text, asked) == marked


def test_of_a_long_text_the_words_around_the_first_place_are_shown():
    shown = "".join(piece.text for piece in snippet(LONG, read_query("cafe")))
    assert "Then a storm came over the Café." in shown
    assert (shown[:2], shown[-2:], len(shown) < 300) == ("… ", " …", True)


@given(st.lists(st.text("abcé-’.", min_size=1, max_size=60), min_size=1, max_size=30))
def test_no_word_is_cut(said):
    text = " ".join([*said, "storm", *said])
    shown = "".join(piece.text for piece in snippet(text, read_query("storm")))
    assert {*shown.removeprefix("… ").removesuffix(" …").split()} <= {*said, "storm"}


def test_what_has_no_blanks_is_cut_where_it_need_be():
    (piece, *_) = snippet("港" * 1000, read_query("京"))
    assert len(piece.text) == 280
    shown = snippet("x" * 1000 + " storm", read_query("storm"))
    assert [piece.text for piece in shown if piece.found] == ["storm"]


@given(st.text(), st.text())
def test_no_word_is_added_and_the_whole_is_bounded(text, asked):
    shown = "".join(piece.text for piece in snippet(text, read_query(asked)))
    assert shown.removeprefix("… ").removesuffix(" …") in line(text)
    assert len(shown) <= 290
