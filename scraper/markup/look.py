"""One look at a page's markup for all that anybody looks for in it.

To search a page for some word that is not on it takes as long as a good part of its parsing, and
each of some twenty platforms has words of its own. They are looked for all at once (RE2's sets
run over a text once, however many words they have), when that is first asked.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import re2

from scraper.markup.word import Word


class Look:
    """What one page's markup holds of a number of signs; it is looked at when first asked."""

    __slots__ = ("_found", "_markup", "_signs")

    def __init__(self, markup: bytes, signs: frozenset[bytes] = frozenset()) -> None:
        self._markup, self._signs = markup, signs
        self._found: frozenset[bytes] | None = None

    def holds_any(self, signs: Iterable[bytes]) -> bool:
        """Whether any of some signs, which must be among those looked for, is in the markup."""
        if self._found is None:
            self._found = _found(self._markup, self._signs)
        return not self._found.isdisjoint(signs)

    def holds(self, sign: bytes, within: bytes = b"") -> bool:
        """Whether a sign is in the markup; it is looked for alone if no look was needed yet.

        `within` is the part of the markup in which alone it counts, if that is known.
        """
        if self._found is None or sign not in self._signs:
            return _word(sign).is_in(within or self._markup)
        return sign in self._found


def _found(markup: bytes, signs: frozenset[bytes]) -> frozenset[bytes]:
    words, searched = _compiled(signs)
    return frozenset(words[number] for number in searched.Match(markup) or ())


_WORDS: Final[dict[bytes, Word]] = {}


def _word(sign: bytes) -> Word:
    """Give what finds one sign: the code names some hundred, so that all are kept."""
    word = _WORDS.get(sign)
    if word is None:
        word = _WORDS[sign] = Word(sign)
    return word


@lru_cache(maxsize=1)  # a constant: one process has one set of signs
def _compiled(signs: frozenset[bytes]) -> tuple[tuple[bytes, ...], re2.Set]:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.literal = True
    searched, words = re2.Set.SearchSet(options), tuple(sorted(signs))
    for word in words:
        searched.Add(word)
    searched.Compile()
    return words, searched
