"""The event loop that keywire runs on: uvloop where it is installed, else asyncio's own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from keywire.process import memory

T = TypeVar("T")


def run(main: Coroutine[None, None, T]) -> T:
    """Run a program that goes on for long, to its end."""
    memory.tune()
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
