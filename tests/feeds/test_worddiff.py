"""What an edit changed, word by word."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.alignment import align
from feeds.worddiff import Piece, abridged, word_diff

SIGNS = {"same": "{}", "gone": "[-{}-]", "came": "{{+{}+}}"}
WORDS = st.lists(st.sampled_from([*"abcdeあい", "\n", "longer", "words"]), max_size=30)


def told(old, new):
    pieces = abridged(word_diff(old, new))
    return " ".join(SIGNS[piece.op].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a tower of 490 tonnes", "a tower of 940 tonnes", "a tower of [-490-] {+940+} tonnes"),
        ("one two", "one two three", "one two {+three+}"),
        ("one two", "two", "[-one-] two"),
        ("", "one two", "{+one two+}"),
        ("one two", "", "[-one two-]"),
        ("the same", "the  same", ""),
        ("今天天气很好", "今天天气不好", "今天天气 [-很-] {+不+} 好"),
        (
            "The quick fox jumps over a dog asleep",
            "Some red cow leaped over my cat today",
            "[-The quick fox jumps over a dog asleep-] {+Some red cow leaped over my cat today+}",
        ),
        (
            "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 x",
            "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 y",
            "… 9 10 11 12 13 14 [-x-] {+y+}",
        ),
    ],
)
def test_what_stayed_went_and_came(old, new, said):
    assert told(old, new) == said


def test_a_paragraph_that_came_is_one_piece():
    assert word_diff("one\ntwo", "one\nbetween\ntwo") == (
        Piece("same", "one\n"),
        Piece("came", "between\n"),
        Piece("same", "two"),
    )


@given(WORDS, WORDS)
@example(["a", "a", "あ", "b"], ["a", "あ"])
def test_the_pieces_make_up_both_texts_and_no_two_are_of_a_kind(old, new):
    had, has = " ".join(old), " ".join(new)
    pieces = word_diff(had, has)
    if not pieces:
        assert had.split() == has.split()
        return
    assert "".join(one.text for one in pieces if one.op != "gone").split() == has.split()
    assert "".join(one.text for one in pieces if one.op != "came").split() == had.split()
    for one, other in pairwise(pieces):
        assert (one.op, other.op) != ("came", "gone")
        assert one.op != other.op
    assert word_diff(had, has) == pieces


@given(st.text("abcd", max_size=40), st.text("abcd", max_size=40))
def test_runs_in_common_are_in_order_and_the_same(old, new):
    at_old = at_new = 0
    for run in align(old, new):
        assert run.old >= at_old
        assert run.new >= at_new
        at_old, at_new = run.old + run.length, run.new + run.length
        assert old[run.old : at_old] == new[run.new : at_new]
        assert run.length > 0


@given(st.text("ab", max_size=24), st.text("ab", max_size=24))
def test_where_there_are_no_anchors_as_much_as_possible_is_kept(old, new):
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            best = max(longest[i][j + 1], longest[i + 1][j])
            longest[i + 1][j + 1] = longest[i][j] + 1 if one == other else best
    doubled, twice = old * 2, new * 2  # so that nothing stands once
    kept = sum(run.length for run in align(doubled, twice))
    assert kept >= longest[-1][-1]


def _numbers(power, modulus):
    return " ".join(str(n**power % modulus) for n in range(10_000))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 10_000, "b " * 10_000),
        ("a b " * 5_000, "b a " * 5_000 + "a"),
        ("a b c " * 3_000, "c b a " * 3_000),
        (" ".join(map(str, range(10_000))), " ".join(map(str, range(9_999, -1, -1)))),
        (_numbers(2, 97), _numbers(3, 89)),
        ("x" * 50_000, "y " * 25_000),
        ("今天" * 25_000, "天今" * 25_000),
        (" " * 50_000 + "x", "\n" * 50_000 + "y"),
    ],
)
def test_no_text_takes_more_than_a_second(old, new):
    begun = time.process_time()
    assert word_diff(old, new)
    assert time.process_time() - begun <= 1


def test_a_long_text_with_few_edits_is_told_as_few():
    words = [f"w{n % 700}" for n in range(15_000)]
    edited = [*words]
    edited[100], edited[9_000:9_003] = "here", ["there"]
    pieces = word_diff(" ".join(words), " ".join(edited))
    assert [one.text.strip() for one in pieces if one.op == "came"] == ["here", "there"]
