"""Absence is not deletion: which entries are missing from a page, and when they are retracted.

Retracting an absent entry takes two fresh pages without it, each of which still shows entries on
both sides of its place. If the publisher states the deletion (a tombstone, a `delete`), one page
suffices. When more than half of the visible entries would go, a person must confirm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from store.decision.arranged import Showing
from store.decision.clocks import advance
from store.decision.history import BlogHistory, Change, ChangeType, KnownEntry


@dataclass(frozen=True, slots=True)
class Rules:
    """How long after the first look a second one must come to confirm an absence."""

    confirm_after: timedelta = timedelta(seconds=50)


@dataclass(frozen=True, slots=True)
class Absence:
    """The result of looking for absent entries.

    `entries` are those to write, `changes` the retractions for the log. `retracted` and `suspects`
    are block ids: of those retracted, and of those that wait for a second look. `held` is why a
    person must confirm ("" if nobody must).
    """

    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    retracted: frozenset[str] = frozenset()
    suspects: frozenset[str] = frozenset()
    held: str = ""


def find_absent(history: BlogHistory, showing: Showing) -> tuple[str, ...]:
    """Return the block ids of entries that this page should show and that no view of it shows.

    An entry is absent only if the page shows both sides of its place; the top of page one counts
    as a side, and so does the bottom where the page reaches the oldest entry. An entry beyond the
    page's end rolled off and is not absent; nor is a pinned one that is older than all that the
    page shows, for it rolls off when unpinned. A page that is cut short or partly unread proves
    no absence.
    """
    if not showing.snapshot.whole or showing.snapshot.unread:
        return ()
    shown = set(showing.on_page)
    places = [place for place, block_id in enumerate(history.order) if block_id in shown]
    end = len(history.order)
    first = -1 if showing.snapshot.shows_top else (places[0] if places else end)
    last = end if showing.snapshot.shows_bottom else (places[-1] if places else -1)
    return tuple(
        block_id
        for place, block_id in enumerate(history.order)
        if first < place < last
        and block_id not in showing.views
        and history.entries[block_id].stored.forgotten is None
        and not _rolled_off_unpinned(history, showing, block_id)
    )


def _rolled_off_unpinned(history: BlogHistory, showing: Showing, block_id: str) -> bool:
    entry = history.entries[block_id].stored.entry
    if not entry.pinned or showing.snapshot.shows_bottom:
        return False
    others = (history.entries[shown].stored.entry for shown in showing.on_page)
    return all(entry.published < other.published for other in others if not other.pinned)


def find_deleted(history: BlogHistory, showing: Showing) -> tuple[str, ...]:
    """Return the block ids of unretracted entries that the publisher itself states as deleted.

    Those that any view of the page still shows are left out.
    """
    return tuple(
        block_id
        for block_id in dict.fromkeys(showing.snapshot.deleted)
        if (known := history.entries.get(block_id)) is not None
        and known.stored.retracted_at is None
        and block_id not in showing.views
    )


def lost_newest(history: BlogHistory, showing: Showing) -> bool:
    """Return whether the last page's first entry is neither shown nor stated as deleted."""
    first = history.order[:1]
    return any(b not in showing.views and b not in showing.snapshot.deleted for b in first)


def look(
    history: BlogHistory,
    absent: tuple[str, ...],
    now: datetime,
    rules: Rules,
    deleted: tuple[str, ...] = (),
) -> Absence:
    """Suspect entries absent for the first time, retract those absent again, clear the others.

    `absent` and `deleted` are block ids; those in `deleted`, whose deletion the publisher states,
    are retracted at once. Nothing is retracted while a person must confirm. `now` is UTC.
    """
    absent = tuple(dict.fromkeys((*absent, *deleted)))
    held = "" if history.confirmed else _mass(history, absent)
    gone = frozenset(
        block_id
        for block_id in absent
        if not held
        and (block_id in deleted or _missed_before(history.entries[block_id], now, rules))
    )
    suspects = frozenset(absent) - gone
    return Absence(
        entries={
            **_forgive(history, suspects | gone),
            **{block_id: _suspect(history.entries[block_id], now) for block_id in suspects},
            **{block_id: _retract(history.entries[block_id], now) for block_id in gone},
        },
        changes=tuple(
            Change(ChangeType.RETRACTED, now, block_id, history.entries[block_id].stored.revision)
            for block_id in absent
            if block_id in gone
        ),
        retracted=gone,
        suspects=suspects,
        held=held,
    )


def keep_places(
    order: tuple[str, ...], on_page: tuple[str, ...], suspects: frozenset[str]
) -> tuple[str, ...]:
    """Return the page's order, with each suspect put back below its old upper neighbour."""
    kept = list(on_page)
    above: str | None = None
    for block_id in order:
        if block_id in suspects:
            kept.insert(kept.index(above) + 1 if above is not None else 0, block_id)
            above = block_id
        elif block_id in on_page:
            above = block_id
    return tuple(kept)


def _mass(history: BlogHistory, absent: tuple[str, ...]) -> str:
    """Return why a person must confirm, "" if nobody must.

    Confirmation is needed once more than half of the visible entries, or of all unretracted ones,
    are absent, and then until they are back or a person confirms.
    """
    if not absent:
        return ""
    visible, gone = len(history.order), len(set(history.order).intersection(absent))
    if gone < len(absent):
        standing = sum(known.stored.retracted_at is None for known in history.entries.values())
        if 2 * gone <= visible:
            visible, gone = standing, len(absent)
    if 2 * gone <= visible and not history.held:
        return ""
    return (
        f"{gone} of {visible} entries have gone from the page at once; "
        "nothing is retracted until a person confirms"
    )


def _missed_before(known: KnownEntry, now: datetime, rules: Rules) -> bool:
    return known.missing_since is not None and now - known.missing_since >= rules.confirm_after


def _suspect(known: KnownEntry, now: datetime) -> KnownEntry:
    return known if known.missing_since is not None else replace(known, missing_since=now)


def _forgive(history: BlogHistory, absent: frozenset[str]) -> dict[str, KnownEntry]:
    return {
        block_id: replace(known, missing_since=None)
        for block_id, known in history.entries.items()
        if known.missing_since is not None and block_id not in absent
    }


def _retract(known: KnownEntry, now: datetime) -> KnownEntry:
    changed_at = advance(known.stored.changed_at, now)
    stored = replace(known.stored, retracted_at=changed_at, changed_at=changed_at)
    return replace(known, stored=stored, missing_since=None)
