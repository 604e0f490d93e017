"""Applying `watch:` alerts to the sources' states, and writing their notices."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select, type_coerce

from store.alerting.alerts import Kind, Why
from store.alerting.dispatch import Outlet, Row
from store.alerting.watch import (
    BAD,
    MEMORY,
    NOTHING,
    AlreadyTold,
    Verdict,
    WatchedPage,
    WatchRule,
    explain,
    look,
)
from store.column_types import UtcTime
from store.schema import found_pages, notices
from store.schema import sources as table
from store.source import SourceState, Standing

_TOLD = (
    select(
        notices.c.alert,
        notices.c.source,
        func.max(notices.c.id).label("last"),
        func.count().filter(notices.c.written_at > bindparam("since", type_=UtcTime)).label("many"),
    )
    .where(notices.c.source.is_not(None), notices.c.alert.in_(bindparam("names", expanding=True)))
    .group_by(notices.c.alert, notices.c.source)
    .subquery()
)
_HEARD = select(_TOLD, notices.c.kind).join(notices, notices.c.id == _TOLD.c.last)
_SILENCE = type_coerce(table.c.last_poll, BigInteger) - type_coerce(table.c.last_change, BigInteger)
# Only pages that may be in trouble or were reported so; the many others are not read.
_CONCERNING = select(
    *(table.c[n] for n in ("id", "url", "state", "reason", "live", "last_poll", "last_change")),
    table.c.turned_at.label("since"),
    table.c.followed,
).where(
    or_(
        table.c.state.in_([state.value for state in BAD]),
        table.c.live.is_(True) & (bindparam("silent", type_=BigInteger) <= _SILENCE),
        table.c.id.in_(bindparam("told", expanding=True)),
    )
)
_finders = table.alias("finders")
_FINDERS = (
    select(found_pages.c.page_id, _finders.c.url)
    .join(_finders, _finders.c.id == found_pages.c.source_id)
    .where(
        found_pages.c.page_id.in_(bindparam("pages", expanding=True)),
        found_pages.c.standing == Standing.FOLLOWED.value,
        _finders.c.followed,
    )
)
_MICROSECOND: Final = timedelta(microseconds=1)
_NEVER: Final = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class WatchNotice:
    """What one watch reports of one page."""

    rule: WatchRule
    page: WatchedPage
    verdict: Verdict


def look_out(
    connection: Connection, rules: Sequence[WatchRule], now: datetime
) -> list[WatchNotice]:
    """Return what the watches report of the sources now. Writes nothing."""
    before = _already_told(connection, rules, now)
    pages = _watched_pages(connection, rules, {source for _, source in before})
    return [
        WatchNotice(rule, page, verdict)
        for page in pages
        for rule in rules
        if rule.follow is None or rule.follow & page.finders
        if (verdict := look(rule, page, now, before.get((rule.name, page.id), NOTHING))) is not None
    ]


def explain_one(
    connection: Connection, rules: Sequence[WatchRule], source: int, now: datetime
) -> list[tuple[WatchRule, str]]:
    """Return for each watch a sentence on what it reports of a source now, or why nothing.

    `source` is the id of a source or page; the list is empty if it is not followed.
    """
    before = _already_told(connection, rules, now)
    pages = (page for page in _watched_pages(connection, (), {source}) if page.id == source)
    return [
        (rule, explain(rule, page, now, before.get((rule.name, source), NOTHING)))
        for page in pages
        for rule in rules
    ]


def tell(connection: Connection, rules: Sequence[WatchRule], now: datetime) -> int:
    """Write the notices of what the watches report now; return the number of deliveries."""
    outlet = Outlet(connection, now)
    for told in look_out(connection, rules, now):
        digest = outlet.digest(told.rule)
        row = _row(told, now, digest)
        if digest is not None:
            outlet.hold(row)
        else:
            outlet.send(row, [target.lane for target in told.rule.targets], told.rule)
    return outlet.close()


def _row(told: WatchNotice, now: datetime, digest: int | None) -> Row:
    return Row(
        told.rule.name,
        told.verdict.kind.value,
        None if digest is None else Why.CAPPED.value,
        told.verdict.reason,
        now,
        digest=digest,
        source=told.page.id,
        since=told.verdict.since,
    )


def _already_told(
    connection: Connection, rules: Sequence[WatchRule], now: datetime
) -> Mapping[tuple[str, int], AlreadyTold]:
    """Return what the watches reported before, by watch and source id: the last, and how often."""
    asked = {"names": [rule.name for rule in rules], "since": now - MEMORY}
    return {
        (row.alert, row.source): AlreadyTold(Kind(row.kind), row.many)
        for row in connection.execute(_HEARD, asked)
    }


def _watched_pages(
    connection: Connection, rules: Sequence[WatchRule], told: Collection[int]
) -> list[WatchedPage]:
    silent = min((rule.silent for rule in rules if rule.silent is not None), default=_NEVER)
    asked = {"told": [*told], "silent": silent // _MICROSECOND}
    rows = connection.execute(_CONCERNING.order_by(table.c.id), asked).all()
    finders = defaultdict[int, set[str]](set)
    for page, url in connection.execute(_FINDERS, {"pages": [row.id for row in rows]}):
        finders[page].add(url)
    for row in rows:
        if row.followed:
            finders[row.id].add(row.url)
    return [
        WatchedPage(
            id=row.id,
            url=row.url,
            state=SourceState(row.state),
            reason=row.reason,
            since=row.since,
            live=row.live,
            last_poll=row.last_poll,
            last_change=row.last_change,
            finders=frozenset(finders[row.id]),
        )
        for row in rows
        if finders[row.id]
    ]
