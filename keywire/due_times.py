"""When sources are due: their times in a heap, and what is waited for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from store.source import Source, SourceState, due_at

SPREAD: Final = 0.618034  # of the golden ratio: whole multiples of it lie evenly in 0 … 1


class DueTimes:
    """Sources as they stand after their last polls, and when each is due, in UTC.

    `every` tells how often a person wants a source polled, None where nobody said.
    """

    def __init__(self, every: Callable[[Source, datetime], timedelta | None]) -> None:
        self._every = every
        self.sources: dict[int, Source] = {}
        self.waiting: dict[int, datetime] = {}  # sources to be asked, since when they are due
        self._due: dict[int, datetime] = {}
        self._heap: list[tuple[datetime, int]] = []  # of these; what `_due` no longer says is void

    def __contains__(self, source_id: int) -> bool:
        """Say whether a source is ever to be polled again, as things stand."""
        return source_id in self._due

    def replace(self, read: Iterable[Source], now: datetime) -> None:
        """Go on with the sources as the store has them."""
        followed = [self._fresher(source) for source in read]
        self.sources = {source.id: source for source in followed}
        due = ((source.id, self._due_at(source, now)) for source in followed)
        self._due = {source_id: at for source_id, at in due if at is not None}
        self._heap = [(at, source_id) for source_id, at in self._due.items()]
        heapify(self._heap)

    def take(self, now: datetime) -> list[Source]:
        """Take the sources that are due, the longest due first: they wait until `put_back`."""
        taken = []
        while self._heap and self._heap[0][0] <= now:
            due, source_id = heappop(self._heap)
            if self._due.get(source_id) == due and source_id not in self.waiting:
                self.waiting[source_id] = due
                taken.append(self.sources[source_id])
        return taken

    def put_back(
        self, source_id: int, after: Source | None, now: datetime, rest: timedelta
    ) -> None:
        """Keep what a poll made of a source, and when it is due again: after `rest` if it failed.

        One that a person dropped or paused in the meantime stays so.
        """
        known = self.sources.get(source_id)
        if known is None or known.state is SourceState.PAUSED:
            return
        if after is not None:
            self.sources[source_id] = after
        due = now + rest if after is None else due_at(after, now)
        if due is None:
            self._due.pop(source_id, None)
        else:
            self._due[source_id] = due
            heappush(self._heap, (due, source_id))

    def unpolled(self) -> Mapping[int, datetime | None]:
        """Tell when the sources that still wait were due, as the store is to know it."""
        waiting = (self.sources.get(source_id) for source_id in self.waiting)
        return {source.id: source.next_poll for source in waiting if source is not None}

    def _fresher(self, read: Source) -> Source:
        """Prefer what a poll that ended since the store was read made of a source.

        What a person wants of it (a pause, a poll at once) stands in the store alone.
        """
        known = self.sources.get(read.id)
        wished = read.state is SourceState.PAUSED or read.next_poll is None
        return read if known is None or wished or known.polls <= read.polls else known

    def _due_at(self, source: Source, now: datetime) -> datetime | None:
        """Tell when a source is due; a shorter `every` that a person wrote since counts at once.

        Sources for which it does are not all due in one moment, but spread over that interval.
        """
        due, every = due_at(source, now), self._every(source, now)
        if due is None or source.last_poll is None or source.state is not SourceState.OK:
            return due
        if every is None or due <= now + every:
            return due
        return max(source.last_poll + every, now + every * (source.id * SPREAD % 1))
