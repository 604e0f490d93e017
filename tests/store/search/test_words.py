"""Words by which texts are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search.words import LONGEST, asked_words, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Łódź, São_Paulo: NAÏVE Straße", ["lodz", "sao", "paulo", "naive", "strasse"]),
        ("Rødgrød, Ærø, đak, þing", ["rodgrod", "aero", "dak", "thing"]),
        ("The minister’s “plan”—now", ["the", "minister", "s", "plan", "now"]),
        ("1,000 ﬁne Ａｂｃ", ["1", "000", "fine", "abc"]),
        ("مُحَمَّد", ["محمد"]),
        ("Ελλάδα Ёлка", ["ελλαδα", "елка"]),
        ("हिन्दी में।", ["हिन्दी", "में"]),
        ("東京都", ["東京", "京都", "都"]),
        ("서울에서", ["서울", "울에", "에서", "서"]),
        ("第2号", ["第", "2", "号"]),
        ("", []),
    ],
)
def test_a_text_has_these_words(text, found):
    assert words(text) == found


def test_an_accent_may_stand_beside_its_letter():
    assert words("e\u0301te\u0301") == words("été") == words("ETE")


@given(st.text())
def test_words_hold_nothing_that_a_database_would_take_for_more(text):
    for word in words(text):
        assert 0 < len(word) <= LONGEST
        assert not set(word) & set(" \"'\\*:&|!()-+^_\0")


def _stands_in(asked, text):
    told, begins = asked
    said = words(text)
    for at in range(len(said) - len(told) + 1):
        there = said[at : at + len(told)]
        last = there[-1].startswith(told[-1]) if begins else there[-1] == told[-1]
        if there[:-1] == told[:-1] and last:
            return True
    return False


@given(st.text(alphabet="東京都府庁と", min_size=1), st.text(alphabet="東京都府庁と", max_size=9))
def test_any_run_of_a_script_without_spaces_is_found_in_the_middle_of_another(asked, around):
    assert _stands_in(asked_words(asked), around + asked + around)


@given(st.text(alphabet="東京ab 1", min_size=1), st.text(alphabet="東京ab 1", min_size=1))
def test_what_is_found_in_a_script_without_spaces_stands_there(asked, text):
    told, begins = asked_words(asked)
    if told and not set(asked) & set("ab 1") and _stands_in((told, begins), text):
        assert asked in text
