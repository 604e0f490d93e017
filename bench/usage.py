"""What a process uses of the machine while it works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from os import sysconf
from pathlib import Path

_SAMPLED_EVERY = 0.25


@dataclass(slots=True)
class Memory:
    """The most memory that this process was seen to hold, in bytes."""

    most: int = 0

    def look(self) -> None:
        """Look how much it is now."""
        held = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        self.most = max(self.most, int(held) * sysconf("SC_PAGE_SIZE"))


@asynccontextmanager
async def watched_memory() -> AsyncIterator[Memory]:
    """Look again and again at how much memory this process holds."""
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
