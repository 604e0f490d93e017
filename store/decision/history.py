"""What the store remembers of one blog, and what a decision makes of it: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from store.coverage import UNKNOWN, Coverage
from store.entry import StoredEntry
from store.sighting import View


class BlogState(Enum):
    """Where a blog stands in its day."""

    UPCOMING = "upcoming"
    LIVE = "live"
    QUIET = "quiet"
    ENDED = "ended"


class ChangeType(Enum):
    """The kinds of rows in the change log. Only `entry.*` ones touch a feed."""

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
    """What one view said of an entry when it was last seen there."""

    digest: str
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry with all that deciding about it needs.

    `content_view` is the view its content came from, `digest` that view's of this revision,
    `past` those of its earlier revisions, `missing_since` when it was first found absent from a
    place where it should be.
    """

    stored: StoredEntry
    memory: Mapping[View, ViewMemory]
    content_view: View
    digest: str = ""
    past: frozenset[str] = frozenset()
    missing_since: datetime | None = None

    def stored_as(self, stored: StoredEntry) -> "KnownEntry":
        """Return the same, with its entry as it was stored."""
        return KnownEntry(
            stored, self.memory, self.content_view, self.digest, self.past, self.missing_since
        )


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """What a page and its answer tell of their age, all UTC, None where they do not tell.

    `page_time`: when the page says that it was rendered; `modified`: its Last-Modified;
    `generated`: our time of fetching less the answer's Age.
    """

    page_time: datetime | None = None
    modified: datetime | None = None
    generated: datetime | None = None


@dataclass(frozen=True, slots=True)
class BlogHistory:
    """One blog as it stands before a poll is decided.

    `entries` are keyed by block id; `order` holds the ids that the page showed when it was last
    believed, in page order, those under suspicion of having been taken away at their old places.
    `held` says that too much has gone at once, and `confirmed` that a person agreed to
    its retraction. `listings` are the series that the blog belongs to, `keywords` the publisher's.
    `coverage` is how much of the blog has been read.
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
    """One row for the log, before it has its number.

    `changes` maps a field's name to what it was and what it became. `occurred_at` is our time.
    """

    type: ChangeType
    occurred_at: datetime
    block_id: str = ""
    revision: int = 0
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """The page proves nothing and changes nothing; `reason` says why in plain words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one believed page makes of a blog.

    `entries` are those to be written (new ones have number 0), `after` the blog as it then
    stands, `suspects` how many entries wait for a second look, `held` why a person must confirm
    ("" if nobody must).
    """

    after: BlogHistory
    entries: tuple[KnownEntry, ...] = ()
    changes: tuple[Change, ...] = ()
    suspects: int = 0
    held: str = ""
    warnings: tuple[str, ...] = ()
