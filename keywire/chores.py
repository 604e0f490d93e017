"""What a running keywire does beside following, in its own time: the index of old entries."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from keywire.schedule import AFTER_A_FAILURE
from store import indexing
from store.database import Database
from store.errors import StoreError
from store.indexing import Indexing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chores:
    """Small transactions in threads, with as long a rest behind each as it took."""

    database: Database
    tell: Callable[[Indexing], None]

    async def run(self) -> None:
        """Do all that there is to do, again after a while where the store cannot be written."""
        while True:
            try:
                await self.index()
            except StoreError as error:
                _log.error("old entries cannot be indexed: %s; it is tried again", error)
                await asyncio.sleep(AFTER_A_FAILURE.total_seconds())
            else:
                return

    async def index(self) -> None:
        """Put the entries that were kept before there was an index into it."""
        unfinished = await asyncio.to_thread(self._begin_index)
        while unfinished:
            started = time.perf_counter()
            indexed = await asyncio.to_thread(self._index_batch)
            self.tell(indexed)
            unfinished = not indexed.finished
            await asyncio.sleep(time.perf_counter() - started)

    def _begin_index(self) -> bool:
        with self.database.write() as connection:
            return indexing.begin(connection)

    def _index_batch(self) -> Indexing:
        with self.database.write() as connection:
            return indexing.index_batch(connection)
