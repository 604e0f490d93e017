"""Memory of a process that runs for months: return what is no longer used to the system.

Two things are configured once. The C library puts large pieces (a page, a feed) on the same heap as
small ones that stay, and the heap then keeps the room of both; from OWN_PAGES on, pieces get pages
of their own. And Python's collector, left to itself, stops everything for a quarter of a second and
more to walk all objects whenever their number has grown by a quarter. Here it walks young objects
only; all are walked every ten minutes.
"""

import asyncio
import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

OWN_PAGES: Final = 65_536  # bytes from which a piece gets memory pages of its own
# The arguments of gc.set_threshold: young objects are walked after so many new ones, those that
# are left after so many of these walks; old objects are walked by `settle` alone.
YOUNG: Final = (5_000, 20, 1_000_000)
PASSING: Final = 100_000  # new objects until a walk, while values pass page by page
SETTLED_EVERY: Final = 600.0  # seconds
TRIMMED_EVERY: Final = 30.0  # seconds
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # from glibc's malloc.h
_ARENAS: Final = 2


def hold() -> None:
    """Turn the collector off until `tune`: what the start imports stays, and is walked in vain."""
    gc.disable()


def tune() -> None:
    """Configure the allocator and the collector; the allocator only where it is glibc's."""
    gc.enable()
    gc.set_threshold(*YOUNG)
    if (tell := _glibc("mallopt")) is None:
        return
    for name, value in (
        (_M_MMAP_THRESHOLD, OWN_PAGES),
        (_M_TRIM_THRESHOLD, 4 * OWN_PAGES),
        (_M_ARENA_MAX, _ARENAS),
    ):
        tell(name, value)


@contextmanager
def walked_seldom() -> Iterator[None]:
    """Collect rarely within the block, for many objects that are in no reference cycle."""
    before = gc.get_threshold()
    gc.set_threshold(PASSING, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settle() -> None:
    """Collect all garbage, and exempt the remaining objects from walks until the next call."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def trim() -> None:
    """Return the C library's unused memory to the system; other Python threads go on meanwhile."""
    if (give_back := _glibc("malloc_trim")) is not None:
        give_back(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """Return a function of glibc; None where the C library is another one."""
    return getattr(ctypes.CDLL(None), name, None)


def keep_settled(loop: asyncio.AbstractEventLoop) -> None:
    """Call `settle` every SETTLED_EVERY seconds while the loop runs."""

    def again() -> None:
        settle()
        keep_settled(loop)

    loop.call_later(SETTLED_EVERY, again)


def keep_trimmed(loop: asyncio.AbstractEventLoop) -> None:
    """Call `trim` every TRIMMED_EVERY seconds, in a thread, while the loop runs."""

    def again() -> None:
        with suppress(RuntimeError):  # the loop's threads have ended: the program is ending
            loop.run_in_executor(None, trim)
        keep_trimmed(loop)

    loop.call_later(TRIMMED_EVERY, again)
