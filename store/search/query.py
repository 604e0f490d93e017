"""What people ask for: words, "phrases", beginnings*, -not, and one OR another.

Words stand for themselves in any case and with or without diacritics; all of them must be there.
`OR` between two lets either do. Anything else is text, and nothing is ever an error.
"""

import re
from dataclasses import dataclass

from store.search.words import asked_words

LONGEST = 300  # characters of a query; the rest is not read
MOST = 16  # terms
_TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)(?:"|$)(?P<star>\*?)|(?P<plain>[^\s"]+))|"')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after another; of the last one only the beginning, if `begins`."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: of each of `wanted` one term at least, and none of `unwanted`.

    A query that wants nothing finds nothing.
    """

    wanted: tuple[tuple[Term, ...], ...] = ()
    unwanted: tuple[Term, ...] = ()


def read_query(text: str) -> Query:
    """Read what was asked."""
    wanted: list[tuple[Term, ...]] = []
    unwanted: list[Term] = []
    either = False
    for found in _TERM.finditer(text[:LONGEST]):
        if found["plain"] == "OR" and not found["no"]:
            either = bool(wanted)
            continue
        term = _read_term(found)
        if term is None:
            continue
        if found["no"]:
            unwanted.append(term)
        elif either:
            wanted[-1] = (*wanted[-1], term)
        else:
            wanted.append((term,))
        either = False
        if len(wanted) + len(unwanted) >= MOST:
            break
    return Query(tuple(wanted), tuple(unwanted))


def _read_term(found: re.Match[str]) -> Term | None:
    said = found["phrase"] if found["plain"] is None else found["plain"]
    if not said:
        return None
    words, begins = asked_words(said)
    if not words:
        return None
    return Term(tuple(words), begins or bool(found["star"]) or said.endswith("*"))
