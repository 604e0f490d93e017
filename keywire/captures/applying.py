"""Import captures into a topic, in the order of their times, each in its own transaction.

Those made after all that is known of their blog are taken like a poll (`diff`), and become
revisions, retractions and ends with the times at which they were witnessed. Those from before bring
entries that were not known, and what known entries said before they were first seen; they undo
nothing. All of it is backfill: no alert is sent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from keywire.captures.capture import Capture, CaptureError, Seen, open_capture
from keywire.config import Config
from keywire.polling.keeping import pack_anew
from keywire.polling.provenance import provenance
from scraper.errors import ScrapeError
from scraper.page import Page
from store import loading, timeline
from store.archive import imported_blogs, importing, kept_pages, witnessed
from store.archive.witness import Marks, as_backfill, bring, look_back, settled
from store.archive.witnessed import Known
from store.blog_addresses import find_blog
from store.changes import diff
from store.database import Database
from store.decision.history import ChangeType, Fault, Outcome
from store.decision.identity import address_of
from store.history_cache import KeptBlog
from store.sighting import Snapshot
from store.topics import TopicRule

Show = Callable[[int, int], None]
Tell = Callable[[str], None]
Take = Callable[[Connection, Page, Snapshot], str]


@dataclass(slots=True)
class Tally:
    """How many captures were taken, failed or were passed over, and what they brought.

    `before` are revisions from before an entry was first seen; `between` are wordings between two
    kept revisions, which are not taken.
    """

    taken: int = 0
    failed: int = 0
    passed: int = 0
    entries: int = 0
    edits: int = 0
    retracted: int = 0
    before: int = 0
    between: int = 0

    def count(self, outcome: Outcome) -> None:
        """Count the new entries, edits and retractions of a decision."""
        kinds = [change.type for change in outcome.changes]
        self.entries += kinds.count(ChangeType.PUBLISHED)
        self.edits += kinds.count(ChangeType.UPDATED)
        self.retracted += kinds.count(ChangeType.RETRACTED)


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes captures into one topic of a store. `tell` gets a line for each that is not taken."""

    database: Database
    config: Config
    topic: str
    tell: Tell
    now: Callable[[], datetime]
    tally: Tally = field(default_factory=Tally)

    def take(self, captures: Iterable[Capture], show: Show) -> Tally:
        """Take captures, of any blogs, in order; those that prove nothing are passed over.

        Captures that were taken before bring nothing new. Raises UnknownError for a topic that is
        not configured.
        """
        with self.database.write() as connection:
            importing.prepare(
                connection, self.topic, self.config.topics, self.config.sources, self.now()
            )
        of_blogs: dict[str, list[Seen]] = defaultdict(list)
        for capture in captures:
            if (seen := self._look(capture)) is not None:
                of_blogs[address_of(seen.blog)].append(seen)
        of, done = 2 * sum(map(len, of_blogs.values())), 0
        for of_one in of_blogs.values():
            for _ in self._take_blog(sorted(of_one, key=_when)):
                done += 1
                show(min(done, of), of)
        return self.tally

    def _look(self, capture: Capture) -> Seen | None:
        try:
            page, snapshot = open_capture(capture)
        except (CaptureError, ScrapeError) as error:
            self._fail(str(error))
            return None
        return Seen(capture, snapshot.url, page.fetched_at, snapshot.shows_top is not False)

    def _fail(self, why: str) -> None:
        self.tally.failed += 1
        self.tell(why)

    def _take_blog(self, of_one: Sequence[Seen]) -> Iterator[Seen]:
        """Take one blog's captures; yield one for each step of the work that is done."""
        known = self._known(of_one[0])
        older = [one for one in of_one if known is not None and one.at <= known.until]
        newer = [one for one in of_one if one not in older]
        # An older page says nothing of what the newest shows, but may begin a blog's history.
        lower = [one for one in newer[known is None :] if not one.is_top]
        if older:
            yield from self._take_older(older)
        for one in newer:
            if one not in lower:
                self.tally.taken += self._open(one, self._take_newer)
                yield one
        if lower:
            yield from self._take_older(lower)

    def _known(self, one: Seen) -> Known | None:
        with self.database.read() as connection:
            blog_id = find_blog(connection, one.blog)
            return None if blog_id is None else witnessed.known(connection, blog_id)

    def _open(self, one: Seen, take: Take) -> bool:
        """Open a capture again, and take it in one transaction; return whether it was taken."""
        try:
            page, snapshot = open_capture(one.capture)
        except (CaptureError, ScrapeError) as error:
            self._fail(str(error))
            return False
        with self.database.write() as connection:
            fault = take(connection, page, snapshot)
        if fault:
            self.tally.passed += 1
            self.tell(f"{one.capture.name}: passed over: {fault}")
        return not fault

    # --- captures that are newer than all that is known ---

    def _take_newer(self, connection: Connection, page: Page, snapshot: Snapshot) -> str:
        kept = loading.load(connection, snapshot.url)
        origin = provenance(page, snapshot)
        decided = diff(
            kept.history,
            replace(snapshot, url=kept.history.url),
            page.fetched_at,
            provenance=origin,
        )
        if isinstance(decided, Fault):
            return decided.reason
        self.apply(connection, kept, as_backfill(decided), page)
        return ""

    # --- captures of a time that is known ---

    def _take_older(self, older: Sequence[Seen]) -> Iterator[Seen]:
        """Take captures of a known time: backwards for earlier wordings, forwards for the new."""
        with self.database.read() as connection:
            history = loading.load(connection, older[0].blog).history
            blog_id = find_blog(connection, older[0].blog)
            marks = witnessed.read_marks(connection, blog_id or 0)
        back, forth = _Back(marks, self.tally), _Forth(self, settled(history))
        for one in reversed(older):
            self._open(one, back.take)
            yield one
        for one in older:
            self.tally.taken += self._open(one, forth.take)

    def apply(self, connection: Connection, kept: KeptBlog, outcome: Outcome, page: Page) -> int:
        """Write a decision, and the page where the topic keeps pages; return the blog's id."""
        at, url = page.fetched_at, outcome.after.url
        source_id = imported_blogs.page_of(connection, self.topic, url, at)
        applied = timeline.apply(
            connection, kept, outcome, at, source_id=source_id, rules=self._rules(connection, url)
        )
        self.tally.count(outcome)
        self._keep(connection, page, source_id)
        return applied.kept.id

    def _keep(self, connection: Connection, page: Page, source_id: int) -> None:
        if any(rule.keep_pages for rule in self.config.topics if rule.name == self.topic):
            packed = pack_anew(connection, page)
            if packed is not None:
                kept_pages.keep(connection, packed, source_id)

    def _rules(self, connection: Connection, url: str) -> list[TopicRule]:
        """Return the topics that the blog's entries are sorted into: this one and its followers."""
        followers = imported_blogs.followers(connection, self.config.topics, url)
        return [rule for rule in self.config.topics if rule.name in {self.topic, *followers}]


