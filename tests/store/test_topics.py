"""What a topic takes: words, phrases, expressions and flags."""

import time

import pytest
from pages import START

from store.entry import Entry
from store.topics import Match, Selection, check_term, selections_of, takes


def entry(text="", title="", **more):
    return Entry("https://news.example/b", "a", START, title=title, text=text, **more)


@pytest.mark.parametrize(
    ("term", "text", "taken"),
    [
        ("Aleppo", "Fighting near ALEPPO, they say", True),
        ("Aleppo", "Aleppoans", False),
        ("cease fire", "a cease\n fire holds", True),
        ("حلب", "اشتباكات في حلب اليوم", True),
        ("Сирия", "сирия сегодня", True),
        ("C++", "written in C++ today", True),
        (r"/\bIDF\b/", "the IDF says", True),
        (r"/\bIDF\b/", "the idf says", False),
        (r"/\bidf\b/i", "the IDF says", True),
        (r"/a|b.c/", "bxc", True),
    ],
)
def test_a_term_matches_whole_words_or_its_expression(term, text, taken):
    assert takes(Match(any=(term,)), entry(text)) is taken


def test_any_is_an_or_and_none_rules_out():
    rule = Match(any=("Syria", "Aleppo"), none=("football",))
    assert takes(rule, entry("News from Aleppo"))
    assert takes(rule, entry(title="Syria"))
    assert not takes(rule, entry("Aleppo's football team"))
    assert not takes(rule, entry("Nothing of the kind"))


def test_keys_are_anded():
    rule = Match(any=("Syria",), key_event=True)
    assert not takes(rule, entry("Syria"))
    assert takes(rule, entry("Syria", key_event=True))
    assert takes(rule, entry("Syria", summary=True))


def test_an_empty_rule_takes_everything():
    assert takes(Match(), entry())


def test_selections_follow_the_flags():
    assert selections_of(entry()) == (Selection.ALL,)
    assert selections_of(entry(key_event=True)) == (Selection.ALL, Selection.KEY_EVENTS)
    assert selections_of(entry(summary=True)) == tuple(Selection)


def test_no_expression_of_a_users_can_hang_the_program():
    begun = time.process_time()
    assert not takes(Match(any=(r"/(a+)+$/",)), entry("a" * 50_000 + "b"))
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("wrong", ["/(unclosed/", "", "   ", r"/(?<=x)y/"])
def test_a_term_that_cannot_be_matched_says_why(wrong):
    with pytest.raises(ValueError, match=r"regular expression|empty word"):
        check_term(wrong)
