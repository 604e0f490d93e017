"""The index of words in PostgreSQL: a tsvector a row, under a GIN index.

GIN finds a word's rows all at once and in no order, which for a common word are hundreds of
thousands. So each row also has, as words of its own, the blocks of time that it is in: days,
and blocks each four times as long. The newest day or two are searched first, and a longer time if
they have too few results, as long as their rate suggests. After a search or two, a rare word is
searched without a limit of time.
"""

from collections.abc import Sequence
from math import ceil
from typing import Final

from sqlalchemy import Connection, text

from store.search.places import Asked, Row, limits, minute_at
from store.search.query import Query, Term

_MOST_POSITIONS = 16_383  # PostgreSQL's
_DAY: Final = 24 * 60  # minutes
_BLOCKS: Final = tuple(_DAY * 4**level for level in range(5))  # minutes
_LONGEST: Final = 8 * _BLOCKS[-1]  # minutes; a longer time is searched without a limit
_SPARE: Final = 1.5  # times as long as the rate suggests, which varies
_UNTOLD: Final = 64  # times as long if nothing was found, so that there is no rate


class Tsvector:
    """The index in PostgreSQL, searched by blocks of time, or among given places."""

    _AMONG = " AND search.place IN (SELECT unnest(CAST(:among AS BIGINT[])))"
    _PUT = text("INSERT INTO search (place, words) VALUES (:place, CAST(:words AS tsvector))")
    _TAKE = text("DELETE FROM search WHERE place = :place")
    _ANY = text("SELECT 1 FROM search LIMIT 1")
    _NEWEST = text("SELECT max(place) FROM search")
    _BEST = text(
        "SELECT place FROM search WHERE place IN (SELECT unnest(CAST(:among AS BIGINT[])))"
        " ORDER BY ts_rank(words, CAST(:query AS tsquery)) DESC, place DESC LIMIT :most"
    )

    def put(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add entries to the index."""
        if rows:
            said = [{"place": row.place, "words": _in_lexemes(row)} for row in rows]
            connection.execute(self._PUT, said)

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Remove entries from the index, by their places."""
        if rows:
            connection.execute(self._TAKE, [{"place": row.place} for row in rows])

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        """Return the places of at most `most` entries, newest first."""
        query = _in_tsquery(asked.query)
        last = asked.before if asked.before is not None else connection.scalar(self._NEWEST)
        length = _DAY if asked.among is None and last is not None else _LONGEST
        while length < _LONGEST:
            blocks = " | ".join(_blocks_of(minute_at(last), length))
            found = self._find(connection, asked, f"{query} & ({blocks})", most)
            if len(found) == most:
                return found
            length *= ceil(_SPARE * most / len(found)) if found else _UNTOLD
        return self._find(connection, asked, query, most)

    def rank(self, connection: Connection, asked: Asked, most: int, *, of: int) -> list[int]:
        """Return the places of at most `most` entries, best first, out of the newest `of` found."""
        newest = self.find(connection, asked, of)
        said = {"query": _in_tsquery(asked.query), "among": newest, "most": most}
        return [*connection.scalars(self._BEST, said)]

    def is_empty(self, connection: Connection) -> bool:
        """Return whether the index has no entry."""
        return connection.execute(self._ANY).first() is None

    def clear(self, connection: Connection) -> None:
        """Remove all entries from the index."""
        connection.execute(text("DELETE FROM search"))

    def _find(self, connection: Connection, asked: Asked, query: str, most: int) -> list[int]:
        bounds = limits(asked, "search.place", self._AMONG)
        # In two steps, or the server would walk all places if it takes the words for common ones.
        there = f"SELECT place FROM search WHERE words @@ CAST(:query AS tsquery){bounds}"  # noqa: S608 - no word of the asker's
        newest = text(
            f"WITH found AS MATERIALIZED ({there})"  # noqa: S608 - as above
            " SELECT place FROM found ORDER BY place DESC LIMIT :most"
        )
        among = [*(asked.among or ())]
        said = {"query": query, "before": asked.before, "among": among, "most": most}
        return [*connection.scalars(newest, said)]


def _blocks_of(minute: int, length: int) -> list[str]:
    """Return lexemes of the blocks, nine at most, that cover `length` minutes before `minute`."""
    level = max(n for n, block in enumerate(_BLOCKS) if n == 0 or 2 * block <= length)
    block = _BLOCKS[level]
    return [_lexeme(level, n) for n in range((minute - length) // block, minute // block + 1)]


def _lexeme(level: int, block: int) -> str:
    """Return a block as a lexeme that no text has: words are only letters and digits."""
    return f"'{level}/{block}'"


def _in_lexemes(row: Row) -> str:
    """Return a row as a tsvector: its words with positions, weight A for the title (§8.11.1).

    One position is left free between title and text, so that no phrase spans both.
    """
    stand: dict[str, list[str]] = {}
    for at, word in enumerate(row.title, 1):
        stand.setdefault(word, []).append(f"{at}A")
    for at, word in enumerate(row.text, len(row.title) + 2):
        if at <= _MOST_POSITIONS:
            stand.setdefault(word, []).append(str(at))
    minute = minute_at(row.place)
    blocks = (_lexeme(level, minute // block) for level, block in enumerate(_BLOCKS))
    said = (f"'{word}':{','.join(places)}" for word, places in stand.items())
    return " ".join((*blocks, *said))


def _in_tsquery(query: Query) -> str:
    parts = [f"({' | '.join(map(_followed, terms))})" for terms in query.wanted]
    parts += [f"!{_followed(term)}" for term in query.unwanted]
    return " & ".join(parts)


def _followed(term: Term) -> str:
    said = [f"'{word}'" for word in term.words]
    return f"({' <-> '.join(said)}{':*' if term.begins else ''})"
