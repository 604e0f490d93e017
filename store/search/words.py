"""Splitting text into words for the index, the same way for entries and for queries.

Case, diacritics and forms of one letter make no difference. Scripts that put no spaces between
words (Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer) are split into pairs of characters,
each overlapping the next, and the last character alone: any run of characters that is searched
for is in the index as pairs, one after another.
"""

import re
import unicodedata
from collections.abc import Sequence

LONGEST = 64  # characters of a word; the rest is cut off
MOST = 16_000  # words of one text; PostgreSQL counts positions no further

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# The vowel signs of Indic scripts are part of words, though \w does not match them.
_WORD = re.compile(f"[\\w\u0900-\u0963\u0966-\u0dff{_SPACELESS}]+")
_PIECE = re.compile(f"[{_SPACELESS}]+|[^{_SPACELESS}]+")
_HAS_SPACELESS = re.compile(f"[{_SPACELESS}]")
# Accents, Hebrew points, Arabic vowels and the tatweel, which stretches Arabic words.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]+"
)
_PUNCTUATION = re.compile("[\u00a0\u2010-\u2027\u2030-\u205e]+")
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t"}
_LETTERS |= {"æ": "ae", "œ": "oe", "þ": "th"}
_UNDECOMPOSED = re.compile(f"[{''.join(_LETTERS)}]")


def words(text: str) -> list[str]:
    """Return the first MOST words of a text, in order, in the form in which they are compared."""
    folded = _fold(text)
    found = _WORD.findall(folded)
    if not folded.isascii() and _HAS_SPACELESS.search(folded):
        found = [word for run in found for piece in _PIECE.findall(run) for word in _grams(piece)]
    return [word[:LONGEST] for word in found[:MOST]]


def asked_words(text: str) -> tuple[list[str], bool]:
    """Return the words that are found one after another in an indexed text that has `text`.

    Also return whether the last of them may be only the beginning of a word: a single character
    of a script without spaces may be the first of a pair.
    """
    found = words(text)
    if not found or not _HAS_SPACELESS.fullmatch(found[-1]):
        return found, False
    alone = len(found) == 1 or not _is_pair_before(found)
    return (found, True) if alone else (found[:-1], False)


def _is_pair_before(found: list[str]) -> bool:
    """Return whether the last word is only the second half of the pair before it."""
    pair = found[-2]
    return len(pair) == 2 and pair[1] == found[-1] and bool(_HAS_SPACELESS.match(pair))  # noqa: PLR2004


def is_spaceless(word: str) -> bool:
    """Return whether a word is in a script that puts no spaces between words."""
    return _HAS_SPACELESS.match(word) is not None


def aligned(text: str) -> tuple[str, Sequence[int]]:
    """Return a text in the form in which words are compared, and each character's index in `text`.

    There is one index more than there are characters: the end of `text`.
    """
    plain = _PUNCTUATION.sub(lambda found: " " * len(found[0]), text)
    if plain.isascii():
        return plain.lower(), range(len(text) + 1)
    folded = [(_fold(character), at) for at, character in enumerate(plain)]
    places = [at for said, at in folded for _ in said]
    return "".join(said for said, _ in folded), [*places, len(text)]


def _fold(text: str) -> str:
    if not text.isascii():  # mostly for its quotes and dashes
        text = _PUNCTUATION.sub(" ", text)
    if text.isascii():
        return text.lower().replace("_", " ")
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = unicodedata.normalize("NFC", _MARKS.sub("", folded)).replace("_", " ")
    return _UNDECOMPOSED.sub(lambda letter: _LETTERS[letter[0]], folded)


def _grams(piece: str) -> list[str]:
    if not _HAS_SPACELESS.match(piece):
        return [piece]
    return [piece[at : at + 2] for at in range(len(piece))]
