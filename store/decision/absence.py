"""Absence is not deletion: which entries should stand on a page and do not, and what follows.

A retraction by silence needs two fresh looks that agree, in each of which entries on both sides of
the entry's place are still shown. One by the publisher's own word (a tombstone, a `delete`) needs
no second look. When more than half of what was visible would go, a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from store.decision.arranged import Showing
from store.decision.clocks import advance
from store.decision.history import BlogHistory, Change, ChangeType, KnownEntry


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a second look must come after the first before an absence is believed."""

    confirm_after: timedelta = timedelta(seconds=50)


@dataclass(frozen=True, slots=True)
class Absence:
    """What a look found missing: entries to write, retractions, open suspicions, and a hold."""

    entries: Mapping[str, KnownEntry] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    retracted: frozenset[str] = frozenset()
    suspects: frozenset[str] = frozenset()
    held: str = ""


def find_absent(history: BlogHistory, showing: Showing) -> tuple[str, ...]:
    """Return the ids of entries that should stand on this page and stand in no view of it.

    The top of page one counts as a side of an entry's place, and so does the bottom where the
    page shows everything. What left by an open end rolled off and is not absent; so did a pinned
    entry that is older than all that the page shows, once it is unpinned. A page that is cut short,
    or of which something was left unread, proves no absence at all.
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
    """Return the ids of standing entries that the publisher itself states to be taken away.

    What any view of the page still shows is not among them.
    """
    return tuple(
        block_id
        for block_id in dict.fromkeys(showing.snapshot.deleted)
        if (known := history.entries.get(block_id)) is not None
        and known.stored.retracted_at is None
        and block_id not in showing.views
    )


def lost_newest(history: BlogHistory, showing: Showing) -> bool:
    """Say whether the page lacks the entry that stood first on it, and says no word of it."""
    first = history.order[:1]
    return any(b not in showing.views and b not in showing.snapshot.deleted for b in first)


def look(
    history: BlogHistory,
    absent: tuple[str, ...],
    now: datetime,
    rules: Rules,
    deleted: tuple[str, ...] = (),
) -> Absence:
    """Mark what a first look misses, retract what a second one misses too, forgive the rest.

    `deleted` is retracted at the first look: its publisher said so.
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
    """Return the page's order with entries under suspicion kept behind their old neighbours."""
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
    """Say why a person must confirm: once too much has gone, until it is back or confirmed.

    Too much is more than half of what was visible, or of all that stands.
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
