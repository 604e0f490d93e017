"""The limit of open files of the process: sockets are files."""

import resource
from contextlib import suppress
from typing import Final

OPEN_FILES: Final = 65_536  # a kept connection for each host, and those of readers


def allow_many() -> None:
    """Raise the limit of open files to OPEN_FILES, or as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # where a sandbox forbids it, fewer will do
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
