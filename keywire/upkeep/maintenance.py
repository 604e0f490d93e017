"""Seal past days in the background, and delete what is kept no longer."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from keywire.config import Config
from keywire.schedule import AFTER_A_FAILURE
from keywire.upkeep.sealing import cut_days, seal_days
from store.catalogue import followed_topics
from store.database import Database
from store.errors import StoreError
from store.upkeep.pruning import LetGo
from store.upkeep.retention import let_go

EVERY: Final = 60.0  # seconds
REST: Final = 0.05  # seconds between two batches
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chores:
    """Background work in small transactions, in threads.

    `moved` is called with each topic whose feeds must be looked at.
    """

    database: Database
    config: Callable[[], Config]
    now: Callable[[], datetime]
    moved: Callable[[str], None]

    async def run(self) -> None:
        """Do what is due, every EVERY seconds, until cancelled."""
        while True:
            try:
                await self.once()
            except StoreError as error:
                _log.error("the store cannot be tidied: %s; it is tried again", error)
                await asyncio.sleep(AFTER_A_FAILURE.total_seconds())
            else:
                await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """Do what is due now."""
        for topic in await asyncio.to_thread(self._topics):
            if await asyncio.to_thread(seal_days, self.database, topic, self.now()):
                self.moved(topic)
        for topic in await asyncio.to_thread(cut_days, self.database, self.now()):
            self.moved(topic)
        await self._let_go()

    def _topics(self) -> list[str]:
        with self.database.read() as connection:
            return [topic.name for topic in followed_topics(connection)]

    async def _let_go(self) -> None:
        """Delete, batch by batch, what the configuration's `retain:` keeps no longer."""
        gone = LetGo()
        while (more := await asyncio.to_thread(self._let_batch_go)).total:
            gone += more
            await asyncio.sleep(REST)
        if gone.total:
            _log.info(
                "kept no longer: %d entries, %d revisions, %d changes, %d deliveries, %d pages",
                *(gone.entries, gone.revisions, gone.changes, gone.deliveries, gone.pages),
                extra={"event": "let go"},
            )

    def _let_batch_go(self) -> LetGo:
        config = self.config()
        with self.database.write() as connection:
            return let_go(connection, config.topics, config.keep_deliveries, self.now())
