"""Sort topics whose rule changed anew, batch by batch, while everything else goes on."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from keywire.schedule import AFTER_A_FAILURE
from store import resorting
from store.database import Database
from store.errors import StoreError
from store.resorting import Progress
from store.topics import TopicRule

_log: Final = logging.getLogger(__name__)


class Resorter:
    """Sorts topics anew whenever it is woken. `rules` returns the topics as configured now.

    `tell` is called with each batch's progress, once it is committed.
    """

    def __init__(
        self,
        database: Database,
        rules: Callable[[], Sequence[TopicRule]],
        now: Callable[[], datetime],
        tell: Callable[[Progress], None],
    ) -> None:
        self._database, self._rules, self._now, self._tell = database, rules, now, tell
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Sort again: a configuration or a poll has changed something."""
        self._woken.set()

    async def run(self) -> None:
        """Sort at the start and whenever woken, until cancelled."""
        while True:
            self._woken.clear()
            await self.once()
            await self._woken.wait()

    async def once(self) -> None:
        """Sort all that is pending now; where the store fails, try again."""
        while True:
            try:
                for rule in await asyncio.to_thread(self._pending):
                    await self._sort(rule)
            except StoreError as error:
                _log.error("topics cannot be sorted anew: %s; it is tried again", error)
                await asyncio.sleep(AFTER_A_FAILURE.total_seconds())
            else:
                return

    async def _sort(self, rule: TopicRule) -> None:
        finished = False
        while not finished:
            progress = await asyncio.to_thread(self._sort_batch, rule)
            finished = progress.finished
            self._tell(progress)

    def _pending(self) -> list[TopicRule]:
        with self._database.read() as connection:
            return resorting.pending(connection, self._rules())

    def _sort_batch(self, rule: TopicRule) -> Progress:
        with self._database.write() as connection:
            return resorting.sort_batch(connection, rule, self._now())
