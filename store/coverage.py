"""How much of a blog has been read: the gaps in it, and how they are closed page by page.

Pure. A gap is a stretch of time of which the entries are not known: what is older than the first
page that was ever read, or what entered and left the newest page between two polls. It is walked
by reading older pages, the newest first, until a known entry or the blog's first one; a page that
cannot be read leaves a hole, a gap that says which hours are missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from store.sighting import Snapshot, View

PATIENCE: Final = 3  # failures in a row after which a page is taken for lost
AGAIN: Final = timedelta(hours=1)  # until a hole is tried again, doubling up to a day
LONGEST: Final = timedelta(days=1)
TRIES: Final = 8  # automatic tries of a hole; a person may ask for more
BACK_OFF: Final = timedelta(minutes=1)  # after a page's first failure, doubling


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of time between known entries that has not been read; all times are UTC.

    `newer` is when the oldest known entry above it was published, `older` the newest one below,
    None where the gap reaches back to the blog's first entry. `next` is the address of the next
    page to read ("" where none is known), and `due` when. `lost` is the address of a page that
    could not be read and is skipped for now; `failures` of a page and `tries` of a hole count in
    a row. `hole` says why the gap stays open for now, "" while it is walked.
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
    """How much of a blog was read: its gaps, newest first, and whether its first entry was read.

    `bottom` is True once the blog's first entry was read. `layout` is that of the page on which
    walking began. A blog stored before coverage was recorded has no gaps and is not complete.
    `renew` asks to walk from the next page that is read, whatever was known before.
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
    """Return the coverage after a newest page, with a new gap below it if it leaves one.

    `newest` is when the newest entry known before was published (UTC), None for a new blog;
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
    """Return the coverage after a page was read for `gap`, which is closed, narrowed or a hole."""
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
    """Return the coverage after an older page could not be read or believed, now or `for_good`.

    `beyond` is the address of the page after it, if known: it is tried next, so that no more is
    missing than has to be. `not_before` is the earliest time of a new try.
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
    """Return the coverage with every gap due now and its failures cleared, as a person asks."""
    gaps = (Gap(gap.newer, gap.older, gap.next, now) if gap.next else gap for gap in coverage.gaps)
    return replace(coverage, gaps=tuple(gaps))


def is_walked(coverage: Coverage) -> bool:
    """Return whether older pages are being read; holes that wait to be tried again do not count."""
    return any(not gap.hole or gap.lost for gap in coverage.gaps)


def describe(coverage: Coverage) -> str:
    """Return in plain words how much of a blog was read: "complete", or its gaps; "" if unknown."""
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
    """Return the hole left by a skipped page, now that the page after it was read; else nothing."""
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
    """Return when the unpinned entries in the page's strongest view were published (UTC)."""
    pinned = {s.block_id for s in snapshot.sightings if s.pinned or s.view is View.PINNED}
    unpinned = [s for s in snapshot.sightings if s.block_id not in pinned]
    strongest = max((s.view for s in unpinned), default=View.BLOCK)
    return [s.published for s in unpinned if s.view is strongest and s.published]
