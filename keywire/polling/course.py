"""What a page tells of its source's blog: its rhythm, its end, its delay. Pure."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from scraper.hints.farewell import says_goodbye
from store.decision.history import BlogState, ChangeType, Outcome
from store.rhythm import Rhythm
from store.source import Source

_EDITS = 3  # of one poll that count for the rhythm: a mended typo in every block is one
_WEIGHT = 0.2  # of the newest poll in the mean delay
_published = attrgetter("published")
_QUIET_MOVES = {ChangeType.DISCOVERED, ChangeType.ENDED, ChangeType.REOPENED}


def rhythm(source: Source, outcome: Outcome, now: datetime) -> Rhythm:
    """Give the rhythm of its arrivals, with this page's entries and edits."""
    edits = [
        now
        for change in outcome.changes
        if change.type is not ChangeType.PUBLISHED and change.type not in _QUIET_MOVES
    ]
    published = [time for time, _ in _arrivals(outcome)]
    return (source.rhythm or Rhythm(now)).after((*published, *edits[:_EDITS]), now)


def _arrivals(outcome: Outcome) -> Iterable[tuple[datetime, bool]]:
    """Give when each new entry was published, and whether it was there before we first looked."""
    for change in outcome.changes:
        if change.type is ChangeType.PUBLISHED:
            entry = outcome.after.entries[change.block_id].stored.entry
            yield entry.published, change.backfill


def ended_at(source: Source, outcome: Outcome, now: datetime) -> datetime | None:
    """Tell since when a blog has ended; one found ended did so with its newest entry."""
    if outcome.after.state is not BlogState.ENDED:
        return None
    if source.ended_at is not None or source.last_whole is not None:
        return source.ended_at or now
    return max((time for time, _ in _arrivals(outcome)), default=now)


def closing_at(source: Source, outcome: Outcome, now: datetime) -> datetime | None:
    """Tell since when the blog's newest entry says goodbye; None where it says no such thing."""
    if not outcome.changes:
        return source.closing_at
    told = (one.stored for one in outcome.after.entries.values() if one.stored.retracted_at is None)
    newest = max((stored.entry for stored in told), key=_published, default=None)
    if newest is None:
        return None
    goodbye = says_goodbye(newest.title, newest.text, newest.language)
    return min(newest.published, now) if goodbye else None


def delay(source: Source, outcome: Outcome, now: datetime) -> float | None:
    """Give the mean of the newest entries' seconds from the publisher's time to ours."""
    told = delays(outcome, now)
    if not told:
        return source.delay
    newest = min(told)
    return newest if source.delay is None else source.delay + _WEIGHT * (newest - source.delay)


def delays(outcome: Outcome, now: datetime) -> tuple[float, ...]:
    """Give each new entry's seconds from its published time to now, backfill apart."""
    return tuple(
        max((now - time).total_seconds(), 0.0)
        for time, backfill in _arrivals(outcome)
        if not backfill
    )
