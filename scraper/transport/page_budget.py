"""How many pages are in hand at once: what they and all that is made of them take is bounded by it.

An answer that brings no page needs no place.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PLACES: Final = 32
SLOW: Final = 1.0  # seconds; a body that takes longer to come gives its place to others


class Place:
    """Room for one page: taken before its body is read, given up when all is done with it."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = False
        self._timer: asyncio.TimerHandle | None = None

    async def take(self) -> None:
        """Wait for a place, and keep it while the body comes, if it comes fast."""
        if not self._taken:
            await self._places.acquire()
            self._taken = True
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(SLOW, self.leave)

    def keep(self) -> None:
        """Keep the place from now on, for the body is here."""
        self._stop_timer()

    def leave(self) -> None:
        """Give the place up, if it is held."""
        self._stop_timer()
        if self._taken:
            self._taken = False
            self._places.release()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Desk:
    """All the places that there are. It belongs to one event loop."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = asyncio.Semaphore(places)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Offer a place to one page; it is free again afterwards."""
        place = Place(self._places)
        try:
            yield place
        finally:
            place.leave()
