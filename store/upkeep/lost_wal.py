"""Going on with a store's file whose `-wal` is missing after a killed run, as a person decides.

Nobody can tell by the file whether the `-wal` was taken into it (as a `sqlite3` shell does when
it is closed) or lost with what was written last. So the log begins a new epoch: were changes lost,
their numbers would be given again, and a reader's cursor would skip what bears them then.
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
    """What the file holds that was gone on with: how many entries, and its latest time (UTC)."""

    entries: int
    newest: datetime | None


def accept(address: str) -> Accepted | None:
    """Let keywire go on with a file whose `-wal` is missing; None where none is.

    Raises DatabaseError where the file itself is damaged, or is no store.
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
    """Look at a file without making a `-wal` beside it, by which it would pass for whole."""
    engine = read_only(path, alone=True)
    try:
        with engine.connect() as connection:
            return look(connection, url, path)
    except DBAPIError as error:
        raise DatabaseError(explain(url, error)) from error
    finally:
        engine.dispose()
