"""Deliver signals as events of the running loop."""

import asyncio
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def caught(events: Mapping[signal.Signals, asyncio.Event]) -> Iterator[None]:
    """Set an event whenever its signal arrives, within the block."""
    loop = asyncio.get_running_loop()
    for number, event in events.items():
        loop.add_signal_handler(number, event.set)
    try:
        yield
    finally:
        for number in events:
            loop.remove_signal_handler(number)
