"""Write what a page that was read means for its blog and its source: one transaction a poll.

Everything here runs on one connection, and happens whole or not at all.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection

from keywire.polling import course, source_state
from keywire.polling.discovery import listing_fault
from keywire.polling.following import follow_leads, follow_listed, is_on, judge, rollover
from keywire.polling.next_turn import Clock
from keywire.polling.page_options import Wishes
from keywire.polling.provenance import provenance
from keywire.polling.report import Report, spent
from scraper.page import NotModified, Page
from store import loading, pages, resorting, sources, timeline
from store.blog_addresses import add_alias, find_moved
from store.changes import agree, diff
from store.decision.absence import Rules
from store.decision.history import Change, ChangeType, Fault, Outcome, PageEvidence
from store.decision.identity import address_of
from store.entry import Provenance
from store.history_cache import Histories, KeptBlog
from store.sighting import Snapshot
from store.sorting import stamp
from store.source import Source, SourceState, Standing
from store.topics import Selection

_NO_ANSWERS: Mapping[str, Provenance] = {}


@dataclass(frozen=True, slots=True)
class Taking:
    """What is needed to write the result of one poll of `source`.

    `rules` set how long the second look at an absence waits; `histories` are only read here, for
    the transaction may yet fail.
    """

    source: Source
    clock: Clock
    wishes: Wishes
    histories: Histories
    rules: Rules

    def take_blog(
        self,
        connection: Connection,
        page: Page,
        snapshot: Snapshot,
        answers: Mapping[str, Provenance] = _NO_ANSWERS,
    ) -> Report | Fault:
        """Compare a live blog's page with what is known, and write what it changes.

        `answers` maps the addresses of the answers that were joined to where they were fetched. A
        page on trial is judged first: one that belongs to no source leaves nothing in the store.
        """
        if self.source.listing is not None or self.source.standing(Standing.AWAITED):
            return Fault("a live blog stands where a listing was")
        anew = frozenset[str]()
        if self.source.standing(Standing.TRIAL):
            judged, anew = judge(connection, self.source, snapshot)
            if not judged.finders:
                return self.refuse(connection, page)
            self = replace(self, source=judged)  # noqa: PLW0642 - the same taking, of a page that belongs
        return self._take_blog(connection, page, snapshot, anew, answers)

    def _take_blog(
        self,
        connection: Connection,
        page: Page,
        snapshot: Snapshot,
        anew: frozenset[str],
        answers: Mapping[str, Provenance],
    ) -> Report | Fault:
        kept = _find(connection, self.source, snapshot, self.histories)
        if isinstance(kept, Fault):
            return kept
        outcome = diff(
            kept.history,
            replace(snapshot, url=kept.history.url),
            self.clock.now,
            provenance=provenance(page, snapshot),
            evidence=_evidence(page),
            rules=self.rules,
            answers=answers,
        )
        if isinstance(outcome, Fault):
            return outcome
        if not kept.id:
            rolled = rollover(connection, self.source, snapshot, self.clock.now)
            outcome = _told_first(outcome, rolled)
        applied = self.apply(connection, kept, outcome)
        if address_of(snapshot.url) != address_of(kept.history.url):
            add_alias(connection, applied.kept.id, snapshot.url)
        after = source_state.after_page(self.source, page, snapshot, outcome, self.clock)
        if after.older_due != self.source.older_due:
            sources.walked(connection, self.source.id, after.older_due)
        led = follow_leads(connection, self.source, snapshot, outcome.after, self.clock.now)
        self.write(connection, after)
        unsorted = self._sort_anew(connection, anew | led.anew)
        report = self.report(after, outcome, applied)
        return replace(report, found=led.found, unsorted=unsorted)

    def take_listing(
        self, connection: Connection, page: Page, snapshot: Snapshot
    ) -> Report | Fault:
        """Follow from now on the live blogs that a listing leads to; it never drops one."""
        fault = listing_fault(self.source, snapshot)
        if fault is not None:
            return fault
        listing, led = follow_listed(connection, self.source, snapshot, self.clock.now)
        live = bool(led.found) or is_on(connection, self.source)
        after = source_state.after_listing(
            self.source, page, snapshot, listing, self.clock, live=live, warnings=led.warnings
        )
        self.write(connection, after)
        unsorted = self._sort_anew(connection, led.anew)
        return Report(
            after,
            topics=self._await_next(connection),
            title=snapshot.title,
            cost=spent(self.source, after),
            found=led.found,
            unsorted=unsorted,
        )

    def _await_next(self, connection: Connection) -> frozenset[str]:
        """Mark feeds that now say where a blog is awaited as changed; return their topics."""
        if self.source.listing is not None:
            return frozenset()
        sources_of = (*self.source.finders, *(one.source for one in self.source.findings))
        names = {rule.name for url in sources_of for rule in self.wishes.rules_of(url)}
        for name in sorted(names):
            stamp(connection, name, [*Selection], self.clock.now)
        return frozenset(names)

    def look_at_same_listing(self, connection: Connection, answer: Page | NotModified) -> Report:
        """Take an unchanged listing; the blogs that it led to may have changed."""
        live = is_on(connection, self.source)
        source = replace(self.source, state=SourceState.OK, reason="", live=live)
        after = source_state.after_same(source, answer, None, self.clock)
        self.write(connection, after)
        return Report(after, unchanged=True, cost=spent(self.source, after))

    def refuse(self, connection: Connection, page: Page) -> Report:
        """Stop polling a page that was on trial and belongs to no source."""
        pages.settle(connection, self.source, Standing.REFUSED)
        after = source_state.after_refusal(self.source, page, self.clock)
        self.write(connection, after)
        return Report(after, cost=spent(self.source, after))

    def look_again(self, connection: Connection, answer: Page | NotModified) -> Report:
        """Take a 304, or the bytes of last time, as the second look at what was missing."""
        kept = loading.load(connection, self.blog_of(connection), self.histories)
        outcome = agree(kept.history, self.clock.now, self.rules)
        applied = timeline.Applied(kept, (), frozenset())
        if outcome.entries:
            applied = self.apply(connection, kept, outcome)
        after = source_state.after_same(self.source, answer, outcome, self.clock)
        self.write(connection, after)
        return replace(self.report(after, outcome, applied), unchanged=True)

    def write(self, connection: Connection, after: Source) -> None:
        """Write the source's new state, and log that it broke or recovered."""
        turned = after.state is not self.source.state
        topics = [rule.name for rule in self.wishes.rules(self.source)] if turned else []
        sources.record(connection, self.source, after, topics)
        if (standing_now := source_state.let_go(after, self.clock.now)) is not None:
            pages.settle(connection, after, standing_now)

    def is_single(self, after: Source) -> bool:
        """Return whether `write` will take one statement only."""
        goes = source_state.let_go(after, self.clock.now)
        return after.state is self.source.state and goes is None

    def _sort_anew(self, connection: Connection, urls: frozenset[str]) -> bool:
        names = sorted({rule.name for url in urls for rule in self.wishes.rules_of(url)})
        if names:
            resorting.sort_anew(connection, names)
        return bool(names)

    def blog_of(self, connection: Connection) -> str:
        """Return the address of the source's blog; the source's own, while it has no blog."""
        return next(iter(sources.blogs_of(connection, self.source.id)), self.source.url)

    def apply(self, connection: Connection, kept: KeptBlog, outcome: Outcome) -> timeline.Applied:
        """Write to the store what was decided about the source's blog."""
        return timeline.apply(
            connection,
            kept,
            outcome,
            self.clock.now,
            source_id=self.source.id,
            rules=self.wishes.rules(self.source),
            alerts=self.wishes.alerts_of(self.source),
        )

    def report(self, after: Source, outcome: Outcome, applied: timeline.Applied) -> Report:
        """Return the report of the poll; `after` is the source's new state."""
        return Report(
            after,
            Counter(change.type for change in outcome.changes),
            applied.topics,
            outcome.after.title,
            len(outcome.after.entries),
            delays=course.delays(outcome, after.last_poll) if after.last_poll else (),
            cost=spent(self.source, after),
            kept=applied.kept,
            deliveries=applied.deliveries,
        )


def _told_first(outcome: Outcome, rolled: Change | None) -> Outcome:
    """Return the outcome with the rollover logged after the discovery, before the entries."""
    if rolled is None:
        return outcome
    found = [change for change in outcome.changes if change.type is ChangeType.DISCOVERED]
    others = [change for change in outcome.changes if change.type is not ChangeType.DISCOVERED]
    return replace(outcome, changes=(*found, rolled, *others))


def _find(
    connection: Connection, source: Source, snapshot: Snapshot, histories: Histories
) -> KeptBlog | Fault:
    """Return the blog that a page shows: found by its address, or by its blocks if it has moved.

    Return a Fault where the source has a blog and the page shows one that shares nothing with it.
    """
    known = sources.blogs_of(connection, source.id)
    kept = loading.load(connection, snapshot.url, histories)
    if kept.id and (not known or kept.history.url in known):
        return kept
    stated = {s.block_id: s.published for s in snapshot.sightings if s.block_id is not None}
    host = address_of(snapshot.url).partition("/")[0]
    if moved := find_moved(connection, stated, host):
        return loading.load(connection, moved, histories)
    if known:
        return Fault(f"another live blog stands at this address: {snapshot.url}")
    return kept


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
