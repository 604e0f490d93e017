"""The log's newest changes in memory, and whoever waits for more.

Whoever commits in this process rings; other processes may write too, so the log's head is also
looked at once a second while anybody waits. Each change is read and put into words once, however
many listen.
"""

import asyncio
import logging
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol, TypeAlias

from sqlalchemy import Connection as Store

from feeds.site.reading import Reading
from feeds.site.sse import BEAT, Frame, frame
from store.catalogue import contents
from store.errors import DatabaseError
from store.log import head, read_after

BEAT_SECONDS = 15
SLOW_SECONDS = 20.0
LOOK_SECONDS = 1.0
AT_ONCE = 128 * 1024  # bytes sent to one listener before the next look at whether it keeps up
MEMORY = 8 * 2**20
_PAGE = 500
_LOG = logging.getLogger(__name__)


class Connection(Protocol):
    """What a listener hangs on."""

    def is_closing(self) -> bool:
        """Say whether it is over."""

    def abort(self) -> None:
        """End it, whatever is still to be sent."""

    def push(self, body: bytes) -> bool:
        """Send at once; False where that cannot be, and the listener is to do it itself."""


class Unconnected:
    """Stands in where the server does not say what a listener hangs on."""

    def is_closing(self) -> bool:
        """Say no: to send will raise."""
        return False

    def abort(self) -> None:
        """Leave it to the server."""

    def push(self, body: bytes) -> bool:  # noqa: ARG002 - as Connection has it
        """Leave it to the listener."""
        return False


@dataclass(slots=True, eq=False)
class Listener:
    """Somebody who waits: for changes of a topic, or of all, after `cursor`.

    `sending_since` is the loop's time at which it was last given something that it has not taken.
    """

    topic: str | None
    cursor: int
    connection: Connection = field(default_factory=Unconnected)
    sending_since: float | None = None
    slot: int = 0


