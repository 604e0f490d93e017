"""A limit on the pages held in memory at once, with what is parsed from them.

An answer that brings no page needs no place.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PLACES: Final = 32
SLOW: Final = 1.0  # seconds; a body that takes longer to arrive loses its place to others


class Place:
    """One page's place: taken before its body is read, given up once the page is done with."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = False
        self._timer: asyncio.TimerHandle | None = None

    async def take(self) -> None:
        """Wait for a place; it is lost again after SLOW seconds unless `keep` is called."""
        if not self._taken:
            await self._places.acquire()
            self._taken = True
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(SLOW, self.leave)

    def keep(self) -> None:
        """Keep the place until `leave`: the body has arrived."""
        self._stop_timer()

    def leave(self) -> None:
        """Release the place, if it is held."""
        self._stop_timer()
        if self._taken:
            self._taken = False
            self._places.release()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Desk:
    """All the places of one event loop."""

    def __init__(self, places: int = PLACES) -> None:
        self._places = asyncio.Semaphore(places)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Yield a place for one page, not taken yet; it is given up afterwards."""
        place = Place(self._places)
        try:
            yield place
        finally:
            place.leave()
