"""The values of a decision: a blog's history before it, and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from store.coverage import UNKNOWN, Coverage
from store.entry import StoredEntry
from store.sighting import View


class BlogState(Enum):
    """The states of a blog."""

    UPCOMING = "upcoming"
    LIVE = "live"
    QUIET = "quiet"
    ENDED = "ended"


class ChangeType(Enum):
    """The types of changes in the log. Only `entry.*` changes alter the entries of a feed."""

    PUBLISHED = "entry.published"
    UPDATED = "entry.updated"
    PROMOTED = "entry.promoted"
    DEMOTED = "entry.demoted"
    RETRACTED = "entry.retracted"
    RESTORED = "entry.restored"
    DISCOVERED = "blog.discovered"
    ROLLED_OVER = "blog.rolled_over"
    ENDED = "blog.ended"
    REOPENED = "blog.reopened"
    BROKEN = "source.broken"
    RECOVERED = "source.recovered"


@dataclass(frozen=True, slots=True)
class ViewMemory:
    """The digest and "updated" time that one view gave for an entry at its last sighting."""

    digest: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry with all that a decision about it needs.

    `memory` has what each view last stated. `content_view` is the view that the content came from,
    `digest` that view's digest of the current revision ("" if its content was pruned), `past` the
    digests of earlier revisions. `missing_since` is when the entry was first found absent from
    its place on the page, None if it is not absent.
    """

    stored: StoredEntry
    memory: Mapping[View, ViewMemory]
    content_view: View
    digest: str = ""
    past: frozenset[str] = frozenset()
    missing_since: datetime | None = None

    def stored_as(self, stored: StoredEntry) -> "KnownEntry":
        """Return a copy with another `stored`."""
        return KnownEntry(
            stored, self.memory, self.content_view, self.digest, self.past, self.missing_since
        )


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """The clocks of a page and its HTTP response, all UTC, None where missing.

    `page_time`: when the page says that it was rendered; `modified`: its Last-Modified;
    `generated`: keywire's time of fetching minus the response's Age.
    """

    page_time: datetime | None = None
    modified: datetime | None = None
    generated: datetime | None = None


@dataclass(frozen=True, slots=True)
class BlogHistory:
    """One blog before a poll is decided.

    `entries` are keyed by block id. `order` has the ids that the last believed page showed, in
    page order, with suspects (entries absent at one look) at their old places. `held` says that
    too many entries went at once, and `confirmed` that a person agreed to retract them.
    `whole`, `claimed_url`, `listings` and `keywords` are as in `Snapshot`, of the last page that
    had them. `discovered` is False until the blog is first stored. `coverage` is how much of the
    blog has been read.
    """

    url: str
    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    state: BlogState = BlogState.UPCOMING
    live: bool | None = None
    evidence: PageEvidence = PageEvidence()
    whole: bool = False
    claimed_url: str = ""
    discovered: bool = False
    held: bool = False
    confirmed: bool = False
    listings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    coverage: Coverage = UNKNOWN


@dataclass(frozen=True, slots=True)
class Change:
    """One change for the log, before it has its seq.

    `changes` maps a field's name to its old and new value. `occurred_at` is keywire's time (UTC).
    `block_id` is "" for changes of a blog or source.
    """

    type: ChangeType
    occurred_at: datetime
    block_id: str = ""
    revision: int = 0
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """The verdict that a page is not to be believed; `reason` says in plain words why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one believed page changes in a blog.

    `entries` are those to be written (new ones have number 0), `after` is the blog's history
    afterwards, `suspects` the number of entries that wait for a second look, `held` the reason
    why a person must confirm ("" if nobody must).
    """

    after: BlogHistory
    entries: tuple[KnownEntry, ...] = ()
    changes: tuple[Change, ...] = ()
    suspects: int = 0
    held: str = ""
    warnings: tuple[str, ...] = ()
