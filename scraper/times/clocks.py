"""Times of day as entries begin with them: "12:41", "18h05", "+++ 12:41 … +++", "10.25am"."""

import re
from functools import lru_cache
from typing import NamedTuple

from scraper.markup.html import squeeze
from scraper.times.digits import ascii_digits

LATE = 24 * 60
NOON = 12
SHORT = 200
# Which half of the day is meant, where Chinese, Japanese and Korean say it before the hour.
MORNING = "午前|上午|凌晨|清晨|早上|오전"
EVENING = "午後|下午|晚上|오후"
# After the hour, in Arabic and Greek.
BEFORE_NOON = r"ص(?:باحا)?|π\.?\s?μ"
AFTER_NOON = r"م(?:ساء)?|μ\.?\s?μ"
# An hour and a minute, or an hour alone where a word says that it is one.
CLOCK = re.compile(
    rf"""[\s+•·|(\[【–—*-]{{0,8}}
    (?: (?:[Oo]re|[Aa]lle|[Uu]m|[AaÀà]|[Aa]t|[Kk]l\.?|[Kk]lo|[Oo]ra|[ÀàAa]s|[Aa] las)\s )?
    (?: (?:(?P<morning>{MORNING})|(?P<evening>{EVENING}))\s? )?
    (?P<hour>\d{{1,2}})
    (?: (?:\s?[:：]\s?|\.)(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?
        (?: \s?(?P<half>[apAP])\.?\s?[mM]\b\.? | \s?(?P<before>{BEFORE_NOON})\b\.?
          | \s?(?P<after>{AFTER_NOON})\b\.? | \s?(?:Uhr|uur|hrs?|hs|h)\b\.? )?
      | \s?[hH]\s?(?P<past>[0-5]\d)?(?:\s?(?:min|m)\b\.?)?(?![^\W_])
      | (?P<joint>[0-5]\d)(?=\s?(?:GMT|UTC|BST|IST|E[SD]?T|CES?T|h|hrs)\b)
      | \s?(?P<whole>[apAP])\.?\s?[mM]\b\.?
      | \s?Uhr\b
      | \s?[時时点點시]\s?(?P<stroke>[0-5]?\d)\s?[分분]
      | \s?[時时시](?![間间간])
    )
    (?![\d%‰€$£/]|[.,:]\d|\s?(?:%|Uhr|Euro?\b|percent|Prozent|[./]\s?\d))
    (?: \s?[(]?(?P<zone>[A-Z]{{1,3}}T|UTC|MES?Z|MSK|WIB)\b[)]? )?""",
    re.VERBOSE,
)
# From when to when something lasts: then it is a programme, not an entry.
RANGE = re.compile(
    r"\s?(?:[-–—/&~〜～至到]|から|bis|to|till|until|à|al|und|and|et)\s?"
    rf"(?:(?:{MORNING}|{EVENING})\s?)?\d{{1,2}}(?:[:.]\d\d|\s?[hH]|\s?Uhr|"
    r"\s?[ap]\.?m|[時时点點시])"
)
AROUND = " \t\n\xa0:–—-|•·+,)]*：】"
# After the colon behind a time a dash begins what somebody says, in Scandinavia.
SPOKEN = re.compile(r"[\s)\]]*[:：]\s+(?=[–—-]\s?[^\W\d_])")
# A date and a time of day as machines write them.
ISO = re.compile(
    r"((?:19|20)\d\d-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?(Z\b|[+-]\d\d:?\d\d)?"
)
# A date, whole or without its year, before a time of day.
STAMP = re.compile(
    r"(?P<day>\D{0,12}\d[^<>]{1,28}?(?:19|20)\d\d"
    r"|(?:[^\W\d_]{2,10}\.?,?\s){0,2}(?:\d\d?(?:\.|st|nd|rd|th)?\s[^\W\d_]{3,10}\.?"
    r"|[^\W\d_]{3,9}\.?\s\d\d?(?:st|nd|rd|th)?|\d\d?\.\d\d?\.)"
    r"|(?:(?:19|20)\d\d\s?[年년]\s?)?\d\d?\s?[月월]\s?\d\d?\s?[日号號일]"
    r"(?:\s?[(（]\w{1,3}[)）])?"
    r"|(?:19|20)\d\d\.? [^\W\d_]{3,12}\.? \d\d?\."
    r"|(?:19|20)\d\d\. ?\d\d?\. ?\d\d?\.?)"
    r"\s*[•·|,–-]?\s*(?:um|à|às|a las|at|alle|ore|om|kl\.?|o|u|-|в|о)?\s*"
    rf"(?=\d|{MORNING}|{EVENING})"
)
YEARED = re.compile(r"(?:19|20)\d\d")
WORDS = re.compile(r"[^\d+<>]{1,24}(?=\d)")

