"""What a process that runs for months does with memory: what comes and goes is given back.

Two things are told once. The C library serves large pieces (a page, a feed) from the same heap as
small ones that stay, and the heap then keeps the room of both; from a size on, they get pages of
their own. And Python's collector, left to itself, stops all else for a quarter of a second and more
to walk what is kept, whenever that has grown by a quarter. It walks what is young alone; all is
walked every ten minutes.
"""

import asyncio
import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

OWN_PAGES: Final = 65_536  # bytes from which on a piece gets pages of its own
# As gc.set_threshold takes them: what is young is walked when so many objects more are there, and
# after so many of those walks what they left; what is old is walked by `settle` alone.
YOUNG: Final = (5_000, 20, 1_000_000)
PASSING: Final = 100_000  # objects more than before, when values pass page by page
SETTLED_AFTER: Final = 60.0  # seconds, until all that is followed was read
SETTLED_EVERY: Final = 600.0  # seconds
TRIMMED_EVERY: Final = 30.0  # seconds
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
_ARENAS: Final = 2


def hold() -> None:
    """Collect nothing until `tune`: what a start imports stays, and is walked in vain till then."""
    gc.disable()


def tune() -> None:
    """Tell the allocator and the collector; a C library that is not glibc goes its own way."""
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
    """Collect seldom, while much passes through that holds itself in no circle."""
    before = gc.get_threshold()
    gc.set_threshold(PASSING, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settle() -> None:
    """Collect all garbage, and leave what remains out of every walk until this is done again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def trim() -> None:
    """Give back to the system what the C library holds for nobody; Python goes on meanwhile."""
    if (give_back := _glibc("malloc_trim")) is not None:
        give_back(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """Give a function of glibc; None where the C library is another one."""
    return getattr(ctypes.CDLL(None), name, None)


def keep_settled(loop: asyncio.AbstractEventLoop, after: float = SETTLED_AFTER) -> None:
    """Settle after so many seconds, and again and again, as long as the loop runs."""

    def again() -> None:
        settle()
        keep_settled(loop, SETTLED_EVERY)

    loop.call_later(after, again)


def keep_trimmed(loop: asyncio.AbstractEventLoop) -> None:
    """Trim again and again, in a thread, as long as the loop runs."""

    def again() -> None:
        with suppress(RuntimeError):  # its threads have ended: so does the program
            loop.run_in_executor(None, trim)
        keep_trimmed(loop)

    loop.call_later(TRIMMED_EVERY, again)
