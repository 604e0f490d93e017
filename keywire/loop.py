"""The event loop that keywire runs on: uvloop where it is installed, else asyncio's own."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


def run(main: Coroutine[None, None, T]) -> T:
    """Run a program to its end."""
    try:
        import uvloop  # noqa: PLC0415 - there is none for some systems
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
