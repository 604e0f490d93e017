"""Send deliveries while keywire runs: a lane for each target, each at its own pace.

A delivery is in the store before it is sent, and its result is written after: a process that dies
in between sends it again, under the same id.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import Connection

from feeds.push.call import Channel, Moment, RefusedError, Send
from feeds.push.verdict import Attempt, is_out, weigh
from store.alerting import deliveries
from store.alerting.delivery import Delivery, DeliveryState, Lane
from store.alerting.due_deliveries import read_due
from store.commits import Commits
from store.database import Database
from store.errors import StoreError

BATCH: Final = 64  # deliveries, after which their results are written
LOOK_SECONDS: Final = 1.0  # until a delivery that a user retries is noticed
AFTER_A_FAILURE: Final = 15.0  # seconds, after the store failed
GRACE_SECONDS: Final = 2.0
T = TypeVar("T")
Channels = Mapping[tuple[str, str], Channel]
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pusher:
    """Sends what is due. `now` is our clock in UTC, `chance` returns numbers in [0, 1).

    `send` makes the HTTP calls. `channels` are by alert and lane; deliveries in other lanes wait.
    `heard` is called with every attempt.
    """

    database: Database
    channels: Channels
    send: Send
    now: Callable[[], datetime]
    chance: Callable[[], float]
    heard: Callable[[Attempt], None] = lambda _: None
    _commits: Commits = field(init=False, repr=False)
    _woken: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)
    _working: dict[str, asyncio.Task[None]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Start the thread that writes the attempts' results."""
        self._commits = Commits(self.database)

    def take(self, channels: Channels) -> None:
        """Send through these channels from now on."""
        self.channels = channels
        self.wake()

    def wake(self) -> None:
        """Look for due deliveries at once: some were written."""
        self._woken.set()

    async def run(self) -> None:
        """Send deliveries as they become due, until cancelled."""
        while True:
            self._woken.clear()
            wait = LOOK_SECONDS if self.channels else None
            try:
                await self._begin()
            except StoreError as error:
                _log.error("deliveries cannot be read: %s; it is tried again", error)
                wait = AFTER_A_FAILURE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)

    async def sweep(self) -> None:
        """Send all that is due now, and return when that has ended."""
        await self._begin()
        while self._working:
            await asyncio.wait(self._working.values())
            await asyncio.sleep(0)

    async def aclose(self) -> None:
        """Wait up to GRACE_SECONDS for what is being sent, then cancel the rest."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=GRACE_SECONDS)
        for task in [*self._working.values()]:
            task.cancel()
        await asyncio.gather(*self._working.values(), return_exceptions=True)
        await asyncio.to_thread(self._commits.close)

    # --- lanes ---

    async def _begin(self) -> None:
        """Start a task for every lane in which something is due."""
        known = {lane for _, lane in self.channels}
        due = await self._read(deliveries.waiting_lanes)
        now = self.now()
        for lane, at in due.items():
            if at <= now and lane in known and lane not in self._working:
                task = self._working[lane] = asyncio.create_task(self._work(lane))
                task.add_done_callback(partial(self._ended, lane))

    def _ended(self, lane: str, task: asyncio.Task[None]) -> None:
        del self._working[lane]
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, StoreError):
            _log.error("deliveries to %s cannot be kept: %s; it is tried again", lane, error)
        else:
            _log.error("a bug: delivering to %s failed", lane, exc_info=error)

    async def _work(self, name: str) -> None:
        """Send what is due in one lane, batch after batch, until it is empty or must wait."""
        lane = await self._read(partial(deliveries.read_lane, lane=name))
        while lane.stopped_at is None and (lane.not_before or self.now()) <= self.now():
            most = 1 if lane.failures else BATCH
            read = partial(read_due, lane=name, now=self.now(), most=most)
            batch = await self._read(read)
            if not batch:
                return
            lane = await self._write(lane, await self._attempt(batch))
        if lane.stopped_at is not None:
            park = partial(deliveries.park_lane, lane=name, reason=lane.reason)
            await self._commit(park)

    async def _attempt(self, batch: Sequence[Delivery]) -> list[Attempt]:
        """Try the deliveries of a batch, some at a time; stop once the target refuses them all."""
        together = min((self._together(one) for one in batch), default=1)
        places, out = asyncio.Semaphore(together), asyncio.Event()

        async def one(delivery: Delivery) -> Attempt | None:
            async with places:
                if out.is_set():
                    return None
                attempt = await self._try(delivery)
            if attempt.refused is not None and is_out(attempt.refused):
                out.set()
            return attempt

        attempts = await asyncio.gather(*map(one, batch))
        return [attempt for attempt in attempts if attempt is not None]

    async def _try(self, delivery: Delivery) -> Attempt:
        now = self.now()
        if delivery.digest is not None and delivery.digest.count == 0:
            return Attempt(delivery, now)  # all that it would have told was taken back
        try:
            channel = self._channel(delivery)
            moment = Moment(now, self.database.epoch)
            message = await channel.deliver(delivery, self.send, moment)
        except RefusedError as error:
            attempt = Attempt(delivery, now, refused=error)
        except Exception:  # noqa: BLE001 - a bug in one message must not stop the others
            _log.exception("a bug: telling %s failed; the others go on", delivery.lane)
            attempt = Attempt(
                delivery, now, refused=RefusedError("a bug of keywire's; see its log", 0)
            )
        else:
            attempt = Attempt(delivery, now, message)
        self.heard(attempt)
        return attempt

    def _together(self, delivery: Delivery) -> int:
        own = self.channels.get((delivery.alert, delivery.lane))
        return own.together if own else 1

    def _channel(self, delivery: Delivery) -> Channel:
        """Return the alert's own channel, or another alert's to the same target."""
        own = self.channels.get((delivery.alert, delivery.lane))
        others = (one for (_, lane), one in self.channels.items() if lane == delivery.lane)
        found = own or next(others, None)
        if found is None:
            raise RefusedError("no alert leads to this target any more", 0)
        return found

    async def _write(self, before: Lane, attempts: Sequence[Attempt]) -> Lane:
        """Write the results of a batch; return the lane as it then is."""
        lane, results = before, []
        for attempt in attempts:
            result, lane = weigh(attempt, lane, self.chance())
            results.append(result)
        _complain(before, lane)
        for result in results:
            if result.state is DeliveryState.PARKED:
                _log.error(
                    "delivery %d to %s is parked: %s; keywire deliveries retry %d sends it again",
                    result.delivery.id,
                    lane.lane,
                    result.answer,
                    result.delivery.id,
                )

        def write(connection: Connection) -> None:
            deliveries.record(connection, results)
            if lane != before:
                deliveries.write_lane(connection, lane)

        await self._commit(write)
        return lane

    async def _read(self, read: Callable[[Connection], T]) -> T:
        def within() -> T:
            with self.database.read() as connection:
                return read(connection)

        return await asyncio.to_thread(within)

    async def _commit(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._commits.submit(work))


def _complain(before: Lane, after: Lane) -> None:
    """Log a target's trouble when it begins and when the target is given up."""
    if after.stopped_at is not None:
        _log.error(
            "%s is asked no more: %s; what waits for it is parked, and keywire deliveries retry "
            "--all goes on",
            after.lane,
            after.reason,
        )
    elif after.failures and not before.failures:
        _log.warning("%s does not take what it is told: %s", after.lane, after.reason)