# Words beside a time of day that add nothing to it.
_BESIDE = """
    posted published at on um am uhr o clock heute today aujourd hui oggi hoy hoje vandaag dziś idag
    i dag dnes dziś dzisiaj ma azi σήμερα сегодня сьогодні bugün danes היום اليوم 今日 今天 오늘
    в г publié publiée à pubblicato alle ore publicado las a às em geplaatst om opublikowano
    发布 發布 投稿 配信 公開 입력 เวลา น ساعت
    veröffentlicht erstellt kl klo saat w time local gmt utc the le il el de of
"""
BESIDE = frozenset(_BESIDE.split())
# Words of a line that says when something was written and changed, and by whom.
STAMP_WORDS = BESIDE | frozenset(
    ["updated", "aktualisiert", "mis", "jour", "by", "von", "par", "di", "por", "and", "und", "et"]
)
# The beginning of a time of day anywhere in a short text.
INSIDE = re.compile(
    rf"(?<![\d.:,/-])(?:(?:{MORNING}|{EVENING})\s?)?[0-2]?\d"
    r"(?:(?:\s?[:：]\s?|\.|\s?[hH]\s?)[0-5]\d(?!\d)|\s?[時时点點시])"
)
# What separates a headline from the time behind it.
PARTING = ("(", "[", "|", "–", "—", " -", ",", "·", "•")
LETTERS = re.compile(r"[^\W\d_]+")
# A word between that and the time: "Ferry turns back – ore 15.42".
BEFORE = re.compile(r"(?<=[(\[|–—,·•-])\s?[^\W\d_]{1,8}\.?$")
LONGEST_STAMP = 60

