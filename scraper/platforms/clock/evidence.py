"""A page's evidence, apart from its entries, of its day and of the zone of its clock."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import unquote, urlsplit

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.times.datelines import Dateline, datelines
from scraper.times.dates import day_in
from scraper.times.instants import moment
from scraper.times.zones import Zone, changes, issues, tell_zone
from store.entry import TimePrecision

DATED = (
    "[itemprop=dateModified], [itemprop=datePublished], time[datetime], "
    "[class*=date], [class*=Date], [class*=publi]"
)
HALF_A_YEAR, A_WHILE, A_WEEK, DAY = (timedelta(days=n) for n in (182, 90, 7, 1))
MONTH = 31
# How far the clock of a page and that of its publisher's program may differ.
SLACK = timedelta(minutes=15)
# The number of dated elements to look at; further ones date what the page links to.
FEW = 12
# Earlier years are ignored: programs write the year 1 for an unknown date.
FIRST_YEAR = 1900
PATH_DAY = re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """A page's date: an instant, or a day alone (`at` is None).

    `changed` is whether it is the date of the page's last change. `stray` is whether it is above
    the page's heading, where mastheads print the day of the visit.
    """

    at: datetime | None
    day: date
    changed: bool
    stray: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page's zone, the date of its last change and of its publication, None if unknown.

    `now` is when it was fetched, in its zone.
    """

    zone: Zone
    changed: Said | None
    issued: Said | None
    now: datetime

    @property
    def best(self) -> Said | None:
        """The date from which the entries' days are counted; None if the page has none."""
        return self.changed or self.issued

    @property
    def near(self) -> date:
        """The day by which years are chosen: a date without a year is the one closest to it.

        No entry is later than the fetch, and few are much earlier than the page's issue.
        """
        latest = self.fetched - HALF_A_YEAR
        if self.changed is not None:
            return min(self.changed.day, latest)
        return min(self.issued.day + A_WHILE, latest) if self.issued else latest

    def last(self, weekday: int, minutes: int) -> date:
        """Return the last day with this weekday (Monday is 0) on which `minutes` was already past.

        `minutes` are since midnight. It is counted back from the page's last change, else from the
        week after its issue, else from the fetch.
        """
        latest = self.now
        if self.changed is not None:
            latest = min(latest, self._end_of(self.changed) + SLACK)
        elif self.issued is not None:
            latest = min(latest, self._end_of(self.issued) + A_WEEK)
        day = latest.date() - (latest.weekday() - weekday) % 7 * DAY
        ahead = day == latest.date() and minutes > latest.hour * 60 + latest.minute
        return day - A_WEEK if ahead else day

    def last_of_month(self, number: int) -> date | None:
        """Return the last day of a month with this number, up to the page's last change.

        If the page has none, up to the fetch.
        """
        latest = self.changed.day if self.changed is not None else self.fetched
        days = (latest - n * DAY for n in range(MONTH))
        return next((day for day in days if day.day == number), None)

    @property
    def eve(self) -> date:
        """The day before the page's last change (or the fetch), which the page calls yesterday."""
        return (self.changed.day if self.changed is not None else self.fetched) - DAY

    def _end_of(self, said: Said) -> datetime:
        zone = self.zone.zone
        return said.at.astimezone(zone) if said.at else datetime.combine(said.day, time.max, zone)

    @property
    def fetched(self) -> date:
        """The day of the fetch, in the page's zone."""
        return self.now.date()

    @property
    def one_day(self) -> bool:
        """Whether, by the evidence, all entries may have been written around the last change."""
        changed, issued = self.changed, self.issued
        if changed is None:
            return issued is None or not issued.stray
        return issued is None or abs(changed.day - issued.day).days <= 1

    @property
    def one_week(self) -> bool:
        """Whether less than a week passed from the page's issue to its last change, or the fetch.

        Then each weekday occurred only once. False if the page has no date at all.
        """
        changed, issued = self.changed, self.issued
        if changed is None:
            return issued is not None and self.fetched - issued.day < A_WEEK
        return issued is None or changed.day - issued.day < A_WEEK


def evidence(document: Document, named: str) -> Evidence:
    """Collect a page's evidence; `named` is the zone of a known publisher, "" if there is none."""
    changed, issued = list(changes(document)), list(issues(document))
    zone = tell_zone(document, named, [*changed, *issued])
    return Evidence(
        zone,
        next(_said(changed, zone.zone, changed=True), None) or _changed_below(document, zone.zone),
        next(_said(issued, zone.zone, changed=False), None) or _printed(document, zone.zone),
        document.page.fetched_at.astimezone(zone.zone),
    )


def _changed_below(document: Document, zone: tzinfo) -> Said | None:
    """Return the date of change that a page prints for its readers; None if there is none."""
    lines = (line for line in datelines(document) if line.changed)
    return next((_said_in(line, zone) for line in lines), None)


def _said_in(line: Dateline, zone: tzinfo) -> Said:
    return Said(line.at(zone), line.day, line.changed)


def _said(values: list[str], zone: tzinfo, *, changed: bool) -> Iterator[Said]:
    for value in values:
        told = moment(value, zone)
        if told is None:
            if (day := day_in(value)) is not None:
                yield Said(None, day, changed)
            continue
        if told.at.year < FIRST_YEAR:
            continue
        day = told.at.astimezone(zone).date()
        yield Said(None if told.precision is TimePrecision.DAY else told.at, day, changed)


def _printed(document: Document, zone: tzinfo) -> Said | None:
    """Find a date that a page prints: in datelines, elements for dates, its address or title."""
    for line in datelines(document):
        if not line.changed:
            return _said_in(line, zone)
    headed = False
    for node in document.tree.css(f"h1, {DATED}")[:FEW]:
        if node.tag == "h1":
            headed = True
            continue
        stated = node.attributes
        values = (stated.get("datetime"), stated.get("content"))
        found = next(_said([v for v in values if v], zone, changed=False), None)
        if found is not None:
            return found
        if day := day_in(squeeze(node.text())[:100]):
            return Said(None, day, changed=False, stray=not headed)
    for address in (document.canonical, document.url):
        if day := _day_in_path(address):
            return Said(None, day, changed=False)
    heading = document.tree.css_first("h1")
    words = f"{heading.text() if heading else ''} {document.title}"
    day = day_in(words)
    return Said(None, day, changed=False) if day else None


def _day_in_path(address: str) -> date | None:
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return None
    if found := PATH_DAY.search(path):
        return day_in("-".join(part.zfill(2) for part in found.groups()))
    return day_in(path.replace("-", " "))
