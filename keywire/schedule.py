"""When things are done: the only apscheduler. One tick over the store's own due times."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING

from keywire.poll import Poller, Report
from store import sources
from store.errors import StoreError
from store.sources import Source

TICK_SECONDS = 0.5
AT_ONCE = 10
AFTER_A_FAILURE = timedelta(seconds=15)
_log = logging.getLogger(__name__)


class Schedule:
    """Polls what is due, never one source twice at a time, at most ten at once.

    `tell` hears of every poll, `ticked` of every tick that the store answered, with sources
    or with what ails it. Due times live in the store: a restart polls nothing early.
    """

    def __init__(
        self,
        poller: Poller,
        tell: Callable[[Report], Awaitable[None]],
        ticked: Callable[[], None] = lambda: None,
    ) -> None:
        self._poller, self._tell, self._ticked = poller, tell, ticked
        self._running: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._ticking = asyncio.Lock()
        self._complaint = ""
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin to tick in the running event loop."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler.add_job(
            self._tick, "interval", seconds=TICK_SECONDS, max_instances=1, coalesce=True
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin no more polls and let those under way go; what they wrote is whole or not there."""
        self._scheduler.pause()
        async with self._ticking:
            self._scheduler.shutdown(wait=False)
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def poll_all(self, wanted: list[Source]) -> bool:
        """Poll the sources given, once each; say whether each poll could be carried out."""
        return all(await asyncio.gather(*(self._poll(source) for source in wanted)))

    async def _tick(self) -> None:
        async with self._ticking:
            try:
                due = await asyncio.to_thread(self._due)
            except StoreError as error:
                self._complain(str(error))
                self._ticked()
                return
        self._complaint = ""
        for source in due:
            if source.id not in self._running and self._scheduler.state == STATE_RUNNING:
                self._running[source.id] = asyncio.create_task(self._run(source))
        self._ticked()

    async def _run(self, source: Source) -> None:
        try:
            if not await self._poll(source):
                await asyncio.sleep(AFTER_A_FAILURE.total_seconds())
        finally:
            del self._running[source.id]

    def _due(self) -> list[Source]:
        with self._poller.database.read() as connection:
            return sources.due(connection, self._poller.now())

    async def _poll(self, source: Source) -> bool:
        async with self._room:
            try:
                report = await self._poller.poll(source)
            except StoreError as error:
                self._complain(f"what {source.url} says cannot be kept: {error}")
                return False
            except Exception:  # noqa: BLE001 - a bug in one source must not stop the others
                _log.exception("a bug: polling %s failed; the other sources go on", source.url)
                return False
        await self._tell(report)
        return True

    def _complain(self, message: str) -> None:
        """Log what is wrong with the store, once while it lasts."""
        if message != self._complaint:
            _log.error("%s; it is tried again", message)
        self._complaint = message
