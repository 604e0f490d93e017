"""When a `watch:` alert reports a source: pure rules over its state and earlier reports.

A trouble is told once it has lasted a while, its end likewise. The more often one source was told
of on a day, the longer the next trouble must last: a source that flaps wakes nobody all night.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from store.alerting.alerts import Cap, Kind, Quiet, Target
from store.source import SourceState

USUAL_PATIENCE: Final = timedelta(minutes=5)
USUAL_CAP: Final = Cap(5, timedelta(minutes=10))
MEMORY: Final = timedelta(days=1)  # in which what was told makes more patient
MOST_PATIENT: Final = 6  # doublings
TROUBLES: Final = frozenset((Kind.BROKEN, Kind.SILENT))
BAD: Final = frozenset((SourceState.BROKEN, SourceState.HELD, SourceState.GONE))


@dataclass(frozen=True, slots=True)
class WatchRule:
    """One watch: over which sources, what counts as trouble, whom to tell.

    `follow` are the configured addresses whose pages it is of, None for all. `broken` is how long
    a source must have been out of order (and in order again), `silent` how long a blog that says
    that it is live shows nothing new; None: that is no trouble.
    """

    name: str
    targets: tuple[Target, ...] = ()
    broken: timedelta = USUAL_PATIENCE
    silent: timedelta | None = None
    quiet: Quiet | None = None
    cap: Cap | None = USUAL_CAP
    follow: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class WatchedPage:
    """How one page that is polled stands: `since` is when its state last turned, all times UTC.

    `live` and `last_change` are of its blog. `finders` are the configured addresses that it is
    followed for.
    """

    id: int
    url: str
    state: SourceState
    reason: str = ""
    since: datetime | None = None
    live: bool | None = None
    last_poll: datetime | None = None
    last_change: datetime | None = None
    finders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AlreadyTold:
    """What a watch told of a source before: what last, and how often within `MEMORY`."""

    last: Kind | None = None
    lately: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a watch has to tell of a source now, since when it is so, and why it is told."""

    kind: Kind
    since: datetime | None
    reason: str


NOTHING: Final = AlreadyTold()


def look(
    rule: WatchRule, page: WatchedPage, now: datetime, before: AlreadyTold = NOTHING
) -> Verdict | None:
    """Decide what a watch tells of a page that is its business; None for nothing new.

    `now` is our clock in UTC. In quiet hours nothing is decided: what still holds after them is
    told then.
    """
    if rule.quiet is not None and rule.quiet.covers(now):
        return None
    return None if _is_fresh(rule, page, now, before) else _verdict(rule, page, before)


def explain(
    rule: WatchRule, page: WatchedPage, now: datetime, before: AlreadyTold = NOTHING
) -> str:
    """Tell in a sentence why `look` tells what it does, or nothing."""
    if rule.follow is not None and not rule.follow & page.finders:
        return "It watches over other sources."
    verdict = _verdict(rule, page, before)
    if verdict is None:
        trouble = _trouble(rule, page)
        return "It was told of that; its end will be told." if trouble else "Nothing is wrong."
    told = f"That it is {verdict.kind.value} ({verdict.reason}) is told"
    if rule.quiet is not None and rule.quiet.covers(now):
        return f"{told} after the quiet hours, if it still holds."
    if not _is_fresh(rule, page, now, before):
        return f"{told} at the next look."
    often = f", for it was told of {before.lately} times within a day" if before.lately > 1 else ""
    return f"{told} once it has lasted {_minutes(_patience(rule, before))}{often}."


def _verdict(rule: WatchRule, page: WatchedPage, before: AlreadyTold) -> Verdict | None:
    """Tell what is new of a page since a watch told of it, however short it has lasted."""
    verdict = _trouble(rule, page)
    if verdict is not None:
        return None if verdict.kind is before.last else verdict
    if before.last in TROUBLES and _is_well(page, before.last):
        since = page.since if before.last is Kind.BROKEN else page.last_change
        return Verdict(Kind.RECOVERED, since, _WELL[before.last])
    return None


def _is_fresh(rule: WatchRule, page: WatchedPage, now: datetime, before: AlreadyTold) -> bool:
    """Say whether a page has stood so for too short a while."""
    return page.since is not None and now - page.since < _patience(rule, before)


def _patience(rule: WatchRule, before: AlreadyTold) -> timedelta:
    doublings: int = min(before.lately // 2, MOST_PATIENT)
    return rule.broken * (1 << doublings)


def _minutes(lasting: timedelta) -> str:
    seconds = int(lasting.total_seconds())
    return f"{seconds} s" if seconds % 60 else f"{seconds // 60} min"


_WELL: Final = {Kind.BROKEN: "it is read again", Kind.SILENT: "its blog goes on"}


def _trouble(rule: WatchRule, page: WatchedPage) -> Verdict | None:
    """Tell what is wrong; a page that was found and has gone is no concern of its source."""
    if page.state in BAD:
        left = page.state is SourceState.GONE and page.url not in page.finders
        reason = f"{page.state.value}: {page.reason}"
        return None if left else Verdict(Kind.BROKEN, page.since, reason)
    silence = _silence(page)
    if page.state is not SourceState.OK or rule.silent is None or silence < rule.silent:
        return None
    minutes = silence // timedelta(minutes=1)
    reason = f"it says that it is live, and has shown nothing new for {minutes} minutes"
    return Verdict(Kind.SILENT, page.last_change, reason)


def _silence(page: WatchedPage) -> timedelta:
    """Tell how long polls of a live blog brought nothing; what nobody asked is no silence."""
    if not page.live or page.last_poll is None or page.last_change is None:
        return timedelta()
    return page.last_poll - page.last_change


def _is_well(page: WatchedPage, trouble: Kind) -> bool:
    """Say whether a trouble that was told is over; the end of a silent blog is nobody's news."""
    return page.state is SourceState.OK and (trouble is Kind.BROKEN or bool(page.live))
