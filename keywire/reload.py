"""Notice a changed configuration file while keywire runs; take it whole or refuse it."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from keywire.config import Config, load
from keywire.process.logs import hide
from keywire.sections.problems import ConfigError, Problem

LOOK_SECONDS = 1.0
_log = logging.getLogger(__name__)
# Fields of the file that cannot change while the process runs.
_FIXED = ("store", "site")


@dataclass(frozen=True, slots=True)
class Taken:
    """The news that a new configuration is in use, with its numbers of sources and topics."""

    sources: int
    topics: int


@dataclass(slots=True)
class ConfigFile:
    """One configuration file, watched; `used` is the configuration in use.

    A file that is written in two steps is read again at the next look, so half a file does no
    harm: its mistake is logged, and the next look reads the whole.
    """

    path: Path
    used: Config
    _seen: tuple[int, int, int] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Remember the file's stamp (mtime, size, inode) as of when it was read."""
        self._seen = self._stamp()

    def look(self, *, anyway: bool = False) -> Config | None:
        """Return the new configuration if the file has changed (or `anyway`), else None.

        A file with a mistake is logged and counts as unchanged.
        """
        stamp = self._stamp()
        if stamp == self._seen and not anyway:
            return None
        self._seen = stamp
        try:
            loaded = load(self.path)
            _check_fixed(self.path, self.used, loaded)
        except ConfigError as error:
            for problem in error.problems:
                _log.error("%s", problem)
            _log.error("%s is not taken; keywire goes on as it was", self.path)
            return None
        if loaded == self.used:
            return None
        hide(loaded.secrets)
        self.used = loaded
        return loaded

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return (stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _check_fixed(path: Path, used: Config, loaded: Config) -> None:
    problems = [
        Problem(path.name, 0, name, "cannot change while keywire runs; restart it")
        for name in _FIXED
        if getattr(used, name) != getattr(loaded, name)
    ]
    if problems:
        raise ConfigError(problems)
