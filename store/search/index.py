"""The index of words in the database: FTS5 without a text of its own, or PostgreSQL's tsvector.

A row stands at a *place*, a number that says when the entry was published (to the minute) and
which it is: the newest come first by their places alone, however many are found. FTS5 keeps no
text here, so an entry must be taken out by the very words that were put in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
from sqlalchemy import Connection, TextClause, text

from store.search.query import Query, Term
from store.search.words import words

NUMBER_BITS = 28  # more entries than any store holds
_NUMBERS = (1 << NUMBER_BITS) - 1
_TITLE_WEIGHS = 4.0  # as much as words of the text, in a ranking
_MOST_POSITIONS = 16_383  # PostgreSQL's
RANKED = 10_000  # the newest that are found are ranked; to rank all would take as long as they are


@dataclass(frozen=True, slots=True)
class Row:
    """What of an entry is found: its place, and the words of its title and of its text."""

    place: int
    title: Sequence[str]
    text: Sequence[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query; only of places before `before`, if given, and only `among` some, if given."""

    query: Query
    before: int | None = None
    among: Sequence[int] | None = None


def place_of(published: datetime, number: int) -> int:
    """Return where in time an entry stands."""
    minutes = max(0, int(published.timestamp() // 60))
    return minutes << NUMBER_BITS | number


def number_at(place: int) -> int:
    """Return which entry stands at a place."""
    return place & _NUMBERS


def make_row(published: datetime, number: int, title: str, said: str) -> Row:
    """Make what of an entry is found."""
    return Row(place_of(published, number), words(title), words(said))


class Index(Protocol):
    """What a database's index of words can do; all of it in the caller's transaction."""

    def put(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Let entries be found."""

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Let them be found no more; they must be as they were put in."""

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        """Return the places of at most so many entries, newest first."""

    def rank(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        """Return the places of at most so many entries, best first, of the newest RANKED."""

    def is_empty(self, connection: Connection) -> bool:
        """Whether nothing was ever put in."""

    def clear(self, connection: Connection) -> None:
        """Let nothing be found any more."""


def index_of(connection: Connection) -> Index:
    """Return the index that the database has."""
    return _FTS5 if connection.dialect.name == "sqlite" else _TSVECTOR


# --- SQLite -------------------------------------------------------------------------------------


class _Fts5:
    # FTS5 would ask anew for each place that it is given: it walks between them, and compares.
    _AMONG = (
        " AND search.rowid BETWEEN :least AND :greatest"
        " AND +search.rowid IN (SELECT value FROM json_each(:among))"
    )
    _PUT = text("INSERT INTO search (rowid, title, text) VALUES (:place, :title, :text)")
    _TAKE = text(
        "INSERT INTO search (search, rowid, title, text) VALUES ('delete', :place, :title, :text)"
    )
    _ANY = text("SELECT 1 FROM search_docsize LIMIT 1")

    def put(self, connection: Connection, rows: Sequence[Row]) -> None:
        _run(connection, self._PUT, [_in_words(row) for row in _ascending(rows)])

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        _run(connection, self._TAKE, [_in_words(row) for row in _ascending(rows)])

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        query = text(self._query("rowid", asked))
        return [*connection.scalars(query, self._said(asked) | {"most": most})]

    def rank(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        score = f"rowid AS place, bm25(search, {_TITLE_WEIGHS}, 1.0) AS score"
        newest = self._query(score, asked)
        best = f"SELECT place FROM ({newest}) ORDER BY score, place DESC LIMIT :best"  # noqa: S608 - as below
        said = self._said(asked) | {"most": RANKED, "best": most}
        return [*connection.scalars(text(best), said)]

    def _query(self, what: str, asked: Asked) -> str:
        limits = _limits(asked, "search.rowid", self._AMONG)
        return (
            f"SELECT {what} FROM search WHERE search MATCH :query{limits}"  # noqa: S608 - no word of the asker's
            " ORDER BY rowid DESC LIMIT :most"
        )

    def _said(self, asked: Asked) -> dict[str, object]:
        among = asked.among or (0,)
        return {
            "query": _in_fts5(asked.query),
            "before": asked.before,
            "least": min(among),
            "greatest": max(among),
            "among": msgspec.json.encode([*among]).decode(),
        }

    def is_empty(self, connection: Connection) -> bool:
        return connection.execute(self._ANY).first() is None

    def clear(self, connection: Connection) -> None:
        connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))


def _ascending(rows: Sequence[Row]) -> list[Row]:
    """Put rows in the order of their places: FTS5 writes a piece to disk at each step back."""
    return sorted(rows, key=lambda row: row.place)


def _in_words(row: Row) -> dict[str, object]:
    return {"place": row.place, "title": " ".join(row.title), "text": " ".join(row.text)}


def _in_fts5(query: Query) -> str:
    """Write a query in FTS5's language; terms are of letters and digits alone."""
    wanted = " AND ".join(f"({' OR '.join(map(_phrase, terms))})" for terms in query.wanted)
    unwanted = " OR ".join(map(_phrase, query.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.begins else ""}'


# --- PostgreSQL ---------------------------------------------------------------------------------


class _Tsvector:
    _AMONG = " AND search.place IN (SELECT unnest(CAST(:among AS BIGINT[])))"
    _PUT = text("INSERT INTO search (place, words) VALUES (:place, CAST(:words AS tsvector))")
    _TAKE = text("DELETE FROM search WHERE place = :place")
    _ANY = text("SELECT 1 FROM search LIMIT 1")

    def put(self, connection: Connection, rows: Sequence[Row]) -> None:
        _run(connection, self._PUT, [{"place": r.place, "words": _in_lexemes(r)} for r in rows])

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        _run(connection, self._TAKE, [{"place": row.place} for row in rows])

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        query = text(self._query("place", asked))
        return [*connection.scalars(query, self._said(asked) | {"most": most})]

    def rank(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        newest = self._query("place, words", asked)
        score = "ts_rank(words, CAST(:query AS tsquery))"
        best = (
            f"SELECT place FROM ({newest}) AS newest ORDER BY {score} DESC, place DESC LIMIT :best"  # noqa: S608 - as below
        )
        said = self._said(asked) | {"most": RANKED, "best": most}
        return [*connection.scalars(text(best), said)]

    def _query(self, what: str, asked: Asked) -> str:
        limits = _limits(asked, "search.place", self._AMONG)
        return (
            f"SELECT {what} FROM search WHERE words @@ CAST(:query AS tsquery){limits}"  # noqa: S608 - no word of the asker's
            " ORDER BY place DESC LIMIT :most"
        )

    def _said(self, asked: Asked) -> dict[str, object]:
        among = [*(asked.among or ())]
        return {"query": _in_tsquery(asked.query), "before": asked.before, "among": among}

    def is_empty(self, connection: Connection) -> bool:
        return connection.execute(self._ANY).first() is None

    def clear(self, connection: Connection) -> None:
        connection.execute(text("DELETE FROM search"))


def _in_lexemes(row: Row) -> str:
    """Write words as a tsvector: each with where it stands, A for the title (§8.11.1).

    A place is left free between title and text, so that no phrase reaches from one into the other.
    """
    stand: dict[str, list[str]] = {}
    for at, word in enumerate(row.title, 1):
        stand.setdefault(word, []).append(f"{at}A")
    for at, word in enumerate(row.text, len(row.title) + 2):
        if at <= _MOST_POSITIONS:
            stand.setdefault(word, []).append(str(at))
    return " ".join(f"'{word}':{','.join(places)}" for word, places in stand.items())


def _in_tsquery(query: Query) -> str:
    parts = [f"({' | '.join(map(_followed, terms))})" for terms in query.wanted]
    parts += [f"!{_followed(term)}" for term in query.unwanted]
    return " & ".join(parts)


def _followed(term: Term) -> str:
    said = [f"'{word}'" for word in term.words]
    return f"({' <-> '.join(said)}{':*' if term.begins else ''})"


_FTS5: Index = _Fts5()
_TSVECTOR: Index = _Tsvector()


def _run(connection: Connection, statement: TextClause, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(statement, rows)


def _limits(asked: Asked, place: str, among: str) -> str:
    before = f" AND {place} < :before" if asked.before is not None else ""
    return before + (among if asked.among is not None else "")
