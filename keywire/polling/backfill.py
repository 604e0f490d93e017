"""Walk back through a blog's older pages, one at a time, until its history is complete.

The place to go on at is stored with the blog, in the transaction that stores what a page
brought, so a walk that is cut off goes on where it was.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from keywire.polling.applying import Taking
from keywire.polling.provenance import provenance
from keywire.polling.report import Report
from scraper.address import host
from scraper.errors import FetchError, ReadError, RobotsError, ScrapeError, StatusError
from scraper.hints.older import beyond
from scraper.page import FREE, Cost, NotModified, Page
from store import loading, sources, timeline
from store.coverage import Coverage, Gap, describe, fail, is_walked
from store.decision.history import Fault, Outcome
from store.decision.older import read_older
from store.history_cache import KeptBlog
from store.sighting import Kind, Snapshot
from store.source import Source, SourceState

PAUSE: Final = timedelta(seconds=1)  # between two older pages, on top of their host's budget
FOR_GOOD: Final = frozenset({400, 401, 403, 404, 410, 451})

Fetch = Callable[[str], Awaitable[object]]
Read = Callable[[Page], Awaitable[Snapshot]]
Commit = Callable[[Callable[[Connection], Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Walk:
    """One step back through the blog of `taking`'s source; the callables do the I/O."""

    taking: Taking
    fetch: Fetch
    read: Read
    commit: Commit

    async def step(self) -> Report | None:
        """Read the older page that is due, and write the result; None if none is due."""
        gap = await self.commit(self._gap)
        if gap is None:
            return None
        cost, crawl_delay = FREE, 0.0
        try:
            page = await self._page(gap)
            cost, crawl_delay = page.cost, page.crawl_delay
            snapshot = await self._older(page)
        except ScrapeError as error:
            cost = error.cost if isinstance(error, FetchError) else cost
            return await self._failed(gap, error, cost)
        pause = max(PAUSE, timedelta(seconds=crawl_delay))
        take = partial(self._take, gap=gap, page=page, snapshot=snapshot, pause=pause)
        taken: Report | Fault = await self.commit(take)
        if isinstance(taken, Fault):
            return await self._failed(gap, ReadError(page.url, taken.reason), cost)
        return taken

    def _gap(self, connection: Connection) -> Gap | None:
        """Return the gap that is due soonest; if there is none, clear the source's due time."""
        kept = self._kept(connection)
        due = [gap for gap in kept.history.coverage.gaps if gap.due and gap.next]
        soonest = min(due, key=lambda gap: gap.due or self.taking.clock.now, default=None)
        if soonest is None:
            sources.walked(connection, self.taking.source.id, None)
        return soonest

    def _kept(self, connection: Connection) -> KeptBlog:
        taking = self.taking
        return loading.load(connection, taking.blog_of(connection), taking.histories)

    async def _page(self, gap: Gap) -> Page:
        answer = await self.fetch(gap.next)
        if isinstance(answer, Page):
            asked, answered = gap.next, answer.final_url or gap.next
            if host(asked) != host(answered):
                raise ReadError(asked, f"the older page was answered from elsewhere: {answered}")
            return answer
        said = "the server says 304 to a question that was not asked"
        gone = "the publisher says 410 Gone"
        raise ReadError(gap.next, said if isinstance(answer, NotModified) else gone)

    async def _older(self, page: Page) -> Snapshot:
        snapshot = await self.read(page)
        if snapshot.kind is not Kind.LIVE_BLOG:
            raise ReadError(page.url, "; ".join(snapshot.why) or "it is no live blog")
        return snapshot

    def _take(
        self,
        connection: Connection,
        gap: Gap,
        page: Page,
        snapshot: Snapshot,
        pause: timedelta,
    ) -> Report | Fault:
        kept = self._kept(connection)
        if gap not in kept.history.coverage.gaps:
            return self._written(connection, kept, None, page.cost)
        outcome = read_older(
            kept.history, gap, snapshot, self.taking.clock.now, provenance(page, snapshot)
        )
        if isinstance(outcome, Fault):
            return outcome
        coverage = _paused(outcome.after.coverage, self.taking.clock.now + pause)
        outcome = replace(outcome, after=replace(outcome.after, coverage=coverage))
        return self._written(connection, kept, outcome, page.cost)

    async def _failed(self, gap: Gap, error: ScrapeError, cost: Cost) -> Report:
        work = partial(self._take_failure, gap=gap, error=error, cost=cost)
        report: Report = await self.commit(work)
        return report

    def _take_failure(
        self, connection: Connection, gap: Gap, error: ScrapeError, cost: Cost
    ) -> Report:
        kept = self._kept(connection)
        coverage = fail(
            kept.history.coverage,
            gap,
            error.reason,
            self.taking.clock.now,
            for_good=_is_for_good(error),
            beyond=beyond(gap.next),
            not_before=error.not_before if isinstance(error, FetchError) else None,
        )
        outcome = Outcome(after=replace(kept.history, coverage=coverage))
        return self._written(connection, kept, outcome, cost)

    def _written(
        self, connection: Connection, kept: KeptBlog, outcome: Outcome | None, cost: Cost
    ) -> Report:
        """Write one step; `outcome` is None if the gap is not in the history any more."""
        source, coverage = self.taking.source, kept.history.coverage
        applied = timeline.Applied(kept, (), frozenset())
        if outcome is None:
            outcome = Outcome(after=kept.history)
        else:
            applied = self.taking.apply(connection, kept, outcome)
        after = outcome.after.coverage
        sources.walked(
            connection, source.id, after.due, requests=cost.requests, received=cost.received
        )
        report = self.taking.report(
            replace(
                source,
                older_due=after.due,
                requests=source.requests + cost.requests,
                received=source.received + cost.received,
            ),
            outcome,
            applied,
        )
        return replace(report, walked=True, history=_news(coverage, after))


def may_walk(source: Source, now: datetime) -> bool:
    """Return whether an older page is due, and the newest page is not."""
    if source.state is not SourceState.OK or source.older_due is None or source.next_poll is None:
        return False
    return source.older_due <= now < source.next_poll


def _is_for_good(error: ScrapeError) -> bool:
    if isinstance(error, StatusError):
        return error.status in FOR_GOOD
    return isinstance(error, ReadError | RobotsError)


def _paused(coverage: Coverage, until: datetime) -> Coverage:
    gaps = (replace(gap, due=max(gap.due, until)) if gap.due else gap for gap in coverage.gaps)
    return replace(coverage, gaps=tuple(gaps))


def _news(before: Coverage, after: Coverage) -> str:
    """Return the coverage in words if this step ended the walk; "" otherwise."""
    over = not is_walked(after)
    moved = is_walked(before) or after.complete is not before.complete
    return describe(after) if over and moved else ""
