"""The index of words in SQLite: FTS5.

FTS5 stores no text here, so an entry must be removed by the very words that were put in.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, TextClause, text

from store.search.places import Asked, Row, limits
from store.search.query import Query, Term

_TITLE_WEIGHS = 4.0  # times as much as the text, in a ranking


class Fts5:
    """The index in SQLite. FTS5 walks its lists from the newest place down until it has enough."""

    # FTS5 would query anew for each given place; so it walks the range of them, and compares.
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
        """Add entries to the index."""
        _run(connection, self._PUT, rows)

    def take(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Remove entries from the index; the rows must be the same as when they were put in."""
        _run(connection, self._TAKE, rows)

    def find(self, connection: Connection, asked: Asked, most: int) -> list[int]:
        """Return the places of at most `most` entries, newest first."""
        query = text(self._query("rowid", asked))
        return [*connection.scalars(query, self._said(asked) | {"most": most})]

    def rank(self, connection: Connection, asked: Asked, most: int, *, of: int) -> list[int]:
        """Return the places of at most `most` entries, best first, out of the newest `of` found."""
        score = f"rowid AS place, bm25(search, {_TITLE_WEIGHS}, 1.0) AS score"
        newest = self._query(score, asked)
        best = f"SELECT place FROM ({newest}) ORDER BY score, place DESC LIMIT :best"  # noqa: S608 - as below
        said = self._said(asked) | {"most": of, "best": most}
        return [*connection.scalars(text(best), said)]

    def is_empty(self, connection: Connection) -> bool:
        """Return whether the index has no entry."""
        return connection.execute(self._ANY).first() is None

    def clear(self, connection: Connection) -> None:
        """Remove all entries from the index."""
        connection.execute(text("INSERT INTO search (search) VALUES ('delete-all')"))

    def _query(self, what: str, asked: Asked) -> str:
        bounds = limits(asked, "search.rowid", self._AMONG)
        return (
            f"SELECT {what} FROM search WHERE search MATCH :query{bounds}"  # noqa: S608 - no word of the asker's
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


def _run(connection: Connection, statement: TextClause, rows: Sequence[Row]) -> None:
    """Run a statement for rows sorted by place: FTS5 flushes to disk at each step backwards."""
    if rows:
        ascending = sorted(rows, key=lambda row: row.place)
        connection.execute(statement, [_in_words(row) for row in ascending])


def _in_words(row: Row) -> dict[str, object]:
    return {"place": row.place, "title": " ".join(row.title), "text": " ".join(row.text)}


def _in_fts5(query: Query) -> str:
    """Return a query in FTS5's syntax; no escaping is needed, as terms are letters and digits."""
    wanted = " AND ".join(f"({' OR '.join(map(_phrase, terms))})" for terms in query.wanted)
    unwanted = " OR ".join(map(_phrase, query.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.begins else ""}'
