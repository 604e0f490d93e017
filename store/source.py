"""A source as a value: its state, the facts of its last polls, and when it is next due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from store.rhythm import Rhythm

AFTER_RESTART = timedelta(minutes=1)  # longest wait of a source whose first poll never ended


class Standing(Enum):
    """What became of a page that a source led to."""

    TRIAL = "trial"  # to be read once, to see whether it belongs to the source
    FOLLOWED = "followed"
    AWAITED = "awaited"  # a listing, polled until it shows the blog that follows an ended one
    REFUSED = "refused"  # it did not belong; not polled, but remembered
    LEFT = "left"  # its blog ended some days ago; not polled, but remembered


class SourceState(Enum):
    """The states of a source (`HELD`: a person must confirm)."""

    NEW = "new"
    OK = "ok"
    BROKEN = "broken"
    HELD = "held"
    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Finding:
    """The link from a configured source to a page that it led to."""

    source_id: int
    source: str  # the source's address
    found_on: str  # the page that has the link
    standing: Standing
    lists: bool = False  # the source is a listing


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing as the last believed poll of it showed it."""

    url: str
    blogs: int  # how many live blogs it lists, without the doubtful ones (`ListedBlog.sure`)
    cards: int  # how many links it lists, live blogs or not
    hours: tuple[datetime, ...] = ()  # when its newest blogs were found, UTC


@dataclass(frozen=True, slots=True)
class Source:
    """A source, or a page that a source led to, as the store keeps it. All times are UTC."""

    id: int
    url: str
    state: SourceState
    reason: str = ""  # why it is in this state
    kind: str = ""
    platform: str = ""
    etag: str = ""  # validators byte for byte as received
    last_modified: str = ""
    body_hash: str = ""
    last_poll: datetime | None = None
    next_poll: datetime | None = None
    not_before: datetime | None = None
    last_change: datetime | None = None
    last_status: int | None = None
    failures: int = 0  # in a row
    confirming: bool = False  # a second look at absent entries is due
    warnings: tuple[str, ...] = ()
    live: bool | None = None  # its blog's own flag
    ended_at: datetime | None = None  # when its blog ended
    closing_at: datetime | None = None  # when its blog's newest entry said goodbye
    rhythm: Rhythm | None = None  # how often its blog has new entries
    pace: str = ""  # why `next_poll` is when it is
    probe: str = ""  # the address of the platform's small answer to "anything new?"
    last_whole: datetime | None = None  # when the whole page was last read
    moved_to: str = ""  # a permanent redirect, seen `moved_seen` times in a row
    moved_seen: int = 0
    robots: str = ""  # the verdict of robots.txt
    polls: int = 0  # this and the next three are totals since the source was added
    unchanged: int = 0  # polls that brought nothing new
    requests: int = 0
    received: int = 0  # bytes on the wire
    delay: float | None = None  # mean seconds from the publisher's time of an entry to our feed
    since: datetime | None = None  # when its page was first believed
    listing: Listing | None = None  # set if the page is a listing
    older_due: datetime | None = None  # when the next older page of its blog is due
    configured: bool = True  # False: followed only because other sources led to it
    findings: tuple[Finding, ...] = ()  # which sources led to it

    @property
    def finders(self) -> Mapping[str, int]:
        """The configured sources that this page is followed for: their ids by their addresses."""
        own = {self.url: self.id} if self.configured else {}
        return own | {one.source: one.source_id for one in self.standing(Standing.FOLLOWED)}

    @property
    def on_trial(self) -> bool:
        """Whether this page is only read to see whether it belongs to a source."""
        return not self.finders and bool(self.standing(Standing.TRIAL))

    def standing(self, standing: Standing) -> tuple[Finding, ...]:
        """Return the findings that have the given standing."""
        return tuple(finding for finding in self.findings if finding.standing is standing)


def due_at(source: Source, now: datetime) -> datetime | None:
    """Return when a source is next to be polled (UTC); None if it is paused or gone.

    `now` for a source that was never scheduled. An older page of its blog may be due before the
    newest one is. Where keywire's clock was set back behind the last poll, the interval counts
    from now. A source whose first poll never ended waits `AFTER_RESTART` at most.
    """
    if source.state in {SourceState.PAUSED, SourceState.GONE}:
        return None
    if source.next_poll is None:
        return now
    if source.last_poll is None:
        return min(source.next_poll, now + AFTER_RESTART)
    if source.last_poll > now:
        return now + (source.next_poll - source.last_poll)
    if source.older_due is None or source.state is not SourceState.OK:
        return source.next_poll
    return min(source.next_poll, source.older_due)
