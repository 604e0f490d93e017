"""A cheap search of a page's bytes: which tags its elements that may begin with a time have."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from scraper.markup.word import Word

# An element whose words begin like a time of day.
BEGINNING = re.compile(
    rb">(?:\s|&nbsp;|\xc2\xa0|[+*|(\[]|\xe2\x80[\x93\x94\xa2])*+"
    rb"(?:(?:[^\s<>\d&]{1,20}|[Aa] las)\s)?"
    rb"\d\d?(?:\s|&nbsp;|\xc2\xa0)?"
    rb"(?:(?:[.:]|\xef\xbc\x9a)\s?\d\d(?!\d)|[hH](?![a-z])|Uhr|[apAP]\.?\s?[mM]\b"
    rb"|\d\d\s?(?:GMT|UTC|BST|IST|E[SD]?T|CES?T|h\b|hrs\b))"
)
# A short text with a time of day anywhere in it, as stamps with a date have. The blanks at its
# beginning are matched possessively, here and below: in indented markup each blank would otherwise
# be tried as the beginning.
STAMPED = re.compile(
    rb">(?=[^<>]{5})\s{0,40}+(?=[^<>]{0,60}<)"
    rb"[^<>]*?(?<![\d.:,/-])[0-2]?\d(?:[:.]|\s?[hH]\s?)[0-5]\d(?!\d)[^<>]*<"
)
# A text that begins with a date with a year, and a time of day after it.
DATED = re.compile(
    rb">\s{0,40}+[^<>\d]{0,14}+\d[^<>]{1,28}?(?:19|20)\d\d"
    rb"[^<>\d]{1,8}[0-2]?\d(?:[:.]|\s?[hH]\s?)[0-5]\d"
)
# A time in the figures of Arabic, Persian, Hindi, Bengali, Thai: "\u0661\u0665:\u0663\u0662".
_FIGURE = rb"(?:\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xe0(?:[\xa5\xa7][\xa6-\xaf]|\xb9[\x90-\x99]))"
FIGURED = re.compile(rb">\s{0,40}+[^<>]{0,80}?" + _FIGURE + rb"{1,2}\s?[:.]\s?" + _FIGURE + rb"{2}")
FIGURES = tuple(
    Word(figure.encode())
    for figure in "\u0660\u0661\u06f0\u06f1\u0966\u0967\u09e6\u09e7\u0e50\u0e51"
)
# An hour with the sign for it in Chinese, Japanese or Korean, anywhere in a text.
HOURS = tuple(Word(sign.encode()) for sign in "時时点點시")
SIGNED = re.compile(rf"[0-9]\s?(?:{'|'.join('時时点點시')})".encode())
# A text that begins with a date without a year, and a time of day after it.
YEARLESS = re.compile(
    rb">\s{0,40}+(?=[^<>]{0,40}?\d)[^<>:]{3,40}?\s(?:[^<>\d\s]{1,8}\s)?[0-2]?\d:[0-5]\d(?!\d)"
)
FORMS = (BEGINNING, STAMPED, DATED, YEARLESS)
DIGITS = re.compile(rb">[^<>\d]*+\d")
# A heading that ends with a time of day: "Ferry turns back (15.42 Uhr)".
HEADING_ENDS = re.compile(rb"</h([2-6])>")
BEHIND = re.compile(rb"[\s(|,-]\d\d?[.:hH]\d\d[^<>\d]{0,10}\Z")
LONGEST_BEHIND = 16
TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*)")
LONGEST_TAG = 600
# The end tags that may precede a time of day in the same line ("<i>Publi\xe9 \xe0</i> 15:42"), and
# the tags of elements that may hold such a line.
WITHIN = re.compile(rb"</(?:span|b|strong|i|em|small|svg|a|label)>")
AROUND = ("p", "div", "span")


def tags_of_times(markup: bytes) -> Counter[str]:
    """Count, by tag, the elements whose words begin like a time of day."""
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
    """Yield the offset of each text that matches one of `FORMS`, once for each form it matches.

    Texts without a digit, which are most, are skipped.
    """
    for found in DIGITS.finditer(markup):
        place = found.start()
        yield from (place for form in FORMS if form.match(markup, place))


def _with_other_signs(markup: bytes) -> Iterator[int]:
    signs = () if markup.isascii() else ((HOURS, SIGNED), (FIGURES, FIGURED))
    for words, form in signs:
        if any(word.is_in(markup) for word in words):
            yield from (found.start() for found in form.finditer(markup))
