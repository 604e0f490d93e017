"""Times of day as entries begin with them: "12:41", "18h05", "+++ 12:41 … +++", "10.25am"."""

import re
from functools import lru_cache
from typing import NamedTuple

from scraper.html import squeeze

LATE = 24 * 60
NOON = 12
SHORT = 200
# An hour and a minute, or an hour alone where a word says that it is one.
CLOCK = re.compile(
    r"""[\s+•·|(\[–—*-]{0,8}
    (?: (?:[Oo]re|[Aa]lle|[Uu]m|[AaÀà]|[Aa]t|[Kk]l\.?|[Kk]lo|[Oo]ra|[ÀàAa]s|[Aa] las)\s )?
    (?P<hour>\d{1,2})
    (?: \s?[:.]\s?(?P<minute>[0-5]\d)(?::[0-5]\d)?
        (?: \s?(?P<half>[apAP])\.?\s?[mM]\b\.? | \s?(?:Uhr|hrs?|h)\b\.? )?
      | \s?[hH]\s?(?P<past>[0-5]\d)?(?![^\W_])
      | \s?(?P<whole>[apAP])\.?\s?[mM]\b\.?
      | \s?Uhr\b
    )
    (?![\d%‰€$£/]|[.,:]\d|\s?(?:%|Uhr|Euro?\b|percent|Prozent|[./]\s?\d))
    (?: \s?[(]?(?P<zone>[A-Z]{1,3}T|UTC|MES?Z)\b[)]? )?""",
    re.VERBOSE,
)
# From when to when something lasts: a programme, not a message.
RANGE = re.compile(
    r"\s?(?:[-–—/&]|bis|to|till|until|à|al|und|and|et)\s?\d{1,2}"
    r"(?:[:.]\d\d|\s?[hH]|\s?Uhr|\s?[ap]\.?m)"
)
AROUND = " \t\n\xa0:–—-|•·+,)]*"
STAMP = re.compile(
    r"^(?P<day>\D{0,12}\d.{1,28}?(?:19|20)\d\d)\s*[•·|,–-]?\s*(?:um|à|at|-|alle)?\s*(?=\d)"
)
WORDS = re.compile(r"^[^\d+]{1,24}(?=\d)")

# What is printed beside a time of day and tells nothing.
_BESIDE = """
    posted published at on um am uhr o clock heute today aujourd hui oggi hoy hoje vandaag dziś idag
    i dag publié publiée à pubblicato alle ore publicado las a às em geplaatst om opublikowano
    veröffentlicht erstellt kl klo saat w time local gmt utc the le il el de of
"""
BESIDE = frozenset(_BESIDE.split())
# Words of a line that says when something was written and changed, and by whom.
STAMP_WORDS = BESIDE | frozenset(
    ["updated", "aktualisiert", "mis", "jour", "by", "von", "par", "di", "por", "and", "und", "et"]
)
# A short text that holds a time of day somewhere.
INSIDE = re.compile(r"(?<![\d.:,/-])[0-2]?\d(?:\s?[:.]\s?[0-5]\d|\s?[hH]\s?[0-5]\d)(?!\d)")
LETTERS = re.compile(r"[^\W\d_]+")
LONGEST_STAMP = 60

# As publishers abbreviate them, beside what their readers take them for.
ZONES = {
    "GMT": "UTC",
    "UTC": "UTC",
    **dict.fromkeys(("ET", "EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CDT"), "America/Chicago"),
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("MEZ", "MESZ", "CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
}


class Clock(NamedTuple):
    """A time of day in minutes since midnight, its zone's name ("" if not told), what follows."""

    minutes: int
    zone: str
    rest: str


def clock_at(text: str) -> Clock | None:
    """Read the time of day with which a text begins; None where it begins otherwise."""
    return _known(text) if len(text) <= SHORT else _read(text)


def _read(text: str) -> Clock | None:
    found = CLOCK.match(text)
    if found is None or RANGE.match(text, found.end()):
        return None
    minutes = _minutes(found)
    if minutes is None:
        return None
    rest = squeeze(text[found.end() :].lstrip(AROUND))
    return Clock(minutes, ZONES.get(found["zone"] or "", ""), rest.rstrip("+ "))


# A page is read again and again, and little of it is new.
_known = lru_cache(maxsize=4096)(_read)


def stamp_at(text: str) -> tuple[str, Clock | None]:
    """Part a stamp into its date, "" where it has none, and its time of day.

    Words may stand before either: "Publié à 12h41".
    """
    text = squeeze(text)
    found = STAMP.match(text)
    if found is None:
        return "", clock_at(WORDS.sub("", text, count=1))
    return found["day"], clock_at(text[found.end() :])


def stamp_alone(text: str) -> tuple[str, Clock] | None:
    """Part a text that is a date and a time of day, in any order, and nothing else.

    The date is "" where it has none. Words that stand beside either are allowed: "Posted at 15:42",
    "10:42 a.m. ET, November 18, 2026", "18.11.2026, 16:42 Uhr".
    """
    text = squeeze(text)
    if len(text) > LONGEST_STAMP:
        return None
    for place in INSIDE.finditer(text):
        found = CLOCK.match(text, place.start())
        clock = _read(text[place.start() :]) if found is not None else None
        if found is None or clock is None:
            continue
        rest = squeeze(f"{text[: place.start()]} {text[found.end() :]}".strip(AROUND + ".("))
        words = [word for word in LETTERS.findall(rest.casefold()) if word not in BESIDE]
        if words or any(sign.isdigit() for sign in rest):
            return rest, clock._replace(rest="")
        return "", clock._replace(rest="")
    return None


def _minutes(found: re.Match[str]) -> int | None:
    hour, half = int(found["hour"]), found["half"] or found["whole"]
    minute = int(found["minute"] or found["past"] or 0)
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half in "pP" else 0)
    at = hour * 60 + minute
    return at if at < LATE else None
