"""What differs between two states of an entry, in JSON and in plain text."""

from dataclasses import replace

import pytest

from feeds.comparison import State, compare, lines_of, tell_comparison, write_comparison
from store.entry import Media

BOAT = Media("https://news.example/boat.jpg", alt="A boat")
FIRST = State(
    1,
    "Storm",
    "The sea is calm.\nNo boat is out.",
    media=(BOAT,),
    authors=("Mara Quill",),
    key_event=False,
    summary=False,
    retracted=False,
)


def after(**changed):
    return compare(FIRST, replace(FIRST, revision=2, **changed))


def test_the_same_state_differs_in_nothing():
    found = after()
    assert not found
    assert write_comparison(found) == "revision 1 → 2\nnothing differs"


def test_title_and_body_are_compared_word_by_word_line_by_line():
    found = after(title="Storm warning", body="The sea is rough.\nNo boat is out.\nStay home.")
    assert write_comparison(found).splitlines() == [
        "revision 1 → 2",
        "title:",
        "  Storm {+warning+}",
        "body:",
        "  The sea is [-calm.-]{+rough.+}",
        "  No boat is out.",
        "  {+Stay home.+}",
    ]
    told = tell_comparison(found)
    assert (told["from"], told["to"]) == (1, 2)
    assert told["title"] == [{"op": "same", "text": "Storm "}, {"op": "came", "text": "warning"}]
    came = [piece["text"] for piece in told["body"] if piece["op"] != "gone"]
    assert "".join(came) == "The sea is rough.\nNo boat is out.\nStay home."


def test_pictures_that_came_went_or_have_other_words_are_told():
    other = Media("https://news.example/pier.jpg", alt="A pier")
    said = write_comparison(after(media=(other,)))
    assert "- image https://news.example/boat.jpg (A boat)" in said
    assert "+ image https://news.example/pier.jpg (A pier)" in said
    altered = tell_comparison(after(media=(replace(BOAT, alt="Two boats"),)))["media"]
    assert altered == {
        "gone": (),
        "came": (),
        "altered": [{"old": BOAT, "new": replace(BOAT, alt="Two boats")}],
    }


def test_flags_and_all_else_are_told_with_what_they_were():
    said = write_comparison(after(key_event=True, retracted=True, authors=(), credit="JNS"))
    assert said.splitlines()[1:] == [
        "key_event: no → yes",
        "retracted: no → yes",
        "authors: Mara Quill → none",
        "credit: none → JNS",
    ]


def test_what_nobody_noted_is_no_difference():
    assert not after(key_event=None, summary=None)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>One &amp; two</p><p>three<br>four</p>", "One & two\nthree\nfour"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", "a\nb"),
        ("<figure><figcaption>words</figcaption></figure>tail", "words\ntail"),
        ("bare words", "its text"),
        ("", "its text"),
    ],
)
def test_a_body_is_read_line_by_line(html, lines):
    assert lines_of(html, "its text") == lines
