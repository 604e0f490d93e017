"""The result of one poll."""

from collections import Counter
from dataclasses import dataclass, field

from scraper.page import Cost
from store.decision.history import ChangeType
from store.history_cache import KeptBlog
from store.source import Source

_NO_COST = Cost()


@dataclass(frozen=True, slots=True)
class Report:
    """What one poll came to: the source as it now is, and how many changes of each type.

    `kept` is its blog as it now is, None where nothing was believed. `probed`: the platform's
    small answer said that nothing is new. `delays` are the new entries' seconds from the
    publisher's time to ours, `cost` what the requests took. `found` counts the pages that this one
    led to and that are polled from now on; `unsorted` means that topics are to be sorted anew,
    `deliveries` counts what alerts have to send. `walked`: an older page was read, not the newest;
    `history` is the blog's coverage in words when a walk has ended, else "".
    """

    source: Source
    changes: Counter[ChangeType] = field(default_factory=Counter)
    topics: frozenset[str] = frozenset()
    title: str = ""
    entries: int = 0
    unchanged: bool = False
    probed: bool = False
    delays: tuple[float, ...] = ()
    cost: Cost = _NO_COST
    kept: KeptBlog | None = field(default=None, repr=False)
    found: int = 0
    unsorted: bool = False
    deliveries: int = 0
    walked: bool = False
    history: str = ""


def spent(before: Source, after: Source) -> Cost:
    """Return what a poll cost: the difference of the source's counters."""
    return Cost(after.requests - before.requests, after.received - before.received)
