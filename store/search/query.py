"""The search syntax of people: words, "phrases", beginnings*, -not, and one OR another.

Words match in any case, with or without diacritics; an entry must have all of them. Of two terms
with `OR` between them, one suffices. Anything else is read as text; no query is an error.
"""

import re
from dataclasses import dataclass

from store.search.words import asked_words

LONGEST = 300  # characters of a query; the rest is not read
MOST = 16  # terms of a query; the rest is not read
_TERM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)(?:"|$)(?P<star>\*?)|(?P<plain>[^\s"]+))|"')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another; if `begins`, the last one is a prefix."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: at least one term of each group of `wanted`, and no term of `unwanted`.

    A query without wanted terms finds nothing.
    """

    wanted: tuple[tuple[Term, ...], ...] = ()
    unwanted: tuple[Term, ...] = ()


def read_query(text: str) -> Query:
    """Parse a query that a person wrote; never raises."""
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
