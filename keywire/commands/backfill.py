"""`keywire backfill`: in this process, or in the one that follows the sources already."""

from keywire.app import App
from keywire.clock import clock
from keywire.config import Config
from keywire.walk_back import Show, meant, outcome, watch
from store.database import open_database
from store.errors import BusyError


async def read_back(config: Config, target: str, show: Show) -> list[tuple[str, str, int, bool]]:
    """Read the older pages of what `target` names; return the outcome, blog by blog.

    Raises StoreError; UnknownError where nothing that is followed is called `target`.
    """
    try:
        with App(config, tell=lambda _: None) as application:
            wanted = await application.walk_back(target, show)
            return outcome(application.database, wanted)
    except BusyError:
        pass
    database = open_database(config.store, create=False)
    try:
        with database.read() as connection:
            wanted = meant(connection, config, target)
        await watch(database, wanted, clock, show)
        return outcome(database, wanted)
    finally:
        database.close()
