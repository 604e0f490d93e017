"""Days as pages write them in words and figures, in the languages of the publishers read here."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from scraper.times.calendars import in_our_calendar
from scraper.times.weekdays import WEEKDAYS, folded

# By their first three or four letters, without accents: in English, German, Dutch, French, Spanish,
# Italian, Portuguese, Romanian, the Nordic languages, Finnish; Polish, Czech, Hungarian, Turkish,
# Indonesian; Russian and Ukrainian; Greek; Hebrew; Arabic; Hindi; Thai.
MONTHS = (
    "jan|jaen|ene|gen|ian|tamm|sty|ledn|oca|янв|січ|ιαν|ינוא|בינו|ינא|ينا|जनव|มกร",
    "feb|fev|helm|lut|unor|sub|şub|фев|лют|φεβ|פבר|בפבר|فبر|फरव|กุม",
    "mar|maer|mrz|maa|brez|мар|бер|μαρ|מרץ|במרץ|مار|मार|มีน",
    "apr|avr|abr|huht|kwi|dubn|nis|апр|кві|απρ|אפר|באפר|ابر|अपर|เมษ",
    "mai|may|mei|mag|maj|touk|kvet|мая|маи|тра|μαι|מאי|במאי|ماي|พฤษ",
    "jun|juin|giu|iun|kesa|cze|haz|июн|чер|ιουν|יוני|ביונ|يون|जून|มิถ",
    "jul|juil|lug|iul|hein|lip|tem|июл|лип|ιουλ|יולי|ביול|يول|जुल|กรก",
    "aug|aou|ago|agu|elok|sie|srpn|авг|сер|αυγ|אוג|באוג|اغس|अगस|สิง",
    "sep|set|syys|wrz|zari|sze|eyl|сен|вер|σεπ|ספט|בספט|سبت|सित|กัน",
    "oct|okt|out|ott|loka|paz|rijn|eki|окт|жов|οκτ|אוק|באוק|اكت|अकट|ตุล",
    "nov|noi|marr|lis|kas|ноя|лис|νοε|נוב|בנוב|نوف|नवं|พฤศ",
    "dec|dez|dic|des|jouk|gru|pros|ara|дек|гру|δεκ|דצמ|בדצמ|ديس|दिस|ธัน",
)
NAMED = {name: n for n, names in enumerate(MONTHS, 1) for name in names.split("|")}
_YESTERDAY = """
    yesterday gestern hier ayer ieri ontem gisteren igar gar eilen wczoraj vcera tegnap χθες вчера
    вчора dun אתמול امس أمس ديروز
