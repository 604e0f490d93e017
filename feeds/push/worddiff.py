"""What an edit changed, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

MOST_WORDS: Final = 2_000  # of either text; comparing more is slow, and reading it slower
_AROUND: Final = 6  # words that stay the same and are shown on each side
_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came; `…` stands for more that stayed."""

    op: Literal["same", "gone", "came"]
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts by their words; nothing where they are the same."""
    had, has = _WORD.findall(old)[:MOST_WORDS], _WORD.findall(new)[:MOST_WORDS]
    if had == has:
        return ()
    return tuple(_pieces(had, has))


def _pieces(had: list[str], has: list[str]) -> Iterator[Piece]:
    steps = SequenceMatcher(None, had, has, autojunk=False).get_opcodes()
    for place, (op, a, b, c, d) in enumerate(steps):
        if op == "equal":
            yield Piece("same", _shorten(had[a:b], first=place == 0, last=place == len(steps) - 1))
            continue
        if b > a:
            yield Piece("gone", " ".join(had[a:b]))
        if d > c:
            yield Piece("came", " ".join(has[c:d]))


def _shorten(words: list[str], *, first: bool, last: bool) -> str:
    """Keep of words that stayed those beside what changed."""
    before, after = (0 if first else _AROUND), (0 if last else _AROUND)
    if len(words) <= before + after + 1:
        return " ".join(words)
    return " ".join([*words[:before], "…", *words[len(words) - after :]])
