"""When sources are due: a heap of their times, and the sources that wait to be polled."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from store.source import Source, SourceState, due_at

SPREAD: Final = 0.618034  # golden ratio - 1: its multiples, modulo 1, lie evenly in 0 … 1


class DueTimes:
    """Sources as their last polls left them, and when each is due, in UTC.

    `every` returns the interval that the user configured for a source, None where there is none.
    """

    def __init__(self, every: Callable[[Source, datetime], timedelta | None]) -> None:
        self._every = every
        self.sources: dict[int, Source] = {}
        self.waiting: dict[int, datetime] = {}  # sources to be asked, since when they are due
        self._due: dict[int, datetime] = {}
        self._heap: list[tuple[datetime, int]] = []  # of (due, id); void where `_due` differs

    def __contains__(self, source_id: int) -> bool:
        """Return whether a source has a due time; a paused or gone one has none."""
        return source_id in self._due

    def replace(self, read: Iterable[Source], now: datetime) -> None:
        """Take over the sources as read from the store, and compute their due times anew."""
        followed = [self._fresher(source) for source in read]
        self.sources = {source.id: source for source in followed}
        due = ((source.id, self._due_at(source, now)) for source in followed)
        self._due = {source_id: at for source_id, at in due if at is not None}
        self._heap = [(at, source_id) for source_id, at in self._due.items()]
        heapify(self._heap)

    def take(self, now: datetime) -> list[Source]:
        """Return the sources due at `now`, the longest due first, and add them to `waiting`.

        They are not returned again until the caller removes them from `waiting`.
        """
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
        """Store a source as its poll left it, and when it is due again.

        `after` is None where the poll could not be carried out: it is then due after `rest`. A
        source that was dropped or paused in the meantime stays so.
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
        """Map the ids of the sources that still wait to their due times, for the store."""
        waiting = (self.sources.get(source_id) for source_id in self.waiting)
        return {source.id: source.next_poll for source in waiting if source is not None}

    def _fresher(self, read: Source) -> Source:
        """Return the source in memory if it was polled since `read` left the store, else `read`.

        A user's request (a pause, a poll at once) is in the store alone: then too it is `read`.
        """
        known = self.sources.get(read.id)
        wished = read.state is SourceState.PAUSED or read.next_poll is None
        return read if known is None or wished or known.polls <= read.polls else known

    def _due_at(self, source: Source, now: datetime) -> datetime | None:
        """Return when a source is due; a shorter `every` that was configured since counts at once.

        Sources made due sooner by it are spread over that interval instead of all due at once.
        """
        due, every = due_at(source, now), self._every(source, now)
        if due is None or source.last_poll is None or source.state is not SourceState.OK:
            return due
        if every is None or due <= now + every:
            return due
        return max(source.last_poll + every, now + every * (source.id * SPREAD % 1))