_Waiting: TypeAlias = tuple[Listener, asyncio.Future[bool]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What comes after a cursor: bytes to send (b"" where nothing does), and the cursor then."""

    body: bytes
    cursor: int


class Tail:
    """The newest changes, each told to all who listen. It belongs to one event loop.

    A listener keeps no buffer of its own: it takes `after(cursor)` at its own pace, and reads the
    log where it has fallen behind what is in memory. `memory` is in bytes.
    """

    def __init__(self, reading: Reading, memory: int = MEMORY) -> None:
        self._reading, self._memory = reading, memory
        self._frames: list[Frame] = []
        self._size = 0
        self._start = self._head = 0  # of what is in memory: after the one, up to the other
        self._pieces: dict[tuple[int, str | None], Piece] = {}
        self._bell = asyncio.Event()
        self._numbers = count()
        self._listeners: tuple[set[Listener], ...] = tuple(set() for _ in range(BEAT_SECONDS))
        self._waiting: list[list[_Waiting]] = [[] for _ in range(BEAT_SECONDS)]
        self._following: asyncio.Task[None] | None = None
        self.closed = False

    def __len__(self) -> int:
        """Count the listeners."""
        return sum(map(len, self._listeners))

    def ring(self) -> None:
        """Look at the log now: something was committed."""
        self._bell.set()

    def close(self) -> None:
        """Let all who listen go. Those who do not take what they were given are cut."""
        self.closed = True
        for listeners in self._listeners:
            for listener in listeners:
                if listener.sending_since is not None:
                    listener.connection.abort()
        for slot, waiting in enumerate(self._waiting):
            self._waiting[slot] = []
            for _, waiter in waiting:
                if not waiter.done():
                    waiter.set_result(False)
        self.ring()

    @contextmanager
    def listening(self, listener: Listener, read_to: int) -> Iterator[None]:
        """Count as a listener meanwhile. `read_to` is the log's head as it was just read."""
        if self._following is None or self._following.done():
            self._frames, self._size, self._pieces = [], 0, {}
            self._start = self._head = read_to
            self._bell = asyncio.Event()
            self._following = asyncio.create_task(self._follow())
        listener.slot = next(self._numbers) % BEAT_SECONDS
        self._listeners[listener.slot].add(listener)
        try:
            yield
        finally:
            self._listeners[listener.slot].discard(listener)

    def reaches(self, cursor: int) -> bool:
        """Say whether all that comes after `cursor` is in memory."""
        running = self._following is not None and not self._following.done()
        return running and self._start <= cursor <= self._head

    @property
    def head(self) -> int:
        """The newest seq in memory."""
        return self._head

    def after(self, cursor: int, topic: str | None) -> Piece | None:
        """Return what comes next after `cursor`; None where only the log still has it."""
        if cursor < self._start:
            return None
        piece = self._pieces.get((cursor, topic))
        if piece is None:
            self._pieces[cursor, topic] = piece = self._cut(cursor, topic)
        return piece

    def _cut(self, cursor: int, topic: str | None) -> Piece:
        bodies, size, last = [], 0, max(cursor, self._head)
        for one in self._frames[bisect_right(self._frames, cursor, key=lambda one: one.seq) :]:
            if topic is None or topic in one.topics:
                bodies.append(one.body)
                size += len(one.body)
                if size >= AT_ONCE:
                    last = one.seq
                    break
        return Piece(b"".join(bodies), last)

    async def turn(self, listener: Listener) -> bool:
        """Wait until the listener has to do something itself; True for showing signs of life.

        What can be sent without it is sent meanwhile: to turn thousands of tasks takes longer.
        """
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[listener.slot].append((listener, waiter))
        return await waiter

    async def arrival(self, listener: Listener, seconds: float) -> None:
        """Wait until something comes after the listener's cursor, so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.closed:
                    piece = self.after(listener.cursor, listener.topic)
                    if piece is None or piece.body:
                        return
                    listener.cursor = piece.cursor
                    await self.turn(listener)

    # --- following the log ---

    async def _follow(self) -> None:
        loop = asyncio.get_running_loop()
        beats, next_beat = 0, loop.time() + LOOK_SECONDS
        while len(self) and not self.closed:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_beat):
                    await self._bell.wait()
            self._bell.clear()
            await self._read_on()
            if loop.time() >= next_beat:
                self._beat(beats % BEAT_SECONDS, loop.time())
                beats, next_beat = beats + 1, max(next_beat + LOOK_SECONDS, loop.time())

    async def _read_on(self) -> None:
        try:
            while fresh := await self._reading.ask(self._look):
                self._take(fresh)
                for slot in range(BEAT_SECONDS):
                    self._tell(slot)
                    await asyncio.sleep(0)  # all else gets its turn between
        except DatabaseError as error:
            _LOG.warning("the log cannot be read for those who follow it: %s", error)
        except Exception:  # noqa: BLE001 - a bug must not end all streams
            _LOG.exception("following the log")

    def _look(self, connection: Store) -> list[Frame]:
        if head(connection) <= self._head:
            return []
        epoch, given = self._reading.database.epoch, contents(connection)
        changes = read_after(connection, self._head, _PAGE)
        return [frame(change, epoch, given) for change in changes]

    def _take(self, fresh: list[Frame]) -> None:
        if any(one.forgets for one in fresh):
            self._frames, self._size, self._start = [], 0, self._head
        self._frames += fresh
        self._size += sum(len(one.body) for one in fresh)
        self._head = fresh[-1].seq
        self._pieces.clear()
        if self._size > self._memory:
            self._forget()

    def _forget(self) -> None:
        """Let the older half go; who needs it still reads it from the log."""
        kept = dropped = 0
        while self._size - dropped > self._memory // 2:
            dropped += len(self._frames[kept].body)
            kept += 1
        self._start = self._frames[kept - 1].seq
        self._size -= dropped
        del self._frames[:kept]

    def _tell(self, slot: int) -> None:
        still = []
        for one in self._waiting[slot]:
            listener, waiter = one
            if waiter.done():
                continue
            if self._push(listener):
                still.append(one)
            else:
                waiter.set_result(False)
        self._waiting[slot] = still

    def _push(self, listener: Listener) -> bool:
        """Send a listener all that is new to it; False where it has to see to that itself."""
        piece = self.after(listener.cursor, listener.topic)
        if piece is None or (piece.body and not listener.connection.push(piece.body)):
            return False
        listener.cursor = piece.cursor
        return piece.cursor >= self._head

    def _beat(self, slot: int, now: float) -> None:
        """Show a share of the listeners signs of life; cut those of them that take nothing."""
        for listener in self._listeners[slot]:
            if listener.sending_since is not None and now - listener.sending_since > SLOW_SECONDS:
                listener.connection.abort()
        still = []
        for one in self._waiting[slot]:
            listener, waiter = one
            if waiter.done():
                continue
            if not listener.connection.is_closing() and listener.connection.push(BEAT):
                still.append(one)
            else:
                waiter.set_result(True)
        self._waiting[slot] = still
