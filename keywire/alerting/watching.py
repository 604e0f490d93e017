"""Checks sources regularly, and sends what `watch:` alerts report of them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keywire.config import Config
from store.alerting import watching
from store.alerting.watch import WatchRule
from store.database import Database
from store.errors import StoreError

LONGEST, SHORTEST = 15.0, 1.0  # seconds between two looks
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lookout:
    """Looks at the sources by `rules`; `heard` is called with how many deliveries it wrote."""

    database: Database
    rules: Sequence[WatchRule]
    now: Callable[[], datetime]
    heard: Callable[[int], None]

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                _log.error("how sources stand cannot be told: %s; it is tried again", error)
            await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        """Return the seconds until the next look: a quarter of the shortest `broken` patience."""
        soonest = min((rule.broken.total_seconds() / 4 for rule in self.rules), default=LONGEST)
        return min(LONGEST, max(SHORTEST, soonest))

    async def look(self) -> None:
        """Look once, and write the deliveries that are due."""
        if self.rules and (written := await asyncio.to_thread(self._tell)):
            self.heard(written)

    def _tell(self) -> int:
        now = self.now()
        with self.database.read() as connection:
            if not watching.look_out(connection, self.rules, now):
                return 0
        with self.database.write() as connection:
            return watching.tell(connection, self.rules, now)


def watch_rules(config: Config) -> tuple[WatchRule, ...]:
    """Return the watches of a configuration, each with the sources that its topics follow."""
    follow = {topic.name: topic.follow for topic in config.topics}
    return tuple(
        replace(watch.rule, follow=frozenset(url for name in watch.topics for url in follow[name]))
        if watch.topics
        else watch.rule
        for watch in config.watches
    )
