"""Measure the memory of this process while it works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

_SAMPLED_EVERY = 0.25


@dataclass(slots=True)
class Memory:
    """The highest resident memory of this process that was sampled, in bytes."""

    most: int = 0

    def look(self) -> None:
        """Take a sample."""
        held = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        self.most = max(self.most, int(held) * sysconf("SC_PAGE_SIZE"))


@asynccontextmanager
async def watched_memory() -> AsyncIterator[Memory]:
    """Sample the memory of this process regularly within the context, and at its end."""
    memory = Memory()

    async def watch() -> None:
        while True:
            memory.look()
            await asyncio.sleep(_SAMPLED_EVERY)

    watching = asyncio.create_task(watch())
    try:
        yield memory
    finally:
        watching.cancel()
        memory.look()
