"""In which zone a page's times are that name none: by a person's word, or by what the page says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from scraper.address import host
from scraper.document import Document
from scraper.jsonld import blocks, top_objects
from scraper.said import string_in
from scraper.times import zone_named

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


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone of a page's clock, and by what it is known; a guess is so marked."""

    zone: tzinfo
    told_by: str
    sure: bool
    by_a_person: bool = False


def zone_of_page(document: Document) -> Zone:
    """Tell the zone of a page whose publisher is not known."""
    return tell_zone(document, "", [*changes(document), *issues(document)])


def tell_zone(document: Document, named: str, dates: Sequence[str]) -> Zone:
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


def changes(document: Document) -> Iterator[str]:
    """Give the dates of its last change that a page states, as they are written."""
    yield from _metas(document, CHANGED)
    yield from _linked(document, "dateModified")


def issues(document: Document) -> Iterator[str]:
    """Give the dates of its publication that a page states, as they are written."""
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
