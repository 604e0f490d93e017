"""Entries that begin with a date, a weekday or a name beside the time of day."""

import re
from collections.abc import Callable
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.hints.run_in_headings import is_signed, is_the_name_of_a_person
from scraper.platforms.clock.evidence import Evidence
from scraper.platforms.clock.head import (
    BOLD,
    HEADINGS,
    INLINE,
    PARAGRAPHS,
    Head,
    Places,
    is_first,
    is_in_a_text,
)
from scraper.times.ago import age_in
from scraper.times.clocks import YEARED, Clock, stamp_alone, stamp_at, words_before
from scraper.times.dates import day_alone, day_in, days_words, is_yesterday, weekday_alone

# A writer's name before the time: "Ada Lindqvist · 18 November 2026 15:42".
SIGNED = re.compile(r"[^\d·|•]{3,40}[·|•]\s*")
SIGNS = " ,·|•–—-"
DIGITS = re.compile(r"\d")
# A date beside a time of day: "18/11", "18.11".
FIGURES = re.compile(r"(\d\d?)[./](\d\d?)")
DAY_OF_MONTH = re.compile(r"(\d\d?)\s?[日號号일]")
# The most characters beside a time that are taken as part of the stamp, not of the entry's words.
BESIDE = 16
UPDATED = re.compile(
    r"updat|aktualisiert|stand:|mis à jour|aggiornat|actualizad|atualizad|bijgewerkt|zaktualiz"
    r"|изменен",
    re.IGNORECASE,
)


def dated(node: LexborNode, places: Places, ask: Callable[[], Evidence]) -> Head | None:
    """Return the Head of an element that holds hardly more than a date and a time of day, or None.

    Words in an unknown language beside the time become part of the Head's `kind`: if they are the
    same beside each time, they do not belong to the entries' words.
    """
    node = _whole_line(node)
    told = stamp_alone(_until_updated(node.text()))
    if told is None or (node.tag in INLINE and is_in_a_text(node)):
        return None
    day, supposed = _day(*told, ask) if told[0] else (None, False)
    beside = "" if day else told[0]
    if beside and (signed := SIGNED.match(beside)):
        day, supposed = _day(beside[signed.end() :], told[1], ask)
        beside = "" if day else beside
    if age_in(beside.strip(SIGNS + "(")) is not None:
        beside = ""
    if beside and DIGITS.search(beside):
        if (day := day_in(beside, ask().near)) is None:
            return None
        supposed = ask().best is None and not YEARED.search(beside)
        beside = " ".join(days_words(beside))
    above = places.above(node)
    if is_signed(beside) or is_the_name_of_a_person(beside.strip(SIGNS)):
        beside = "a name"
    if not above or len(beside) > BESIDE:
        return None
    kind = f"{node.tag} {node.attributes.get('class') or ''}{beside and ' beside '}{beside}"
    return Head(node, node, kind, told[1], above, day, supposed)


def _until_updated(text: str) -> str:
    """Return the text before a word for an update: "10:42 (updated 11:05)" → "10:42 ("."""
    updated = UPDATED.search(text)
    return text[: updated.start()] if updated else text


def _whole_line(node: LexborNode) -> LexborNode:
    """Return the outermost inline element or paragraph around `node` that has the same text.

    Example: for the `em` in "<p><em>Posted at 3:32 p.m.</em></p>" it is the `p`.
    """
    while node.tag in INLINE and node.parent is not None and node.parent.tag in INLINE | {"p"}:
        if node.parent.text(strip=True) != node.text(strip=True):
            break
        node = node.parent
    return node


def _day(words: str, clock: Clock, ask: Callable[[], Evidence]) -> tuple[date | None, bool]:
    """Return the day that `words` name, and whether it is only supposed.

    A weekday is the last one that the page can mean. The day is None if the words are not a day.
    """
    day, supposed = _weekday(words, clock, ask)
    if day is not None:
        return day, supposed
    if of_month := DAY_OF_MONTH.fullmatch(words):
        return ask().last_of_month(int(of_month[1])), False
    if figures := FIGURES.fullmatch(words):
        words = f"{figures[1]:0>2}-{figures[2]:0>2}"
    return day_alone(words, ask().near), ask().best is None and not YEARED.search(words)


def _weekday(words: str, clock: Clock, ask: Callable[[], Evidence]) -> tuple[date | None, bool]:
    if is_yesterday(words):
        return ask().eve, ask().changed is None
    weekday = weekday_alone(words)
    if weekday is None:
        return None, False
    return ask().last(weekday, clock.minutes), not ask().one_week


def dated_heading(node: LexborNode, places: Places, ask: Callable[[], Evidence]) -> Head | None:
    """Return the Head of a heading or a bold paragraph start that begins with a date and a time.

    Returns None for any other element.
    """
    block = node
    while block.tag in INLINE and block.parent is not None and is_first(block):
        block = block.parent
    if block.tag not in HEADINGS and (block.tag not in PARAGRAPHS or node.tag not in BOLD):
        return None
    told, clock = stamp_at(block.text())
    if clock is None:
        return None
    if told:
        day = day_in(told, ask().near)
        supposed = ask().best is None and not YEARED.search(told)
    else:
        day, supposed = _weekday(words_before(block.text()), clock, ask)
    above = places.above(block) if day else None
    return Head(block, block, "heading", clock, above, day, supposed) if above else None
