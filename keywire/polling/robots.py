"""robots.txt over restarts: the fetcher's notes, kept in the store."""

import asyncio
import logging
from dataclasses import dataclass

from scraper.robots import Robots
from store import robots_notes
from store.database import Database
from store.errors import StoreError
from store.robots_notes import RobotsNote

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """Notes in the store. Where it fails, robots.txt is asked for anew: no poll fails for it."""

    database: Database

    async def recall(self, origin: str) -> Robots | None:
        """Give what was kept last of an origin; None when nothing was."""
        try:
            note = await asyncio.to_thread(self._read, origin)
        except StoreError as error:
            _log.warning("what robots.txt of %s said cannot be read: %s", origin, error)
            return None
        if note is None:
            return None
        return Robots(
            note.asked_at, note.due, note.reason, note.open, note.text, failures=note.failures
        )

    async def keep(self, origin: str, robots: Robots) -> None:
        """Keep what robots.txt of an origin said."""
        note = RobotsNote(
            origin,
            robots.asked_at,
            robots.due,
            robots.open_,
            robots.reason,
            robots.text,
            robots.failures,
        )
        try:
            await asyncio.to_thread(self._write, note)
        except StoreError as error:
            _log.warning("what robots.txt of %s said cannot be kept: %s", origin, error)

    def _read(self, origin: str) -> RobotsNote | None:
        with self.database.read() as connection:
            return robots_notes.recall(connection, origin)

    def _write(self, note: RobotsNote) -> None:
        with self.database.write() as connection:
            robots_notes.keep(connection, note)
