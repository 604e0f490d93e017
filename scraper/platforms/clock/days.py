"""From times of day in page order to instants: on which day each entry was published.

The day comes from a heading that is a date, above or below its entries, else from the page's own
date, which is the day of its newest entry. Midnight lies between two entries if the time jumps by
more than half a day against the direction of the page; a smaller jump is an entry out of order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import pairwise

from scraper.platforms.clock.evidence import DAY, SLACK, Evidence, Said

HALF_A_DAY = 12 * 60
# How many minutes before or after its page's issue the oldest entry may be.
EARLY = 60


@dataclass(frozen=True, slots=True)
class Told:
    """An entry's time of day in minutes since midnight, and its day if the entry itself has one.

    `headings` is the number of day headings before it.
    """

    minutes: int
    day: date | None = None
    headings: int = 0


def days_of(
    told: Sequence[Told], headings: Sequence[date], seen: Evidence, *, falling: bool
) -> list[date | None]:
    """Return the day of each entry, None where it is unknown.

    `headings` are the page's day headings in page order; `falling` is whether the newest entry is
    first.
    """
    back = -1 if falling else 1
    turns = _turns([each.minutes for each in told], falling=falling)
    found = [each.day or _headed(each, told, headings, seen, back) for each in told]
    if all(found):
        return list(found)
    if not any(found):
        return _anchored(told, turns, back, seen)
    return _filled(found, turns, back, told, seen)


def instant(day: date, minutes: int, zone: tzinfo) -> datetime | None:
    """Return the instant (UTC) of a time of day in `zone`; None if it is out of range.

    In an hour that a clock strikes twice, it is the first.
    """
    try:
        return datetime.combine(day, time(minutes // 60, minutes % 60), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _turns(clocks: Sequence[int], *, falling: bool) -> list[int]:
    """Return, for each entry, the number of midnights between the first entry and it."""
    turns, passed = [0], 0
    for before, after in pairwise(clocks):
        against = after - before if falling else before - after
        passed += against > HALF_A_DAY
        turns.append(passed)
    return turns[: len(clocks)]


def _headed(
    each: Told, told: Sequence[Told], headings: Sequence[date], seen: Evidence, back: int
) -> date | None:
    if not headings:
        return None
    if _stand_after(told, headings, seen, back):
        return headings[each.headings] if each.headings < len(headings) else None
    return headings[each.headings - 1] if each.headings else None


def _stand_after(told: Sequence[Told], headings: Sequence[date], seen: Evidence, back: int) -> bool:
    """Whether day headings are below their entries rather than above."""
    if told[0].headings:
        return False
    if told[-1].headings < len(headings):
        return True
    best = seen.best
    return best is not None and back < 0 and best.day == headings[0]


def _anchored(
    told: Sequence[Told], turns: Sequence[int], back: int, seen: Evidence
) -> list[date | None]:
    """Count days from the newest entry, which is of the page's own day or the day before it.

    Returns None for each entry if the page has no date.
    """
    best = seen.best
    if best is None:
        return [None] * len(told)
    newest = 0 if back < 0 else len(told) - 1
    day = _since_issue(told, turns, back, seen)
    day = day or _newest_day(told, turns, back, best, seen.zone.zone)
    return [_moved(day, back * (turns[n] - turns[newest])) for n in range(len(told))]


def _since_issue(
    told: Sequence[Told], turns: Sequence[int], back: int, seen: Evidence
) -> date | None:
    """Return the newest entry's day, counted from the page's issue if its oldest entry is of then.

    This keeps the days of a page that is corrected the day after, which has a new date of change.
    Returns None if the oldest entry is not within an hour of the issue, or the page was not changed
    on a later day.
    """
    issued, changed = seen.issued, seen.changed
    if issued is None or changed is None or issued.at is None or issued.day >= changed.day:
        return None
    oldest = told[-1] if back < 0 else told[0]
    local = issued.at.astimezone(seen.zone.zone)
    day = _moved(issued.day, turns[-1])
    begun_then = 0 <= oldest.minutes - (local.hour * 60 + local.minute - EARLY) <= 2 * EARLY
    return day if begun_then and day and day <= changed.day else None


def _newest_day(
    told: Sequence[Told], turns: Sequence[int], back: int, best: Said, zone: tzinfo
) -> date:
    ends = (told[0], told[-1])
    newest, oldest = ends if back < 0 else ends[::-1]
    if best.at is None:
        return best.day
    said = best.at.astimezone(zone)
    minutes, slack = said.hour * 60 + said.minute, SLACK.seconds // 60
    if best.changed:
        return best.day if newest.minutes <= minutes + slack else _moved(best.day, -1) or best.day
    begun_then = oldest.minutes >= minutes - 2 * slack and newest.minutes < minutes - 2 * slack
    return _moved(best.day, turns[-1]) or best.day if begun_then else best.day


def _filled(
    found: list[date | None],
    turns: Sequence[int],
    back: int,
    told: Sequence[Told],
    seen: Evidence,
) -> list[date | None]:
    """Fill in the missing days of entries above the first heading, or below the last."""
    known = [n for n, day in enumerate(found) if day is not None]
    first, last = known[0], known[-1]
    filled = list(found)
    above = _anchored(told[:first], turns[:first], back, seen) if first else []
    for n in range(first):
        filled[n] = above[n] or _moved(found[first], -back)
    for n in range(first, len(found)):
        if filled[n] is None:
            before = n - 1
            beyond = 1 if n > last and told[before].headings != told[n].headings else 0
            filled[n] = _moved(filled[before], back * max(turns[n] - turns[before], beyond))
    return filled


def _moved(day: date | None, days: int) -> date | None:
    try:
        return day + days * DAY if day else None
    except OverflowError:
        return None
