"""Make captures of what a user imports: files, folders, WARCs, lists, addresses."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from keywire.captures.capture import Capture, CaptureError
from keywire.captures.files import NO_OPTIONS, CaptureOptions, captures_in
from keywire.captures.lists import Listed, fetch_listed, listed, read_list
from keywire.captures.warc import captures_of, is_warc
from keywire.config import Config
from keywire.fetch_rules import rules_of
from scraper.errors import FetchError, ScrapeError
from scraper.fetch import Fetcher
from scraper.page import Page

Tell = Callable[[str], None]


@dataclass(slots=True)
class Gathering:
    """Finds captures, and fetches those that are only listed into `folder`.

    `tell` gets a line for each that cannot be had; `failed` counts them.
    """

    config: Config
    folder: Path
    now: Callable[[], datetime]
    tell: Tell
    options: CaptureOptions = NO_OPTIONS
    failed: int = 0
    _wanted: list[tuple[Listed, bool]] = field(default_factory=list)

    def gather(self, targets: Sequence[str], show: Callable[[int, int], None]) -> list[Capture]:
        """Return the captures of files, folders and addresses; a failure skips only its target."""
        found: list[Capture] = []
        for target in targets:
            wanted = len(self._wanted)
            try:
                of_it = [*self._find(target)]
            except CaptureError as error:
                self._fail(str(error))
                continue
            if not of_it and len(self._wanted) == wanted:
                self._fail(f"{target}: no pages are in it; give another one")
            found += of_it
        if self._wanted:
            found += asyncio.run(self._fetch_all(show))
        return found

    def _find(self, target: str) -> Iterable[Capture]:
        if "://" in target:
            self._wanted.append((listed(target), True))
            return ()
        path = Path(target)
        if path.is_dir():
            return [each for file in captures_in(path, self.options) for each in self._of(file)]
        if not path.is_file():
            raise CaptureError(f"{target}: there is no such file; give a file, folder or address")
        if is_warc(path):
            return captures_of(path, self.options)
        if (addresses := read_list(path)) is not None:
            self._wanted += ((one, False) for one in addresses)
            return ()
        return captures_in(path, self.options)

    def _of(self, capture: Capture) -> Iterator[Capture]:
        path = Path(capture.name)
        return captures_of(path, self.options) if is_warc(path) else iter((capture,))

    def _fail(self, why: str) -> None:
        self.failed += 1
        self.tell(why)

    async def _fetch_all(self, show: Callable[[int, int], None]) -> list[Capture]:
        fetcher = Fetcher(rules_of(self.config.fetch), now=self.now)
        found = []
        try:
            for number, (one, typed) in enumerate(self._wanted):
                fetch = partial(_fetch, fetcher, typed=typed)
                try:
                    found.append(await fetch_listed(one, fetch, self.folder, number))
                except ScrapeError as error:
                    self._fail(str(error))
                show(number + 1, len(self._wanted))
        finally:
            await fetcher.aclose()
        return found


async def _fetch(fetcher: Fetcher, url: str, *, typed: bool) -> Page:
    answer = await fetcher.fetch(url, typed=typed)
    if isinstance(answer, Page):
        return answer
    raise FetchError(url, "the server says that the page is gone, or unchanged")
