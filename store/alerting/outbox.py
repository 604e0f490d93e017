"""Writes the notices that alerts make of a poll, sent or held back, in the poll's transaction.

A notice names a change and its revisions, and has no content: the message is made from these at
every attempt to send it, and content that was forgotten is in none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from store.alerting import digests
from store.alerting.alerts import AlertRule, EntryChange, Kind, Known, Notice, Why, judge
from store.alerting.dispatch import Outlet, Row
from store.decision.history import Change, ChangeType
from store.schema import deliveries, notices
from store.sorting import Sorted, Written
from store.topics import Selection

_BEFORE = select(*(notices.c[name] for name in ("alert", "number", "kind", "why", "digest"))).where(
    notices.c.number.in_(bindparam("numbers", expanding=True))
)
_DIGESTS = (
    select(
        deliveries.c.notice_id,
        func.min(deliveries.c.due).label("due"),
        func.max(deliveries.c.attempts).label("attempts"),
    )
    .where(deliveries.c.notice_id.in_(bindparam("which", expanding=True)))
    .group_by(deliveries.c.notice_id)
)
_IN_DIGESTS = (
    select(notices.c.digest, notices.c.number, notices.c.kind, notices.c.seq)
    .where(notices.c.digest.in_(bindparam("which", expanding=True)))
    .order_by(notices.c.id)
)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Occasion:
    """One entry's changes, and the seq of the most important one in the log."""

    seq: int
    change: EntryChange


def tell(
    connection: Connection,
    rules: Sequence[AlertRule],
    occasions: Iterable[Occasion],
    now: datetime,
) -> int:
    """Write the notices that alerts send or hold back; return how many deliveries were written.

    `now` is keywire's clock (UTC). The caller's transaction is that of the poll.
    """
    if not rules or not (happened := [*occasions]):
        return 0
    known = _known(connection, happened, now)
    desk = _Desk(connection, now)
    for occasion in happened:
        made: list[tuple[AlertRule, Notice, int | None]] = []
        for rule in rules:
            before = known[rule.name, occasion.change.after.number]
            notice = judge(rule, occasion.change, now, before)
            if notice is not None:
                made.append((rule, notice, before.digest))
        if len(made) > 1:  # a lane that gets a notice at once needs no digest of another alert
            made.sort(key=lambda one: one[2] is not None or desk.is_full(one[0]))
        for rule, notice, digest in made:
            desk.take(rule, occasion, notice, digest)
    return desk.close()


def occasions(
    written: Mapping[str, Written],
    changes: Sequence[Change],
    seqs: Sequence[int],
    sorting: Sorted,
) -> Iterator[Occasion]:
    """Yield one occasion for each changed entry of a poll, logged as `changes` under `seqs`."""
    of_entry: dict[str, dict[ChangeType, int]] = defaultdict(dict)
    backfill: set[str] = set()
    for change, seq in zip(changes, seqs, strict=True):
        if change.block_id:
            of_entry[change.block_id][change.type] = seq
            if change.backfill:
                backfill.add(change.block_id)
    joining = defaultdict[int, set[str]](set)
    for join in sorting.joins:
        if join.selection is Selection.ALL:
            joining[join.stored.number].add(join.topic)
    for block_id, told in of_entry.items():
        one = written[block_id]
        topics = frozenset(sorting.topics_of(block_id))
        entry_change = EntryChange(
            before=one.before.stored if one.before else None,
            after=one.after.stored,
            types=tuple(told),
            topics_before=topics - joining[one.after.stored.number],
            topics=topics,
            backfill=block_id in backfill,
        )
        yield Occasion(told[entry_change.type], entry_change)


def _known(
    connection: Connection, occasions: Sequence[Occasion], now: datetime
) -> Mapping[tuple[str, int], Known]:
    """Return what alerts did with known entries before, by alert and entry number."""
    numbers = [one.change.after.number for one in occasions if one.change.before]
    known: dict[tuple[str, int], Known] = defaultdict(Known)
    waits: dict[tuple[str, int], int] = {}
    for start in range(0, len(numbers), _CHUNK):
        some = {"numbers": numbers[start : start + _CHUNK]}
        for alert, number, kind, why, digest in connection.execute(_BEFORE, some):
            told = known[alert, number].told or (kind == Kind.FIRED.value and why is None)
            known[alert, number] = Known(satisfied=True, told=told)
            if digest is not None:
                waits[alert, number] = digest
    known.update(_known_by_digests(connection, waits, now))
    return known


def _known_by_digests(
    connection: Connection, waits: Mapping[tuple[str, int], int], now: datetime
) -> Iterator[tuple[tuple[str, int], Known]]:
    """Yield what alerts did with entries that were held back for a digest (`waits` has its id)."""
    if not waits:
        return
    which = {"which": [*{*waits.values()}]}
    going = {
        row.notice_id
        for row in connection.execute(_DIGESTS, which)
        if row.attempts == 0 and digests.takes_more(row.due, now)
    }
    held = defaultdict[int, list[tuple[int, Kind, int]]](list)
    for digest, number, kind, seq in connection.execute(_IN_DIGESTS, which):
        held[digest].append((number, Kind(kind), seq))
    for (alert, number), digest in waits.items():
        if digest in going:
            yield (alert, number), Known(satisfied=True, digest=digest)
        else:
            told = digests.names(held[digest], number)
            yield (alert, number), Known(satisfied=True, told=told)


class _Desk:
    """Writes the notices of one poll; each lane gets at most one of an entry."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._outlet, self._now = Outlet(connection, now), now
        self._served: set[tuple[str, int]] = set()

    def take(
        self, rule: AlertRule, occasion: Occasion, notice: Notice, digest: int | None = None
    ) -> None:
        """Write one notice: to be sent, or held back with the reason why.

        `digest` is the id of an unsent digest that already has the entry.
        """
        number = occasion.change.after.number
        lanes = [t.lane for t in rule.targets if t.edits or not _is_silent(rule, notice)]
        lanes = [lane for lane in lanes if (lane, number) not in self._served]
        if digest is None and notice.why is None and not lanes:
            notice = replace(notice, why=Why.TOLD)
        if digest is None and notice.why is None and notice.kind is Kind.FIRED:
            digest = self._outlet.digest(rule)
        if digest is not None:
            notice = replace(notice, why=Why.CAPPED)
        row = self._row(rule, occasion, notice, digest)
        if notice.why is not None:
            self._outlet.hold(row)
            return
        self._outlet.send(row, lanes, rule if notice.kind is Kind.FIRED else None)
        self._served.update((lane, number) for lane in lanes)

    def is_full(self, rule: AlertRule) -> bool:
        """Return whether the cap of an alert leaves no room for one more notice."""
        return self._outlet.waits_until(rule) is not None

    def close(self) -> int:
        """Write what was gathered, and return the number of deliveries written."""
        return self._outlet.close()

    def _row(self, rule: AlertRule, occasion: Occasion, notice: Notice, digest: int | None) -> Row:
        change = occasion.change
        before, after = change.before, change.after
        edited = before is not None and before.revision != after.revision
        return Row(
            rule.name,
            notice.kind.value,
            notice.why.value if notice.why else None,
            notice.reason,
            self._now,
            occasion.seq,
            after.number,
            before.revision if before is not None and edited else 0,
            digest,
        )


def _is_silent(rule: AlertRule, notice: Notice) -> bool:
    """Return whether a notice may only edit messages in place: a new one would be for a typo."""
    return notice.kind is Kind.EDITED and rule.edits.value != "all"
