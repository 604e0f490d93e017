"""The day in an address: the surest date of a day's blog, since an address never changes."""

import re
from collections.abc import Iterator
from datetime import date
from functools import reduce
from typing import Final
from urllib.parse import urlsplit

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTH: Final = "|".join((*_MONTHS, *(name[:3] for name in _MONTHS), "sept"))
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_NUMBER: Final = r"(?P<month>0?[1-9]|1[0-2])"
_NAME: Final = rf"(?P<month>{_MONTH})"
_DAY: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_FORMS: Final = tuple(
    re.compile(rf"(?<![0-9a-z]){form}(?![0-9a-z])")
    for form in (
        rf"{_YEAR}(?P<by>[/-]){_NUMBER}(?P=by){_DAY}",
        rf"{_YEAR}[/-]{_NAME}[/-]{_DAY}",
        rf"{_NAME}-{_DAY}-{_YEAR}",
        rf"{_DAY}-{_NAME}-{_YEAR}",
        r"(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])",
        r"(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])-(?P<year>\d\d)",
    )
)


def day_in(url: str) -> date | None:
    """Return the first date in an address's path: `/2026/jul/16/`, `/2026-07-16`, `july-16-2026`.

    None where there is none. Two numbers before a year are read as CNN writes them, month first.
    """
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        return None
    return next(_dates(path), None)


def without_days(url: str) -> str:
    """Return an address in lower case without its dates, to compare the blogs of a series."""
    return reduce(lambda told, form: form.sub("", told), _FORMS, url.lower())


def _dates(path: str) -> Iterator[date]:
    for form in _FORMS:
        for found in form.finditer(path):
            try:
                yield date(_year(found["year"]), _month(found["month"]), int(found["day"]))
            except ValueError:
                continue


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)  # noqa: PLR2004 - `24` is 2024


def _month(said: str) -> int:
    if said.isdigit():
        return int(said)
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(said[:3]))
