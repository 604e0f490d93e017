"""Whether a page is a live blog by the times of day in it, and which of them begin its entries.

Ordinary articles have times in them, programmes and timetables consist of them, and lists of news
stand beside articles. A live blog is told by several beginnings of one kind in one container, in
the order of their times, with text of the page's own between them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from selectolax.lexbor import LexborNode

from scraper.address import absolute, is_within
from scraper.document import Document
from scraper.html import squeeze
from scraper.live_words import called_live, called_otherwise
from scraper.platforms.clock.days import HALF_A_DAY
from scraper.platforms.clock.evidence import SLACK, Evidence
from scraper.platforms.clock.headlines import below_headlines
from scraper.platforms.clock.heads import HEADINGS, PARAGRAPHS, Head, heads_in
from scraper.platforms.clock.segments import Parted, Segment, part
from scraper.repeated.called import is_answered
from scraper.times import moment
from store.entry import TimePrecision

# So many for a page that says by its title or address that it is one, and for any other. Where
# times rise both is asked: programmes begin early and end late.
NAMED, UNNAMED = 3, 5
DISTINCT = 3
# A blog has so many entries a day, where no heading tells its days.
A_DAY = 4
# So many steps from one entry to the next stay within a day.
WITHIN_DAYS = 0.66
# One in so many entries may stand out of its place.
OUT_OF_PLACE = 6
INSTANT_IN = (
    *("datetime", "data-timestamp", "data-time", "data-sort-time", "data-post-time", "content"),
    *("data-js-timestamp", "data-posted-date-timestamp", "data-elb-post-datetime"),
)
INSTANTS = ", ".join(
    f"[{name}]" if name != "content" else "[itemprop=datePublished]" for name in INSTANT_IN
)
EXACT = frozenset({TimePrecision.MINUTE, TimePrecision.SECOND})
# Programmes begin on the hour, its half, or at five past; news comes when it comes.
ON_THE_MARK, MOSTLY, HOUR = 5, 0.6, 60
# What an entry says beside its time, without the words of links; so many of them say it. More is
# asked where times rise, as those of programmes do.
SAID, SAID_RISING, SHARE = 20, 60, 0.6
LOOKED_AT = 24
# Of so many entries none can be replied to.
ANSWERED = 3
# Entries that many minutes apart are no live blog.
PACE, DAY = 6 * 60, 24 * 60
# Signs of Chinese, Japanese and Korean, each of which says what takes two letters.
DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a page, and whether their times fall down the page."""

    parted: Parted
    falling: bool


def find(document: Document, ask: Callable[[], Evidence]) -> Found | None:
    """Find the entries of a page that nobody marks; None where it is no live blog.

    `ask` gives what else the page says of its times; most pages need not be asked.
    """
    kinds = heads_in(document, ask)
    least = NAMED if called_live(document) else UNNAMED
    if called_otherwise(document):
        return None
    here = document.canonical or document.url
    for heads in sorted(kinds.values(), key=len, reverse=True):
        found = _in_one_container(heads, least, ask, here)
        if found is not None:
            return found
    return None


def container_of(heads: Sequence[Head]) -> LexborNode:
    """Give the innermost element around all heads."""
    depth = 0
    for level in zip(*(head.above for head in heads), strict=False):
        if any(node.mem_id != level[0].mem_id for node in level):
            break
        depth += 1
    return heads[0].above[depth - 1]


def timed(parted: Parted) -> list[tuple[int, int]]:
    """Give the times of entries that have one, with the number of day headings above each."""
    timed = [(each.head.clock, each.headings) for each in parted.segments]
    return [(clock.minutes, headings) for clock, headings in timed if clock]


def falls(clocks: Sequence[tuple[int, int]]) -> bool | None:
    """Whether times fall in page order, or rise; None where they do neither.

    Each comes with the number of day headings above it, for between days no order is asked for.
    Steps of more than half a day tell nothing: they are a night, or go over midnight.
    """
    pairs = list(pairwise(clocks))
    steps = [other - one for (one, day), (other, next_day) in pairs if day == next_day]
    if len(steps) < WITHIN_DAYS * len(pairs):
        return None
    rising = sum(0 < step <= HALF_A_DAY for step in steps)
    falling = sum(0 > step >= -HALF_A_DAY for step in steps)
    if min(rising, falling) > len(clocks) // OUT_OF_PLACE or rising == falling:
        return None
    return falling > rising


def _in_one_container(
    heads: Sequence[Head], least: int, ask: Callable[[], Evidence], here: str
) -> Found | None:
    """Look in the innermost element around all of one kind, then within its parts."""
    if len(heads) < least:
        return None
    container = container_of(heads)
    found = _judged(container, heads, least, ask, here)
    if found is not None:
        return found
    depth = heads[0].above.index(container) + 1
    parts: dict[int, list[Head]] = {}
    for head in heads:
        if len(head.above) > depth:
            parts.setdefault(head.above[depth].mem_id, []).append(head)
    for inner in sorted(parts.values(), key=len, reverse=True):
        if len(inner) < len(heads) and (found := _in_one_container(inner, least, ask, here)):
            return found
    return None


