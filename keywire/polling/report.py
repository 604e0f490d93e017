"""The result of one poll, for those that are told of polls."""

from collections import Counter
from dataclasses import dataclass, field

from scraper.page import Cost
from store.decision.history import ChangeType
from store.history_cache import KeptBlog
from store.source import Source

_NO_COST = Cost()


@dataclass(frozen=True, slots=True)
class Report:
    """What one poll came to: the source as it now stands, and what changed.

    `kept` is its blog as it now stands, None where nothing was believed. `probed`: the platform's
    small answer said that nothing is new. `delays` are the new entries' seconds from the
    publisher's time to ours, `cost` what asking took. `found` counts the pages that are followed
    from now on because this one leads to them; `unsorted` says that topics are to be sorted anew
    for it, and `deliveries` are what alerts have to send. `walked`: an older page was read, not
    the newest; `history` says what that brought to an end.
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
    """Give what a poll took, by what the source's counters say."""
    return Cost(after.requests - before.requests, after.received - before.received)
