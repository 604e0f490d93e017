"""Accepting a store's file whose `-wal` is missing after a killed run, if a person decides so.

The file does not show whether the `-wal` was merged into it (as a `sqlite3` shell does when it is
closed) or lost with the newest commits. So the log begins a new epoch: if changes were lost, their
seqs would be given again, and a reader's cursor would skip the new changes that have them.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from store.database import open_database, parse_address
from store.errors import DatabaseError
from store.file import claim_file, file_of, lacks_wal, read_only
from store.opening import explain
from store.upkeep.facts import Facts, look
from store.upkeep.restore import begin_epoch


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the accepted file has: the number of its entries, and its latest time (UTC)."""

    entries: int
    newest: datetime | None


def accept(address: str) -> Accepted | None:
    """Accept the store at `address` without its missing `-wal`; return None if none is missing.

    Raises DatabaseError if the file itself is damaged or no store.
    """
    url = parse_address(address)
    path = file_of(url)
    if path is None or not lacks_wal(path):
        return None
    facts = _look_alone(url, path)
    if facts.damage or not facts.schema:
        found = "; ".join(facts.damage) or "it holds no tables of keywire"
        raise DatabaseError(f"{path} is not whole without its -wal ({found}); restore a backup")
    with claim_file(path):
        database = open_database(address)
        try:
            with database.write() as connection:
                begin_epoch(connection)
        finally:
            database.close()
    return Accepted(facts.counts.get("entries", 0), facts.newest)


def _look_alone(url: URL, path: Path) -> Facts:
    """Return a file's facts without making a `-wal` beside it, with which it would seem whole."""
    engine = read_only(path, alone=True)
    try:
        with engine.connect() as connection:
            return look(connection, url, path)
    except DBAPIError as error:
        raise DatabaseError(explain(url, error)) from error
    finally:
        engine.dispose()
