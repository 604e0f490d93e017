"""The changes of imported entries: logged as backfill, and their places in feeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from store import log
from store.archive.archived import Archived, KeptRevision, PastChange
from store.decision.history import Change, ChangeType
from store.entry import StoredEntry
from store.entry_cache import entries_of
from store.schema import changes, joined
from store.topics import Selection, selections_of

_TOLD = ("title", "text", "authors", "credit")


def tell(
    connection: Connection,
    fresh: Sequence[Archived],
    blog_ids: Mapping[str, int],
    numbers: Mapping[str, int],
    topic: str,
) -> dict[str, tuple[int, ...]]:
    """Append the changes of entries to the log, and return each entry's seqs by its id."""
    told = {one.stored.id: _told(one, blog_ids, numbers, topic) for one in fresh}
    seqs = iter(log.append(connection, [each for of_one in told.values() for each in of_one]))
    return {guid: tuple(next(seqs) for _ in of_one) for guid, of_one in told.items()}


def _told(
    archived: Archived, blog_ids: Mapping[str, int], numbers: Mapping[str, int], topic: str
) -> list[log.NewChange]:
    said = {one.revision: one for one in archived.revisions}
    joined_since = _joining_change(archived)
    told = []
    for place, past in enumerate(archived.changes):
        stored = _as_told(archived.stored, past, said.get(past.revision))
        change = Change(
            past.type,
            past.occurred_at,
            archived.stored.entry.block_id,
            past.revision,
            _differences(past, said),
            backfill=True,
        )
        in_topic = joined_since is not None and place >= joined_since
        told.append(
            log.NewChange(
                change,
                blog_ids[archived.stored.entry.blog],
                stored.numbered(numbers[archived.stored.id]),
                (topic,) if in_topic else (),
            )
        )
    return told


def _as_told(stored: StoredEntry, past: PastChange, said: KeptRevision | None) -> StoredEntry:
    """Return an entry as the log is to have it after a change."""
    entry = replace(stored.entry, key_event=past.key_event, summary=past.summary)
    if said is not None:
        entry = replace(
            entry,
            title=said.title,
            permalink=said.permalink,
            authors=said.authors,
            updated=said.updated,
        )
    return replace(
        stored,
        entry=entry,
        revision=past.revision,
        changed_at=past.changed_at,
        retracted_at=past.retracted_at,
    )


def _differences(
    past: PastChange, said: Mapping[int, KeptRevision]
) -> dict[str, tuple[object, object]]:
    before, after = said.get(past.revision - 1), said.get(past.revision)
    if past.type is not ChangeType.UPDATED or before is None or after is None:
        return {}
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _TOLD}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _joining_change(archived: Archived) -> int | None:
    joins = (place for place, change in enumerate(archived.changes) if change.joins)
    return next(joins, None)


def joins(
    archived: Archived,
    numbers: Mapping[str, int],
    seqs: Mapping[str, tuple[int, ...]],
    topic: str,
    head: int,
) -> list[tuple[object, ...]]:
    """Return an entry's rows for the table `joined`: when and by which change it joined a feed.

    `head` is the log's newest seq, for selections that no change of the entry brought it into.
    """
    stored = archived.stored
    since = _joining_change(archived)
    rows: dict[Selection, tuple[datetime, int]] = {}
    for place, past in enumerate(archived.changes):
        if since is None or place < since or past.retracted_at is not None:
            continue
        entry = replace(stored.entry, key_event=past.key_event, summary=past.summary)
        at = archived.joined_at if place == since else past.changed_at
        for selection in selections_of(entry):
            rows.setdefault(selection, (at, seqs[stored.id][place]))
    for selection in selections_of(stored.entry):
        rows.setdefault(selection, (archived.joined_at, head))
    rows.setdefault(Selection.ALL, (archived.joined_at, head))
    number = numbers[stored.id]
    return [
        (topic, selection.value, number, at, seq, stored.changed_at)
        for selection, (at, seq) in rows.items()
    ]


def late_joins(
    connection: Connection,
    given: Sequence[Archived],
    known: Mapping[str, int],
    topic: str,
) -> list[tuple[object, ...]]:
    """Return the rows for the table `joined` by which already stored entries join the topic."""
    if not given:
        return []
    numbers = [known[one.stored.id] for one in given]
    held = set(
        connection.scalars(
            select(joined.c.number).where(joined.c.topic == topic, joined.c.number.in_(numbers))
        )
    )
    kept = {
        one.number: one for one in entries_of(connection, [n for n in numbers if n not in held])
    }
    seqs = _kept_seqs(connection, kept)
    head = log.head(connection)
    rows: list[tuple[object, ...]] = []
    for one in given:
        stored = kept.get(known[one.stored.id])
        if stored is None:
            continue
        past = seqs.get(stored.number, [])
        if [(kind, at) for kind, at, _ in past] == [(c.type, c.occurred_at) for c in one.changes]:
            same = {one.stored.id: tuple(seq for *_, seq in past)}
            rows += joins(one, known, same, topic, head)
        elif stored.retracted_at is None:
            at = stored.entry.published
            rows += [
                (topic, selection.value, stored.number, at, head, stored.changed_at)
                for selection in selections_of(stored.entry)
            ]
    return rows


def _kept_seqs(
    connection: Connection, numbers: Iterable[int]
) -> dict[int, list[tuple[ChangeType, datetime, int]]]:
    """Return the changes of stored entries, by number: type, time and seq, oldest first."""
    found: dict[int, list[tuple[ChangeType, datetime, int]]] = {}
    query = select(changes.c.entry, changes.c.type, changes.c.occurred_at, changes.c.seq)
    wanted = query.where(changes.c.entry.in_([*numbers])).order_by(changes.c.seq)
    for number, kind, at, seq in connection.execute(wanted):
        found.setdefault(number, []).append((ChangeType(kind), at, seq))
    return found
