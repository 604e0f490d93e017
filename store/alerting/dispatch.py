"""Writing notices: with a delivery for each lane, held back, or gathered in a digest."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select

from store.alerting import digests
from store.alerting.alerts import AlertRule, Kind, hold_back
from store.alerting.watch import TROUBLES, WatchRule
from store.bulk import Batch
from store.schema import deliveries, notices


class Row(NamedTuple):
    """One row of the table `notices`; `kind` and `why` are the values of `Kind` and `Why`.

    It is of an entry (its `number`, the change's `seq`, and the revision `before` it) or of a
    `source` (`since` when it is in that state). `digest` is the id of the notice that gathers it.
    """

    alert: str
    kind: str
    why: str | None
    reason: str
    written_at: datetime
    seq: int | None = None
    number: int | None = None
    before: int = 0
    digest: int | None = None
    source: int | None = None
    since: datetime | None = None


_NOTICE = insert(notices).returning(notices.c.id)
_HELD = Batch(insert(notices).inline(), Row._fields)
_DELIVER = Batch(
    insert(deliveries).inline(),
    ("notice_id", "lane", "number", "state", "due", "attempts", "answer", "message"),
)
_SENT = select(notices.c.written_at).where(
    notices.c.alert == bindparam("of"),
    notices.c.written_at > bindparam("since", type_=notices.c.written_at.type),
    notices.c.kind.in_([Kind.FIRED.value, *(kind.value for kind in TROUBLES)]),
    notices.c.why.is_(None),
)
_OPEN_DIGEST = (
    select(notices.c.id, deliveries.c.due)
    .join(deliveries, deliveries.c.notice_id == notices.c.id)
    .where(
        notices.c.alert == bindparam("of"),
        notices.c.kind == Kind.DIGEST.value,
        deliveries.c.state == "waiting",
        deliveries.c.attempts == 0,
    )
    .order_by(notices.c.id.desc())
    .limit(1)
)


class Outlet:
    """Writes the notices of one transaction; `now` is keywire's clock in UTC."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection, self._now = connection, now
        self._sent: dict[str, list[datetime]] = {}
        self._held: list[Row] = []
        self._due: list[tuple[object, ...]] = []
        self._written = 0

    def hold(self, row: Row) -> None:
        """Add a notice that is not sent; the row says why."""
        self._held.append(row)

    def send(
        self,
        row: Row,
        lanes: Sequence[str],
        capped: AlertRule | WatchRule | None = None,
        due: datetime | None = None,
    ) -> int:
        """Write a notice with a delivery to each lane, and return its id.

        The deliveries are due at `due` (UTC), or at once. It counts for the cap of `capped`.
        """
        notice_id: int = self._connection.execute(_NOTICE, row._asdict()).scalar_one()
        due = due or self._now
        self._due += [(notice_id, lane, row.number, "waiting", due, 0, "", "") for lane in lanes]
        if capped is not None and capped.cap is not None:
            self._lately(capped).append(self._now)
        return notice_id

    def digest(self, rule: AlertRule | WatchRule) -> int | None:
        """Return the id of the digest that must take the next notice, None if the cap leaves room.

        The digest is made if none is waiting for the cap to end.
        """
        until = self.waits_until(rule)
        if until is None:
            return None
        self._flush()
        known = self._connection.execute(_OPEN_DIGEST, {"of": rule.name}).first()
        if known is not None and digests.takes_more(known.due, self._now):
            return int(known.id)
        row = Row(rule.name, Kind.DIGEST.value, None, "capped", self._now)
        due = digests.due(rule.quiet, until, self._now)
        return self.send(row, [target.lane for target in rule.targets], due=due)

    def waits_until(self, rule: AlertRule | WatchRule) -> datetime | None:
        """Return when (UTC) the cap of an alert leaves room again, None if it does now."""
        return hold_back(rule.cap, self._lately(rule), self._now)

    def close(self) -> int:
        """Write what was gathered, and return the number of deliveries written."""
        _HELD.write(self._connection, self._held)
        self._flush()
        return self._written

    def _lately(self, rule: AlertRule | WatchRule) -> list[datetime]:
        """Return when the notices that count for an alert's cap were sent; empty without a cap."""
        if rule.cap is None:
            return []
        if rule.name not in self._sent:
            since = {"of": rule.name, "since": self._now - rule.cap.within}
            self._sent[rule.name] = [*self._connection.scalars(_SENT, since)]
        return self._sent[rule.name]

    def _flush(self) -> None:
        _DELIVER.write(self._connection, self._due)
        self._written += len(self._due)
        self._due = []
