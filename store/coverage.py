"""How much of a blog's day has been read: the stretches that were not, and how walking them goes.

Pure. A gap is a stretch of time of which the entries are not known: what lies before the first
page that was ever seen, or what passed through a window while nobody looked. It is walked page by
page, the newest first, towards known ground or the blog's first entry; a page that cannot be had
leaves a hole, which says which hours are missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from store.sighting import Snapshot, View

PATIENCE: Final = 3  # failures that may pass, until a page is taken for lost
AGAIN: Final = timedelta(hours=1)  # until a hole is tried again, doubling up to a day
LONGEST: Final = timedelta(days=1)
TRIES: Final = 8  # of a hole by itself; a person may ask for more
BACK_OFF: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch between known entries; times are UTC, by when entries were published.

    `newer` is the oldest known entry above it, `older` the newest below, None where it reaches
    back to the blog's first. `next` is the address to go on at, "" where none is known, `due` when.
    `lost` is the address of a page that could not be had and is being passed over; `failures`
    and `tries` count in a row. `hole` says why it stays open for now, "" while it is walked.
    """

    newer: datetime
    older: datetime | None = None
    next: str = ""
    due: datetime | None = None
    failures: int = 0
    tries: int = 0
    lost: str = ""
    hole: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of a blog's reach: its gaps, newest first, and whether its first entry is in.

    `layout` is that of the page on which walking began. What was seen of a blog before
    anything was known of this tells nothing: no gaps, and not complete. `renew` asks to walk from
    the next page that is seen, whatever was known before.
    """

    gaps: tuple[Gap, ...] = ()
    bottom: bool = False
    layout: str = ""
    renew: bool = False

    @property
    def complete(self) -> bool:
        """Whether every entry from the newest to the first has been read."""
        return self.bottom and not self.gaps

    @property
    def due(self) -> datetime | None:
        """When the next older page is due, if any is."""
        return min((gap.due for gap in self.gaps if gap.due is not None), default=None)


UNKNOWN: Final = Coverage()


def begin(
    coverage: Coverage,
    snapshot: Snapshot,
    now: datetime,
    *,
    newest: datetime | None,
    shares: bool,
) -> Coverage:
    """Hold a page against what was known before, and open a gap below it where it leaves one.

    `newest` is when the newest entry known before was published, None at first sight of a blog;
    `shares` says whether any entry on the page was known before.
    """
    shown = _times(snapshot)
    if snapshot.shows_bottom and not snapshot.older:
        return Coverage(bottom=True, layout=snapshot.layout)
    if coverage.renew and shown:
        coverage, newest, shares = Coverage(bottom=coverage.bottom), None, False
    if not shown or shares or (newest is not None and min(shown) <= newest):
        return coverage
    if newest is None and not snapshot.older and snapshot.shows_bottom is None:
        return replace(coverage, layout=snapshot.layout)
    gap = Gap(min(shown), newest, snapshot.older, now if snapshot.older else None)
    gap = gap if snapshot.older else replace(gap, hole="no older page is known")
    return replace(coverage, gaps=(gap, *coverage.gaps), layout=snapshot.layout)


def walk(coverage: Coverage, gap: Gap, snapshot: Snapshot, now: datetime) -> Coverage:
    """Take an older page that was believed: narrow the gap, close it, or go on to the next page."""
    shown = _times(snapshot)
    oldest = min([*shown, gap.newer])
    above = _passed_over(gap, shown, now)
    if gap.older is not None and oldest <= gap.older:
        return _with(coverage, gap, above)
    if not snapshot.older:
        if gap.older is None and snapshot.shows_bottom is not False:
            return replace(_with(coverage, gap, above), bottom=True)
        ended = Gap(oldest, gap.older, hole="the publisher's older pages end here")
        return _with(coverage, gap, (*above, ended))
    failures = gap.failures + 1 if oldest == gap.newer or snapshot.older == gap.next else 0
    if failures >= PATIENCE:
        stuck = replace(gap, failures=0, lost="", due=None, hole="its older pages lead nowhere")
        return _with(coverage, gap, (*above, stuck))
    further = Gap(oldest, gap.older, snapshot.older, now, failures)
    return _with(coverage, gap, (*above, further))


def fail(
    coverage: Coverage,
    gap: Gap,
    reason: str,
    now: datetime,
    *,
    for_good: bool,
    beyond: str = "",
    not_before: datetime | None = None,
) -> Coverage:
    """Take it that an older page could not be had or believed, for now or `for_good`.

    `beyond` is the address of the page after it, where that can be told: it is tried, so that
    no more is missing than has to be.
    """
    failures = gap.failures + 1
    if not for_good and failures < PATIENCE:
        due = max(now + BACK_OFF * 2 ** (failures - 1), not_before or now)
        return _with(coverage, gap, (replace(gap, failures=failures, due=due),))
    if beyond and not gap.lost:
        passing = replace(gap, lost=gap.next, next=beyond, failures=0, due=now, hole=reason)
        return _with(coverage, gap, (passing,))
    return _with(coverage, gap, (_left(gap, gap.lost or gap.next, now, gap.hole or reason),))


def hasten(coverage: Coverage, now: datetime) -> Coverage:
    """Let every gap be walked again at once: a person asks for it."""
    gaps = (Gap(gap.newer, gap.older, gap.next, now) if gap.next else gap for gap in coverage.gaps)
    return replace(coverage, gaps=tuple(gaps))


def is_walked(coverage: Coverage) -> bool:
    """Say whether older pages are being read, holes apart that wait to be tried again."""
    return any(not gap.hole or gap.lost for gap in coverage.gaps)


def describe(coverage: Coverage) -> str:
    """Say in plain words how much of a blog's history is there; "" where that is not known.

    What is missing is told hour by hour; what is not told of is there.
    """
    if coverage.complete:
        return "complete"
    return "; ".join(_described(gap) for gap in coverage.gaps)


def _described(gap: Gap) -> str:
    if gap.hole and not gap.lost:
        return f"missing {_span(gap)} ({gap.hole})"
    return f"reading older pages, back to {gap.newer:%Y-%m-%d %H:%M} UTC"


def _span(gap: Gap) -> str:
    if gap.older is None:
        return f"what is older than {gap.newer:%Y-%m-%d %H:%M} UTC"
    day = "" if gap.older.date() == gap.newer.date() else "%Y-%m-%d "
    return f"{gap.older:%Y-%m-%d %H:%M}–{gap.newer.strftime(f'{day}%H:%M')} UTC"


def _passed_over(gap: Gap, shown: Sequence[datetime], now: datetime) -> tuple[Gap, ...]:
    """Give the hole that a page leaves which was passed over, now that the next one is here."""
    if not gap.lost or not shown or max(shown) >= gap.newer:
        return ()
    return (_left(replace(gap, older=max(shown)), gap.lost, now, gap.hole),)


def _left(gap: Gap, address: str, now: datetime, reason: str) -> Gap:
    tries = gap.tries + 1
    due = now + min(AGAIN * 2 ** (tries - 1), LONGEST) if tries < TRIES else None
    return replace(gap, next=address, lost="", failures=0, tries=tries, due=due, hole=reason)


def _with(coverage: Coverage, gap: Gap, instead: Iterable[Gap]) -> Coverage:
    gaps = [each for one in coverage.gaps for each in (instead if one == gap else (one,))]
    return replace(coverage, gaps=tuple(gaps))


def _times(snapshot: Snapshot) -> list[datetime]:
    """Give the times of the entries that a page itself shows, pinned ones apart."""
    pinned = {s.block_id for s in snapshot.sightings if s.pinned or s.view is View.PINNED}
    unpinned = [s for s in snapshot.sightings if s.block_id not in pinned]
    strongest = max((s.view for s in unpinned), default=View.BLOCK)
    return [s.published for s in unpinned if s.view is strongest and s.published]
