"""The dateline of a page: a line below its heading that says when it was written.

Pages mark such a line by many names, or by none: "Zuletzt aktualisiert: 18. November 2026, 15:32
Uhr", "Wednesday, November 18, 2026 (EST)". A dateline has a date with its year, and little else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.once import once
from scraper.times.clocks import INSIDE, ZONES, Clock, clock_at
from scraper.times.dates import day_in, days_words
from scraper.times.instants import zone_named

LINES = frozenset(
    {"p", "div", "span", "time", "small", "li", "em", "strong", "b", "i", "td", "dd"}
    | {"h2", "h5", "h6", "address"}
)
# How many elements below the heading are looked at, and how long a dateline is at most.
FEW, LONGEST = 40, 90
# How many words a dateline has beside its date; fewer where a full stop follows the year.
WORDS, FEW_WORDS = 6, 2
YEAR = re.compile(r"(?<!\d)(?:(?:(?:19|20)\d\d|25[67]\d)(?!\d)|\d\d?[./]\d\d?[./]\d\d(?!\d))")
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[^\W\d_]{4}[.!?…](?:\s|$)")
STOPPED = re.compile(r"(?:19|20)\d\d\.$")
LETTERS = re.compile(rf"(?<![^\W_])(?:{'|'.join(ZONES)})(?![^\W_])")
UPDATED = re.compile(
    r"updat|aktuali[sz]|stand\b|geändert|mis à jour|modifi|aggiornat|actualiza|atualiza|bijgewerkt"
    r"|zaktualiz|zmiana|uppdatera|opdatere|oppdatert|päivitetty|frissít|güncelle|обновл|изменен"
    r"|оновлен|ενημ[έε]ρωση|更新|업데이트|수정|تحديث|עודכן|diperbarui",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """One dateline: its day, its clock or None, the letters of its zone ("" if none).

    `changed` is whether it is the time of the page's last change.
    """

    day: date
    clock: Clock | None
    letters: str
    changed: bool

    def at(self, zone: tzinfo) -> datetime | None:
        """Return the UTC instant, by the line's own zone or else `zone`; None without a clock."""
        if self.clock is None:
            return None
        minutes, own = self.clock.minutes, zone_named(self.clock.zone)
        try:
            said = datetime.combine(self.day, time(minutes // 60, minutes % 60), own or zone)
            return said.astimezone(UTC)
        except OverflowError:
            return None


@once
def datelines(document: Document) -> tuple[Dateline, ...]:
    """Return the datelines below a page's heading, in page order, without repetitions."""
    return tuple(dict.fromkeys(_below_heading(document)))


def _below_heading(document: Document) -> Iterator[Dateline]:
    american = document.language.lower().startswith("en")
    near = document.page.fetched_at.date() if american else None
    lines = (node for node in _after(document.tree.css_first("h1")) if node.tag in LINES)
    for node in islice(lines, FEW):
        text = squeeze(node.text(separator=" "))
        line = _line(text, near) if len(text) <= LONGEST else None
        if line is not None:
            yield line


def _after(node: LexborNode | None) -> Iterator[LexborNode]:
    """Yield the elements that begin after an element begins, in page order."""
    while node is not None:
        within = node.child
        while within is None and node is not None:
            within, node = node.next, node.parent
        if within is not None:
            yield within
        node = within


def _line(text: str, near: date | None) -> Dateline | None:
    """Read a line; None if it is not a dateline.

    Americans write the month first: `near` decides which number is the month.
    """
    if not YEAR.search(text) or SENTENCE.search(text):
        return None
    day = day_in(text, near)
    words = len(days_words(text))
    if day is None or words > WORDS or (words > FEW_WORDS and STOPPED.search(text)):
        return None
    letters = LETTERS.search(text)
    return Dateline(
        day, _clock(text), letters[0] if letters else "", UPDATED.search(text) is not None
    )


def _clock(text: str) -> Clock | None:
    """Return the last time of day in a dateline; "18.11." looks like one, but a year follows it."""
    places = [found.start() for found in INSIDE.finditer(text)]
    clocks = (clock_at(text[place:]) for place in reversed(places))
    return next(filter(None, clocks), None)
