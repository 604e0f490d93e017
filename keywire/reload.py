"""The configuration while keywire runs: noticed when its file changes, taken whole or refused."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from keywire.config import Config, load
from keywire.process.logs import hide
from keywire.sections.problems import ConfigError, Problem

LOOK_SECONDS = 1.0
_log = logging.getLogger(__name__)
# What a running process is tied to, by the field's name in the file.
_FIXED = ("store", "site")


@dataclass(frozen=True, slots=True)
class Taken:
    """A new configuration is in use: how many sources and topics it names."""

    sources: int
    topics: int


@dataclass(slots=True)
class ConfigFile:
    """One configuration file, watched: `look` returns what it says now, if that is new and good.

    A file that is written in two steps is read again at the next look, so half a file does no
    harm: it is complained of, and then it is whole.
    """

    path: Path
    used: Config
    _seen: tuple[int, int, int] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Remember what the file was when it was read."""
        self._seen = self._stamp()

    def look(self, *, anyway: bool = False) -> Config | None:
        """Read the file if it has changed (or `anyway`); a mistake is logged, and nothing taken."""
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
