"""One poll of one source: fetch ▸ read ▸ diff ▸ apply, the last two in one transaction.

Whatever the page or the network does, the feeds change only by what a believed page says.
"""

import asyncio
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from keywire import standing
from keywire.config import SourceOptions
from keywire.probing import Probes
from keywire.standing import Clock
from scraper.errors import FetchError, ReadError, ScrapeError
from scraper.fetch import Fetcher, Gone, NotModified, Validators
from scraper.guard import check_url
from scraper.page import Cost, Page
from scraper.read import read
from store import sources, timeline
from store.absence import Rules
from store.changes import agree, diff
from store.commits import Commits
from store.database import Database
from store.entry import Provenance
from store.histories import Histories, KeptBlog
from store.history import ChangeType, Fault, Outcome, PageEvidence
from store.identity import address_of
from store.sighting import Kind, Snapshot
from store.sources import Source, SourceState
from store.topics import TopicRule

RULES = Rules()
READERS = 2  # pages read at once: a page of 10 MB takes ten times that while it is read
T = TypeVar("T")
_NO_COST = Cost()
_NO_BLOG = {
    Kind.ARTICLE: "the page is an ordinary article, not a live blog",
    Kind.LISTING: "the page is a listing, not a live blog",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What one poll came to, for whoever watches: the source as it now stands, and what changed.

    `kept` is its blog as it now stands, None where nothing was believed. `probed`: the platform's
    small answer said that nothing is new. `delays` are the new entries' seconds from the
    publisher's time to ours, `cost` what asking took.
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


@dataclass(slots=True)
class Poller:
    """All that a poll needs. `now` is our clock in UTC, `jitter` gives numbers in [0, 1).

    `took` hears how many seconds each stage of a poll took: fetch, read and commit.
    """

    database: Database
    fetcher: Fetcher
    options: Mapping[str, SourceOptions]
    topics: tuple[TopicRule, ...]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    rules: Rules = RULES
    histories: Histories = field(default_factory=Histories)
    took: Callable[[str, float], None] = lambda _stage, _seconds: None
    _commits: Commits = field(init=False, repr=False)
    _readers: ThreadPoolExecutor = field(init=False, repr=False)
    _probes: Probes = field(init=False, repr=False)
    _followers: dict[str, list[TopicRule]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the threads that read pages and write to the store."""
        self._commits = Commits(self.database)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._probes = Probes(self.now)
        self.follow(self.options, self.topics)

    def follow(self, options: Mapping[str, SourceOptions], topics: tuple[TopicRule, ...]) -> None:
        """Poll by these options and for these topics from now on."""
        followers = defaultdict[str, list[TopicRule]](list)
        for topic in topics:
            for url in topic.follow:
                followers[url].append(topic)
        self.options, self.topics, self._followers = options, topics, dict(followers)

    def close(self) -> None:
        """End the threads; what was handed to them is finished."""
        self._readers.shutdown(cancel_futures=True)
        self._commits.close()

    async def poll(self, source: Source) -> Report:
        """Poll one source once, and write what came of it. Only a bug and the store raise."""
        clock = self._clock(source)
        if not self._probes.may_ask(source, clock):
            return await self._poll_page(source, Cost())
        try:
            headers = self._headers(source, source.probe)
            said = await self._probes.ask(self.fetcher, source, headers)
        except ScrapeError as error:
            return await self._fail(source, error, Cost())
        if said.news is False:
            after = standing.after_no_news(source, said.headers, said.cost, clock)
            report = await self._record(source, after)
            return replace(report, unchanged=True, probed=True)
        report = await self._poll_page(source, said.cost)
        if said.news:
            self._probes.heed(source, report.source)
        return report

    async def _poll_page(self, source: Source, before: Cost) -> Report:
        """Poll the page itself; `before` was spent on asking in small."""
        try:
            answer = await self._fetch(source)
        except ScrapeError as error:
            return await self._fail(source, error, before)
        answer = replace(answer, cost=answer.cost + before)
        match answer:
            case Gone():
                after = standing.after_gone(source, answer, self._clock(source))
                return await self._record(source, after)
            case NotModified():
                return await self._take_same(source, answer)
        if source.state is not SourceState.NEW and standing.same_bytes(source, answer.body):
            return await self._take_same(source, answer)
        return await self._take_page(source, answer)

    async def _fetch(self, source: Source) -> Page | NotModified | Gone:
        url = standing.address(source)
        validators = Validators(source.etag, source.last_modified)
        headers = self._headers(source, url)
        with self._timed("fetch"):
            answer = await self.fetcher.fetch(url, validators, headers=headers)
        if isinstance(answer, Page):
            options = self.options.get(source.url)
            return replace(answer, timezone=options.timezone if options else "")
        return answer

    def _headers(self, source: Source, url: str) -> Mapping[str, str]:
        """Give a person's headers, which go to no origin but that they were given for."""
        options = self.options.get(source.url)
        return options.headers if options and _same_origin(url, source.url) else {}

    # --- the three things that can come of a page ---

    async def _take_page(self, source: Source, page: Page) -> Report:
        loop = asyncio.get_running_loop()
        try:
            with self._timed("read"):
                snapshot = await loop.run_in_executor(self._readers, read, page)
        except ScrapeError as error:
            return await self._fail(source, error, page.cost, page.status)
        if snapshot.kind is not Kind.LIVE_BLOG:
            return await self._fail(source, _no_blog(page, snapshot), page.cost, page.status)
        take = partial(self._take_snapshot, source=source, page=page, snapshot=snapshot)
        taken = await self._commit(take)
        if isinstance(taken, Fault):
            fault = ReadError(page.url, taken.reason)
            return await self._fail(source, fault, page.cost, page.status)
        return self._remember(taken)

    async def _take_same(self, source: Source, answer: Page | NotModified) -> Report:
        """Take a 304, or the same bytes as last time: where proof is awaited, for a second look."""
        if source.state is SourceState.OK and not source.confirming:
            after = standing.after_same(source, answer, None, self._clock(source))
            return replace(await self._record(source, after), unchanged=True)
        look = partial(self._look_again, source=source, answer=answer)
        return self._remember(await self._commit(look))

    async def _fail(
        self, source: Source, error: ScrapeError, cost: Cost, status: int | None = None
    ) -> Report:
        if isinstance(error, FetchError):
            cost += error.cost
        after = standing.after_failure(source, error, self._clock(source), cost, status)
        return await self._record(source, after)

    def _remember(self, report: Report) -> Report:
        """Keep in memory what a poll's transaction, now committed, made of the blog."""
        if report.kept is not None and report.kept.id:
            self.histories.keep(report.kept)
        return report

    # --- writing it down, each in one transaction ---

    async def _commit(self, work: Callable[[Connection], T], *, single: bool = False) -> T:
        with self._timed("commit"):
            return await asyncio.wrap_future(self._commits.submit(work, single=single))

    async def _record(self, before: Source, after: Source) -> Report:
        write = partial(self._write, before=before, after=after)
        await self._commit(write, single=before.state is after.state)
        return Report(after, cost=_spent(before, after))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.took(stage, time.perf_counter() - began)

    def _take_snapshot(
        self, connection: Connection, source: Source, page: Page, snapshot: Snapshot
    ) -> Report | Fault:
        kept = _find(connection, source, snapshot, self.histories)
        if isinstance(kept, Fault):
            return kept
        clock = self._clock(source)
        outcome = diff(
            kept.history,
            replace(snapshot, url=kept.history.url),
            clock.now,
            provenance=_provenance(page, snapshot),
            evidence=_evidence(page),
            rules=self.rules,
        )
        if isinstance(outcome, Fault):
            return outcome
        applied = self._apply(connection, source, kept, outcome)
        timeline.add_alias(connection, applied.kept.id, snapshot.url)
        after = standing.after_page(source, page, snapshot, outcome, clock)
        self._write(connection, source, after)
        return _report(source, after, outcome, applied)

    def _look_again(
        self, connection: Connection, source: Source, answer: Page | NotModified
    ) -> Report:
        clock = self._clock(source)
        kept = timeline.load(connection, _blog_of(connection, source), self.histories)
        outcome = agree(kept.history, clock.now, self.rules)
        applied = timeline.Applied(kept, (), frozenset())
        if outcome.entries:
            applied = self._apply(connection, source, kept, outcome)
        after = standing.after_same(source, answer, outcome, clock)
        self._write(connection, source, after)
        return replace(_report(source, after, outcome, applied), unchanged=True)

    def _apply(
        self, connection: Connection, source: Source, kept: KeptBlog, outcome: Outcome
    ) -> timeline.Applied:
        rules = self._followers.get(source.url, ())
        return timeline.apply(
            connection, kept, outcome, self.now(), source_id=source.id, rules=rules
        )

    def _write(self, connection: Connection, before: Source, after: Source) -> None:
        topics = [topic.name for topic in self._followers.get(before.url, ())]
        sources.record(connection, before, after, topics)

    def _clock(self, source: Source) -> Clock:
        options = self.options.get(source.url)
        return Clock(self.now(), self.jitter(), options.every if options else None)


def _report(before: Source, after: Source, outcome: Outcome, applied: timeline.Applied) -> Report:
    return Report(
        after,
        Counter(change.type for change in outcome.changes),
        applied.topics,
        outcome.after.title,
        len(outcome.after.entries),
        delays=standing.delays(outcome, after.last_poll) if after.last_poll else (),
        cost=_spent(before, after),
        kept=applied.kept,
    )


def _spent(before: Source, after: Source) -> Cost:
    return Cost(after.requests - before.requests, after.received - before.received)


def _no_blog(page: Page, snapshot: Snapshot) -> ReadError:
    """Say what a page is instead of a live blog, and by what that was told."""
    why = "; ".join(snapshot.why)
    said = _NO_BLOG.get(snapshot.kind)
    return ReadError(page.url, said, why) if said else ReadError(page.url, why)


def _same_origin(one: str, other: str) -> bool:
    return one == other or check_url(one).origin == check_url(other).origin


def _find(
    connection: Connection, source: Source, snapshot: Snapshot, histories: Histories
) -> KeptBlog | Fault:
    """Find the blog that a page is of: by its address, or by its blocks where it has moved.

    A source that has a blog and now shows one that shares nothing with it has been replaced.
    """
    known = sources.blogs_of(connection, source.id)
    kept = timeline.load(connection, snapshot.url, histories)
    if kept.id and (not known or kept.history.url in known):
        return kept
    stated = {s.block_id: s.published for s in snapshot.sightings if s.block_id is not None}
    host = address_of(snapshot.url).partition("/")[0]
    if moved := timeline.find_moved(connection, stated, host):
        return timeline.load(connection, moved, histories)
    if known:
        return Fault(f"another live blog stands at this address: {snapshot.url}")
    return kept


def _blog_of(connection: Connection, source: Source) -> str:
    return next(iter(sources.blogs_of(connection, source.id)), source.url)


def _provenance(page: Page, snapshot: Snapshot) -> Provenance:
    return Provenance(
        page_url=page.final_url or page.url,
        fetched_at=page.fetched_at,
        status=page.status,
        etag=page.headers.get("etag", ""),
        last_modified=page.headers.get("last-modified", ""),
        sha256=hashlib.sha256(page.body).hexdigest(),
        platform=snapshot.platform,
        layout=snapshot.layout,
    )


def _evidence(page: Page) -> PageEvidence:
    age = page.headers.get("age", "").strip()
    return PageEvidence(
        modified=_http_date(page.headers.get("last-modified", "")),
        generated=page.fetched_at - timedelta(seconds=int(age[:9])) if age.isdigit() else None,
    )


def _http_date(text: str) -> datetime | None:
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return told if told.tzinfo is not None else None
