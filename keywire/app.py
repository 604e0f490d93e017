"""The application: store, fetcher, schedule and site wired together by plain calls."""

import asyncio
import contextlib
import logging
import random
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from datetime import datetime
from typing import Self, TypeAlias

from feeds.site.app import Site, SiteOptions, make_site
from keywire.alerting.heartbeat import Heart
from keywire.alerting.pusher import Pusher
from keywire.alerting.targets import WayOut, make_channels
from keywire.alerting.watching import Lookout, watch_rules
from keywire.clock import clock
from keywire.config import Config
from keywire.fetch_rules import rules_of
from keywire.poll import Poller
from keywire.polling.report import Report
from keywire.polling.robots import KeptRobots
from keywire.process.metrics import Metrics
from keywire.process.notify import ServiceManager
from keywire.process.open_files import allow_many
from keywire.process.server import Listener, Server
from keywire.process.signals import caught
from keywire.reload import LOOK_SECONDS, ConfigFile, Taken
from keywire.schedule import Schedule
from keywire.upkeep.maintenance import Chores
from keywire.upkeep.resorting import Resorter
from keywire.upkeep.search_index import Indexer
from keywire.walk_back import Show, meant, unread, walk_back, walk_some
from scraper.fetch import Fetcher
from store import resorting, sources
from store.alerting.alerts import AlertRule
from store.database import Database, open_database
from store.decision.absence import Rules
from store.errors import StoreError
from store.resorting import Progress
from store.search.indexing import Indexing
from store.source import Source

OLDER_AT_ONCE = 60  # older pages that --once reads, a second for each
ROUNDS = 3  # rounds of --once: a listing, the blogs on it, what their last entries link to
RULES = Rules()
News: TypeAlias = Report | Progress | Indexing | Taken
_log = logging.getLogger(__name__)


