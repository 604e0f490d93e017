"""What a page that was read makes of its blog and its source: one transaction a poll.

Everything here runs on one connection, and happens whole or not at all.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection

from keywire import standing
from keywire.report import Report, spent
from keywire.standing import Clock
from keywire.wishes import Wishes
from scraper.fetch import NotModified
from scraper.page import Page
from store import sources, timeline
from store.absence import Rules
from store.changes import agree, diff
from store.entry import Provenance
from store.histories import Histories, KeptBlog
from store.history import Fault, Outcome, PageEvidence
from store.identity import address_of
from store.sighting import Snapshot
from store.sources import Source


@dataclass(frozen=True, slots=True)
class Taking:
    """All that writing down one poll of `source` needs beside what came of it.

    `rules` say how long a second look at an absence waits; `histories` are only read here, for a
    transaction may yet fail.
    """

    source: Source
    clock: Clock
    wishes: Wishes
    histories: Histories
    rules: Rules

    def take_blog(self, connection: Connection, page: Page, snapshot: Snapshot) -> Report | Fault:
        """Hold a live blog's page against what is known, and keep what it changes."""
        kept = _find(connection, self.source, snapshot, self.histories)
        if isinstance(kept, Fault):
            return kept
        outcome = diff(
            kept.history,
            replace(snapshot, url=kept.history.url),
            self.clock.now,
            provenance=_provenance(page, snapshot),
            evidence=_evidence(page),
            rules=self.rules,
        )
        if isinstance(outcome, Fault):
            return outcome
        applied = self._apply(connection, kept, outcome)
        if address_of(snapshot.url) != address_of(kept.history.url):
            timeline.add_alias(connection, applied.kept.id, snapshot.url)
        after = standing.after_page(self.source, page, snapshot, outcome, self.clock)
        self.write(connection, after)
        return _report(self.source, after, outcome, applied)

    def look_again(self, connection: Connection, answer: Page | NotModified) -> Report:
        """Take a 304, or the bytes of last time, for a second look at what was missing."""
        kept = timeline.load(connection, _blog_of(connection, self.source), self.histories)
        outcome = agree(kept.history, self.clock.now, self.rules)
        applied = timeline.Applied(kept, (), frozenset())
        if outcome.entries:
            applied = self._apply(connection, kept, outcome)
        after = standing.after_same(self.source, answer, outcome, self.clock)
        self.write(connection, after)
        return replace(_report(self.source, after, outcome, applied), unchanged=True)

    def write(self, connection: Connection, after: Source) -> None:
        """Write how the source stands now, and log that it broke or recovered."""
        topics = [rule.name for rule in self.wishes.rules(self.source)]
        sources.record(connection, self.source, after, topics)

    def _apply(self, connection: Connection, kept: KeptBlog, outcome: Outcome) -> timeline.Applied:
        return timeline.apply(
            connection,
            kept,
            outcome,
            self.clock.now,
            source_id=self.source.id,
            rules=self.wishes.rules(self.source),
        )


def _report(before: Source, after: Source, outcome: Outcome, applied: timeline.Applied) -> Report:
    return Report(
        after,
        Counter(change.type for change in outcome.changes),
        applied.topics,
        outcome.after.title,
        len(outcome.after.entries),
        delays=standing.delays(outcome, after.last_poll) if after.last_poll else (),
        cost=spent(before, after),
        kept=applied.kept,
    )


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
