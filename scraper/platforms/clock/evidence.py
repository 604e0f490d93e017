"""What a page says of its day, and of the zone of its clock, beside its entries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from scraper.address import host
from scraper.document import Document
from scraper.html import squeeze
from scraper.jsonld import blocks, top_objects
from scraper.platforms.clock.dates import day_in
from scraper.said import string_in
from scraper.times import moment, zone_named
from store.entry import TimePrecision

# Of the countries that have one zone, by the region of a language or the end of a host's name.
COUNTRIES = {
    "gb": "Europe/London",
    "uk": "Europe/London",
    "ie": "Europe/Dublin",
    "de": "Europe/Berlin",
    "at": "Europe/Vienna",
    "ch": "Europe/Zurich",
    "fr": "Europe/Paris",
    "be": "Europe/Brussels",
    "nl": "Europe/Amsterdam",
    "it": "Europe/Rome",
    "pl": "Europe/Warsaw",
    "cz": "Europe/Prague",
    "dk": "Europe/Copenhagen",
    "se": "Europe/Stockholm",
    "no": "Europe/Oslo",
    "fi": "Europe/Helsinki",
    "il": "Asia/Jerusalem",
    "in": "Asia/Kolkata",
    "jp": "Asia/Tokyo",
    "za": "Africa/Johannesburg",
}
CHANGED = ("article:modified_time", "og:article:modified_time", "og:updated_time", "last-modified")
ISSUED = ("article:published_time", "og:article:published_time", "date", "dc.date.issued")
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
class Zone:
    """The zone of a page's clock, and by what it is known; a guess is so marked."""

    zone: tzinfo
    told_by: str
    sure: bool
    by_a_person: bool = False


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
    changed, issued = list(_changes(document)), list(_issues(document))
    zone = _zone(document, named, [*changed, *issued])
    return Evidence(
        zone,
        next(_said(changed, zone.zone, changed=True), None),
        next(_said(issued, zone.zone, changed=False), None) or _printed(document, zone.zone),
        document.page.fetched_at.date(),
    )


def _changes(document: Document) -> Iterator[str]:
    yield from _metas(document, CHANGED)
    yield from _linked(document, "dateModified")


def _issues(document: Document) -> Iterator[str]:
    yield from _metas(document, ISSUED)
    yield from _linked(document, "datePublished")


def _metas(document: Document, names: tuple[str, ...]) -> Iterator[str]:
    folded = {name.lower(): content for name, content in document.meta.items()}
    yield from (folded[name] for name in names if folded.get(name))


def _linked(document: Document, name: str) -> Iterator[str]:
    for block in blocks(document):
        for said in top_objects(block.said):
            if value := string_in(said, name):
                yield value


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


def _zone(document: Document, named: str, dates: list[str]) -> Zone:
    """Tell the zone: a person's word, the publisher's own, an offset, then the country's."""
    if zone := zone_named(document.page.timezone):
        return Zone(zone, document.page.timezone, sure=True, by_a_person=True)
    if zone := zone_named(named):
        return Zone(zone, named, sure=True)
    offset = next(filter(None, map(_offset, dates)), None)
    if offset is not None:
        return Zone(timezone(offset), f"the offset of the page's own dates ({offset})", sure=True)
    for country in _countries(document):
        if country in COUNTRIES:
            return Zone(ZoneInfo(COUNTRIES[country]), COUNTRIES[country], sure=False)
    return Zone(UTC, "UTC", sure=False)


def _offset(written: str) -> timedelta | None:
    """Give the offset of a date that names one, zero aside, in which programs write any date."""
    try:
        return datetime.fromisoformat(written.strip()).utcoffset() or None
    except ValueError:
        return None


def _countries(document: Document) -> Iterator[str]:
    yield document.language.replace("_", "-").partition("-")[2].lower()
    for address in (document.canonical, document.url):
        yield host(address).rpartition(".")[2]
