"""Time without the moments in which a thread waits for a processor.

Deadlines of tests hold for an idle machine. On a busy one a thread is ready to run and does not:
Linux counts that time, and it is left out here. On an idle machine, and on other systems, these are
a clock's seconds.
"""

import os
import threading
import time
from pathlib import Path

_mine = threading.local()


class OwnTime:
    """Returns seconds since some moment of the thread that made it; they never go back."""

    def __init__(self) -> None:
        self._file = -1
        if (path := Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")).exists():
            self._file = os.open(path, os.O_RDONLY)

    def __call__(self) -> float:
        before = self._kept_waiting()
        while True:
            now, after = time.monotonic(), self._kept_waiting()
            if before == after:
                return now - after
            before = after

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def _kept_waiting(self) -> float:
        return _waited(os.pread(self._file, 99, 0)) if self._file >= 0 else 0.0


def own_time() -> float:
    """Return the seconds of this thread, as OwnTime does."""
    if getattr(_mine, "process", 0) != os.getpid():
        _mine.process, _mine.clock = os.getpid(), OwnTime()
    return _mine.clock()


def kept_waiting(process: int) -> float:
    """Return the seconds for which a process's first thread was ready while others ran."""
    try:
        return _waited(Path(f"/proc/{process}/schedstat").read_bytes())
    except OSError:
        return 0.0


def _waited(counted: bytes) -> float:
    return int(counted.split()[1]) / 1e9