# Zones as publishers abbreviate them, and what their readers take them for.
ZONES = {
    "GMT": "UTC",
    "UTC": "UTC",
    "BST": "Europe/London",
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    **dict.fromkeys(("MEZ", "MESZ", "CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    "MSK": "Europe/Moscow",
    "TRT": "Europe/Istanbul",
    **dict.fromkeys(("ET", "EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT"), "America/Chicago"),
    **dict.fromkeys(("MT", "MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    "BRT": "America/Sao_Paulo",
    "ART": "America/Argentina/Buenos_Aires",
    "IST": "Asia/Kolkata",
    "PKT": "Asia/Karachi",
    "SGT": "Asia/Singapore",
    "HKT": "Asia/Hong_Kong",
    "WIB": "Asia/Jakarta",
    "KST": "Asia/Seoul",
    "JST": "Asia/Tokyo",
    "SAST": "Africa/Johannesburg",
    "AWST": "Australia/Perth",
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
}
# The beginning of the names of zones that are stated as an offset, so that they are certain.
IN_FIGURES = "Etc/"


class Clock(NamedTuple):
    """A time of day in minutes since midnight, its zone's name ("" if none), the text after it.

    `second` is None where the time is given to the minute.
    """

    minutes: int
    zone: str
    rest: str
    second: int | None = None


def clock_at(text: str) -> Clock | None:
    """Read the time of day at the beginning of a text; None where there is none."""
    return _known(text) if len(text) <= SHORT else _read(text)


def _read(text: str) -> Clock | None:
    text = ascii_digits(text)
    found = CLOCK.match(text)
    if found is None or RANGE.match(text, found.end()):
        return None
    minutes = _minutes(found)
    if minutes is None:
        return None
    rest = squeeze(words_behind(text[found.end() :]))
    second = int(found["second"]) if found["second"] else None
    return Clock(minutes, ZONES.get(found["zone"] or "", ""), rest.rstrip("+ "), second)


def words_behind(text: str) -> str:
    """Return the text behind a time of day, without the signs between the two."""
    spoken = SPOKEN.match(text)
    return text[spoken.end() :] if spoken else text.lstrip(AROUND)


# A page is read again and again, and little of it is new.
_known = lru_cache(maxsize=4096)(_read)


def stamp_at(text: str) -> tuple[str, Clock | None]:
    """Split a stamp into its date, "" if it has none, and its time of day, None if it has none.

    Words may come before either: "Publié à 12h41".
    """
    text = squeeze(ascii_digits(text))
    found = STAMP.match(text)
    clock = clock_at(text[found.end() :]) if found else None
    if found is None or (clock is None and not YEARED.search(found["day"])):
        words = WORDS.match(text)
        return "", clock_at(text[words.end() :] if words else text)
    return found["day"], clock


def words_before(text: str) -> str:
    """Return what comes before the first figure of a text: "Mittwoch, 16:42 Uhr"."""
    words = WORDS.match(squeeze(text))
    return words[0] if words else ""


def end_of_stamp(text: str, start: int = 0) -> int | None:
    """Return where the time of day at a text's beginning ends; a date or words may precede it.

    The beginning is at `start`. None where there is no time of day.
    """
    text = ascii_digits(text)
    dated = STAMP.match(text, start)
    clock = CLOCK.match(text, dated.end()) if dated else None
    clock = clock or CLOCK.match(text, start)
    if clock is None and (words := WORDS.match(text, start)):
        clock = CLOCK.match(text, words.end())
    return clock.end() if clock else None


def stamp_alone(text: str) -> tuple[str, Clock] | None:
    """Split a text that is just a date and a time of day, in any order; None for any other text.

    The date is "" where there is none. Words beside either are allowed: "Posted at 15:42", "10:42
    a.m. ET, November 18, 2026", "18.11.2026, 16:42 Uhr".
    """
    text, zone = _as_people_write(squeeze(ascii_digits(text)))
    if len(text) > LONGEST_STAMP:
        return None
    # "18.11. 15:42" has two places that look like a time of day.
    for place in sorted(INSIDE.finditer(text), key=_looks_like_a_day):
        found = CLOCK.match(text, place.start())
        clock = _read(text[place.start() :]) if found is not None else None
        if found is None or clock is None:
            continue
        rest = squeeze(
            f"{text[: place.start()]} {text[found.end() :]}".lstrip(AROUND + ".(").rstrip(
                AROUND + "("
            )
        )
        words = [word for word in LETTERS.findall(rest.casefold()) if word not in BESIDE]
        clock = clock._replace(rest="", zone=zone or clock.zone)
        if words or any(sign.isdigit() for sign in rest):
            return _without_words(rest), clock
        return "", clock
    return None


def _as_people_write(text: str) -> tuple[str, str]:
    """Write "2026-11-18T15:42Z" with a blank for the T, and return its zone's name, "" if none.

    The text becomes "" where the offset is not a whole hour.
    """
    iso = ISO.search(text)
    offset = iso[3] or "" if iso else ""
    if iso is None:
        return text, ""
    if offset[3:].strip(":0"):
        return "", ""
    zone = (
        f"{IN_FIGURES}GMT{int(offset[:3]) * -1:+d}"
        if offset[:1] in {"+", "-"}
        else f"{IN_FIGURES}UTC"
    )
    return f"{text[: iso.start()]}{iso[1]} {iso[2]}{text[iso.end() :]}", zone if offset else ""


def _without_words(rest: str) -> str:
    """Drop words at the ends that add nothing: "Posted, 18 November", "Ada Lorne kl."."""
    while (word := LETTERS.match(rest)) and word[0].casefold() in BESIDE and len(word[0]) > 1:
        rest = rest[word.end() :].lstrip(AROUND)
    before, _, last = rest.rstrip(".").rpartition(" ")
    return before.rstrip(AROUND) if last.casefold() in BESIDE and len(last) > 1 else rest


def clock_behind(text: str, *, apart: bool) -> Clock | None:
    """Read the time of day at the end of a headline: "Ferry turns back (15.42 Uhr)".

    `rest` is the text before it. A sign has to separate the two, unless they are known to be
    `apart`.
    """
    text = squeeze(text)
    for place in INSIDE.finditer(text[-LONGEST_STAMP:]):
        start = place.start() + max(0, len(text) - LONGEST_STAMP)
        found = CLOCK.match(text, start)
        clock = _read(text[start:]) if found is not None else None
        before = text[:start].rstrip()
        if not before.endswith(PARTING) and (worded := BEFORE.search(before)):
            before = before[: worded.start()]
        parted = apart or before.endswith(PARTING)
        if found and clock and parted and before and not text[found.end() :].strip(AROUND + "."):
            return clock._replace(rest=before.rstrip(AROUND + "(["))
    return None


def _looks_like_a_day(found: re.Match[str]) -> tuple[bool, bool, int]:
    """Return the key by which places are tried: "18.11." looks like a day, and days come first."""
    return found.string.startswith(".", found.end()), "." in found[0], -found.start()


def _minutes(found: re.Match[str]) -> int | None:
    hour, half = int(found["hour"]), found["half"] or found["whole"]
    minute = int(found["minute"] or found["past"] or found["joint"] or found["stroke"] or 0)
    early, late = found["morning"] or found["before"], found["evening"] or found["after"]
    if early or late:
        # "午後0時" is noon, as "오후 12:00" is; "下午15:42" says it twice.
        hour = hour % NOON + (NOON if late else 0) if hour <= NOON else hour
    elif half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half in "pP" else 0)
    at = hour * 60 + minute
    return at if at < LATE else None
