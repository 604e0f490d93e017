"""A cheap look at a page's bytes: which of its elements may begin with a time of day."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from scraper.markup.word import Word

# Where an element's words begin like a time of day: a cheap look before any element is looked at.
BEGINNING = re.compile(
    rb">(?:\s|&nbsp;|\xc2\xa0|[+*|(\[]|\xe2\x80[\x93\x94\xa2])*+"
    rb"(?:(?:[^\s<>\d&]{1,20}|[Aa] las)\s)?"
    rb"\d\d?(?:\s|&nbsp;|\xc2\xa0)?"
    rb"(?:(?:[.:]|\xef\xbc\x9a)\s?\d\d(?!\d)|[hH](?![a-z])|Uhr|[apAP]\.?\s?[mM]\b"
    rb"|\d\d\s?(?:GMT|UTC|BST|IST|E[SD]?T|CES?T|h\b|hrs\b))"
)
# Where a short text has one somewhere, as stamps with a date do. What begins it is possessive, here
# and below: in the indented markup of programs every blank would be tried as its beginning.
STAMPED = re.compile(
    rb">(?=[^<>]{5})\s{0,40}+(?=[^<>]{0,60}<)"
    rb"[^<>]*?(?<![\d.:,/-])[0-2]?\d(?:[:.]|\s?[hH]\s?)[0-5]\d(?!\d)[^<>]*<"
)
# Where one begins with a date that has a year, and a time of day after it.
DATED = re.compile(
    rb">\s{0,40}+[^<>\d]{0,14}+\d[^<>]{1,28}?(?:19|20)\d\d"
    rb"[^<>\d]{1,8}[0-2]?\d(?:[:.]|\s?[hH]\s?)[0-5]\d"
)
# In the figures of Arabic, Persian, Hindi, Bengali, Thai: "\u0661\u0665:\u0663\u0662".
_FIGURE = rb"(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0(?:[\xa5\xa7][\xa6-\xaf]|\xb9[\x90-\x99]))"
FIGURED = re.compile(rb">\s{0,40}+[^<>]{0,80}?" + _FIGURE + rb"{1,2}\s?[:.]\s?" + _FIGURE + rb"{2}")
FIGURES = tuple(
    Word(figure.encode())
    for figure in "\u0660\u0661\u06f0\u06f1\u0966\u0967\u09e6\u09e7\u0e50\u0e51"
)
# An hour as Chinese, Japanese and Korean write it with a sign of its own, wherever it stands.
HOURS = tuple(Word(sign.encode()) for sign in "時时点點시")
SIGNED = re.compile(rf"[0-9]\s?(?:{'|'.join('時时点點시')})".encode())
# Where one begins with a date without its year.
YEARLESS = re.compile(
    rb">\s{0,40}+(?=[^<>]{0,40}?\d)[^<>:]{3,40}?\s(?:[^<>\d\s]{1,8}\s)?[0-2]?\d:[0-5]\d(?!\d)"
)
FORMS = (BEGINNING, STAMPED, DATED, YEARLESS)
DIGITS = re.compile(rb">[^<>\d]*+\d")
# Where a heading ends with one: "Ferry turns back (15.42 Uhr)".
HEADING_ENDS = re.compile(rb"</h([2-6])>")
BEHIND = re.compile(rb"[\s(|,-]\d\d?[.:hH]\d\d[^<>\d]{0,10}\Z")
LONGEST_BEHIND = 16
TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*)")
LONGEST_TAG = 600
# What ends before a time of day in one line with it ("<i>Publi\xe9 \xe0</i> 15:42"), and in what
# such lines may stand.
WITHIN = re.compile(rb"</(?:span|b|strong|i|em|small|svg|a|label)>")
AROUND = ("p", "div", "span")


def tags_of_times(markup: bytes) -> Counter[str]:
    """Count the elements whose words begin like a time of day, by their tags."""
    tags = Counter[str]()
    for place in chain(_with_digits(markup), _with_other_signs(markup)):
        opened = markup.rfind(b"<", max(0, place - LONGEST_TAG), place)
        tag = TAG.match(markup, opened) if opened >= 0 else None
        if tag is not None:
            tags[tag[1].decode().lower()] += 1
        elif opened >= 0 and WITHIN.match(markup, opened):
            tags.update(AROUND)
    for found in HEADING_ENDS.finditer(markup):
        if BEHIND.search(markup[max(0, found.start() - LONGEST_BEHIND) : found.start()]):
            tags[f"h{found[1].decode()}"] += 1
    return tags


def _with_digits(markup: bytes) -> Iterator[int]:
    """Give where words begin that have a form in digits, once for each; most have no digit."""
    for found in DIGITS.finditer(markup):
        place = found.start()
        yield from (place for form in FORMS if form.match(markup, place))


def _with_other_signs(markup: bytes) -> Iterator[int]:
    signs = () if markup.isascii() else ((HOURS, SIGNED), (FIGURES, FIGURED))
    for words, form in signs:
        if any(word.is_in(markup) for word in words):
            yield from (found.start() for found in form.finditer(markup))
