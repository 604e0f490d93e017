"""Read the store from the event loop, and sometimes write to it, in a few threads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection

from store.database import Database

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading:
    """Access to the store for one kind of request, by at most `limiter` requests at a time.

    The limit is low enough that any number of requests leaves connections to polling.
    """

    database: Database
    limiter: CapacityLimiter

    async def ask(self, query: Callable[[Connection], _T]) -> _T:
        """Run `query` in a thread, on one consistent view of the store. Raises DatabaseError."""
        return await to_thread.run_sync(self._ask, query, limiter=self.limiter)

    async def change(self, write: Callable[[Connection], _T]) -> _T:
        """Run `write` in a thread, in one transaction. Raises DatabaseError."""
        return await to_thread.run_sync(self._change, write, limiter=self.limiter)

    def _change(self, write: Callable[[Connection], _T]) -> _T:
        with self.database.write() as connection:
            return write(connection)

    def _ask(self, query: Callable[[Connection], _T]) -> _T:
        with self.database.read() as connection:
            return query(connection)
