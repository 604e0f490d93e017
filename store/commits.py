"""Group commit: writes that wait at the same time share one transaction and one disk sync."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from store.database import BUGS, Database
from store.errors import ConflictError

MOST = 256  # pieces of work in one transaction, at most
TRIES = 3  # of a transaction that is rolled back by a deadlock

T = TypeVar("T")
_Told = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """One piece of work and the future of its result. `single`: it is one statement."""

    work: Callable[[Connection], Any]
    future: Future[Any]
    single: bool


class Commits:
    """Runs pieces of work one after another in a thread of its own.

    Each piece is written whole or not at all, independently of the others in its transaction: one
    that raises is rolled back to its savepoint. A future is done when its work is committed, and
    fails with DatabaseError where the commit does. After a deadlock that undid the transaction,
    all its pieces are run again at once: a piece may run twice, but its writes are kept once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None

    def submit(self, work: Callable[[Connection], T], *, single: bool = False) -> Future[T]:
        """Queue `work`, to be called with a connection that writes; return its result's future.

        `single` says that it is one statement, which is atomic without a savepoint.
        """
        future: Future[T] = Future()
        self._waiting.put(_Piece(work, future, single))
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="commits", daemon=True)
                self._thread.start()
        return future

    def close(self) -> None:
        """Wait until everything submitted is done, and end the thread."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            pieces, ended = self._gather(piece)
            self._commit(pieces)
            if ended:
                return

    def _gather(self, first: _Piece) -> tuple[list[_Piece], bool]:
        """Return `first` and the pieces that wait behind it, and whether `close` was called."""
        pieces = [first]
        while len(pieces) < MOST:
            try:
                piece = self._waiting.get_nowait()
            except queue.Empty:
                break
            if piece is None:
                return pieces, True
            pieces.append(piece)
        return pieces, False

    def _commit(self, pieces: list[_Piece]) -> None:
        running = [piece for piece in pieces if piece.future.set_running_or_notify_cancel()]
        try:
            told = self._run_all(running)
        except Exception as error:  # noqa: BLE001 - each piece's future raises it
            for piece in running:
                piece.future.set_exception(error)
        else:
            for tell in told:
                tell()

    def _run_all(self, running: list[_Piece], tries: int = TRIES) -> list[_Told]:
        try:
            with self._database.write() as connection:
                alone = len(running) == 1
                return [_run_one(connection, piece, alone=alone) for piece in running]
        except ConflictError:
            if tries <= 1:
                raise
        return self._run_all(running, tries - 1)


def _run_one(connection: Connection, piece: _Piece, *, alone: bool) -> _Told:
    """Run one piece, in a savepoint unless it is atomic anyway.

    Returns a function that resolves its future, to be called after the commit. A failure of the
    database is raised, so that the whole transaction fails.
    """
    try:
        with nullcontext() if alone or piece.single else connection.begin_nested():
            return partial(piece.future.set_result, piece.work(connection))
    except Exception as error:
        if alone or (isinstance(error, DBAPIError) and not isinstance(error, BUGS)):
            raise
        return partial(piece.future.set_exception, error)
