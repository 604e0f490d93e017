"""Keep the search index up to date, a second or two behind the entries."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from keywire.schedule import AFTER_A_FAILURE
from store.database import Database
from store.errors import StoreError
from store.search import indexing
from store.search.indexing import BATCH, Indexing

EVERY: Final = 1.0  # seconds
TOLD_EVERY: Final = 20  # batches between two calls of `tell`
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Indexer:
    """Indexes in small transactions in threads, each followed by as long a rest as it took.

    `tell` is called with the progress, where more than one batch is waiting.
    """

    database: Database
    tell: Callable[[Indexing], None]

    async def run(self) -> None:
        """Index new entries, every EVERY seconds, until cancelled."""
        while True:
            try:
                await self.once()
            except StoreError as error:
                _log.error("the index of words cannot be kept: %s; it is tried again", error)
                await asyncio.sleep(AFTER_A_FAILURE.total_seconds())
            else:
                await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """Index all that waits; if the index was lost, all that is in the store."""
        batches, finished = 0, not await asyncio.to_thread(self._begin)
        while not finished:
            started = time.perf_counter()
            finished = await asyncio.to_thread(self._index_batch) < BATCH
            batches += 1
            if batches % TOLD_EVERY == 0 or (finished and batches > 1):
                self.tell(await asyncio.to_thread(self._progress))
            await asyncio.sleep(time.perf_counter() - started)

    def _begin(self) -> bool:
        """Return whether anything waits; if the index was lost, mark everything as waiting."""
        with self.database.read() as connection:
            if not indexing.is_lost(connection):
                return indexing.waiting(connection, most=1) > 0
        with self.database.write() as connection:
            indexing.begin_anew(connection)
        return True

    def _index_batch(self) -> int:
        with self.database.write() as connection:
            return indexing.index_batch(connection)

    def _progress(self) -> Indexing:
        with self.database.read() as connection:
            return indexing.progress(connection)
