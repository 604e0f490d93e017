"""Which notices alerts would have sent for a part of the log, had they existed all along."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from store.alerting import digests
from store.alerting.alerts import (
    AlertRule,
    EntryChange,
    Kind,
    Known,
    Notice,
    Why,
    hold_back,
    judge,
    satisfied,
)
from store.archive.point_in_time import Past, recount
from store.column_types import UtcTime
from store.decision.history import ChangeType
from store.entry import StoredEntry
from store.schema import changes, joined
from store.topics import Match, takes

_SINCE = (
    select(changes.c.seq)
    .where(changes.c.occurred_at >= bindparam("since", type_=UtcTime), changes.c.entry.is_not(None))
    .order_by(changes.c.seq)
)
_TOPICS = select(joined.c.number, joined.c.topic).where(
    joined.c.number.in_(bindparam("numbers", expanding=True))
)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One notice that would have been made: when (UTC), by which alert, of which entry."""

    at: datetime
    alert: str
    notice: Notice
    stored: StoredEntry


def rehearse(
    connection: Connection,
    rules: Sequence[AlertRule],
    topics: Mapping[str, Match],
    since: datetime,
) -> list[Rehearsed]:
    """Return the notices that alerts would have made of the log's changes `since` a time (UTC).

    `topics` has the rule of each configured topic. An entry that satisfied an alert before that
    time counts as reported.
    """
    seqs = [*connection.scalars(_SINCE, {"since": since})]
    desk = _Desk()
    found: list[Rehearsed] = []
    for start in range(0, len(seqs), _CHUNK):
        pasts = recount(connection, [(seq, 0) for seq in seqs[start : start + _CHUNK]])
        edited = [seq for seq, past in pasts.items() if past.change.type is ChangeType.UPDATED]
        pasts |= recount(connection, [(seq, pasts[seq].stored.revision - 1) for seq in edited])
        held = _topics(connection, pasts.values())
        for at, change in _entry_changes([pasts[seq] for seq in sorted(pasts)], held, topics):
            for rule in rules:
                notice = desk.judge(rule, change, at)
                if notice is not None:
                    found.append(Rehearsed(at, rule.name, notice, change.after))
    return found


@dataclass(slots=True)
class _Digest:
    """A digest that would have been sent at `due`, with the notices held back for it."""

    alert: str
    due: datetime
    held: list[tuple[int, Kind, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Desk:
    """The notices so far, kept in memory as the outbox keeps them; a digest's id is its index."""

    known: dict[tuple[str, int], Known] = field(default_factory=dict)
    sent: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    digests: list[_Digest] = field(default_factory=list)

    def judge(self, rule: AlertRule, change: EntryChange, at: datetime) -> Notice | None:
        """Return the notice that a poll would have made, and remember it."""
        number = change.after.number
        known = self._before(rule, change, at)
        notice = judge(rule, change, at, known)
        if notice is None:
            return None
        digest = known.digest
        if digest is None and notice.kind is Kind.FIRED and notice.why is None:
            until = hold_back(rule.cap, self.sent[rule.name], at)
            if until is None:
                self.sent[rule.name].append(at)
            else:
                digest = self._digest(rule, until, at)
        if digest is not None:
            notice = replace(notice, why=Why.CAPPED)
            self.digests[digest].held.append((number, notice.kind, 0))
        fired = notice.kind is Kind.FIRED and notice.why is None
        told = known.told or fired
        self.known[rule.name, number] = Known(satisfied=True, told=told, digest=digest)
        return notice

    def _before(self, rule: AlertRule, change: EntryChange, at: datetime) -> Known:
        number = change.after.number
        known = self.known.get((rule.name, number))
        if known is None:
            before = change.before
            told = before is not None and bool(satisfied(rule, before.entry, change.topics_before))
            return Known(told, told)
        if known.digest is None or digests.takes_more(self.digests[known.digest].due, at):
            return known
        told = digests.names(self.digests[known.digest].held, number)
        return Known(satisfied=True, told=told)

    def _digest(self, rule: AlertRule, until: datetime, at: datetime) -> int:
        for place, digest in enumerate(self.digests):
            if digest.alert == rule.name and digests.takes_more(digest.due, at):
                return place
        self.digests.append(_Digest(rule.name, digests.due(rule.quiet, until, at)))
        return len(self.digests) - 1


def _entry_changes(
    pasts: Sequence[Past], held: Mapping[int, frozenset[str]], topics: Mapping[str, Match]
) -> Iterator[tuple[datetime, EntryChange]]:
    """Yield, for each poll and entry, its time and the changes that the poll made of the entry."""
    of_poll: dict[tuple[datetime, int], list[Past]] = defaultdict(list)
    for past in pasts:
        of_poll[past.change.occurred_at, past.stored.number].append(past)
    for (at, number), together in of_poll.items():
        types = tuple(past.change.type for past in together)
        after = together[-1].stored
        before = None if ChangeType.PUBLISHED in types else _before(together)
        here = held.get(number, frozenset()).union(*(past.change.topics for past in together))
        earlier = frozenset(
            name
            for name in here
            if before is not None and (name not in topics or takes(topics[name], before.entry))
        )
        backfill = any(past.change.backfill for past in together)
        yield at, EntryChange(before, after, types, earlier, here, backfill)


def _before(together: Sequence[Past]) -> StoredEntry:
    """Return the entry as it was before one poll, from what its changes say they changed."""
    edited = next((past.before for past in together if past.before is not None), None)
    stored = edited or together[-1].stored
    flags = {}
    for past in together:
        for name in ("key_event", "summary"):
            if name in past.change.changes:
                flags[name] = past.change.changes[name]["old"]
    types = {past.change.type for past in together}
    retracted = together[-1].change.occurred_at if ChangeType.RESTORED in types else None
    return replace(stored, entry=replace(stored.entry, **flags), retracted_at=retracted)


def _topics(connection: Connection, pasts: Iterable[Past]) -> dict[int, frozenset[str]]:
    """Return the topics that the entries are in now, also by a later sorting, by entry number."""
    numbers = {past.stored.number for past in pasts}
    held: dict[int, set[str]] = defaultdict(set)
    for number, topic in connection.execute(_TOPICS, {"numbers": [*numbers]}):
        held[number].add(topic)
    return {number: frozenset(names) for number, names in held.items()}
