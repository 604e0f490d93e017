"""`keywire backfill`: read older pages until histories are complete or cannot be."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from keywire.config import Config
from keywire.poll import Poller
from keywire.polling.report import Report
from store import sources
from store.backfill import Reach, reaches, walk_again
from store.coverage import Coverage, describe, is_walked
from store.database import Database
from store.errors import UnknownError
from store.source import Source, SourceState

PATIENCE: Final = timedelta(seconds=15)  # a page due later than this is left to `keywire run`
LOOK: Final = 0.5  # seconds between two looks at another process's progress


@dataclass(frozen=True, slots=True)
class Step:
    """How far the walk through one blog is: its title, its number of entries, its coverage."""

    title: str
    entries: int
    coverage: Coverage


Show = Callable[[Step], None]


def meant(connection: Connection, config: Config, target: str) -> list[Source]:
    """Return the sources, paused ones apart, that a blog, source or topic name refers to.

    "" means all. Raises UnknownError if `target` is none of these.
    """
    followed = sources.followed(connection)
    topic = next((rule for rule in config.topics if rule.name == target), None)
    if not target:
        found = followed
    elif topic is not None:
        found = [one for one in followed if not set(topic.follow).isdisjoint(one.finders)]
    else:
        address = config.address(target)
        found = [
            one
            for one in followed
            if address in one.finders or address in sources.blogs_of(connection, one.id)
        ]
    if not found:
        raise UnknownError(f"{target} is no topic, source or blog that is followed")
    return [one for one in found if one.state is not SourceState.PAUSED]


async def walk_back(
    poller: Poller, wanted: Iterable[Source], show: Show, hear: Callable[[Report], object]
) -> None:
    """Read the older pages of the sources' blogs in this process, source by source."""
    for source in wanted:
        first = await _begin(poller, source)
        async for report in _walk(poller, first):
            hear(report)
            if report.kept is not None:
                history = report.kept.history
                show(Step(history.title, len(history.entries), history.coverage))


async def walk_some(
    poller: Poller,
    wanted: Iterable[Source],
    show: Show,
    hear: Callable[[Report], object],
    most: int,
) -> None:
    """Read at most `most` older pages, source by source; skip those not due within PATIENCE."""
    left = most
    for source in wanted:
        if left <= 0:
            return
        async for report in _walk(poller, source):
            hear(report)
            if report.kept is not None:
                history = report.kept.history
                show(Step(history.title, len(history.entries), history.coverage))
            left -= 1
            if left <= 0:
                break


def unread(database: Database, wanted: Iterable[Source]) -> list[tuple[str, str]]:
    """Return (title, coverage in words) of each blog whose older pages are still to be read."""
    found = _look(database, [source.id for source in wanted])
    return [
        (one.title or one.url, describe(one.coverage))
        for one in {one.blog_id: one for one in found}.values()
        if is_walked(one.coverage)
    ]


async def watch(
    database: Database, wanted: Iterable[Source], now: Callable[[], datetime], show: Show
) -> None:
    """Make older pages due for the process that follows the sources, and show its progress.

    Return when every walk has ended, or when nothing has moved for twice PATIENCE.
    """
    ids = [source.id for source in wanted]
    await asyncio.to_thread(_hasten, database, ids, now())
    since, last = now(), list[Reach]()
    while True:
        await asyncio.sleep(LOOK)
        found = await asyncio.to_thread(_look, database, ids)
        since = now() if found != last else since
        last = found
        walked = [one for one in found if is_walked(one.coverage) or one.coverage.renew]
        for one in walked:
            show(Step(one.title, one.entries, one.coverage))
        if not walked or now() - since > 2 * PATIENCE:
            return


def outcome(database: Database, wanted: Iterable[Source]) -> list[tuple[str, str, int, bool]]:
    """Return (title, history in words, entries, whether it is whole) of each blog.

    A history of which nothing is known counts as whole.
    """
    found = _look(database, [source.id for source in wanted])
    return [
        (
            one.title or one.url,
            describe(one.coverage) or "its page does not tell how far back it reaches",
            one.entries,
            not one.coverage.gaps,
        )
        for one in {one.blog_id: one for one in found}.values()
    ]


async def _begin(poller: Poller, source: Source) -> Source:
    """Make a source's older pages due, and return the source as it then is.

    Its page is polled before if it was never read, and after if the walk needs it read anew.
    """
    if source.last_whole is None:
        source = (await poller.poll(source)).source
    anew = await asyncio.to_thread(_hasten, poller.database, [source.id], poller.now())
    fresh = await asyncio.to_thread(_fresh, poller.database, source)
    if not anew:
        return fresh
    return (await poller.poll(replace(fresh, probe="", older_due=None))).source


async def _walk(poller: Poller, source: Source) -> AsyncIterator[Report]:
    while source.older_due is not None:
        wait = source.older_due - poller.now()
        if wait > PATIENCE:
            return
        await asyncio.sleep(max(wait.total_seconds(), 0))
        report = await poller.walk(source)
        if report is None:
            return
        source = report.source
        yield report


def _hasten(database: Database, source_ids: list[int], now: datetime) -> bool:
    """Make older pages due at `now`; return whether a blog's page has to be read anew for it."""
    with database.write() as connection:
        found = reaches(connection, source_ids)
        for one in found:
            walk_again(connection, one, now)
        return any(one.coverage.renew for one in reaches(connection, source_ids))


def _look(database: Database, source_ids: list[int]) -> list[Reach]:
    with database.read() as connection:
        return reaches(connection, source_ids)


def _fresh(database: Database, source: Source) -> Source:
    with database.read() as connection:
        known = {one.id: one for one in sources.followed(connection)}
    return known.get(source.id, source)
