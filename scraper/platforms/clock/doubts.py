"""Recognising pages with times of day that are not live blogs, by their times and their texts."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.platforms.clock.head import BEHIND, DENSE, HEADINGS, PARAGRAPHS, Head
from scraper.platforms.clock.segments import Segment
from scraper.repeated.called import is_answered
from scraper.repeated.leading import leads_elsewhere

# Programmes begin on the hour, its half, or at five past; news comes at any minute.
ON_THE_MARK, MOSTLY, HOUR = 5, 0.6, 60
# The fewest letters of an entry beside its time and links, and the share of entries that must have
# them. More are required where times rise down the page, as those of programmes do.
SAID, SAID_RISING, SHARE = 16, 45, 0.6
LOOKED_AT = 24
# Lists of songs, goods and share prices have no sentences, texts of a blog do. In Indian scripts
# the last sign of a word is often not a letter, and Thai sentences have no end mark.
SENTENCE = re.compile(
    r"[^\W\d_][^\s\d.!?…]{1,2}[.!?…。！？؟।]['\"”“»’)]?(?:\s|$)|[\u0e00-\u0e7f]{24}"
)
LONG, SENTENCES = 90, 0.2
# The first entries, none of which may have a means to reply.
ANSWERED = 3
# The median number of minutes between entries above which a page is not a live blog.
PACE, DAY = 6 * 60, 24 * 60
# So many steps or more, all equal, are those of a plan.
REGULAR = 5


def are_no_times_of_news(heads: Sequence[Head]) -> bool:
    """Whether times are counters, are those of a calendar, or announce what begins at them."""
    clocks = [head.clock.minutes for head in heads if head.clock]
    announced = heads[0].kind == BEHIND and are_on_the_mark(clocks)
    return announced or _are_counted(clocks) or _are_of_an_agenda(heads)


def are_told(segments: Sequence[Segment], here: str, *, rising: bool, called_live: bool) -> bool:
    """Whether entries are the page's own texts, in sentences, and do not ask readers to answer.

    `here` is the page's address. More is required where times rise down the page (`rising`), or
    where nothing calls the page live.
    """
    some = segments[:LOOKED_AT]
    least = SAID_RISING if rising else SAID
    return not (
        _are_answered(some)
        or 2 * sum(_leads_away(each, here, called_live=called_live) for each in some) > len(some)
        or sum(_says(each, least) for each in some) < SHARE * len(some)
        or not _are_sentences(some)
    )


def are_on_the_mark(clocks: Sequence[int]) -> bool:
    """Whether most times are multiples of five minutes, as planned times are."""
    return sum(clock % ON_THE_MARK == 0 for clock in clocks) > MOSTLY * len(clocks)


def _are_counted(clocks: Sequence[int]) -> bool:
    """Whether the times are consecutive numbers, or come at intervals too regular for news."""
    steps = [abs(other - one) for one, other in pairwise(clocks)]
    if len(steps) >= REGULAR and len(set(steps)) == 1:
        return True
    return sum(step in {1, HOUR + 1} for step in steps) > MOSTLY * len(steps)


def _are_of_an_agenda(heads: Sequence[Head]) -> bool:
    """Whether dated times are a calendar's or changelog's: multiples of five, or far apart."""
    told = [(head.day, head.clock.minutes) for head in heads if head.day and head.clock]
    if len(told) < len(heads):
        return False
    steps = [
        abs((day - before).days * DAY + minutes - earlier)
        for (before, earlier), (day, minutes) in pairwise(told)
    ]
    return median(steps) > PACE or all(minutes % ON_THE_MARK == 0 for _, minutes in told)


def _are_answered(segments: Sequence[Segment]) -> bool:
    """Whether one of the first entries has a means to reply, as comments have."""
    first = segments[:ANSWERED]
    return any(each.block is not None and is_answered(each.block) for each in first)


def _says(segment: Segment, least: int) -> bool:
    """Whether an entry has at least `least` letters of its own, those of links not counted."""
    said = 0
    for text in _own_texts(segment):
        said += sum(map(str.isalpha, text)) + len(DENSE.findall(text))
        if said >= least:
            return True
    return False


def _are_sentences(segments: Sequence[Segment]) -> bool:
    """Whether enough texts end as sentences do, or are longer than the names of things."""
    said = [text for each in segments for text in _own_texts(each) if text]
    sentences = sum(len(text) >= LONG or SENTENCE.search(text) is not None for text in said)
    return sentences >= SENTENCES * len(said)


def _own_texts(segment: Segment) -> Iterator[str]:
    node = segment.head.node
    if node.tag == "-text":
        yield segment.head.clock.rest if segment.head.clock else ""
    elif node.tag in PARAGRAPHS:
        beside = sum(len(squeeze(each.text())) for each in node.css("a[href], strong, b"))
        yield squeeze(node.text())[beside:]
    for piece in segment.pieces:
        yield from _unlinked(piece)


def _leads_away(segment: Segment, here: str, *, called_live: bool) -> bool:
    """Whether an entry's headline links to another page, as in lists of news."""
    node = segment.block or segment.headline or segment.head.node
    if segment.block is None and node.tag not in HEADINGS:
        return False
    return leads_elsewhere(node, here, called_live=called_live)


def _unlinked(node: LexborNode) -> Iterator[str]:
    if node.tag == "-text":
        yield squeeze(node.text_content or "")
    elif node.tag != "a":
        words = squeeze(node.text())
        linked = sum(len(squeeze(link.text())) for link in node.css("a[href]")) if words else 0
        yield words[linked:]
