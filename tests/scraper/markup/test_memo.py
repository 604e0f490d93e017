import pytest

from scraper.errors import ScrapeError
from scraper.markup.memo import LONGEST, Memo, digest


class Maker:
    """Makes a value of each key, and counts how often it had to."""

    def __init__(self, memo):
        self.memo, self.made = memo, []

    def get(self, key, size=1):
        return self.memo.get(lambda: self.make(key), key, size)

    def make(self, key):
        self.made.append(key)
        return f"made of {key}"


def test_what_was_made_is_given_again_until_it_is_forgotten():
    maker = Maker(Memo())
    assert [maker.get("a"), maker.get("b"), maker.get("a")] == [
        "made of a",
        "made of b",
        "made of a",
    ]
    assert maker.made == ["a", "b"]
    maker.memo.forget()
    maker.get("a")
    assert maker.made == ["a", "b", "a"]


def test_a_memo_never_holds_more_than_two_generations():
    memo = Memo(most=10_000)
    maker = Maker(memo)
    for number in range(1_000):
        maker.get(number, size=100)
    kept = len(memo._young) + len(memo._old)
    assert kept * 100 <= 2 * 10_000


def test_what_is_asked_for_again_and_again_outlives_what_is_not():
    maker = Maker(Memo(most=10_000))
    for number in range(1_000):
        maker.get("asked for", size=100)
        maker.get(number, size=100)
    assert maker.made.count("asked for") == 1
    maker.get(0, size=100)
    assert maker.made.count(0) == 2


def test_an_enormous_piece_is_not_kept():
    maker = Maker(Memo())
    for _ in range(2):
        maker.get("enormous", size=LONGEST + 1)
    assert maker.made == ["enormous", "enormous"]


def test_what_fails_is_tried_again():
    memo = Memo()

    def fail():
        raise ScrapeError("https://example.org/", "it failed", "try again")

    for _ in range(2):
        with pytest.raises(ScrapeError):
            memo.get(fail, "key", 1)
    assert memo.get(lambda: "made", "key", 1) == "made"


def test_pieces_that_differ_have_digests_that_differ():
    assert digest(b"<p>one</p>") == digest(b"<p>one</p>")
    assert digest(b"<p>one</p>") != digest(b"<p>two</p>")
