"""How soon entries are read, and for how many requests: real arrivals on a simulated clock.

Nothing is timed here. A blog's entries arrive at their real times; polls are at the times of
`next_due`, with its jitter, and take no time. A day of few entries says little about a median, so
each is replayed several times with different random jitter. The floor is a poller that asks every
15 seconds, day and night. A blog ends an hour after its last entry. An entry is hot if three or
more came in the hour before it. The random days of `bench.days`, by which the pace was chosen, are
measured as well. `python -m bench.freshness` draws docs/polling.svg.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from unittest.mock import patch

from bench.days import invented
from bench.measure import Figure, Finding, Size, Skipped, at_most, no_more
from bench.pages import CORPUS, corpus_page
from scraper import pace
from scraper.read import read
from store.rhythm import Rhythm

FIXED = timedelta(seconds=15)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LEAD = timedelta(minutes=10, seconds=7)
HOT = 3  # entries in the hour before
FEWEST = 25  # entries of a day that is measured
LIVES = 9  # replays of each day
INVENTED = 30  # random days
BLOGS = (
    "guardian/stress-long-500-one-page",
    "reach/mirror-uk-riots-2024-08-05",
    "ndtv/ind-sl-cricket-2023-11-02-microdata",
    "telegraph/airasia-qz8501-2014-12-31",
    "guardian/dcr-2026-08-football-live-p1",
)
PLOT = Path(__file__).parents[1] / "docs" / "polling.svg"

Next = Callable[[datetime, Rhythm, timedelta | None], datetime]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The result of following a blog: its requests, and the seconds from published to read.

    `delays` are those of all entries, `hot` those of hot ones. A day that was replayed several
    times has the delays of all replays and the mean of the requests.
    """

    requests: float
    delays: tuple[float, ...]
    hot: tuple[float, ...]


def measure(size: Size) -> Iterator[Finding]:
    lives = size.rounds(LIVES)
    made_up = [invented(seed) for seed in range(size.rounds(INVENTED))]
    yield from _figures("invented days", made_up, lives, targets=True)
    days = list(_days())
    if not days:
        yield Skipped("freshness", "no corpus here; what holds on invented days alone is little")
        return
    for name, arrivals in days:
        yield from _figures(name, [arrivals], lives)
    yield from _figures("all of them", [arrivals for _, arrivals in days], lives, targets=True)


def adaptive(seed: int = 1) -> Next:
    """Return keywire's decision on when the next poll is, with jitter drawn from `seed`."""
    chance = random.Random(seed)  # noqa: S311 - it guards nothing

    def following(now: datetime, rhythm: Rhythm, ended_for: timedelta | None) -> datetime:
        return pace.next_due(
            now,
            gap=rhythm.gap(now),
            live=ended_for is None,
            ended_for=ended_for,
            jitter=chance.random(),
        ).at

    return following


def lived(arrivals: Sequence[datetime], lives: int = LIVES) -> Replayed:
    """Return the result of `lives` replays of a day with keywire's pace, each with other jitter."""
    together = _together([replay(arrivals, adaptive(seed)) for seed in range(1, lives + 1)])
    return replace(together, requests=together.requests / lives)


