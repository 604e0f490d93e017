"""Ask a platform's small answer whether anything is new, and decide when not to.

The small answer can only save reading the page; it is never evidence of anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from keywire.polling import source_state
from keywire.polling.next_turn import Clock
from scraper.errors import FetchError, StatusError
from scraper.fetch import Fetcher
from scraper.page import Cost, Page
from scraper.probe import news
from store.source import Source

LET_BE = timedelta(hours=1)
FALSE_ALARMS = 2  # in a row: news announced that the page then did not show
_PATIENCE = (429, 503)


@dataclass(frozen=True, slots=True)
class Said:
    """The result of a small answer: `news` is None where it is unknown; headers as of a Page."""

    news: bool | None
    cost: Cost
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Probes:
    """What small answers have said, by source id; in memory only."""

    now: Callable[[], datetime]
    _let_be: dict[int, datetime] = field(default_factory=dict)
    _alarms: dict[int, int] = field(default_factory=dict)

    def may_ask(self, source: Source, clock: Clock) -> bool:
        """Return whether to ask the small answer; after a useless one, not for LET_BE."""
        until = self._let_be.get(source.id)
        if until is not None and clock.now < until:
            return False
        self._let_be.pop(source.id, None)
        return source_state.may_probe(source, clock)

    async def ask(self, fetcher: Fetcher, source: Source, headers: Mapping[str, str]) -> Said:
        """Ask whether anything is new.

        Raises FetchError where the server asks to wait, as for the page itself.
        """
        try:
            answer = await fetcher.fetch(source.probe, headers=headers)
        except FetchError as error:
            if error.not_before or (isinstance(error, StatusError) and error.status in _PATIENCE):
                raise
            self._leave(source)
            return Said(None, error.cost)
        told = news(answer, source.platform) if isinstance(answer, Page) else None
        if not isinstance(answer, Page) or told is None:
            self._leave(source)
            return Said(None, answer.cost)
        return Said(told, answer.cost, answer.headers)

    def heed(self, before: Source, after: Source) -> None:
        """Count a false alarm if the page that was read for its news shows nothing new."""
        if after.probe != before.probe:
            self._alarms.pop(before.id, None)
            return
        self._alarms[before.id] = self._alarms.get(before.id, 0) + 1
        if self._alarms[before.id] >= FALSE_ALARMS:
            self._leave(before)

    def _leave(self, source: Source) -> None:
        self._alarms.pop(source.id, None)
        self._let_be[source.id] = self.now() + LET_BE
