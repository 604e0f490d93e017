"""A source as a value: its state, what its last answers said, and when it is due. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from store.rhythm import Rhythm

AFTER_RESTART = timedelta(minutes=1)  # at most this long waits what was asked and never answered


class Standing(Enum):
    """How a page stands with the source that led to it.

    A page on trial is read once before it is believed to belong there. Where a blog's follower is
    awaited is a listing. What was refused, or left after its blog's end, is not polled any more,
    and remembered.
    """

    TRIAL = "trial"
    FOLLOWED = "followed"
    AWAITED = "awaited"
    REFUSED = "refused"
    LEFT = "left"


class SourceState(Enum):
    """How following a source goes."""

    NEW = "new"
    OK = "ok"
    BROKEN = "broken"
    HELD = "held"
    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Finding:
    """Which configured source a page was found for, on which page, and how it stands with it.

    `lists` says that the source is a listing.
    """

    source_id: int
    source: str
    found_on: str
    standing: Standing
    lists: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing was when it was last believed: its address, how many blogs of how many cards.

    Blogs that it only seems to list are not counted. `hours` are the times at which its newest
    blogs were found, UTC.
    """

    url: str
    blogs: int
    cards: int
    hours: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A source, or a page that one led to, as the store keeps it.

    All times are UTC, validators byte for byte as received.

    `live` and `ended_at` are of its blog, `closing_at` is when its newest entry said goodbye (None
    where it says nothing of the kind), `rhythm` how often it moves. `next_poll` stands with
    why then (`pace`). `probe` is where the platform's small answer is had, `last_whole` when the
    whole page was last read. `moved_to` was seen `moved_seen` times in a row. `robots` is the
    verdict. `polls` (those that brought nothing new: `unchanged`), `requests` and `received` (bytes
    on the wire) count from the beginning; `delay` is the mean of the last entries' seconds from
    the publisher's time to our feed. `since` is when it was first believed, `listing` what it lists
    if it is no blog. `configured` is False for a page that is followed only because
    others, `findings`, led to it. `older_due` is when the next older page of its blog is due.
    """

    id: int
    url: str
    state: SourceState
    reason: str = ""
    kind: str = ""
    platform: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    last_poll: datetime | None = None
    next_poll: datetime | None = None
    not_before: datetime | None = None
    last_change: datetime | None = None
    last_status: int | None = None
    failures: int = 0
    confirming: bool = False
    warnings: tuple[str, ...] = ()
    live: bool | None = None
    ended_at: datetime | None = None
    closing_at: datetime | None = None
    rhythm: Rhythm | None = None
    pace: str = ""
    probe: str = ""
    last_whole: datetime | None = None
    moved_to: str = ""
    moved_seen: int = 0
    robots: str = ""
    polls: int = 0
    unchanged: int = 0
    requests: int = 0
    received: int = 0
    delay: float | None = None
    since: datetime | None = None
    listing: Listing | None = None
    older_due: datetime | None = None
    configured: bool = True
    findings: tuple[Finding, ...] = ()

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
        """Give the findings that stand so."""
        return tuple(finding for finding in self.findings if finding.standing is standing)


def due_at(source: Source, now: datetime) -> datetime | None:
    """Tell when a source is to be asked: at once if it never was, never if paused or gone.

    An older page of its blog may be due before the newest is. Where our clock went back behind the
    last poll, the interval counts from now; one that was asked and never answered waits no longer
    than `AFTER_RESTART`.
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
