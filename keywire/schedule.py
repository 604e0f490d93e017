"""When sources are polled: the only apscheduler. One tick over their due times."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING

from keywire.due_times import DueTimes
from keywire.poll import Poller
from keywire.polling.backfill import may_walk
from keywire.polling.report import Report
from scraper.fetch import Fetcher
from scraper.pace import BASE, LONGEST_BACKOFF, back_off
from store import by_hand, sources
from store.errors import StoreError
from store.source import Source, due_at

TICK_SECONDS: Final = 0.1
AT_ONCE: Final = 1_000  # hosts asked at once; one that hangs keeps its place for 20 s
LOOK_SECONDS: Final = 2.0  # until a user's change in the store is noticed
JUMP: Final = timedelta(seconds=5)  # our clock going back by more is a jump
AFTER_A_FAILURE: Final = timedelta(seconds=15)
GRACE_SECONDS: Final = 2.0  # at shutdown, for polls under way; the rest is cut off
_log = logging.getLogger(__name__)


class Schedule:
    """Polls what is due: one source of a host at a time, many hosts at once.

    `tell` is called with every report, `late` with how many seconds late each poll begins,
    `ticked` after every tick at which the store answered, even if with an error. Due times are
    kept in the store, so that a restart polls nothing early, and in memory in a heap.
    """

    def __init__(
        self,
        poller: Poller,
        tell: Callable[[Report], Awaitable[None]],
        ticked: Callable[[], None] = lambda: None,
        late: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.poller = poller
        self._tell, self._ticked, self._late = tell, ticked, late
        self._due = DueTimes(self._every)
        self._lanes: dict[str, deque[int]] = {}  # source ids that wait, by host
        self._ready: deque[str] = deque()  # hosts whose lanes wait for a place
        self._tasks: set[asyncio.Task[None]] = set()
        self._announcing: set[asyncio.Task[None]] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._cut_off: list[Source] = []  # as they stood when their polls began
        self._ticking = asyncio.Lock()
        self._revision: int | None = None
        self._look_at = 0.0
        self._wished = self._granted = 0  # calls of look_again, and how many are done
        self._clocks: tuple[datetime, float] | None = None
        self._ailing: dict[str, str] = {}
        self._bugs: dict[int, int] = {}  # by source id: polls in a row that a bug ended
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self) -> None:
        """Start to tick in the running event loop."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick may be skipped
        self._scheduler.add_job(
            self._tick, "interval", seconds=TICK_SECONDS, max_instances=1, coalesce=True
        )
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin no more polls, and cancel those still under way after GRACE_SECONDS.

        What they wrote is whole or absent; sources that were not polled keep their due times, and
        those whose polls were cut off are due soon.
        """
        self._scheduler.pause()
        async with self._ticking:
            self._scheduler.shutdown(wait=False)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(
            *self._tasks, *self._announcing, *self._closing, return_exceptions=True
        )
        with contextlib.suppress(StoreError):
            await self.poller.put_off(self._due.unpolled())
            await self.poller.put_forward(self._cut_off)

    def followed(self) -> list[Source]:
        """Return the sources as their last polls left them."""
        return list(self._due.sources.values())

    def look_again(self) -> None:
        """Read the followed sources from the store again at the next tick."""
        self._wished += 1

    def retire(self, fetcher: Fetcher) -> None:
        """Close a fetcher once the polls that are now under way have ended."""
        last = list(self._tasks)

        async def close() -> None:
            await asyncio.gather(*last, return_exceptions=True)
            await fetcher.aclose()

        self._closing.add(task := asyncio.create_task(close()))
        task.add_done_callback(self._closing.discard)

    async def poll_all(self, wanted: list[Source]) -> bool:
        """Poll each of `wanted` once; return whether every poll could be carried out.

        Paused and gone sources are skipped.
        """
        lanes: dict[str, list[Source]] = {}
        for source in (one for one in wanted if due_at(one, self.poller.now()) is not None):
            lanes.setdefault(_host(source), []).append(source)

        async def go_through(lane: list[Source]) -> bool:
            return all([await self._poll(source) is not None for source in lane])

        return all(await asyncio.gather(*map(go_through, lanes.values())))

    # --- the tick ---

    async def _tick(self) -> None:
        async with self._ticking:
            try:
                await self._look()
            except StoreError as error:
                self._complain("reading", str(error), error)
                self._ticked()
                return
        if self._scheduler.state != STATE_RUNNING:  # the end came before this tick, or meanwhile
            return
        if fallen := self._due.take(self.poller.now()):
            task = asyncio.create_task(self._announce(fallen))
            self._announcing.add(task)
            task.add_done_callback(self._announcing.discard)
        self._begin()
        self._ticked()

    async def _look(self) -> None:
        """Read the sources again where a user changed them, or where our clock jumped back."""
        now, ticks, wished = self.poller.now(), time.monotonic(), self._wished
        anew = wished != self._granted or self._has_jumped(now, ticks)
        if ticks >= self._look_at or anew:
            revision, followed = await asyncio.to_thread(self._read, self._revision, anew=anew)
            self._look_at, self._revision = ticks + LOOK_SECONDS, revision
            self._granted = wished
            self._ailing.pop("reading", None)
            if followed is not None:
                self._due.replace(followed, now)
        self._clocks = (now, ticks)

    def _has_jumped(self, now: datetime, ticks: float) -> bool:
        if self._clocks is None:
            return False
        then, ticks_then = self._clocks
        return now - then < timedelta(seconds=ticks - ticks_then) - JUMP

    def _read(self, known: int | None, *, anew: bool) -> tuple[int, list[Source] | None]:
        with self.poller.database.read() as connection:
            revision = by_hand.revision(connection)
            if revision == known and not anew:
                return revision, None
            return revision, sources.followed(connection)

    async def _announce(self, fallen: list[Source]) -> None:
        """Write to the store, all in one, that `fallen` are about to be polled; then queue them.

        Without it, a process killed while it asks would ask again as soon as it is restarted.
        """
        now = self.poller.now()
        try:
            polled = (one for one in fallen if not may_walk(one, now))
            await self.poller.put_off({one.id: now + self._span(one, now) for one in polled})
        except StoreError as error:
            self._complain("keeping", f"it cannot be kept what is polled: {error}", error)
        finally:
            for source in fallen:
                self._queue(source.id)
            self._begin()

    def _every(self, source: Source, now: datetime) -> timedelta | None:
        """Return the interval that the configuration now sets for a source, or None."""
        return self.poller.wishes.every(source, now)

    def _span(self, source: Source, now: datetime) -> timedelta:
        """Return how long a source rests if its poll never ends: its interval, or the last one."""
        if (every := self._every(source, now)) is not None:
            return every
        if source.next_poll is None or source.last_poll is None:
            return BASE
        return source.next_poll - source.last_poll

    # --- lanes: one source of a host at a time ---

    def _queue(self, source_id: int) -> None:
        source = self._due.sources.get(source_id)
        if source is None:
            del self._due.waiting[source_id]
            return
        host = _host(source)
        lane = self._lanes.get(host)
        if lane is None:
            self._lanes[host] = deque([source_id])
            self._ready.append(host)
        else:
            lane.append(source_id)

    def _begin(self) -> None:
        if self._scheduler.state != STATE_RUNNING:
            return
        while self._ready and len(self._tasks) < AT_ONCE:
            task = asyncio.create_task(self._go_through(self._ready.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._begin()

    async def _go_through(self, host: str) -> None:
        lane = self._lanes[host]
        while lane and self._scheduler.state == STATE_RUNNING:
            source_id = lane.popleft()
            source = self._due.sources.get(source_id)
            due = self._due.waiting[source_id]
            try:
                if source is not None and source_id in self._due:
                    self._late((self.poller.now() - due).total_seconds())
                    after, rest = await self._poll(source), self._rest_of(source_id)
                    self._due.put_back(source_id, after, self.poller.now(), rest)
            except asyncio.CancelledError:
                self._cut_off += [] if source is None else [source]
                raise
            finally:
                del self._due.waiting[source_id]
        del self._lanes[host]

    def _rest_of(self, source_id: int) -> timedelta:
        """Return the wait after a poll that could not be carried out; it grows after bugs."""
        return back_off(AFTER_A_FAILURE, self._bugs.get(source_id, 0), LONGEST_BACKOFF)

    async def _poll(self, source: Source) -> Source | None:
        """Poll, and return the source as it then is; None where the store or a bug failed."""
        try:
            report = await self.poller.poll(source)
        except StoreError as error:
            self._complain("keeping", f"what {source.url} says cannot be kept: {error}", error)
            return None
        except Exception:  # noqa: BLE001 - a bug in one source must not stop the others
            self._bugs[source.id] = self._bugs.get(source.id, 0) + 1
            _log.exception("a bug: polling %s failed; the other sources go on", source.url)
            return None
        self._ailing.pop("keeping", None)
        self._bugs.pop(source.id, None)
        if report.found:
            self.look_again()
        try:
            await self._tell(report)
        except Exception:  # noqa: BLE001 - nor must one in reporting it
            _log.exception("a bug: telling of %s failed; polling goes on", source.url)
        return report.source

    def _complain(self, of: str, message: str, error: StoreError) -> None:
        """Log an error of the store once while it lasts, however many sources it concerns."""
        if self._ailing.get(of) != str(error):
            _log.error("%s; it is tried again", message)
        self._ailing[of] = str(error)


def _host(source: Source) -> str:
    return urlsplit(source.url).hostname or ""