class App:
    """One running keywire.

    `tell` is called with every poll's report, and with the progress of sorting and indexing.
    `rules` set how long the second look at an absence waits. `manager` (systemd) is notified when
    the site serves, at every tick of the schedule, and when the shutdown begins.
    """

    def __init__(
        self,
        config: Config,
        *,
        tell: Callable[[News], None],
        now: Callable[[], datetime] = clock,
        rules: Rules = RULES,
        manager: ServiceManager | None = None,
    ) -> None:
        self.config, self.now, self._tell, self._rules = config, now, tell, rules
        self._manager = manager or ServiceManager()
        self._metrics = Metrics()
        self.database: Database = open_database(config.store)
        self._site: Site | None = None
        self._resorter = Resorter(self.database, lambda: self.config.topics, now, self._sorted)
        self._pusher: Pusher | None = None
        self._lookout = Lookout(self.database, watch_rules(config), now, self._wake)

    def __enter__(self) -> Self:
        """Claim the store as its only follower; write the configured sources and topics to it."""
        with contextlib.ExitStack() as stack:
            stack.callback(self.database.close)
            stack.enter_context(self.database.claim())
            self._follow(self.config)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Release the store and close the database."""
        self._stack.close()

    async def poll_once(
        self, show: Show = lambda _: None, most: int = OLDER_AT_ONCE
    ) -> list[Report]:
        """Poll every source once, and the pages they lead to, except where a server asked to wait.

        Then read at most `most` older pages; the next run goes on with the rest. Return the polls'
        reports in the order they ended. Raises StoreError where a source could not be polled.
        """
        reports: list[Report] = []

        async def keep(report: Report) -> None:
            reports.append(report)
            await self._hear(report)

        await self._resorter.once()
        async with self._pushing() as pusher, self._fetching() as poller:
            schedule, polled = Schedule(poller, keep), set[int]()
            for _ in range(ROUNDS):
                wanted = [source for source in self._patient() if source.id not in polled]
                polled |= {source.id for source in wanted}
                if not await schedule.poll_all(wanted):
                    raise StoreError("not every source could be polled; the log above tells why")
            await walk_some(poller, self._patient(), show, self._metrics.hear, most)
            await self._lookout.look()
            await pusher.sweep()
        await self._resorter.once()
        await Indexer(self.database, self._tell).once()
        await self._chores().once()
        return reports

    def unread(self) -> list[tuple[str, str]]:
        """Return (title, progress in words) of each blog whose older pages are not all read yet."""
        return unread(self.database, self._patient())

    async def walk_back(self, target: str, show: Show) -> list[Source]:
        """Read the older pages of the sources that `target` names, and return those sources."""
        with self.database.read() as connection:
            wanted = meant(connection, self.config, target)
        async with self._fetching() as poller:
            await walk_back(poller, wanted, show, self._metrics.hear)
        await self._resorter.once()
        return wanted

    def _patient(self) -> list[Source]:
        with self.database.read() as connection:
            return [
                source
                for source in sources.followed(connection)
                if source.not_before is None or source.not_before <= self.now()
            ]

    async def run(
        self,
        listener: Listener,
        *,
        file: ConfigFile | None = None,
        stop: asyncio.Event | None = None,
    ) -> None:
        """Serve and poll until SIGTERM, SIGINT or `stop`; then shut down cleanly.

        Changes of `file` are applied while it runs, at once on SIGHUP.
        """
        allow_many()
        self._site = self._make_site(listener.url)
        server = Server(self._site, self._manager.ready)
        stop, hangup = stop or asyncio.Event(), asyncio.Event()
        with caught({signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: hangup}):
            async with (
                self._pushing() as pusher,
                self._fetching() as poller,
                asyncio.TaskGroup() as beside,
            ):
                heart = Heart(self.database, self.config.heartbeats, self._way_out.send, self.now)
                schedule = Schedule(poller, self._hear, self._ticker(heart), self._metrics.late)
                self._metrics.count(schedule.followed)
                serving = asyncio.create_task(server.serve(sockets=[listener.bound]))
                schedule.start()
                helping = [beside.create_task(each) for each in self._helpers(pusher, heart)]
                if file is not None:
                    watching = self._watch(file, schedule, heart, hangup)
                    helping.append(beside.create_task(watching))
                waiting = asyncio.create_task(stop.wait())
                await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                self._manager.stopping()
                for task in helping:
                    task.cancel()
                await schedule.stop()
                self._site.close()
                server.should_exit = True
                await serving

    def _make_site(self, url: str) -> Site:
        site = self.config.site
        options = SiteOptions(
            title=site.title,
            url=url,
            cors=frozenset(site.cors),
            key=site.key or "",
            pictures=site.pictures,
            timezone=site.timezone,
        )
        return make_site(
            self.database, options, numbers=self._metrics.render, served=self._metrics.served
        )

    def _helpers(self, pusher: Pusher, heart: Heart) -> Sequence[Coroutine[None, None, None]]:
        """Return the coroutines that run beside polling and serving until the end."""
        return (
            self._resorter.run(),
            pusher.run(),
            Indexer(self.database, self._tell).run(),
            self._chores().run(),
            self._lookout.run(),
            heart.run(),
        )

    def _ticker(self, heart: Heart) -> Callable[[], None]:
        """Return the function that is called at each tick of the schedule."""

        def ticked() -> None:
            self._manager.alive()
            heart.tick()

        return ticked

    async def _watch(
        self, file: ConfigFile, schedule: Schedule, heart: Heart, hangup: asyncio.Event
    ) -> None:
        """Apply changes of the configuration file as they appear; polls under way go on."""
        waiting: Config | None = None
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hangup.wait(), LOOK_SECONDS)
            asked = hangup.is_set()
            hangup.clear()
            fresh = await asyncio.to_thread(file.look, anyway=asked)
            if fresh is None and waiting is None:
                continue
            if await self._take(fresh or waiting or self.config, schedule, again=fresh is None):
                waiting = None
                heart.beats = self.config.heartbeats
            else:
                waiting = fresh or waiting

    async def _take(self, config: Config, schedule: Schedule, *, again: bool) -> bool:
        """Switch to a new configuration; return False if the store refuses it for now.

        `again` marks a further attempt, whose failure is not logged anew.
        """
        try:
            await asyncio.to_thread(self._follow, config)
        except StoreError as error:
            if not again:
                _log.error("the new configuration cannot be taken yet: %s", error)
            return False
        before, self.config = self.config, config
        poller = schedule.poller
        if config.fetch != before.fetch:
            schedule.retire(poller.replace_fetcher(self._fetcher()))
            self._way_out.renew(rules_of(self.config.fetch))
        poller.follow(dict(config.sources), config.topics, _alert_rules(config))
        self._lookout.rules = watch_rules(config)
        if self._pusher is not None:
            self._pusher.take(make_channels(config.telling))
        schedule.look_again()
        self._resorter.wake()
        self._tell(Taken(len(config.sources), len(config.topics)))
        return True

    def _follow(self, config: Config) -> None:
        with self.database.write() as connection:
            sources.follow_sources(connection, config.sources)
            resorting.follow_topics(connection, config.topics, self.now())

    def _fetcher(self) -> Fetcher:
        return Fetcher(rules_of(self.config.fetch), now=self.now, notes=KeptRobots(self.database))

    @contextlib.asynccontextmanager
    async def _fetching(self) -> AsyncIterator[Poller]:
        poller = Poller(
            database=self.database,
            fetcher=self._fetcher(),
            options=dict(self.config.sources),
            topics=self.config.topics,
            alerts=_alert_rules(self.config),
            now=self.now,
            jitter=random.random,
            rules=self._rules,
            took=self._metrics.took,
        )
        try:
            yield poller
        finally:
            await poller.fetcher.aclose()
            await asyncio.to_thread(poller.close)

    @contextlib.asynccontextmanager
    async def _pushing(self) -> AsyncIterator[Pusher]:
        self._way_out = WayOut(rules_of(self.config.fetch))
        self._pusher = Pusher(
            database=self.database,
            channels=make_channels(self.config.telling),
            send=self._way_out.send,
            now=self.now,
            chance=random.random,
            heard=self._metrics.told,
        )
        try:
            yield self._pusher
        finally:
            await self._pusher.aclose()
            await self._way_out.aclose()
            self._pusher = None

    def _sorted(self, progress: Progress) -> None:
        if self._site is not None:
            self._site.mark_changed([progress.topic])
        self._tell(progress)

    def _chores(self) -> Chores:
        def moved(topic: str) -> None:
            self.heed([topic])

        return Chores(self.database, lambda: self.config, self.now, moved)

    async def _hear(self, report: Report) -> None:
        self._metrics.hear(report)
        if report.topics or report.changes:
            self.heed(report.topics, report.deliveries)
        if report.unsorted:
            self._resorter.wake()
        self._tell(report)

    def heed(self, topics: Iterable[str], deliveries: int = 0) -> None:
        """Let feeds, streams and deliveries reflect what was just committed for `topics`."""
        if self._site is not None:
            self._site.mark_changed(topics)
        self._wake(deliveries)

    def _wake(self, deliveries: int) -> None:
        if self._pusher is not None and deliveries:
            self._pusher.wake()


def _alert_rules(config: Config) -> tuple[AlertRule, ...]:
    return tuple(alert.rule for alert in config.alerts)
