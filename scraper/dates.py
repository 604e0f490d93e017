"""Days as pages write them in words and figures, in the languages of the publishers read here."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from scraper.html import squeeze

# By their first letters in English, German, French, Spanish, Italian, Portuguese, Dutch, Russian.
MONTHS = (
    "jan|jaen|ene|gen|янв",
    "feb|fev|фев",
    "mar|maer|mrz|maa|мар",
    "apr|avr|abr|апр",
    "mai|may|mei|mag|мая|маи",
    "jun|juin|giu|июн",
    "jul|juil|lug|июл",
    "aug|aou|ago|авг",
    "sep|set|сен",
    "oct|okt|out|ott|окт",
    "nov|ноя",
    "dec|dez|dic|дек",
)
NAMED = {name: n for n, names in enumerate(MONTHS, 1) for name in names.split("|")}
# By day from Monday, in the same languages; in Chinese, Japanese and Korean.
_WEEKDAYS = (
    "mon monday mo montag lundi lunes lunedi segunda maandag пн понедельник",
    "tue tues tuesday di dienstag mardi martes martedi terca dinsdag вт вторник",
    "wed wednesday mi mittwoch mercredi miercoles mercoledi quarta woensdag ср среда",
    "thu thurs thursday do donnerstag jeudi jueves giovedi quinta donderdag чт четверг",
    "fri friday fr freitag vendredi viernes venerdi sexta vrijdag пт пятница",
    "sat saturday sa samstag sonnabend samedi sabado zaterdag сб суббота",
    "sun sunday so sonntag dimanche domingo domenica zondag вс воскресенье",
)
_EASTERN = (
    "月 月曜 月曜日 周一 星期一 월 월요일",
    "火 火曜 火曜日 周二 星期二 화 화요일",
    "水 水曜 水曜日 周三 星期三 수 수요일",
    "木 木曜 木曜日 周四 星期四 목 목요일",
    "金 金曜 金曜日 周五 星期五 금 금요일",
    "土 土曜 土曜日 周六 星期六 토 토요일",
    "日 日曜 日曜日 周日 星期日 星期天 일 일요일",
)
# As they are folded, which parts the signs of Korean into their letters.
WEEKDAYS = {
    unicodedata.normalize("NFKD", name): n
    for days in (_WEEKDAYS, _EASTERN)
    for n, names in enumerate(days)
    for name in names.split()
}
BESIDE = WEEKDAYS.keys() | {"le", "la", "den", "der", "am", "el", "il", "on", "the", "feira", "г"}
YEAR = r"(?:19|20)\d\d"
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
    re.compile(
        rf"(?<![\d.])(?P<d>\d\d?)(?:\.|er|st|nd|rd|th|º)?[ -]?(?:de )?(?P<name>[a-zа-я]{{3,10}})"
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
    found = _known(_folded(text), near)
    return found[0] if found else None


def day_alone(text: str, near: date | None) -> date | None:
    """Read a text that is a date and nothing else, such as "Dienstag, 27. August 2024"."""
    if not 3 < len(text) <= LONGEST:  # noqa: PLR2004 - "1.1." is the shortest
        return None
    folded = _folded(text)
    found = _known(folded, near)
    if found is None:
        return None
    day, start, end = found
    beside = folded[:start] + " " + folded[end:]
    if any(sign.isdigit() for sign in beside):
        return None
    return day if all(word in BESIDE for word in WORD.findall(beside)) else None


def weekday_alone(text: str) -> int | None:
    """Read a text that is the name of a weekday and nothing else: Monday is 0."""
    if len(text) > LONGEST or any(sign.isdigit() for sign in text):
        return None
    told = [word for word in WORD.findall(_folded(text)) if word in WEEKDAYS or word not in BESIDE]
    return WEEKDAYS.get(told[0]) if len(told) == 1 else None


def _folded(text: str) -> str:
    text = squeeze(text).casefold()
    if text.isascii():
        return text
    text = text.replace("ä", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _known(folded: str, near: date | None) -> tuple[date, int, int] | None:
    return _remembered(folded, near) if len(folded) <= LONGEST else _found(folded, near)


def _found(folded: str, near: date | None) -> tuple[date, int, int] | None:
    for form in FORMS:
        for match in form.finditer(folded):
            day = _day(match.groupdict(), near)
            if day is not None:
                return day, match.start(), match.end()
    return None


# Many entries of a page are of one day.
_remembered = lru_cache(maxsize=1024)(_found)


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
