"""What a page says of its day, and of the zone of its clock, beside its entries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from urllib.parse import unquote, urlsplit

from scraper.dates import day_in
from scraper.document import Document
from scraper.html import squeeze
from scraper.times import moment
from scraper.zones import Zone, changes, issues, tell_zone
from store.entry import TimePrecision

DATED = (
    "[itemprop=dateModified], [itemprop=datePublished], time[datetime], "
    "[class*=date], [class*=Date], [class*=publi]"
)
# More are the dates of what a page links to.
FEW = 12
PATH_DAY = re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?:/|$)")


@dataclass(frozen=True, slots=True)
class Said:
    """A page's day: an instant, or a date alone; whether it is that of its last change."""

    at: datetime | None
    day: date
    changed: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page says of its clock: its zone, its last change, its publication."""

    zone: Zone
    changed: Said | None
    issued: Said | None
    fetched: date

    @property
    def best(self) -> Said | None:
        """The day from which the entries' days are counted."""
        return self.changed or self.issued

    @property
    def near(self) -> date:
        """A day close to those of the entries."""
        return self.best.day if self.best else self.fetched

    @property
    def one_day(self) -> bool:
        """Whether nothing speaks against all having been written about when the page changed."""
        changed, issued = self.changed, self.issued
        return changed is None or issued is None or abs(changed.day - issued.day).days <= 1


def evidence(document: Document, named: str) -> Evidence:
    """Gather what a page says; `named` is the zone of a publisher who is known ("" if none)."""
    changed, issued = list(changes(document)), list(issues(document))
    zone = tell_zone(document, named, [*changed, *issued])
    return Evidence(
        zone,
        next(_said(changed, zone.zone, changed=True), None),
        next(_said(issued, zone.zone, changed=False), None) or _printed(document, zone.zone),
        document.page.fetched_at.date(),
    )


def _said(values: list[str], zone: tzinfo, *, changed: bool) -> Iterator[Said]:
    for value in values:
        told = moment(value, zone)
        if told is None:
            if (day := day_in(value)) is not None:
                yield Said(None, day, changed)
            continue
        day = told.at.astimezone(zone).date()
        yield Said(None if told.precision is TimePrecision.DAY else told.at, day, changed)


def _printed(document: Document, zone: tzinfo) -> Said | None:
    """Find a day where the page prints one: its elements for dates, its address, its title."""
    for node in document.tree.css(DATED)[:FEW]:
        stated = node.attributes
        values = (stated.get("datetime"), stated.get("content"))
        found = next(_said([v for v in values if v], zone, changed=False), None)
        if found is not None:
            return found
        if day := day_in(squeeze(node.text())[:100]):
            return Said(None, day, changed=False)
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
