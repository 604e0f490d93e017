"""A takedown: in the store, and in what the database leaves of erased rows."""

from collections.abc import Iterator
from datetime import datetime

from keywire.commands.context import opened
from keywire.config import Config
from keywire.upkeep.sealing import take_out
from store.archive.entry_history import find_entry
from store.upkeep.erasing import Erased, erase
from store.upkeep.forgetting import forget


def take_down(config: Config, which: str, reason: str, now: datetime) -> Iterator[str]:
    """Forget an entry, and yield what was done, line by line. Raises StoreError if it cannot."""
    with opened(config) as database:
        with database.write() as connection:
            number = find_entry(connection, which).number
            alerts = tuple(alert.rule for alert in config.alerts)
            forgotten = forget(connection, number, reason, now, alerts)
            take_out(connection, forgotten.stored, now)
        yield f"Forgotten: {forgotten.stored.id}, entry {number}. Feeds and pages say: {reason}"
        yield from _tell(erase(database, forgotten.said))


def _tell(erased: Erased) -> Iterator[str]:
    if erased.rebuilt:
        yield "The store's file held a copy, and was written anew without it."
    if erased.elsewhere:
        yield "Other entries say some of the same; /search finds them, if they must go too."
    for copy in erased.copies:
        yield f"{copy} is a copy of the store from before, and still holds it; delete it."
    yield "Backups made before still hold it, and whoever fetched it may."
