"""When a `watch:` alert reports a source: pure rules over its state and earlier reports.

A trouble is reported once it has lasted a while, and so is its end. The more often a source was
reported within a day, the longer the next trouble must last, so that a source that flaps does not
send notices all night.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from store.alerting.alerts import Cap, Kind, Quiet, Target
from store.source import SourceState

USUAL_PATIENCE: Final = timedelta(minutes=5)
USUAL_CAP: Final = Cap(5, timedelta(minutes=10))
MEMORY: Final = timedelta(days=1)  # reports within this time make a watch more patient
MOST_PATIENT: Final = 6  # doublings of a watch's patience, at most
TROUBLES: Final = frozenset((Kind.BROKEN, Kind.SILENT))
BAD: Final = frozenset((SourceState.BROKEN, SourceState.HELD, SourceState.GONE))


@dataclass(frozen=True, slots=True)
class WatchRule:
    """One watch: its sources, what counts as trouble, and its targets.

    `follow` are the configured addresses whose pages it watches, None for all. `broken` is how
    long a source must have been in a bad state (or well again) to be reported; `silent` is how
    long a blog that states that it is live may show nothing new, None for ever.
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
    """One polled page: its state, `since` when it is in it, and its last poll; all times UTC.

    `live` and `last_change` are its blog's. `finders` are the configured addresses that it is
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
    """What a watch reported of a source before: the last kind, and how often within `MEMORY`."""

    last: Kind | None = None
    lately: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a watch reports of a source now: the kind, since when, and the reason."""

    kind: Kind
    since: datetime | None
    reason: str


NOTHING: Final = AlreadyTold()


def look(
    rule: WatchRule, page: WatchedPage, now: datetime, before: AlreadyTold = NOTHING
) -> Verdict | None:
    """Return what a watch reports of one of its pages; None if there is nothing new.

    `now` is keywire's clock in UTC. In quiet hours nothing is reported: what still holds after
    them is reported then.
    """
    if rule.quiet is not None and rule.quiet.covers(now):
        return None
    return None if _is_fresh(rule, page, now, before) else _verdict(rule, page, before)


def explain(
    rule: WatchRule, page: WatchedPage, now: datetime, before: AlreadyTold = NOTHING
) -> str:
    """Return a sentence that says what `look` reports, and when or why not."""
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
    """Return what is new of a page since the watch's last report, however briefly it has lasted."""
    verdict = _trouble(rule, page)
    if verdict is not None:
        return None if verdict.kind is before.last else verdict
    if before.last in TROUBLES and _is_well(page, before.last):
        since = page.since if before.last is Kind.BROKEN else page.last_change
        return Verdict(Kind.RECOVERED, since, _WELL[before.last])
    return None


def _is_fresh(rule: WatchRule, page: WatchedPage, now: datetime, before: AlreadyTold) -> bool:
    """Return whether a page has been in its state too briefly to be reported."""
    return page.since is not None and now - page.since < _patience(rule, before)


def _patience(rule: WatchRule, before: AlreadyTold) -> timedelta:
    doublings: int = min(before.lately // 2, MOST_PATIENT)
    return rule.broken * (1 << doublings)


def _minutes(lasting: timedelta) -> str:
    seconds = int(lasting.total_seconds())
    return f"{seconds} s" if seconds % 60 else f"{seconds // 60} min"


_WELL: Final = {Kind.BROKEN: "it is read again", Kind.SILENT: "its blog goes on"}


def _trouble(rule: WatchRule, page: WatchedPage) -> Verdict | None:
    """Return what is wrong with a page, None if nothing is.

    A page that a source led to, and that is gone, is no trouble.
    """
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
    """Return how long polls of a live blog brought nothing new; time after the last poll is out."""
    if not page.live or page.last_poll is None or page.last_change is None:
        return timedelta()
    return page.last_poll - page.last_change


def _is_well(page: WatchedPage, trouble: Kind) -> bool:
    """Return whether a reported trouble is over; a silent blog that ended does not count."""
    return page.state is SourceState.OK and (trouble is Kind.BROKEN or bool(page.live))
