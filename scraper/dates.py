"""Days as pages write them in words and figures, in the languages of the publishers read here."""

import re
import unicodedata
from datetime import date

from scraper.html import squeeze

# By their first letters in English, German, French, Spanish, Italian, Portuguese and Dutch.
MONTHS = (
    "jan|jaen|ene|gen",
    "feb|fev",
    "mar|maer|mrz|maa",
    "apr|avr|abr",
    "mai|may|mei|mag",
    "jun|juin|giu",
    "jul|juil|lug",
    "aug|aou|ago",
    "sep|set",
    "oct|okt|out|ott",
    "nov",
    "dec|dez|dic",
)
NAMED = {name: n for n, names in enumerate(MONTHS, 1) for name in names.split("|")}
_WEEKDAYS = """
    mon tue wed thu fri sat sun tues thurs monday tuesday wednesday thursday friday saturday
    sunday mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonnabend
    sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves
    viernes sabado domingo lunedi martedi mercoledi giovedi venerdi segunda terca quarta quinta
    sexta feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
WEEKDAYS = frozenset(_WEEKDAYS.split())
BESIDE = WEEKDAYS | {"le", "la", "den", "der", "am", "el", "il", "on", "the"}
YEAR = r"(?:19|20)\d\d"
FORMS = (
    re.compile(rf"(?<!\d)(?P<y>{YEAR})[-/](?P<m>\d\d)[-/](?P<d>\d\d)(?!\d)"),
    re.compile(
        rf"(?<![\d.])(?P<d>\d\d?)(?:\.|er|st|nd|rd|th|º)?[ -]?(?:de )?(?P<name>[a-z]{{3,10}})"
        rf"\.?,?(?:[ -]?(?:de )?(?P<y>{YEAR})(?!\d))?"
    ),
    re.compile(
        rf"\b(?P<name>[a-z]{{3,9}})\.?[ -](?P<d>\d\d?)(?:st|nd|rd|th)?(?!\d)"
        rf"(?:,?[ -](?P<y>{YEAR})(?!\d))?"
    ),
    re.compile(rf"(?<![\d.])(?P<d>\d\d?)[./] ?(?P<m>\d\d?)(?:[./] ?(?P<y>{YEAR})|\.)(?!\d)"),
)
LONGEST = 60
WORD = re.compile(r"[^\W\d_]+")


def day_in(text: str, near: date | None = None) -> date | None:
    """Find the first date in a text; one without a year is the one closest to `near`."""
    found = _found(_folded(text), near)
    return found[0] if found else None


def day_alone(text: str, near: date | None) -> date | None:
    """Read a text that is a date and nothing else, such as "Dienstag, 27. August 2024"."""
    if not 3 < len(text) <= LONGEST:  # noqa: PLR2004 - "1.1." is the shortest
        return None
    folded = _folded(text)
    found = _found(folded, near)
    if found is None:
        return None
    day, start, end = found
    beside = folded[:start] + " " + folded[end:]
    if any(sign.isdigit() for sign in beside):
        return None
    return day if all(word in BESIDE for word in WORD.findall(beside)) else None


def _folded(text: str) -> str:
    text = squeeze(text).casefold().replace("ä", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _found(folded: str, near: date | None) -> tuple[date, int, int] | None:
    for form in FORMS:
        for match in form.finditer(folded):
            day = _day(match.groupdict(), near)
            if day is not None:
                return day, match.start(), match.end()
    return None


def _day(parts: dict[str, str | None], near: date | None) -> date | None:
    name = parts.get("name")
    month = _month(name) if name else int(parts.get("m") or 0)
    year = parts.get("y")
    if year:
        return _valid(int(year), month, parts["d"])
    if near is None:
        return None
    days = (_valid(near.year + step, month, parts["d"]) for step in (-1, 0, 1))
    return min((day for day in days if day), key=lambda day: abs(day - near), default=None)


def _month(name: str) -> int:
    return NAMED.get(name[:4]) or NAMED.get(name[:3]) or 0


def _valid(year: int, month: int, day: str | None) -> date | None:
    try:
        return date(year, month, int(day or 0))
    except ValueError:
        return None
