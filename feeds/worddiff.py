"""Compare two texts word by word, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal, TypeAlias

from feeds.alignment import Run, align

MOST_WORDS: Final = 20_000  # of either text; the rest is compared as one word
_AROUND: Final = 6  # unchanged words kept beside a change in an abridged diff
# In a script without spaces each character is a word; a line end is a word in every script.
_WORD: Final = re.compile(
    r"\n|[぀-ヿ㐀-䶿一-鿿豈-﫿\U00020000-\U0002fa1f][^\S\n]*"
    r"|[^\s぀-ヿ㐀-䶿一-鿿豈-﫿\U00020000-\U0002fa1f]+[^\S\n]*"
)

Op: TypeAlias = Literal["same", "gone", "came"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, were removed or were added, with the white space after them."""

    op: Op
    text: str


def word_diff(old: str, new: str, most: int = MOST_WORDS) -> tuple[Piece, ...]:
    """Return the pieces that lead from `old` to `new`; () where they differ in spaces at most.

    The "same" and "came" pieces joined are the new text; the "same" and "gone" pieces joined are
    the old one, with the new text's white space in words that stayed. `most` is in words.
    """
    had, has = _words(old, most), _words(new, most)
    had_keys, has_keys = [*map(_key, had)], [*map(_key, has)]
    if had_keys == has_keys:
        return ()
    return tuple(_coherent(_pieces(had, has, align(had_keys, has_keys))))


def abridged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Shorten each unchanged piece to the words beside a change; `…` stands for the others."""
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
            blank = had[old - 1][len(_key(had[old - 1])) :]  # a text's last word has none
            yield Piece("same", stayed if stayed[-1].isspace() else stayed + blank)


def _coherent(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Count a word or two unchanged between longer changes as changed: it reads better."""
    gone: list[str] = []
    came: list[str] = []
    stayed = ""  # the unchanged words between the previous change and the next one
    next_gone: list[str] = []
    next_came: list[str] = []

    def merge() -> Iterator[Piece]:
        """Merge the previous change with the next one, or yield the previous one as it is."""
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
    """Return whether one or two unchanged words are shorter than each change beside them."""
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
    """Return the unchanged words beside a change; `first` and `last` have one on one side only."""
    before, after = (0 if first else _AROUND), (0 if last else _AROUND)
    if len(words) <= before + after + 1:
        return " ".join(words)
    return " ".join([*words[:before], "…", *words[len(words) - after :]])
