"""Cut a search result's snippet: the words around the first match, each match marked."""

import re
from dataclasses import dataclass

from feeds.xml import line
from store.search.query import Query, Term
from store.search.words import LONGEST, aligned, is_spaceless

_AROUND = 80  # characters before the first match
_MOST = 280  # characters in all
_READ = 20_000  # characters of a text that are searched


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; `found` is true for a match of the query."""

    text: str
    found: bool = False


def snippet(text: str, query: Query) -> tuple[Piece, ...]:
    """Return the text around the first match of `query`, or its beginning where nothing matches."""
    said = line(text[:_READ])
    folded, places = aligned(said)
    spans = [(places[m.start()], places[m.end()]) for m in _finder(query).finditer(folded)]
    begin = _word_before(said, spans[0][0] - _AROUND) if spans else 0
    end = len(said) if len(said) <= begin + _MOST else _word_before(said, begin + _MOST)
    pieces, at = [], begin
    for start, stop in spans:
        if at <= start and stop <= end:
            pieces += [Piece(said[at:start]), Piece(said[start:stop], found=True)]
            at = stop
    pieces.append(Piece(said[at:end]))
    dots = [Piece("… ")] * (begin > 0), [Piece(" …")] * (end < len(said))
    return tuple(piece for piece in (*dots[0], *pieces, *dots[1]) if piece.text)


def _word_before(said: str, at: int) -> int:
    """Return the index at which the word around index `at` begins.

    Scripts without spaces may be cut anywhere, as may anything longer than the longest word.
    """
    if at <= 0:
        return 0
    least = at - LONGEST
    for place in range(at, max(0, least), -1):
        if said[place - 1] == " " or is_spaceless(said[place]):
            return place
    return at if least > 0 else 0


def _finder(query: Query) -> re.Pattern[str]:
    terms = [_expression(term) for terms in query.wanted for term in terms]
    return re.compile("|".join(terms) or r"(?!)")


def _expression(term: Term) -> str:
    if all(map(is_spaceless, term.words)):  # pairs, each overlapping the next
        return re.escape(term.words[0] + "".join(word[-1] for word in term.words[1:]))
    said = r"[\W_]+".join(map(re.escape, term.words))
    return rf"(?<![^\W_]){said}" + (r"[^\W_]*" if term.begins else r"(?![^\W_])")