@dataclass(slots=True)
class _Back:
    """Takes captures of a known time, newest first: what known entries said before."""

    marks: Marks
    tally: Tally

    def take(self, connection: Connection, page: Page, snapshot: Snapshot) -> str:
        """Keep what a capture shows of known entries; return "", as it cannot fail."""
        kept = loading.load(connection, snapshot.url)
        origin = provenance(page, snapshot)
        looked = look_back(kept.history, self.marks, snapshot, page.fetched_at, origin)
        witnessed.keep(connection, kept.id, looked)
        self.marks = looked.marks
        self.tally.before += len(looked.earlier)
        self.tally.between += looked.between
        return ""


@dataclass(frozen=True, slots=True)
class _Forth:
    """Takes captures of a known time, oldest first: unknown entries, and their later changes."""

    taker: Taker
    settled: frozenset[str]

    def take(self, connection: Connection, page: Page, snapshot: Snapshot) -> str:
        """Keep what a capture brings; return why it proves nothing, "" where it was kept."""
        kept = loading.load(connection, snapshot.url)
        origin = provenance(page, snapshot)
        decided = bring(kept.history, self.settled, snapshot, page.fetched_at, origin)
        if isinstance(decided, Fault):
            return decided.reason
        before = witnessed.known(connection, kept.id)
        blog_id = self.taker.apply(connection, kept, decided, page)
        witnessed.keep_times(connection, blog_id, before, page.fetched_at)
        return ""


def _when(one: Seen) -> datetime:
    return one.at
