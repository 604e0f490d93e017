"""`keywire import`: all given files, exports first, then captures in the order of their times."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from keywire.captures.applying import Taker, Tally
from keywire.captures.files import CaptureOptions
from keywire.captures.gathering import Gathering
from keywire.clock import clock
from keywire.commands.importing_exports import Importer, ImportingError, is_export
from keywire.commands.progress import counted
from keywire.config import Config
from store.database import Database

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bringing:
    """Imports files into one topic. `options` are the user's options for saved pages.

    `tell` gets a line for each result, `complain` one for each failure or page that proves nothing.
    """

    database: Database
    config: Config
    topic: str
    options: CaptureOptions
    tell: Tell
    complain: Tell

    def bring_in(self, targets: Sequence[str]) -> int:
        """Import everything given; return how many failed, for the others go on.

        Raises UnknownError for a topic that is not configured.
        """
        exports = [target for target in targets if _is_export(target)]
        others = [target for target in targets if target not in exports]
        failed = sum(not self._take_export(Path(name)) for name in exports)
        return failed + (self._take_captures(others) if others else 0)

    def _take_export(self, file: Path) -> bool:
        importer = Importer(self.database, self.config, self.topic, clock)
        try:
            with counted(f"importing {file.name}") as show:
                taken = importer.take(file, show)
        except ImportingError as error:
            self.complain(str(error))
            return False
        self.tell(f"{file}: {taken}")
        return True

    def _take_captures(self, targets: Sequence[str]) -> int:
        with TemporaryDirectory(prefix="keywire-import-") as folder:
            gathering = Gathering(self.config, Path(folder), clock, self.complain, self.options)
            with counted("fetching") as show:
                captures = gathering.gather(targets, show)
            taker = Taker(self.database, self.config, self.topic, self.complain, clock)
            with counted("importing") as show:
                tally = taker.take(captures, show)
        if tally.taken or tally.passed:
            self.tell(_sum_up(tally))
        return gathering.failed + tally.failed


def _is_export(target: str) -> bool:
    with suppress(OSError):
        return "://" not in target and is_export(Path(target))
    return False


def _sum_up(tally: Tally) -> str:
    """Return in one line what the captures brought."""
    counts = (
        (tally.entries, "new entry", "new entries"),
        (tally.edits, "edit", "edits"),
        (tally.retracted, "retraction", "retractions"),
        (tally.before, "revision from before", "revisions from before"),
    )
    brought = [f"{many:,} {one if many == 1 else more}" for many, one, more in counts if many]
    captures = "1 capture" if tally.taken == 1 else f"{tally.taken:,} captures"
    told = f"{captures} taken: {', '.join(brought) or 'nothing that was not known'}"
    if tally.between:
        told += f"; {tally.between:,} wordings between two kept revisions are not taken"
    if tally.passed:
        told += f"; {tally.passed:,} passed over"
    return told
