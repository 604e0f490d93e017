"""What a page shows of its source's blog: its rhythm, its end, its delay. Pure."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from scraper.hints.farewell import says_goodbye
from store.decision.history import BlogState, ChangeType, Outcome
from store.rhythm import Rhythm
from store.source import Source

_EDITS = 3  # counted of one poll, at most: a correction may touch every block
_WEIGHT = 0.2  # of the newest poll in the mean delay
_published = attrgetter("published")
_QUIET_MOVES = {ChangeType.DISCOVERED, ChangeType.ENDED, ChangeType.REOPENED}


def rhythm(source: Source, outcome: Outcome, now: datetime) -> Rhythm:
    """Return the rhythm of the source's arrivals, with this page's entries and edits added."""
    edits = [
        now
        for change in outcome.changes
        if change.type is not ChangeType.PUBLISHED and change.type not in _QUIET_MOVES
    ]
    published = [time for time, _ in _arrivals(outcome)]
    return (source.rhythm or Rhythm(now)).after((*published, *edits[:_EDITS]), now)


def _arrivals(outcome: Outcome) -> Iterable[tuple[datetime, bool]]:
    """Yield each new entry's published time, and whether it predates our first look."""
    for change in outcome.changes:
        if change.type is ChangeType.PUBLISHED:
            entry = outcome.after.entries[change.block_id].stored.entry
            yield entry.published, change.backfill


def ended_at(source: Source, outcome: Outcome, now: datetime) -> datetime | None:
    """Return since when the blog has ended, None while it has not.

    A blog that had ended when it was first read did so with its newest entry.
    """
    if outcome.after.state is not BlogState.ENDED:
        return None
    if source.ended_at is not None or source.last_whole is not None:
        return source.ended_at or now
    return max((time for time, _ in _arrivals(outcome)), default=now)


def closing_at(source: Source, outcome: Outcome, now: datetime) -> datetime | None:
    """Return since when the blog's newest entry says goodbye; None where it does not."""
    if not outcome.changes:
        return source.closing_at
    told = (one.stored for one in outcome.after.entries.values() if one.stored.retracted_at is None)
    newest = max((stored.entry for stored in told), key=_published, default=None)
    if newest is None:
        return None
    goodbye = says_goodbye(newest.title, newest.text, newest.language)
    return min(newest.published, now) if goodbye else None


def delay(source: Source, outcome: Outcome, now: datetime) -> float | None:
    """Return the source's mean delay in seconds, publisher's time to ours, with this page's."""
    told = delays(outcome, now)
    if not told:
        return source.delay
    newest = min(told)
    return newest if source.delay is None else source.delay + _WEIGHT * (newest - source.delay)


def delays(outcome: Outcome, now: datetime) -> tuple[float, ...]:
    """Return each new entry's seconds from its published time to `now`, without backfill."""
    return tuple(
        max((now - time).total_seconds(), 0.0)
        for time, backfill in _arrivals(outcome)
        if not backfill
    )
