"""Keep the log's newest changes in memory, and send them to the listeners that wait for more.

Commits in this process ring; other processes may write too, so the log's newest seq is also read
once a second while anybody listens. Each change is read and encoded once, however many listen.
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

BEAT_SECONDS = 15  # between two signs of life to one listener
SLOW_SECONDS = 20.0  # after which a listener that takes nothing is cut off
LOOK_SECONDS = 1.0  # between two looks at the log when nothing rings
AT_ONCE = 128 * 1024  # bytes sent to one listener before the next look at whether it keeps up
MEMORY = 8 * 2**20  # bytes of encoded changes
_PAGE = 500
_LOG = logging.getLogger(__name__)


class Connection(Protocol):
    """A listener's network connection."""

    def is_closing(self) -> bool:
        """Return whether the connection is closed or being closed."""

    def abort(self) -> None:
        """Close the connection at once; unsent data is lost."""

    def push(self, body: bytes) -> bool:
        """Send `body` at once and return True; False where the listener must send it itself."""


class Unconnected:
    """Stands in for a connection where the server does not hand over its transport."""

    def is_closing(self) -> bool:
        """Return False: sending raises once the connection is closed."""
        return False

    def abort(self) -> None:
        """Do nothing; the server closes the connection."""

    def push(self, body: bytes) -> bool:  # noqa: ARG002 - as Connection has it
        """Return False: the listener must send itself."""
        return False


@dataclass(slots=True, eq=False)
class Listener:
    """A client that waits for changes after `cursor`, of one topic or (None) of all.

    `sending_since` is the event loop's time since which a send to it has been waiting, None for no
    such send. `slot` says in which second of BEAT_SECONDS it gets its sign of life.
    """

    topic: str | None
    cursor: int
    connection: Connection = field(default_factory=Unconnected)
    sending_since: float | None = None
    slot: int = 0


_Waiting: TypeAlias = tuple[Listener, asyncio.Future[bool]]


@dataclass(frozen=True, slots=True)
class Piece:
    """What follows a cursor: bytes to send (b"" for no changes), and the cursor after them."""

    body: bytes
    cursor: int


class Tail:
    """The newest changes in memory, for all listeners. It belongs to one event loop.

    A listener has no buffer of its own: it takes `after(cursor)` at its own pace, and reads the log
    in the store once it has fallen behind what is in memory. `memory` is in bytes.
    """

    def __init__(self, reading: Reading, memory: int = MEMORY) -> None:
        self._reading, self._memory = reading, memory
        self._frames: list[Frame] = []
        self._size = 0
        self._start = self._head = 0  # in memory: the changes after the one, up to the other
        self._pieces: dict[tuple[int, str | None], Piece] = {}
        self._bell = asyncio.Event()
        self._numbers = count()
        self._listeners: tuple[set[Listener], ...] = tuple(set() for _ in range(BEAT_SECONDS))
        self._waiting: list[list[_Waiting]] = [[] for _ in range(BEAT_SECONDS)]
        self._following: asyncio.Task[None] | None = None
        self.closed = False

    def __len__(self) -> int:
        """Return the number of listeners."""
        return sum(map(len, self._listeners))

    def ring(self) -> None:
        """Have the log read now. To be called after each commit."""
        self._bell.set()

    def close(self) -> None:
        """End all waiting. Listeners that have not taken what was sent to them are cut off."""
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
        """Register a listener for the time of the context.

        `read_to` is the log's newest seq as just read; memory begins there if nobody else listens.
        """
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
        """Return whether all changes after `cursor` are in memory, and are being followed."""
        running = self._following is not None and not self._following.done()
        return running and self._start <= cursor <= self._head

    @property
    def head(self) -> int:
        """The newest seq in memory."""
        return self._head

    def after(self, cursor: int, topic: str | None) -> Piece | None:
        """Return what follows `cursor`, about AT_ONCE bytes at most; None if it has left memory."""
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
        """Wait until the listener has to send something itself; True if that is a sign of life.

        Until then changes are pushed to its connection: waking thousands of tasks takes longer.
        """
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[listener.slot].append((listener, waiter))
        return await waiter

    async def arrival(self, listener: Listener, seconds: float) -> None:
        """Wait for a change after the listener's cursor, for at most `seconds`."""
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
                    await asyncio.sleep(0)  # let other tasks run in between
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
        """Drop the older half from memory; listeners behind it read the log in the store."""
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
        """Push to a listener all that is new to it; False where the listener must go on itself."""
        piece = self.after(listener.cursor, listener.topic)
        if piece is None or (piece.body and not listener.connection.push(piece.body)):
            return False
        listener.cursor = piece.cursor
        return piece.cursor >= self._head

    def _beat(self, slot: int, now: float) -> None:
        """Send a sign of life to the listeners of a slot; cut off those that take nothing."""
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
