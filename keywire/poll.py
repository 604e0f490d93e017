"""One poll of one source: fetch ▸ read ▸ diff ▸ apply, the last two in one transaction.

Whatever the page or the network does, only a believed page changes the feeds.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from keywire.config import SourceOptions
from keywire.polling import source_state
from keywire.polling.answers import Answers, Joined, again
from keywire.polling.applying import Taking
from keywire.polling.backfill import Walk, may_walk
from keywire.polling.next_turn import Clock
from keywire.polling.page_options import Wishes
from keywire.polling.pages import Pages
from keywire.polling.probing import Probes
from keywire.polling.report import Report, spent
from scraper.errors import FetchError, ReadError, ScrapeError
from scraper.fetch import Fetcher
from scraper.page import Cost, Gone, NotModified, Page, Validators
from scraper.transport.page_budget import Desk, Place
from store import sources
from store.alerting.alerts import AlertRule
from store.commits import Commits
from store.database import Database
from store.decision.absence import Rules
from store.decision.history import Fault
from store.history_cache import Histories
from store.sighting import Kind, Snapshot, View
from store.source import AFTER_RESTART, Source, SourceState
from store.topics import TopicRule

RULES = Rules()
T = TypeVar("T")
_ARTICLE = "the page is an ordinary article, not a live blog"


@dataclass(slots=True)
class Poller:
    """All that a poll needs. `now` is our clock in UTC, `jitter` returns numbers in [0, 1).

    `took` is called with each stage of a poll (fetch, read or commit) and its seconds.
    """

    database: Database
    fetcher: Fetcher
    options: Mapping[str, SourceOptions]
    topics: tuple[TopicRule, ...]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    alerts: tuple[AlertRule, ...] = ()
    rules: Rules = RULES
    histories: Histories = field(default_factory=Histories)
    took: Callable[[str, float], None] = lambda _stage, _seconds: None
    _commits: Commits = field(init=False, repr=False)
    _pages: Pages = field(init=False, repr=False)
    _probes: Probes = field(init=False, repr=False)
    _desk: Desk = field(init=False, repr=False)
    _answers: Answers = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Start the threads that read pages and write to the store."""
        self._commits = Commits(self.database)
        self._pages = Pages(self.database, self.fetcher, self._commit, self._timed)
        self._probes = Probes(self.now)
        self._desk = Desk()
        self._answers = Answers(self.now)
        self.follow(self.options, self.topics, self.alerts)

    def follow(
        self,
        options: Mapping[str, SourceOptions],
        topics: tuple[TopicRule, ...],
        alerts: tuple[AlertRule, ...] = (),
    ) -> None:
        """Poll by these options, for these topics and alerts from now on."""
        self.options, self.topics, self.alerts = options, topics, alerts
        self._pages.wishes = Wishes(options, topics, alerts)

    @property
    def wishes(self) -> Wishes:
        """The options, topics and alerts of each source, as configured now."""
        return self._pages.wishes

    def replace_fetcher(self, fetcher: Fetcher) -> Fetcher:
        """Fetch by another fetcher from now on, and return the previous one."""
        before, self.fetcher = self.fetcher, fetcher
        self._pages.fetcher = fetcher
        return before

    def close(self) -> None:
        """End the threads once the work that was handed to them is finished."""
        self._pages.close()
        self._commits.close()

    async def put_off(self, until: Mapping[int, datetime | None]) -> None:
        """Store when each source, by its id, is due next; called before the sources are polled.

        So a process started after this one was killed does not ask them at once. Raises StoreError.
        """
        await self._commit(partial(sources.put_off, until=until))

    async def put_forward(self, cut_off: Sequence[Source]) -> None:
        """Make sources whose polls were cut off due again soon. Raises StoreError.

        Not at once: where a server hangs, each of many restarts would ask it.
        """
        soon = self.now() + AFTER_RESTART
        await self._commit(partial(sources.put_forward, cut_off=cut_off, soon=soon))

    async def poll(self, source: Source) -> Report:
        """Poll one source once, and write the result. Only a bug or the store raises."""
        clock = self._clock(source)
        if may_walk(source, clock.now):
            return await self.walk(source) or Report(replace(source, older_due=None))
        if not self._probes.may_ask(source, clock):
            return await self._poll_page(source, Cost())
        try:
            headers = self.wishes.headers(source, source.probe)
            said = await self._probes.ask(self.fetcher, source, headers)
        except ScrapeError as error:
            return await self._fail(source, error, Cost())
        if said.news is False:
            after = source_state.after_no_news(source, said.headers, said.cost, clock)
            report = await self._record(source, after, clock)
            return replace(report, unchanged=True, probed=True)
        report = await self._poll_page(source, said.cost)
        if said.news:
            self._probes.heed(source, report.source)
        return report

    async def walk(self, source: Source) -> Report | None:
        """Read one older page of a source's blog, and report it; None if no older page is due."""
        with self._desk.place() as place:
            walk = Walk(
                self._taking(source),
                lambda url: self._pages.fetch_and_keep(source, url, Validators(), place),
                self._pages.read,
                self._commit,
            )
            report = await walk.step()
        return self._remember(report) if report else None

    async def _poll_page(self, source: Source, before: Cost) -> Report:
        """Poll the page itself; `before` is what the platform's small answer cost."""
        with self._desk.place() as place:
            return await self._poll_at(place, source, before)

    async def _poll_at(self, place: Place, source: Source, before: Cost) -> Report:
        try:
            answer = await self._fetch(source, place)
        except ScrapeError as error:
            return await self._fail(source, error, before)
        answer = replace(answer, cost=answer.cost + before)
        match answer:
            case Gone():
                clock = self._clock(source)
                return await self._record(
                    source, source_state.after_gone(source, answer, clock), clock
                )
            case NotModified():
                return await self._take_same(source, answer)
        known = source.state is not SourceState.NEW and not self._answers.wants_page(source)
        if known and source_state.same_bytes(source, answer.body):
            return await self._take_same(source, answer)
        return await self._take_page(source, answer)

    async def _fetch(self, source: Source, place: Place) -> Page | NotModified | Gone:
        url = self.wishes.address(source, source_state.address(source))
        anew = self._answers.wants_page(source)
        validators = Validators() if anew else Validators(source.etag, source.last_modified)
        return await self._pages.fetch(source, url, validators, place)

    # --- what becomes of a page that was fetched ---

    async def _take_page(self, source: Source, page: Page) -> Report:
        await self._pages.keep(source, page)
        try:
            snapshot = await self._pages.read(page)
        except ScrapeError as error:
            return await self._fail(source, error, page.cost, page.status)
        followed = snapshot.kind is Kind.ARTICLE and page.as_article and snapshot.sightings
        if snapshot.kind is not Kind.LIVE_BLOG and not followed:
            return await self._take_other(source, page, snapshot)
        joined = await self._join(source, page, snapshot)
        return await self._take_joined(source, replace(page, cost=page.cost + joined.cost), joined)

    async def _take_other(self, source: Source, page: Page, snapshot: Snapshot) -> Report:
        """Take a page that is no live blog: follow a listing's blogs; anything else is a fault."""
        taking = self._taking(source)
        if source.on_trial:
            return await self._commit(partial(taking.refuse, page=page))
        if snapshot.kind is not Kind.LISTING:
            return await self._fail(source, _no_blog(page, snapshot), page.cost, page.status)
        taken = await self._commit(partial(taking.take_listing, page=page, snapshot=snapshot))
        if isinstance(taken, Fault):
            fault = ReadError(page.url, taken.reason)
            return await self._fail(source, fault, page.cost, page.status)
        return taken

    async def _join(self, source: Source, page: Page, snapshot: Snapshot) -> Joined:
        fetch = partial(self._pages.fetch_and_keep, source)
        return await self._answers.join(source, page, snapshot, fetch, self._pages.read)

    async def _take_joined(self, source: Source, page: Page, joined: Joined) -> Report:
        """Take a page joined with its publisher's own answers."""
        empty = not any(seen.view is View.BLOCK for seen in joined.snapshot.sightings)
        if joined.failure and not joined.snapshot.sightings:
            return await self._fail(source, joined.failure, page.cost, page.status)
        take = partial(
            self._taking(source).take_blog,
            page=page,
            snapshot=joined.snapshot,
            answers=joined.answers,
        )
        taken = await self._commit(take)
        if isinstance(taken, Fault):
            fault = (
                joined.failure if joined.failure and empty else ReadError(page.url, taken.reason)
            )
            return await self._fail(source, fault, page.cost, page.status)
        self._answers.keep(source, joined.seen)
        return self._remember(taken)

    async def _take_same(self, source: Source, answer: Page | NotModified) -> Report:
        """Take a 304, or the same bytes as last time: a second look, where one is awaited.

        The publisher's answers that the page names may have changed although the page has not.
        """
        if source.listing is not None:
            look = partial(self._taking(source).look_at_same_listing, answer=answer)
            return await self._commit(look)
        if (seen := self._answers.seen(source)) is not None:
            joined = await self._join(source, seen.page, seen.snapshot)
            answer = replace(answer, cost=answer.cost + joined.cost)
            if joined.news:
                return await self._take_joined(source, again(seen.page, answer), joined)
        if source.state is SourceState.OK and not source.confirming:
            clock = self._clock(source)
            after = source_state.after_same(source, answer, None, clock)
            return replace(await self._record(source, after, clock), unchanged=True)
        look = partial(self._taking(source).look_again, answer=answer)
        return self._remember(await self._commit(look))

    async def _fail(
        self, source: Source, error: ScrapeError, cost: Cost, status: int | None = None
    ) -> Report:
        if isinstance(error, FetchError):
            cost += error.cost
        clock = self._clock(source)
        after = source_state.after_failure(source, error, clock, cost, status)
        return await self._record(source, after, clock)

    def _remember(self, report: Report) -> Report:
        """Keep the blog of a committed report in memory for the next poll."""
        if report.kept is not None and report.kept.id:
            self.histories.keep(report.kept)
        return report

    # --- writing it down, each in one transaction ---

    async def _commit(self, work: Callable[[Connection], T], *, single: bool = False) -> T:
        with self._timed("commit"):
            return await asyncio.wrap_future(self._commits.submit(work, single=single))

    async def _record(self, before: Source, after: Source, clock: Clock) -> Report:
        taking = self._taking(before, clock)
        await self._commit(partial(taking.write, after=after), single=taking.is_single(after))
        return Report(after, cost=spent(before, after))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.took(stage, time.perf_counter() - began)

    def _taking(self, source: Source, clock: Clock | None = None) -> Taking:
        clock = clock or self._clock(source)
        return Taking(source, clock, self.wishes, self.histories, self.rules)

    def _clock(self, source: Source) -> Clock:
        now = self.now()
        every, quota = self.wishes.every(source, now), self.wishes.quota(source)
        return Clock(now, self.jitter(), every, quota)


def _no_blog(page: Page, snapshot: Snapshot) -> ReadError:
    """Return the error that names what the page is instead of a live blog, and why."""
    why = "; ".join(snapshot.why)
    if snapshot.kind is Kind.ARTICLE:
        return ReadError(page.url, _ARTICLE, why)
    return ReadError(page.url, why)
