"""The search index brought up to date, as a running keywire does every second."""

from store.database import Database
from store.search import indexing

MOST = 1_000


def index(database: Database) -> int:
    """Index all that waits; return how many batches that took."""
    for batches in range(MOST):
        with database.write() as connection:
            if not indexing.index_batch(connection):
                return batches
    raise AssertionError("there is no end to what comes into the index")