def _judged(
    container: LexborNode,
    heads: Sequence[Head],
    least: int,
    ask: Callable[[], Evidence],
    here: str,
) -> Found | None:
    clocks = [head.clock.minutes for head in heads if head.clock]
    few = len(set(clocks)) < min(DISTINCT, len(clocks))
    if few or _is_counted(clocks) or _is_agenda(heads):
        return None
    if 2 * _instants_in(container) >= len(heads):
        return None
    parted = part(container, below_headlines(heads), ask().near)
    falling = falls(timed(parted))
    if falling is None or (not falling and not _may_rise(clocks, least, ask())):
        return None
    looked_at = parted.segments[:LOOKED_AT]
    if _are_answered(looked_at) or 2 * sum(_leads_away(each, here) for each in looked_at) > len(
        looked_at
    ):
        return None
    back = 1 if falling else -1
    turns = sum(back * (other - one) > HALF_A_DAY for one, other in pairwise(clocks))
    if turns > max(1, len(clocks) // A_DAY) and not parted.days:
        return None
    least_said = SAID if falling else SAID_RISING
    saying = sum(_says(each, least_said) for each in looked_at)
    return Found(parted, falling) if saying >= SHARE * len(looked_at) else None


def _may_rise(clocks: Sequence[int], least: int, said: Evidence) -> bool:
    """Whether rising times may be a blog's: those of a programme run ahead of its page."""
    on_the_mark = sum(clock % ON_THE_MARK == 0 for clock in clocks)
    if least > NAMED or len(clocks) < UNNAMED or on_the_mark > MOSTLY * len(clocks):
        return False
    best = said.best
    if best is None or best.at is None or not best.changed:
        return True
    local = best.at.astimezone(said.zone.zone)
    return clocks[-1] <= local.hour * 60 + local.minute + SLACK.seconds // 60


def _is_counted(clocks: Sequence[int]) -> bool:
    """Whether what looks like times are numbers that count: of versions, of steps."""
    steps = [abs(other - one) for one, other in pairwise(clocks)]
    return sum(step in {1, HOUR + 1} for step in steps) > MOSTLY * len(steps)


def _is_agenda(heads: Sequence[Head]) -> bool:
    """Whether days and times are those of a calendar, a changelog: on the mark, or days apart."""
    told = [(head.day, head.clock.minutes) for head in heads if head.day and head.clock]
    if len(told) < len(heads):
        return False
    steps = [
        abs((day - before).days * DAY + minutes - earlier)
        for (before, earlier), (day, minutes) in pairwise(told)
    ]
    return median(steps) > PACE or all(minutes % ON_THE_MARK == 0 for _, minutes in told)


def _are_answered(segments: Sequence[Segment]) -> bool:
    """Whether readers are asked to answer, as below comments."""
    first = segments[:ANSWERED]
    return any(each.block is not None and is_answered(each.block) for each in first)


def _says(segment: Segment, least: int) -> bool:
    """Whether an entry has so many letters of its own, rather than of links."""
    said = 0
    for text in _own_texts(segment):
        said += len(text) + len(DENSE.findall(text))
        if said >= least:
            return True
    return False


def _instants_in(container: LexborNode) -> int:
    """Count the instants that a program can read, and for which others read such a page."""
    told = (
        moment(value)
        for node in container.css(INSTANTS)
        for name, value in node.attributes.items()
        if value and name in INSTANT_IN
    )
    return sum(each is not None and each.precision in EXACT for each in told)


def _own_texts(segment: Segment) -> Iterator[str]:
    node = segment.head.node
    if node.tag in PARAGRAPHS:
        beside = sum(len(squeeze(each.text())) for each in node.css("a[href], strong, b"))
        yield squeeze(node.text())[beside:]
    for piece in segment.pieces:
        yield from _unlinked(piece)


def _leads_away(segment: Segment, here: str) -> bool:
    """Whether an entry's headline is a link to another page, as in lists of news."""
    node = segment.headline or segment.head.node
    link = node.css_first("a[href]") if segment.headline or node.tag in HEADINGS else None
    address = (link.attributes.get("href") or "") if link is not None else ""
    if link is None or "#" in address or is_within(absolute(address, here), here):
        return False
    return 2 * len(squeeze(link.text())) > len(squeeze(node.text()))


def _unlinked(node: LexborNode) -> Iterator[str]:
    if node.tag == "-text":
        yield squeeze(node.text_content or "")
    elif node.tag != "a":
        words = squeeze(node.text())
        linked = sum(len(squeeze(link.text())) for link in node.css("a[href]")) if words else 0
        yield words[linked:]
