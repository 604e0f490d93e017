"""Keep robots.txt answers in the store, so that they survive restarts."""

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
    """robots.txt answers in the store. If the store fails, robots.txt is asked for anew."""

    database: Database

    async def recall(self, origin: str) -> Robots | None:
        """Return what was last kept for an origin; None if nothing was, or the store failed."""
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
        """Keep what the robots.txt of an origin said."""
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