"""
YESTERDAY = frozenset(unicodedata.normalize("NFKD", _YESTERDAY).split()) | {"昨日", "昨天", "어제"}
_BESIDE = (
    "le la las den der am el il on the feira г as a alle ore um at om kl klo ist à в о u ngay i"
)
BESIDE = WEEKDAYS.keys() | set(_BESIDE.split())
# A year of the Gregorian calendar or, in Thailand, of the Buddhist one.
YEAR = r"(?:(?:19|20)\d\d|25[67]\d)"
BUDDHIST, BUDDHA = 2500, 543
NAME = r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e]){2,11}"
FORMS = (
    re.compile(rf"(?<!\d)(?P<y>{YEAR})[-/](?P<m>\d\d)[-/](?P<d>\d\d)(?!\d)"),
    # "2026年11月18日", "11월 18일", "2026. 11. 18."
    re.compile(
        unicodedata.normalize(
            "NFKD",
            rf"(?<!\d)(?:(?P<y>{YEAR})\s?(?:年|년)\s?)?(?P<m>\d\d?)\s?(?:月|월)\s?"
            r"(?P<d>\d\d?)\s?(?:日|號|号|일)",
        )
    ),
    re.compile(rf"(?<!\d)(?P<y>{YEAR})\. ?(?P<m>\d\d?)\. ?(?P<d>\d\d?)(?:\.|(?!\d))"),
    # "18 tháng 11, 2026"
    re.compile(
        rf"(?<!\d)(?P<d>\d\d?) ?[/-]? ?thang (?P<m>\d\d?)"
        rf"(?:[,/ -]{{1,2}}(?:nam )?(?P<y>{YEAR}))?(?!\d)"
    ),
    # "2026. november 18."
    re.compile(rf"(?<!\d)(?P<y>{YEAR})\.? (?P<name>{NAME})\.? (?P<d>\d\d?)(?!\d)"),
    re.compile(
        rf"(?<![\d.])(?P<d>\d\d?)(?:\.|er|st|nd|rd|th|º)?[ -]?(?:de )?(?P<name>{NAME})"
        rf"\.?,?(?:[ -]?(?:de )?(?P<y>{YEAR})(?!\d))?"
    ),
    re.compile(
        rf"\b(?P<name>{NAME})\.?[ -](?P<d>\d\d?)(?:st|nd|rd|th)?(?!\d)"
        rf"(?:,?[ -](?P<y>{YEAR})(?!\d))?"
    ),
    re.compile(
        rf"(?<![\d./])(?P<d>\d\d?)(?P<by>[./]) ?(?P<m>\d\d?)"
        rf"(?:[./] ?(?P<y>{YEAR})|(?P=by)(?P<short>\d\d)(?!\.)|\.)(?!\d)"
    ),
)
# Only where it is the whole text: within a text it is a range or a score.
FIGURES = re.compile(r"(\d\d)-(\d\d)")
LONGEST = 60
WORD = re.compile(r"[^\W\d_]+")


def day_in(text: str, near: date | None = None) -> date | None:
    """Find the first date in a text; one without a year gets the year that is closest to `near`.

    None where there is none, or where the year is missing and `near` is None.
    """
    found = _known(in_our_calendar(text), near)
    return found[0] if found else None


def day_alone(text: str, near: date | None) -> date | None:
    """Read a text that is a date and nothing else, such as "Dienstag, 27. August 2024"."""
    if not 3 < len(text) <= LONGEST:  # noqa: PLR2004 - "1.1." is the shortest
        return None
    told = in_our_calendar(text)
    if figures := FIGURES.fullmatch(told):
        return _of_figures(int(figures[1]), int(figures[2]), near)
    found = _known(told, near)
    if found is None:
        return None
    day, start, end = found
    beside = told[:start] + " " + told[end:]
    if any(sign.isdigit() for sign in beside):
        return None
    return day if all(word in BESIDE for word in WORD.findall(beside)) else None


def _of_figures(one: int, other: int, near: date | None) -> date | None:
    """Read "11-18", as it is written in China, or "18-11": of two possible days the closer one."""
    if near is None:
        return None
    years = (near.year - 1, near.year, near.year + 1)
    pairs = ((one, other), (other, one))
    return _closest([_valid(year, *pair) for pair in pairs for year in years], near)


def weekday_alone(text: str) -> int | None:
    """Read a text that is the name of a weekday and nothing else: Monday is 0."""
    if len(text) > LONGEST or any(sign.isdigit() for sign in text):
        return None
    told = [word for word in WORD.findall(folded(text)) if word in WEEKDAYS or word not in BESIDE]
    return WEEKDAYS.get(told[0]) if len(told) == 1 else None


def days_words(text: str) -> list[str]:
    """Return the words of a text that are not part of a date, folded: "Stand", "published by"."""
    return [
        word
        for word in WORD.findall(folded(text))
        if word not in BESIDE and not (len(word) > 2 and _month(word))  # noqa: PLR2004 - "jan"
    ]


def is_yesterday(text: str) -> bool:
    """Whether a text says "yesterday" and, but for small words such as "at", nothing else."""
    if len(text) > LONGEST or any(sign.isdigit() for sign in text):
        return False
    told = [word for word in WORD.findall(folded(text)) if word not in BESIDE]
    return len(told) == 1 and told[0] in YESTERDAY


def _known(text: str, near: date | None) -> tuple[date, int, int] | None:
    return _remembered(text, near) if len(text) <= LONGEST else _found(text, near)


def _found(text: str, near: date | None) -> tuple[date, int, int] | None:
    for form in FORMS:
        for match in form.finditer(text):
            day = _day(match.groupdict(), near)
            if day is not None:
                return day, match.start(), match.end()
    return None


# Many entries of a page are of one day.
_remembered = lru_cache(maxsize=1024)(_found)


def _day(parts: dict[str, str | None], near: date | None) -> date | None:
    name, day = parts.get("name"), int(parts.get("d") or 0)
    month = _month(name) if name else int(parts.get("m") or 0)
    short = parts.get("short")
    year = int(parts.get("y") or 0) or (2000 + int(short) if short else 0)
    if year > BUDDHIST:
        year -= BUDDHA
    if year:
        # Americans write the month first: of two possible days the one closer to `near` is meant.
        turned = _valid(year, day, month) if parts.get("by") == "/" else None
        return _closest([_valid(year, month, day), turned], near)
    if near is None:
        return None
    return _closest([_valid(near.year + step, month, day) for step in (-1, 0, 1)], near)


def _closest(days: list[date | None], near: date | None) -> date | None:
    known = [day for day in days if day]
    if near is None or not known:
        return next(iter(known), None)
    return min(known, key=lambda day: abs(day - near))


def _month(name: str) -> int:
    return NAMED.get(name[:4]) or NAMED.get(name[:3]) or 0


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
