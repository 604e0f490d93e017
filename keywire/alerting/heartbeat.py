"""Heartbeats to dead-man's switches, sent as long as sources are polled and the store can write.

A switch that receives none for longer than it was set to wait raises the alarm. A heartbeat that
could not be sent is dropped: sent later, it would be false.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from feeds.push.call import Call, RefusedError, Send, expect
from keywire.sections.alerts import Heartbeat
from store.alerting.heartbeat import beat
from store.database import Database
from store.errors import StoreError

STALLED: Final = 60.0  # seconds without a tick of the schedule
LOOK_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Heart:
    """Sends each of `beats` at once, and then whenever it is due, by `send`.

    `now` is our clock in UTC, `ticks` counts seconds that no clock change moves.
    """

    database: Database
    beats: Sequence[Heartbeat]
    send: Send
    now: Callable[[], datetime]
    ticks: Callable[[], float] = time.monotonic
    _due: dict[str, float] = field(default_factory=dict, init=False, repr=False)
    _ailing: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _ticked: float = field(default=0.0, init=False, repr=False)
    _sending: dict[str, asyncio.Task[None]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Start as alive: the schedule has not had its first tick yet."""
        self._ticked = self.ticks()

    def tick(self) -> None:
        """Note that the schedule has ticked."""
        self._ticked = self.ticks()

    async def run(self) -> None:
        """Send heartbeats until cancelled."""
        try:
            while True:
                await self.pulse()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self.aclose()

    async def pulse(self) -> None:
        """Send the heartbeats that are due, if keywire is alive."""
        ticks = self.ticks()
        due = [one for one in self.beats if self._due.get(one.name, ticks) <= ticks]
        if not due:
            return
        ailment = await asyncio.to_thread(self._ailment)
        self._note("keywire", ailment and f"no heartbeat is sent: {ailment}")
        for one in due:
            self._due[one.name] = ticks + one.every.total_seconds()
            for url in () if ailment else one.urls:
                self._begin(one, url)

    async def aclose(self) -> None:
        """Cancel the heartbeats that are being sent."""
        for task in self._sending.values():
            task.cancel()
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    def _begin(self, one: Heartbeat, url: str) -> None:
        """Start to send one heartbeat, unless the last one to `url` is still being sent."""
        if url not in self._sending:
            task = self._sending[url] = asyncio.create_task(self._send(one, url))
            task.add_done_callback(lambda _: self._sending.pop(url))

    def _ailment(self) -> str:
        """Return why keywire is not alive; "" where it is."""
        silent = self.ticks() - self._ticked
        if silent > STALLED:
            return f"the schedule has not moved for {silent:.0f} seconds"
        try:
            with self.database.write() as connection:
                beat(connection, self.now())
        except StoreError as error:
            return f"the store takes nothing: {error}"
        return ""

    async def _send(self, one: Heartbeat, url: str) -> None:
        try:
            expect(await self.send(Call("GET", url)), self.now())
        except RefusedError as error:
            self._note(url, f"the heartbeat {one.name} does not arrive: {error}")
        else:
            self._note(url, "")

    def _note(self, whose: str, ailment: str) -> None:
        """Log an ailment of `whose` when it begins; "" means that it is over."""
        if ailment and not self._ailing.get(whose):
            _log.error("%s", ailment)
        self._ailing[whose] = ailment
