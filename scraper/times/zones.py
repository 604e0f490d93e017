"""The zone of a page's times that state none: as a person named it, or by what the page says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from scraper.address import host
from scraper.markup.document import Document
from scraper.markup.jsonld import UPDATES, blocks, top_objects
from scraper.markup.loose_json import string_in
from scraper.markup.once import once
from scraper.times.clocks import ZONES
from scraper.times.datelines import datelines
from scraper.times.instants import zone_named

# The zone in which most of a country lives and its newspapers are made, by the region of a language
# or the end of a host's name.
_COUNTRIES = """
    gb Europe/London, uk Europe/London, ie Europe/Dublin, de Europe/Berlin, at Europe/Vienna,
    ch Europe/Zurich, li Europe/Zurich, lu Europe/Luxembourg, fr Europe/Paris, be
    Europe/Brussels, nl Europe/Amsterdam, it Europe/Rome, es Europe/Madrid, pt Europe/Lisbon,
    pl Europe/Warsaw, cz Europe/Prague, sk Europe/Bratislava, hu Europe/Budapest, ro
    Europe/Bucharest, bg Europe/Sofia, gr Europe/Athens, cy Asia/Nicosia, mt Europe/Malta, si
    Europe/Ljubljana, hr Europe/Zagreb, rs Europe/Belgrade, ba Europe/Sarajevo, mk
    Europe/Skopje, al Europe/Tirane, dk Europe/Copenhagen, se Europe/Stockholm, no Europe/Oslo,
    fi Europe/Helsinki, is Atlantic/Reykjavik, ee Europe/Tallinn, lv Europe/Riga, lt
    Europe/Vilnius, ua Europe/Kyiv, by Europe/Minsk, ru Europe/Moscow, tr Europe/Istanbul, il
    Asia/Jerusalem, lb Asia/Beirut, jo Asia/Amman, sa Asia/Riyadh, qa Asia/Qatar, kw
    Asia/Kuwait, ae Asia/Dubai, ir Asia/Tehran, iq Asia/Baghdad, eg Africa/Cairo, ma
    Africa/Casablanca, dz Africa/Algiers, tn Africa/Tunis, ng Africa/Lagos, gh Africa/Accra, ke
    Africa/Nairobi, ug Africa/Kampala, za Africa/Johannesburg, in Asia/Kolkata, pk
    Asia/Karachi, bd Asia/Dhaka, np Asia/Kathmandu, lk Asia/Colombo, th Asia/Bangkok, vn
    Asia/Ho_Chi_Minh, my Asia/Kuala_Lumpur, sg Asia/Singapore, id Asia/Jakarta, ph Asia/Manila,
    hk Asia/Hong_Kong, tw Asia/Taipei, cn Asia/Shanghai, kr Asia/Seoul, jp Asia/Tokyo, nz
    Pacific/Auckland, br America/Sao_Paulo, ar America/Argentina/Buenos_Aires, cl
    America/Santiago, uy America/Montevideo, py America/Asuncion, bo America/La_Paz, pe
    America/Lima, ec America/Guayaquil, ve America/Caracas, mx America/Mexico_City, cr
    America/Costa_Rica, gt America/Guatemala, pa America/Panama, pr America/Puerto_Rico, do
    America/Santo_Domingo, cu America/Havana
"""
COUNTRIES = dict(pair.split() for pair in _COUNTRIES.split(","))
# The country where most newspapers of a language are made, for a language without a region.
_LANGUAGES = """
    de de, fr fr, it it, es es, ca es, eu es, gl es, pt pt, nl nl, pl pl, cs cz, sk sk, hu hu,
    ro ro, bg bg, el gr, sl si, hr hr, sr rs, mk mk, sq al, da dk, sv se, nb no, nn no, no no,
    fi fi, is is, et ee, lv lv, lt lt, ru ru, uk ua, tr tr, ga ie, cy gb, mt mt, he il, iw il,
    fa ir, hi in, ta in, te in, mr in, ml in, bn bd, ur pk, ne np, th th, vi vn, ms my, id id,
    zh cn, ko kr, ja jp
"""
LANGUAGES = dict(pair.split() for pair in _LANGUAGES.split(","))
# How many times are searched for an offset; later ones belong to what the page links to.
FEW = 8
CHANGED = ("article:modified_time", "og:article:modified_time", "og:updated_time", "last-modified")
ISSUED = ("article:published_time", "og:article:published_time", "date", "dc.date.issued")


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone of a page's times, and what it is known by; `sure` is False for a guess."""

    zone: tzinfo
    told_by: str
    sure: bool
    by_a_person: bool = False


@once
def zone_of_page(document: Document) -> Zone:
    """Return the zone of a page whose publisher is not known."""
    return tell_zone(document, "", [*changes(document), *issues(document)])


def tell_zone(document: Document, named: str, dates: Sequence[str]) -> Zone:
    """Return the zone of a page, by the first of these that names one.

    A person's word, the publisher's own (`named`), an offset in `dates`, the page's country, what
    the page prints; else UTC.
    """
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
    return _printed_zone(document) or Zone(UTC, "UTC", sure=False)


def _printed_zone(document: Document) -> Zone | None:
    """Return the zone that a page prints: "3:32 p.m. EST", or a time's offset; None if neither.

    It serves pages of no known country: American newsrooms are in many zones, and their addresses
    name none.
    """
    for letters in (line.letters for line in datelines(document)):
        if zone := zone_named(ZONES.get(letters, "")):
            return Zone(zone, f'the letters "{letters}" below its heading', sure=True)
    stated = (
        node.attributes.get("datetime") or "" for node in document.tree.css("time[datetime]")[:FEW]
    )
    offset = next(filter(None, map(_offset, stated)), None)
    if offset is None:
        return None
    return Zone(timezone(offset), f"the offset of a time on the page ({offset})", sure=True)


def changes(document: Document) -> Iterator[str]:
    """Yield the dates that a page states for its last change, as they are written."""
    yield from _metas(document, CHANGED)
    yield from _linked(document, "dateModified")


def issues(document: Document) -> Iterator[str]:
    """Yield the dates that a page states for its publication, as they are written."""
    yield from _metas(document, ISSUED)
    yield from _linked(document, "datePublished")


def _metas(document: Document, names: tuple[str, ...]) -> Iterator[str]:
    folded = {name.lower(): content for name, content in document.meta.items()}
    yield from (folded[name] for name in names if folded.get(name))


def _linked(document: Document, name: str) -> Iterator[str]:
    for block in blocks(document, UPDATES):
        for said in top_objects(block.said):
            if value := string_in(said, name):
                yield value


def _offset(written: str) -> timedelta | None:
    """Return the offset in a date, None if it has none; None for zero too.

    Programs write any date with the offset zero, whatever its zone.
    """
    try:
        return datetime.fromisoformat(written.strip()).utcoffset() or None
    except ValueError:
        return None


def _countries(document: Document) -> Iterator[str]:
    """Yield the codes of countries that a page may be from, the likeliest first."""
    language, *more = document.language.lower().replace("_", "-").split("-")
    yield from (part for part in more if len(part) == len("gb"))
    yield document.meta.get("og:locale", "").lower().replace("_", "-").partition("-")[2]
    for address in (document.canonical, document.url):
        yield host(address).rpartition(".")[2]
    yield LANGUAGES.get(language, "")
