"""Whether a page is a live blog by its times of day, and which of them begin its entries.

Ordinary articles contain times, programmes and timetables consist of them, and lists of news are
printed beside articles. A live blog has several beginnings of one kind in one container, ordered by
their times, with the page's own text between them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

from selectolax.lexbor import LexborNode

from scraper.hints.live_words import called_live, called_otherwise
from scraper.markup.document import Document
from scraper.platforms.clock.days import HALF_A_DAY
from scraper.platforms.clock.doubts import are_no_times_of_news, are_on_the_mark, are_told
from scraper.platforms.clock.evidence import SLACK, Evidence, evidence
from scraper.platforms.clock.head import Head
from scraper.platforms.clock.headlines import below_headlines
from scraper.platforms.clock.heads import heads_in
from scraper.platforms.clock.segments import Parted, part
from scraper.times.instants import moment
from scraper.times.zones import changes, issues
from store.entry import TimePrecision

# The fewest entries of a page that is called live by its title or address, and of any other. Where
# times rise down the page both are required, unless the page was changed after the last time: the
# times of a programme lie ahead.
NAMED, UNNAMED = 3, 5
DISTINCT = 3
# The fewest entries a day where no heading names the days.
A_DAY = 4
# The share of steps from one entry to the next that must not cross a day heading.
WITHIN_DAYS = 0.66
# One in so many entries may be out of order.
OUT_OF_PLACE = 6
INSTANT_IN = (
    *("datetime", "data-timestamp", "data-time", "data-sort-time", "data-post-time", "content"),
    *("data-js-timestamp", "data-posted-date-timestamp", "data-elb-post-datetime"),
)
INSTANTS = ", ".join(
    f"[{name}]" if name != "content" else "[itemprop=datePublished]" for name in INSTANT_IN
)
EXACT = frozenset({TimePrecision.MINUTE, TimePrecision.SECOND})
# No blog whose times rise down the page begins so few minutes after midnight.
BEGINNING = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page's entries are tested with.

    `least` is the fewest entries, `evidence` returns what else the page says of its times, `here`
    is its address, `called_live` whether its title or address calls it live.
    """

    least: int
    evidence: Callable[[], Evidence]
    here: str
    called_live: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a page, and whether their times fall down the page (the newest is first)."""

    parted: Parted
    falling: bool


def find(document: Document, ask: Callable[[], Evidence]) -> Found | None:
    """Return the entries of a page, found by their times alone; None if it is not a live blog.

    `ask` returns what else the page says of its times; it is called only if needed.
    """
    kinds = heads_in(document, ask)
    if not kinds or called_otherwise(document):
        return None
    is_live = called_live(document)
    if not is_live and not _is_dated(document):
        return None
    here = document.canonical or document.url
    asked = _Asked(NAMED if is_live else UNNAMED, ask, here, is_live)
    for heads in sorted(kinds.values(), key=len, reverse=True):
        found = _in_one_container(heads, asked)
        if found is not None:
            return found
    return None


def _is_dated(document: Document) -> bool:
    """Whether a page's metadata has a date of writing or of change, as those of stories do."""
    return any(True for _ in changes(document)) or any(True for _ in issues(document))


def doubts(document: Document) -> Iterator[str]:
    """Yield why a page with texts that begin with a time of day is not read as a live blog."""
    kinds = heads_in(document, cache(partial(evidence, document, "")))
    most = max(map(len, kinds.values()), default=0)
    if most < NAMED:
        return
    if called_otherwise(document):
        yield f"{most} times of day: the page is called a programme, a stream or the like"
    else:
        least = NAMED if called_live(document) else UNNAMED
        yield (
            f"{most} times of day with which something begins: a live blog has {least} or more in "
            "one place and in order, with sentences of its own between them"
        )


def container_of(heads: Sequence[Head]) -> LexborNode:
    """Return the innermost element that is around all heads."""
    depth = 0
    for level in zip(*(head.above for head in heads), strict=False):
        if any(node.mem_id != level[0].mem_id for node in level):
            break
        depth += 1
    return heads[0].above[depth - 1]


def timed(parted: Parted) -> list[tuple[int, int]]:
    """Return entries' times in minutes since midnight, each with the count of day headings above.

    Entries without a time are left out.
    """
    timed = [(each.head.clock, each.headings) for each in parted.segments]
    return [(clock.minutes, headings) for clock, headings in timed if clock]


def falls(clocks: Sequence[tuple[int, int]]) -> bool | None:
    """Whether times fall in page order (True) or rise (False); None if they do neither.

    Each time comes with the number of day headings above it; times under different headings are not
    compared. Steps of more than half a day are ignored: they are a night, or cross midnight.
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


def _in_one_container(heads: Sequence[Head], asked: _Asked) -> Found | None:
    """Test the innermost element around all heads of one kind, then the elements within it."""
    if len(heads) < asked.least:
        return None
    container = container_of(heads)
    found = _judged(container, heads, asked)
    if found is not None:
        return found
    depth = heads[0].above.index(container) + 1
    parts: dict[int, list[Head]] = {}
    for head in heads:
        if len(head.above) > depth:
            parts.setdefault(head.above[depth].mem_id, []).append(head)
    for inner in sorted(parts.values(), key=len, reverse=True):
        if len(inner) < len(heads) and (found := _in_one_container(inner, asked)):
            return found
    return None


def _judged(container: LexborNode, heads: Sequence[Head], asked: _Asked) -> Found | None:
    clocks = [head.clock.minutes for head in heads if head.clock]
    few = len(set(clocks)) < min(DISTINCT, len(clocks))
    if few or are_no_times_of_news(heads) or 2 * _instants_in(container) >= len(heads):
        return None
    parted = part(container, below_headlines(heads), asked.evidence().near)
    falling = falls(timed(parted))
    if falling is None or (not falling and not _may_rise(clocks, asked)):
        return None
    back = 1 if falling else -1
    turns = sum(back * (other - one) > HALF_A_DAY for one, other in pairwise(clocks))
    if turns > max(1, len(clocks) // A_DAY) and not parted.days:
        return None
    told = are_told(parted.segments, asked.here, rising=not falling, called_live=asked.called_live)
    return Found(parted, falling) if told else None


def _may_rise(clocks: Sequence[int], asked: _Asked) -> bool:
    """Whether rising times may be those of a blog; those of a programme lie ahead of its page."""
    if clocks[0] < BEGINNING:
        return False  # these are minutes and seconds of a recording
    if not asked.called_live or are_on_the_mark(clocks):
        return False
    said = asked.evidence()
    best = said.best
    if best is None or best.at is None or not best.changed:
        return len(clocks) >= UNNAMED
    local = best.at.astimezone(said.zone.zone)
    return clocks[-1] <= local.hour * 60 + local.minute + SLACK.seconds // 60


def _instants_in(container: LexborNode) -> int:
    """Count an element's machine-readable instants; other platforms read a page with many."""
    told = (
        moment(value)
        for node in container.css(INSTANTS)
        for name, value in node.attributes.items()
        if value and name in INSTANT_IN
    )
    return sum(each is not None and each.precision in EXACT for each in told)
