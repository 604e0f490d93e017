"""What an edit changed, word by word: any two texts, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal, TypeAlias

from feeds.alignment import Run, align

MOST_WORDS: Final = 20_000  # of either text; what is beyond is compared as one word
_AROUND: Final = 6  # words that stayed and are shown beside what changed, in an abridged diff
# Where a script has no blanks each sign is a word; the end of a line is one everywhere.
_WORD: Final = re.compile(
    r"\n|[぀-ヿ㐀-䶿一-鿿豈-﫿\U00020000-\U0002fa1f][^\S\n]*"
    r"|[^\s぀-ヿ㐀-䶿一-鿿豈-﫿\U00020000-\U0002fa1f]+[^\S\n]*"
)

Op: TypeAlias = Literal["same", "gone", "came"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came, with the blanks behind them."""

    op: Op
    text: str


def word_diff(old: str, new: str, most: int = MOST_WORDS) -> tuple[Piece, ...]:
    """Compare two texts by their words; nothing where they are the same but for blanks.

    What stayed and what came, put together, are the new text; what stayed and what went, the
    old one (in the new one's blanks, where words stayed).
    """
    had, has = _words(old, most), _words(new, most)
    had_keys, has_keys = [*map(_key, had)], [*map(_key, has)]
    if had_keys == has_keys:
        return ()
    return tuple(_coherent(_pieces(had, has, align(had_keys, has_keys))))


def abridged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Leave of what stayed the words beside what changed; `…` stands for the others."""
    last = len(pieces) - 1
    return tuple(
        Piece(
            piece.op,
            _shorten(piece.text.split(), first=place == 0, last=place == last)
            if piece.op == "same"
            else " ".join(piece.text.split()),
        )
        for place, piece in enumerate(pieces)
    )


def _words(text: str, most: int) -> list[str]:
    words = _WORD.findall(text.strip())
    return words if len(words) <= most else [*words[:most], "".join(words[most:])]


def _key(word: str) -> str:
    return word if word == "\n" else word.rstrip()


def _pieces(had: Sequence[str], has: Sequence[str], runs: Sequence[Run]) -> Iterator[Piece]:
    old = new = 0
    for run in chain(runs, (Run(len(had), len(has), 0),)):
        if run.old > old:
            yield Piece("gone", "".join(had[old : run.old]))
        if run.new > new:
            yield Piece("came", "".join(has[new : run.new]))
        old, new = run.old + run.length, run.new + run.length
        if run.length:
            stayed = "".join(has[run.new : new])
            blank = had[old - 1][len(_key(had[old - 1])) :]  # which the end of a text has not
            yield Piece("same", stayed if stayed[-1].isspace() else stayed + blank)


def _coherent(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Let a word or two that stayed amid much that changed count as changed: it reads better."""
    gone: list[str] = []
    came: list[str] = []
    stayed = ""  # what stood between what changed before, and what changes now
    next_gone: list[str] = []
    next_came: list[str] = []

    def merge() -> Iterator[Piece]:
        """Put what changed before and now together, or tell of what changed before."""
        nonlocal gone, came, stayed, next_gone, next_came
        if stayed and not _drowned(stayed, (gone, came), (next_gone, next_came)):
            yield from _told(gone, came)
            yield Piece("same", stayed)
            gone, came = next_gone, next_came
        else:
            gone = [*gone, stayed, *next_gone]
            came = [*came, stayed, *next_came]
        stayed, next_gone, next_came = "", [], []

    for piece in pieces:
        if piece.op == "gone":
            next_gone.append(piece.text)
        elif piece.op == "came":
            next_came.append(piece.text)
        else:
            yield from merge()
            stayed = piece.text
    if next_gone or next_came:
        yield from merge()
    yield from _told(gone, came)
    if stayed:
        yield Piece("same", stayed)


def _drowned(stayed: str, *around: tuple[Sequence[str], Sequence[str]]) -> bool:
    """Say whether what stayed is short beside what changed on either side of it."""
    if "\n" in stayed or len(stayed.split()) > 2:  # noqa: PLR2004 - a word or two
        return False
    return all(
        sum(map(len, gone)) > len(stayed) and sum(map(len, came)) > len(stayed)
        for gone, came in around
    )


def _told(gone: Sequence[str], came: Sequence[str]) -> Iterator[Piece]:
    if went := "".join(gone):
        yield Piece("gone", went)
    if arrived := "".join(came):
        yield Piece("came", arrived)


def _shorten(words: list[str], *, first: bool, last: bool) -> str:
    """Keep of words that stayed those beside what changed."""
    before, after = (0 if first else _AROUND), (0 if last else _AROUND)
    if len(words) <= before + after + 1:
        return " ".join(words)
    return " ".join([*words[:before], "…", *words[len(words) - after :]])
