"""A takedown: one entry loses its content, with all its revisions, and stays as a retraction.

What is left shows that there was an entry, when it was published and taken down, and why. The
content never comes back, even if the publisher's page still shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from store import loading, timeline
from store.alerting.alerts import AlertRule
from store.alerting.delivery import DeliveryState
from store.archive import kept_pages
from store.archive.revisions import revisions_of
from store.decision.clocks import advance
from store.decision.history import Change, ChangeType, KnownEntry, Outcome
from store.entry import Entry, StoredEntry
from store.errors import UnknownError
from store.redaction import untold
from store.schema import blogs, changes, deliveries, entries, notices, revisions, source_blogs
from store.search import indexing
from store.sighting import View

_REASON = "the entry was forgotten"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An entry as it is left, the topics whose feeds changed, and all texts that it ever had."""

    stored: StoredEntry
    topics: frozenset[str]
    said: tuple[str, ...]


def forget(
    connection: Connection,
    number: int,
    reason: str,
    now: datetime,
    alerts: Sequence[AlertRule] = (),
) -> Forgotten:
    """Erase the content of an entry, for `reason`, and log it as a retraction at `now` (UTC).

    `alerts` are those that may have reported it; they report the retraction. The kept pages that
    may show it are deleted, and no more are kept of its blog. Raises UnknownError if there is no
    such entry. All in the caller's transaction; call `store/upkeep/erasing` after the commit, to
    erase what the database leaves of deleted rows.
    """
    row = connection.execute(
        select(entries.c.blog_id, entries.c.block_id, blogs.c.url)
        .join(blogs)
        .where(entries.c.number == number)
    ).first()
    if row is None:
        raise UnknownError(f"no entry has the number {number}")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    kept = loading.load(connection, row.url)
    known = kept.history.entries[row.block_id]
    said = _said(connection, known.stored)
    after = _emptied(known, reason, now)
    kept_pages.drop(connection, row.blog_id, _since(known.stored))
    _call_off(connection, number)
    indexing.take_out(connection, [known.stored])
    outcome = Outcome(
        after=replace(kept.history, entries={**kept.history.entries, row.block_id: after}),
        entries=(after,),
        changes=(Change(ChangeType.RETRACTED, now, row.block_id, after.stored.revision),),
    )
    applied = timeline.apply(
        connection,
        kept,
        outcome,
        now,
        source_id=_source_of(connection, row.blog_id),
        rules=(),
        alerts=alerts,
    )
    _erase(connection, after.stored)
    return Forgotten(after.stored, applied.topics, said)


def _since(stored: StoredEntry) -> datetime:
    """Return from when on (UTC) a kept page may show the entry, also one that was not believed."""
    return min(stored.entry.published, stored.first_seen)


def _source_of(connection: Connection, blog_id: int) -> int:
    query = select(source_blogs.c.source_id).where(source_blogs.c.blog_id == blog_id)
    return int(connection.execute(query.limit(1)).scalar_one())


def _said(connection: Connection, stored: StoredEntry) -> tuple[str, ...]:
    """Return all titles and texts that the entry ever had, without markup."""
    said = [stored.entry.title, stored.entry.text]
    for one in revisions_of(connection, stored.number):
        said += [one.title, one.text]
    return tuple(dict.fromkeys(filter(None, said)))


def _emptied(known: KnownEntry, reason: str, now: datetime) -> KnownEntry:
    """Return the entry with only its identity, its times and its flags, retracted at `now`."""
    before = known.stored
    entry = before.entry
    changed_at = advance(before.changed_at, now)
    stored = replace(
        before,
        entry=Entry(
            blog=entry.blog,
            block_id=entry.block_id,
            published=entry.published,
            time_precision=entry.time_precision,
            key_event=entry.key_event,
            summary=entry.summary,
            pinned=entry.pinned,
        ),
        changed_at=changed_at,
        retracted_at=before.retracted_at or changed_at,
        provenance=None,
        forgotten=reason,
    )
    return KnownEntry(stored, memory={}, content_view=View.BLOCK)


def _call_off(connection: Connection, number: int) -> None:
    """Delete the entry's unsent deliveries, and the texts of sent ones and of its notices."""
    of_entry = deliveries.c.number == number
    unsent = deliveries.c.state != DeliveryState.DELIVERED.value
    connection.execute(delete(deliveries).where(of_entry, unsent))
    connection.execute(update(deliveries).where(of_entry).values(answer=""))
    connection.execute(update(notices).where(notices.c.number == number).values(reason=_REASON))


def _erase(connection: Connection, stored: StoredEntry) -> None:
    """Delete the entry's revisions, and its content in the log."""
    connection.execute(delete(revisions).where(revisions.c.number == stored.number))
    rows = connection.execute(
        select(changes.c.seq, changes.c.told).where(changes.c.entry == stored.number)
    ).all()
    for seq, told in rows:
        emptied = update(changes).where(changes.c.seq == seq).values(told=untold(told))
        connection.execute(emptied)
