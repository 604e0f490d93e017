"""Poll a fleet with keywire's schedule, poller, fetcher and indexer, in a separate process."""

import asyncio
import gc
import ssl
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import process_time, time

import msgspec

from bench.child import obey
from bench.fleet import Done, Fleet, Task, is_edited, number_of
from bench.polling_seed import set_due, topics_of
from bench.usage import watched_memory
from keywire.clock import clock
from keywire.config import SourceOptions
from keywire.poll import Poller
from keywire.polling.report import Report
from keywire.process.loop import run
from keywire.schedule import Schedule
from keywire.upkeep.search_index import Indexer
from scraper.fetch import Fetcher, FetchRules
from store.database import open_database
from store.source import SourceState


async def follow(fleet: Fleet, public: str, store: str) -> None:
    """Carry out polling tasks until there are no more orders."""
    database = open_database(f"sqlite:///{store}")
    fetcher = Fetcher(
        FetchRules(user_agent="keywire-bench", allow_private=("127.0.0.1",)),
        now=clock,
        resolve=_resolve,
        tls=ssl.create_default_context(cafile=public),
    )
    poller = Poller(
        database=database,
        fetcher=fetcher,
        options={},
        topics=topics_of(fleet),
        now=clock,
        jitter=lambda: 0.0,
    )

    async def work(**task: float) -> Done:
        return await _work(poller, fleet, msgspec.convert(task, Task))

    try:
        await obey({"work": work})
    finally:
        await fetcher.aclose()
        database.close()


async def _resolve(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


async def _work(poller: Poller, fleet: Fleet, task: Task) -> Done:
    every = timedelta(seconds=task.interval)
    urls = [url for topic in poller.topics for url in topic.follow]
    poller.follow({url: SourceOptions(url, every=every) for url in urls}, poller.topics)
    gc.collect()  # drops the last task's schedule, a cycle; a running keywire has only one
    first = task.first_dues(fleet, time())
    with poller.database.write() as connection:
        set_due(connection, [datetime.fromtimestamp(due, UTC) for due in first])
    ears = _Ears(first, task.enough(fleet))
    schedule = Schedule(poller, ears.hear)
    used, begun = process_time(), time()
    async with watched_memory() as memory:
        schedule.start()
        indexing = asyncio.create_task(Indexer(poller.database, lambda _: None).run())
        with suppress(TimeoutError):
            await asyncio.wait_for(ears.heard_enough.wait(), task.seconds)
        ended, used, polls = time(), process_time() - used, ears.polls
    indexing.cancel()
    await schedule.stop()
    return Done(
        polls, ears.failures, ended - begun, ended, used, memory.most, ears.dues, ears.unasked
    )


class _Ears:
    """Counts the reported polls, and records when each next one is due."""

    def __init__(self, first: list[float], enough: int) -> None:
        self.dues = [[due] for due in first]
        self.polls = self.failures = self.unasked = 0
        self.heard_enough = asyncio.Event()
        self._enough = enough

    async def hear(self, report: Report) -> None:
        """Count a reported poll."""
        number = number_of(report.source.url)
        as_it_should = report.source.state is SourceState.OK
        as_it_should &= bool(report.changes) is is_edited(number)
        self.polls += 1
        self.failures += not as_it_should
        self.unasked += report.cost.requests == 0
        if report.source.next_poll is not None:
            self.dues[number].append(report.source.next_poll.timestamp())
        if self.polls >= self._enough:
            self.heard_enough.set()


def main(fleet: str, public: str, store: str) -> None:
    run(follow(msgspec.json.decode(fleet, type=Fleet), public, store))


if __name__ == "__main__":
    main(*sys.argv[1:])
