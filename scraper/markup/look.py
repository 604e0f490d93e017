"""One search of a page's markup for the signs of all platforms.

To search a page for a word that it does not contain takes as long as a good part of its parsing,
and each of some twenty platforms has its own words. All are searched for at once (an RE2 set scans
a text once, however many words it has), when one of them is first needed.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import re2

from scraper.markup.word import Word


class Look:
    """Which of `signs` are in one page's markup; it is searched when that is first needed."""

    __slots__ = ("_found", "_markup", "_signs")

    def __init__(self, markup: bytes, signs: frozenset[bytes] = frozenset()) -> None:
        self._markup, self._signs = markup, signs
        self._found: frozenset[bytes] | None = None

    def holds_any(self, signs: Iterable[bytes]) -> bool:
        """Return whether the markup has any of `signs`, which must be among the page's."""
        if self._found is None:
            self._found = _found(self._markup, self._signs)
        return not self._found.isdisjoint(signs)

    def holds(self, sign: bytes, within: bytes = b"") -> bool:
        """Return whether a sign is in the markup, by a search of its own or the common one.

        `within` is a part of the markup that may be searched instead; b"" for all of it.
        """
        if self._found is None or sign not in self._signs:
            return _word(sign).is_in(within or self._markup)
        return sign in self._found


def _found(markup: bytes, signs: frozenset[bytes]) -> frozenset[bytes]:
    words, searched = _compiled(signs)
    return frozenset(words[number] for number in searched.Match(markup) or ())


_WORDS: Final[dict[bytes, Word]] = {}


def _word(sign: bytes) -> Word:
    """Return the Word of a sign; all are kept, since the code has only some hundred."""
    word = _WORDS.get(sign)
    if word is None:
        word = _WORDS[sign] = Word(sign)
    return word


@lru_cache(maxsize=1)  # one process has one set of signs
def _compiled(signs: frozenset[bytes]) -> tuple[tuple[bytes, ...], re2.Set]:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.literal = True
    searched, words = re2.Set.SearchSet(options), tuple(sorted(signs))
    for word in words:
        searched.Add(word)
    searched.Compile()
    return words, searched
