"""The event loop that keywire runs on: uvloop where it is installed, else asyncio's own."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Final, TypeVar

from keywire.process import memory

# Seconds until a waiting thread gets the interpreter. A commit waits for it at each statement:
# with Python's default, 5 ms at each while the loop or a page being read was busy.
HAND_OVER: Final = 0.001

T = TypeVar("T")


def run(main: Coroutine[None, None, T]) -> T:
    """Run a long-lived program to its end, and return its result."""
    memory.tune()
    sys.setswitchinterval(HAND_OVER)
    with asyncio.Runner(loop_factory=_factory()) as runner:
        memory.keep_settled(runner.get_loop())
        memory.keep_trimmed(runner.get_loop())
        return runner.run(main)


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - there is none for some systems
    except ImportError:
        return None
    return uvloop.new_event_loop
