"""One poll of one source: fetch ▸ read ▸ diff ▸ apply, the last two in one transaction.

Whatever the page or the network does, the feeds change only by what a believed page says.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection
from xxhash import xxh3_128_hexdigest

from keywire.config import SourceOptions
from scraper.errors import FetchError, ScrapeError, StatusError
from scraper.fetch import Fetcher, Gone, NotModified, Validators
from scraper.pace import next_due, read_fresh_until
from scraper.page import Page
from scraper.read import read
from store import sources, timeline
from store.absence import Rules
from store.changes import agree, diff
from store.database import Database
from store.entry import Provenance
from store.histories import Histories, KeptBlog
from store.history import ChangeType, Fault, Outcome, PageEvidence
from store.identity import address_of
from store.sighting import Kind, Snapshot
from store.sources import Source, SourceState
from store.topics import TopicRule

RULES = Rules()
_NOT_A_BLOG = {
    Kind.ARTICLE: "the page is an ordinary article, not a live blog",
    Kind.LISTING: "the page is a listing, not a live blog",
    Kind.UNKNOWN: "no live blog is recognised on the page",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What one poll came to, for whoever watches: the source as it now stands, and what changed.

    `kept` is its blog as it now stands, None where nothing was believed.
    """

    source: Source
    changes: Counter[ChangeType]
    topics: frozenset[str] = frozenset()
    title: str = ""
    entries: int = 0
    unchanged: bool = False
    kept: KeptBlog | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Poller:
    """All that a poll needs. `now` is our clock in UTC, `jitter` gives numbers in [0, 1)."""

    database: Database
    fetcher: Fetcher
    options: dict[str, SourceOptions]
    topics: tuple[TopicRule, ...]
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    rules: Rules = RULES
    histories: Histories = field(default_factory=Histories)

    async def poll(self, source: Source) -> Report:
        """Poll one source once, and write what came of it. Only a bug raises."""
        options = self.options.get(source.url, SourceOptions(source.url))
        validators = Validators(source.etag, source.last_modified)
        try:
            answer = await self.fetcher.fetch(source.url, validators, headers=options.headers)
            if isinstance(answer, Page):
                answer = replace(answer, timezone=options.timezone)
                return await asyncio.to_thread(self._take_page, source, answer)
            if isinstance(answer, Gone):
                return await asyncio.to_thread(self._stop, source)
            return await asyncio.to_thread(self._take_same, source, answer)
        except ScrapeError as error:
            return await asyncio.to_thread(self._fail, source, error)

    # --- the four things that can come of asking ---

    def _take_page(self, source: Source, page: Page) -> Report:
        if same_bytes(source, page.body) and source.state is not SourceState.NEW:
            return self._take_same(source, page)
        snapshot = read(page)
        with self.database.write() as connection:
            report = self._take_snapshot(connection, source, page, snapshot)
        return self._remember(report)

    def _take_snapshot(
        self, connection: Connection, source: Source, page: Page, snapshot: Snapshot
    ) -> Report:
        now = self.now()
        if snapshot.kind is not Kind.LIVE_BLOG:
            return self._break(connection, source, _NOT_A_BLOG[snapshot.kind], page.status)
        kept = _find(connection, source, snapshot, self.histories)
        if isinstance(kept, Fault):
            return self._break(connection, source, kept.reason, page.status)
        outcome = diff(
            kept.history,
            replace(snapshot, url=kept.history.url),
            now,
            provenance=_provenance(page, snapshot),
            evidence=_evidence(page),
            rules=self.rules,
        )
        if isinstance(outcome, Fault):
            return self._break(connection, source, outcome.reason, page.status)
        applied = self._apply(connection, source, kept, outcome)
        timeline.add_alias(connection, applied.kept.id, snapshot.url)
        after = replace(
            _answered(source, outcome, now),
            kind=snapshot.kind.value,
            platform=snapshot.platform,
            etag=page.headers.get("etag", ""),
            last_modified=page.headers.get("last-modified", ""),
            body_hash=_hash(page.body),
            last_status=page.status,
            warnings=outcome.warnings,
        )
        report = self._record(connection, source, after, outcome, page, applied.topics)
        return replace(report, kept=applied.kept)

    def _take_same(self, source: Source, answer: Page | NotModified) -> Report:
        """Take a 304, or the same bytes as last time, for a second look that agrees."""
        now = self.now()
        headers = answer.headers
        with self.database.write() as connection:
            kept = timeline.load(connection, _blog_of(connection, source), self.histories)
            outcome, topics = agree(kept.history, now, self.rules), frozenset[str]()
            if outcome.entries:
                applied = self._apply(connection, source, kept, outcome)
                kept, topics = applied.kept, applied.topics
            after = replace(
                _answered(source, outcome, now),
                etag=headers.get("etag", source.etag),
                last_modified=headers.get("last-modified", source.last_modified),
                last_status=answer.status if isinstance(answer, Page) else 304,
            )
            report = self._record(connection, source, after, outcome, answer, topics)
        return self._remember(replace(report, kept=kept if kept.id else None, unchanged=True))

    def _stop(self, source: Source) -> Report:
        after = replace(
            source,
            state=SourceState.GONE,
            reason="the publisher says 410 Gone: it is not coming back",
            last_poll=self.now(),
            last_status=410,
            next_poll=None,
            confirming=False,
        )
        with self.database.write() as connection:
            self._write(connection, source, after)
        return Report(after, Counter())

    def _fail(self, source: Source, error: ScrapeError) -> Report:
        status = error.status if isinstance(error, StatusError) else None
        not_before = error.not_before if isinstance(error, FetchError) else None
        reason = f"{error.reason}; {error.mend}" if error.mend else error.reason
        with self.database.write() as connection:
            return self._break(connection, source, reason, status, not_before)

    def _remember(self, report: Report) -> Report:
        """Keep in memory what a poll's transaction, now committed, made of the blog."""
        if report.kept is not None:
            self.histories.keep(report.kept)
        return report

    # --- writing it down ---

    def _break(
        self,
        connection: Connection,
        source: Source,
        reason: str,
        status: int | None,
        not_before: datetime | None = None,
    ) -> Report:
        now = self.now()
        failures = source.failures + 1
        after = replace(
            source,
            state=SourceState.BROKEN,
            reason=reason,
            last_poll=now,
            last_status=status,
            failures=failures,
            not_before=not_before,
            next_poll=next_due(
                now,
                every=self._every(source),
                failures=failures,
                throttled=status == 429,  # noqa: PLR2004 - Too Many Requests
                not_before=not_before,
                jitter=self.jitter(),
            ),
        )
        self._write(connection, source, after)
        return Report(after, Counter())

    def _apply(
        self, connection: Connection, source: Source, kept: KeptBlog, outcome: Outcome
    ) -> timeline.Applied:
        following = [topic for topic in self.topics if source.url in topic.follow]
        return timeline.apply(
            connection, kept, outcome, self.now(), source_id=source.id, rules=following
        )

    def _record(  # noqa: PLR0917 - one poll's facts, in the order they came
        self,
        connection: Connection,
        source: Source,
        after: Source,
        outcome: Outcome,
        answer: Page | NotModified,
        topics: frozenset[str],
    ) -> Report:
        now = self.now()
        next_poll = next_due(
            now,
            every=self._every(source),
            confirming=bool(outcome.suspects),
            fresh_until=read_fresh_until(answer.headers, now),
            jitter=self.jitter(),
        )
        after = replace(after, next_poll=next_poll)
        self._write(connection, source, after)
        return Report(
            after,
            Counter(change.type for change in outcome.changes),
            topics,
            outcome.after.title,
            len(outcome.after.entries),
        )

    def _write(self, connection: Connection, before: Source, after: Source) -> None:
        topics = [topic.name for topic in self.topics if before.url in topic.follow]
        sources.record(connection, before, after, topics)

    def _every(self, source: Source) -> timedelta | None:
        options = self.options.get(source.url)
        return options.every if options else None


def same_bytes(source: Source, body: bytes) -> bool:
    """Say whether a page's bytes are those of the source's last believed one."""
    return _hash(body) == source.body_hash


def _hash(body: bytes) -> str:
    """Hash a page to know it again: XXH3 costs a thirtieth of SHA-256, and guards nothing."""
    return xxh3_128_hexdigest(body)


def _answered(source: Source, outcome: Outcome, now: datetime) -> Source:
    return replace(
        source,
        state=SourceState.HELD if outcome.held else SourceState.OK,
        reason=outcome.held,
        last_poll=now,
        last_change=now if outcome.changes else source.last_change,
        failures=0,
        not_before=None,
        confirming=bool(outcome.suspects),
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
