"""Replay a story, moment by moment, into a store of its own."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from store import by_hand, loading, sources, timeline
from store.alerting.alerts import AlertRule
from store.archive.playback import Moment, Story, decide, shifted
from store.database import Database
from store.decision.history import BlogHistory
from store.history_cache import KeptBlog
from store.timeline import Applied
from store.topics import TopicRule


class Tempo:
    """When a story's moments are played: from `begin` (our clock, UTC), `speed` times as fast.

    A silence lasts no longer than `gap` of the story's own time.
    """

    def __init__(
        self, moments: Sequence[Moment], begin: datetime, speed: float, gap: timedelta
    ) -> None:
        self.begin, self.speed = begin, speed
        self._gap = gap
        self._at = [moment.at for moment in moments]
        silences = (min(after - before, gap) for before, after in pairwise(self._at))
        self._into = [*accumulate(silences, initial=timedelta())]

    @property
    def length(self) -> timedelta:
        """How long the story takes to play."""
        return self._into[-1] / self.speed

    def due(self, at: datetime) -> datetime:
        """Return when something that happened at `at` is played (UTC)."""
        if at <= self._at[0]:
            return self.begin + (at - self._at[0]) / self.speed
        last = bisect_right(self._at, at) - 1
        into = self._into[last] + min(at - self._at[last], self._gap)
        return self.begin + into / self.speed


@dataclass(slots=True)
class Player:
    """Writes a story's moments as polls would. `rules` are its topics, `alerts` are for these.

    `shift` moves the story's times to when it is played; else they stay as they were.
    """

    database: Database
    story: Story
    tempo: Tempo
    rules: Sequence[TopicRule]
    alerts: Sequence[AlertRule] = ()
    shift: bool = False

    def prepare(self) -> None:
        """Add the blog's source to the store, paused, so that nothing polls it."""
        with self.database.write() as connection:
            by_hand.pause(connection, self.story.url)

    async def play(self) -> AsyncIterator[tuple[Moment, Applied]]:
        """Write each moment when it is due; yield it once it is committed."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        kept = KeptBlog(0, BlogHistory(self.story.url))
        for moment in self.story.moments:
            wait = (self.tempo.due(moment.at) - self.tempo.begin).total_seconds()
            await asyncio.sleep(begun + wait - loop.time())
            told = shifted(moment, self.tempo.due) if self.shift else moment
            applied = await asyncio.to_thread(self._write, kept, told)
            kept = applied.kept
            yield told, applied

    def _write(self, kept: KeptBlog, moment: Moment) -> Applied:
        with self.database.write() as connection:
            if not kept.id:
                kept = loading.load(connection, self.story.url)
            (source,) = (one for one in sources.followed(connection) if one.url == self.story.url)
            return timeline.apply(
                connection,
                kept,
                decide(kept.history, self.story, moment),
                moment.at,
                source_id=source.id,
                rules=self.rules,
                alerts=self.alerts,
            )
