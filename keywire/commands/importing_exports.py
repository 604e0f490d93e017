"""`keywire import`: read a JSON Lines export of keywire's own into a topic, as history."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from feeds.export.jsonl import LineError, read_line
from keywire.config import Config
from scraper.markup.html import sanitise
from store.archive.archived import Archived
from store.archive.importing import TakenIn, prepare, take_in
from store.database import Database

Show = Callable[[int, int], None]
"""Hears how many bytes are read, of how many."""
BATCH: Final = 500  # entries in one transaction
LONGEST: Final = 64 * 1024 * 1024  # bytes of a line, at most
_HEAD: Final = 64
_MARK: Final = b'{"keywire":'


class ImportingError(Exception):
    """A file cannot be imported. `str()` names it, the line and the remedy."""


def is_export(file: Path) -> bool:
    """Return whether a file is an export of keywire's own, by its first bytes."""
    with file.open("rb") as opened:
        return opened.read(_HEAD).startswith(_MARK)


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports exports into one topic of a store. `now` is our clock, UTC."""

    database: Database
    config: Config
    topic: str
    now: Callable[[], datetime]

    def take(self, file: Path, show: Show) -> str:
        """Import a file, and return in a few words what was imported.

        Each BATCH of entries is committed; importing a file again adds only what is missing. Raises
        ImportingError, and UnknownError for a topic that is not configured.
        """
        try:
            with file.open("rb") as opened:
                head = opened.read(_HEAD)
                if head and not head.startswith(_MARK):
                    raise ImportingError(
                        f"{file}: it is no export of keywire's; give a FILE.jsonl that "
                        "keywire export --format jsonl wrote"
                    )
                opened.seek(0)
                return _told(self._take_lines(file, opened, show))
        except OSError as error:
            raise ImportingError(f"{file} cannot be read: {error.strerror}") from error

    def _take_lines(self, file: Path, opened: BinaryIO, show: Show) -> TakenIn:
        with self.database.write() as connection:
            prepare(connection, self.topic, self.config.topics, self.config.sources, self.now())
        taken, size = TakenIn(), file.stat().st_size
        lines = _lines(file, opened)
        while batch := [*islice(lines, BATCH)]:
            taken += self._keep(batch)
            show(opened.tell(), size)
        return taken

    def _keep(self, batch: Sequence[Archived]) -> TakenIn:
        with self.database.write() as connection:
            return take_in(connection, batch, self.topic, self.now())


def _lines(file: Path, opened: BinaryIO) -> Iterator[Archived]:
    """Yield the entries line by line. Raises ImportingError with the number of an invalid line."""
    number = 0
    while line := opened.readline(LONGEST):
        number += 1
        if not line.strip():
            continue
        try:
            yield _cleaned(read_line(line))
        except LineError as error:
            raise ImportingError(
                f"{file}, line {number}: {error}; what stands {BATCH} lines and more before it is "
                "taken in: mend it and import the file again"
            ) from error


def _cleaned(archived: Archived) -> Archived:
    """Return an entry with its html sanitised, for anybody may have written the file."""
    base = archived.stored.entry.permalink or archived.stored.entry.blog
    entry = replace(archived.stored.entry, html=sanitise(archived.stored.entry.html, base))
    return replace(
        archived,
        stored=replace(archived.stored, entry=entry),
        revisions=tuple(replace(one, html=sanitise(one.html, base)) for one in archived.revisions),
    )


def _told(taken: TakenIn) -> str:
    entries = "1 entry" if taken.fresh == 1 else f"{taken.fresh:,} entries"
    known = f", {taken.known:,} were kept already" if taken.known else ""
    return f"{entries} taken in{known}"
