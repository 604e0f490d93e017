"""Which changes make an alert send a notice, and why not: pure rules, entry before and after.

An alert fires when an entry first satisfies it, by whatever change. After that it also reports
what happens to the entry: material edits, a retraction, its return.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from store.alerting.materiality import material
from store.decision.history import ChangeType
from store.entry import Entry, StoredEntry
from store.topics import Match, said_by, takes

USUAL_AGE: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=24)  # age after which the promotion of an entry is no news
TYPES: Final = (
    ChangeType.PUBLISHED,
    ChangeType.UPDATED,
    ChangeType.PROMOTED,
    ChangeType.RETRACTED,
    ChangeType.RESTORED,
)
_FIRST: Final = (
    ChangeType.RESTORED,
    ChangeType.PUBLISHED,
    ChangeType.PROMOTED,
    ChangeType.UPDATED,
    ChangeType.DEMOTED,
)


class Kind(Enum):
    """The kinds of notices.

    An entry's first notice (FIRED), the later ones (CHANGED is a material edit, EDITED any other),
    and a digest of those held back by a cap. The last three are of sources: failing, live but
    without anything new, and recovered.
    """

    FIRED = "fired"
    CHANGED = "changed"
    EDITED = "edited"
    RETRACTED = "retracted"
    RESTORED = "restored"
    DIGEST = "digest"
    BROKEN = "broken"
    SILENT = "silent"
    RECOVERED = "recovered"


class Why(Enum):
    """Why a notice was not sent."""

    BACKFILL = "backfill"
    SUMMARY = "summary"
    TOO_OLD = "too old"
    QUIET = "quiet hours"
    CAPPED = "capped"
    DAMPED = "damped"
    TOLD = "already told"


class Edits(Enum):
    """Which edits are reported of an entry that was reported before."""

    MATERIAL = "material"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day in a zone (an IANA name), with no notices but retractions.

    They may pass midnight.
    """

    start: time
    end: time
    zone: str = "UTC"

    def covers(self, now: datetime) -> bool:
        """Return whether `now` (UTC) is within these hours."""
        here = now.astimezone(ZoneInfo(self.zone)).time()
        if self.start <= self.end:
            return self.start <= here < self.end
        return here >= self.start or here < self.end

    def ends_after(self, now: datetime) -> datetime:
        """Return when (UTC) the quiet hours that cover `now` end."""
        here = now.astimezone(ZoneInfo(self.zone))
        end = datetime.combine(here.date(), self.end, ZoneInfo(self.zone))
        if end <= here:
            end = datetime.combine(here.date() + timedelta(days=1), self.end, end.tzinfo)
        return end.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` first notices `within` a time; those above go into one digest."""

    most: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Target:
    """A target of notices, as the store knows it: `lane` names it and has no secrets.

    `edits` says that a message sent there can be edited in place.
    """

    lane: str
    edits: bool = False


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One alert: its topics, its conditions on entries, and its targets.

    `types` are the changes that may cause a notice. `publishers` are hosts, with their subdomains;
    empty for any. `max_age` is how old an entry may be when it first satisfies the rule by being
    published. `summaries` and `backfill` say whether such entries are reported.
    """

    name: str
    topics: tuple[str, ...]
    when: Match = field(default_factory=Match)
    targets: tuple[Target, ...] = ()
    types: frozenset[ChangeType] = frozenset(TYPES)
    publishers: tuple[str, ...] = ()
    max_age: timedelta = USUAL_AGE
    quiet: Quiet | None = None
    cap: Cap | None = None
    edits: Edits = Edits.MATERIAL
    summaries: bool = False
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class EntryChange:
    """All that one poll changed in one entry: the entry before (None for a new one) and after.

    `types` are its changes; `topics_before` and `topics` are the topics it was in before and is in
    now. `backfill`: it was there when its blog was first read, or came from an older page later.
    """

    before: StoredEntry | None
    after: StoredEntry
    types: tuple[ChangeType, ...]
    topics_before: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    backfill: bool = False

    @property
    def type(self) -> ChangeType:
        """The most important of its changes."""
        return next((kind for kind in _FIRST if kind in self.types), self.types[0])


@dataclass(frozen=True, slots=True)
class Known:
    """An alert's earlier notices of an entry: whether it was satisfied, and whether one was sent.

    `digest` is the id of an unsent digest that will have the entry as it is when it is sent.
    """

    satisfied: bool = False
    told: bool = False
    digest: int | None = None

    @property
    def concerned(self) -> bool:
        """Whether a notice of the entry was sent, or will be in a digest."""
        return self.told or self.digest is not None


@dataclass(frozen=True, slots=True)
class Notice:
    """One alert's notice of a change. `why` says why it is not sent, None if it is.

    `reason` says in plain words what caused it; `by` is the change that did.
    """

    kind: Kind
    reason: str
    why: Why | None = None
    by: ChangeType = ChangeType.UPDATED


_UNKNOWN: Final = Known()


def judge(
    rule: AlertRule, change: EntryChange, now: datetime, known: Known = _UNKNOWN
) -> Notice | None:
    """Return the notice that an alert makes of a change, None if it makes none.

    `now` is keywire's clock in UTC. Caps are left to `hold_back`, which knows what else was sent.
    """
    if ChangeType.RETRACTED in change.types:
        return _retracted(rule) if known.concerned else None
    if known.concerned:
        return _follow_up(rule, change, now)
    if known.satisfied or change.after.retracted_at is not None:
        return None
    if not rule.types.intersection(change.types) or not _is_first(rule, change):
        return None
    reason = f"{_CAME[change.type]}, and {'; '.join(satisfied(rule, change.after.entry))}"
    return Notice(Kind.FIRED, reason, _why_not(rule, change, now), change.type)


_CAME: Final = {
    ChangeType.PUBLISHED: "it was published",
    ChangeType.RESTORED: "it came back",
    ChangeType.PROMOTED: "it became a key event or summary",
    ChangeType.UPDATED: "it was edited",
    ChangeType.DEMOTED: "it is a key event no more",
}


def _retracted(rule: AlertRule) -> Notice | None:
    """Return the notice of a retraction, also in quiet hours: people believe what was retracted."""
    if ChangeType.RETRACTED not in rule.types:
        return None
    return Notice(Kind.RETRACTED, "its publisher took it away", None, ChangeType.RETRACTED)


def _follow_up(rule: AlertRule, change: EntryChange, now: datetime) -> Notice | None:
    quiet = Why.QUIET if rule.quiet and rule.quiet.covers(now) else None
    if ChangeType.RESTORED in change.types and ChangeType.RESTORED in rule.types:
        return Notice(Kind.RESTORED, "its publisher put it back", quiet, ChangeType.RESTORED)
    edited = ChangeType.UPDATED in change.types and ChangeType.UPDATED in rule.types
    if change.before is None or not edited or rule.edits is Edits.NONE:
        return None
    if matters := material(change.before.entry, change.after.entry):
        return Notice(Kind.CHANGED, "; ".join(matters), quiet)
    if rule.edits is Edits.ALL:
        return Notice(Kind.EDITED, "its wording was edited", quiet)
    silently = any(target.edits for target in rule.targets)
    return Notice(Kind.EDITED, "its wording was edited", None if silently else Why.DAMPED)


def _is_first(rule: AlertRule, change: EntryChange) -> bool:
    """Return whether the entry satisfies the rule after the change and did not before.

    For a rule with only some types of change, it need not have been unsatisfied before: the first
    such change counts.
    """
    if not satisfied(rule, change.after.entry, change.topics):
        return False
    before = change.before
    if before is None or rule.types != frozenset(TYPES):
        return True
    return not satisfied(rule, before.entry, change.topics_before)


def satisfied(
    rule: AlertRule, entry: Entry, topics: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return in plain words why an entry satisfies a rule; empty if it does not.

    `topics` are the entry's; None takes it to be in all topics of the rule.
    """
    in_topics = rule.topics if topics is None else [t for t in rule.topics if t in topics]
    if not in_topics or not _is_of(entry, rule.publishers) or not takes(rule.when, entry):
        return ()
    return said_by(rule.when, entry) or (f"it is in {', '.join(in_topics)}",)


def _is_of(entry: Entry, publishers: Sequence[str]) -> bool:
    if not publishers:
        return True
    host = urlsplit(entry.blog).hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in publishers)


def _why_not(rule: AlertRule, change: EntryChange, now: datetime) -> Why | None:
    entry = change.after.entry
    new = ChangeType.PUBLISHED in change.types
    if change.backfill and not rule.backfill:
        return Why.BACKFILL
    if entry.summary and not rule.summaries:
        return Why.SUMMARY
    if now - entry.published > (rule.max_age if new else max(LONGEST, rule.max_age)):
        return Why.TOO_OLD
    if rule.quiet and rule.quiet.covers(now):
        return Why.QUIET
    return None


def hold_back(cap: Cap | None, sent: Sequence[datetime], now: datetime) -> datetime | None:
    """Return until when (UTC) the cap holds one more notice back, None if it leaves room.

    `sent` are the times of the notices sent lately, in any order, none after `now`.
    """
    if cap is None:
        return None
    within = sorted(at for at in sent if at > now - cap.within)
    return within[0] + cap.within if len(within) >= cap.most else None


def explain(rule: AlertRule, entry: Entry, topics: Collection[str]) -> str:
    """Return one line that says whether an entry now satisfies a rule, and why or why not."""
    if found := satisfied(rule, entry, topics):
        return f"It satisfies {rule.name}: {'; '.join(found)}."
    if not any(topic in topics for topic in rule.topics):
        return f"No match: it is in none of the topics {', '.join(rule.topics)}."
    if not _is_of(entry, rule.publishers):
        return f"No match: its publisher is none of {', '.join(rule.publishers)}."
    return f"No match: {why_not_taken(rule.when, entry)}."


def why_not_taken(match: Match, entry: Entry) -> str:
    """Return in plain words which key of a match an entry fails."""
    if not takes(Match(key_event=match.key_event), entry):
        return "it is no key event" if match.key_event else "it is a key event"
    if not takes(Match(any=match.any), entry):
        return f"it says none of {', '.join(match.any)}"
    return f"{' and '.join(said_by(Match(any=match.none), entry))}, which the alert excludes"