def replay(arrivals: Sequence[datetime], following: Next) -> Replayed:
    """Follow a blog from shortly before its first entry to the end of its last day."""
    now = begun = arrivals[0] - LEAD
    ended = arrivals[-1] + HOUR
    over = begun + DAY * (1 + (ended - begun) // DAY)
    rhythm, seen, requests = Rhythm(now), 0, 0
    delays, hot = list[float](), list[float]()
    while now < over:
        requests += 1
        shown = bisect_right(arrivals, now)
        for place in range(seen, shown):
            delay = (now - arrivals[place]).total_seconds()
            delays.append(delay)
            if place - bisect_left(arrivals, arrivals[place] - HOUR) >= HOT:
                hot.append(delay)
        rhythm, seen = rhythm.after(arrivals[seen:shown], now), shown
        now = following(now, rhythm, now - ended if now >= ended else None)
    return Replayed(requests, tuple(delays), tuple(hot))


def _days() -> Iterator[tuple[str, list[datetime]]]:
    for folder in BLOGS if CORPUS.is_dir() else ():
        found = corpus_page(folder)
        if found is not None:
            published = {
                seen.block_id or str(n): seen.published
                for n, seen in enumerate(read(found[0]).sightings)
                if seen.published
            }
            if len(published) >= FEWEST:
                yield folder.partition("/")[0], sorted(published.values())


def _together(replayed: Sequence[Replayed]) -> Replayed:
    return Replayed(
        sum(one.requests for one in replayed),
        tuple(delay for one in replayed for delay in one.delays),
        tuple(delay for one in replayed for delay in one.hot),
    )


def _figures(
    name: str, days: Sequence[Sequence[datetime]], lives: int, *, targets: bool = False
) -> Iterator[Figure]:
    fixed = _together(_asked_every(FIXED, days))
    ours = _together([lived(arrivals, lives) for arrivals in days])
    note = f"{len(fixed.delays)} entries, {len(fixed.hot)} of them hot; floor: every 15 s"
    share, soon = (at_most(0.33), no_more(15, "s")) if targets else (None, None)
    yield Figure(f"requests, {name}", "", fixed.requests, ours.requests, share, note)
    yield Figure(f"median delay, {name}", "s", median(fixed.hot), median(ours.hot), soon, note)


def _asked_every(interval: timedelta, days: Sequence[Sequence[datetime]]) -> list[Replayed]:
    return [replay(arrivals, lambda now, _rhythm, _ended: now + interval) for arrivals in days]


# --- the plot ---


def plot() -> str:
    """Return an SVG of delays by requests, for keywire with several roots and fixed intervals."""
    days = [arrivals for _, arrivals in _days()]
    every_15 = _together(_asked_every(FIXED, days)).requests

    def point(all_days: Sequence[Replayed]) -> tuple[float, float]:
        together = _together(all_days)
        return together.requests / every_15, median(together.hot)

    fixed = [
        (f"{seconds} s", *point(_asked_every(timedelta(seconds=seconds), days)))
        for seconds in (15, 20, 30, 40, 60, 90, 120)
    ]
    roots = []
    for root in (0.6, 0.8, 1.1, 1.6, 2.3, 3.3):
        share = root / pace.ROOT
        with (
            patch.object(pace, "ROOT", root),
            patch.object(pace, "SHORTEST", share * pace.SHORTEST),
        ):
            roots.append((f"{root:g}", *point([lived(arrivals) for arrivals in days])))
    return _svg(fixed, roots)


_WIDTH, _HEIGHT, _LEFT, _BELOW = 640, 380, 60, 50
_MOST_SHARE, _MOST_DELAY = 1.05, 62.0
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}.axis{stroke:#999}"
    ".fixed{stroke:#b35c00;fill:none}.ours{stroke:#005a9c;fill:none;stroke-width:2}"
)


def _svg(
    fixed: Sequence[tuple[str, float, float]], ours: Sequence[tuple[str, float, float]]
) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        "<title>Median seconds from published to read while hot, against requests</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _axis(),
        *_curve("fixed", "#b35c00", fixed),
        *_curve("ours", "#005a9c", ours),
        f'<text x="{_LEFT + 8}" y="20">median from published to read, while a blog is hot</text>',
        f'<text x="{_WIDTH - 250}" y="40" style="fill:#b35c00">fixed interval</text>',
        f'<text x="{_WIDTH - 250}" y="60" style="fill:#005a9c">keywire, by its root (1.1)</text>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _axis() -> str:
    x, y = _LEFT, _HEIGHT - _BELOW
    marks = [f'<path class="axis" fill="none" d="M{x} 20V{y}H{_WIDTH - 20}"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        at = _place(share, 0)
        marks.append(f'<text x="{at[0]:.0f}" y="{y + 18}" text-anchor="middle">{share:.0%}</text>')
    for delay in (0, 15, 30, 45, 60):
        at = _place(0, delay)
        marks.append(f'<text x="{x - 8}" y="{at[1] + 4:.0f}" text-anchor="end">{delay} s</text>')
    legend = "requests, of those that asking every 15 s takes"
    marks.append(
        f'<text x="{(x + _WIDTH) / 2:.0f}" y="{y + 40}" text-anchor="middle">{legend}</text>'
    )
    return "\n".join(marks)


def _curve(name: str, colour: str, points: Sequence[tuple[str, float, float]]) -> Iterator[str]:
    shown = [
        (label, *_place(share, delay)) for label, share, delay in points if delay < _MOST_DELAY
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in shown)
    yield f'<polyline class="{name}" points="{path}"/>'
    for label, x, y in shown:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
        yield f'<text x="{x + 6:.1f}" y="{y - 6:.1f}">{label}</text>'


def _place(share: float, delay: float) -> tuple[float, float]:
    width, height = _WIDTH - _LEFT - 20, _HEIGHT - _BELOW - 20
    return _LEFT + share / _MOST_SHARE * width, 20 + (1 - delay / _MOST_DELAY) * height


if __name__ == "__main__":
    PLOT.write_text(plot(), encoding="utf-8")
    print(f"drawn: {PLOT}")
