"""What a snapshot changes in a blog. Pure: history, snapshot and now in, changes out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from store.coverage import Coverage, begin
from store.decision.absence import (
    Absence,
    Rules,
    find_absent,
    find_deleted,
    keep_places,
    look,
    lost_newest,
)
from store.decision.arranged import Showing, arrange
from store.decision.clocks import keep_apart
from store.decision.faults import find_fault, is_older, newest
from store.decision.history import (
    BlogHistory,
    BlogState,
    Change,
    ChangeType,
    Fault,
    KnownEntry,
    Outcome,
    PageEvidence,
)
from store.decision.revise import admit, revise, unpin
from store.entry import Provenance
from store.sighting import Snapshot

_NO_EVIDENCE = PageEvidence()
_NO_ANSWERS: Mapping[str, Provenance] = {}
_RULES = Rules()
_HELD = "many entries had gone from the page at once; a person must confirm"


def diff(
    history: BlogHistory,
    snapshot: Snapshot,
    now: datetime,
    *,
    provenance: Provenance,
    evidence: PageEvidence = _NO_EVIDENCE,
    rules: Rules = _RULES,
    answers: Mapping[str, Provenance] = _NO_ANSWERS,
) -> Outcome | Fault:
    """Decide what `snapshot` changes in the blog that `history` remembers.

    `now` is keywire's clock (UTC). `provenance` says where the page was fetched; `answers` says
    the same of each API answer that it was joined with, by address. `evidence` is the age that
    the page states. Returns a Fault where the page proves nothing, else an Outcome with its
    changes oldest first.
    """
    showing = arrange(snapshot, history, now, {**answers, "": provenance}, evidence)
    if fault := find_fault(history, showing):
        return fault
    entries, changes = _read_blocks(history, showing)
    seen = replace(history, entries={**history.entries, **entries})
    absence = _look(seen, showing, rules)
    opening, closing = _blog_changes(history, snapshot, now)
    told = [change.block_id for change in (*changes, *absence.changes)]
    unpinned = unpin({**seen.entries, **absence.entries}, showing)
    written = keep_apart(history.entries, {**entries, **absence.entries, **unpinned}, told)
    after = _blog_after(history, seen, showing, absence)
    return Outcome(
        after=replace(after, entries={**history.entries, **written}),
        entries=tuple(
            known
            for block_id, known in written.items()
            if known is not history.entries.get(block_id)
        ),
        changes=(*opening, *changes, *absence.changes, *closing),
        suspects=len(absence.suspects),
        held=absence.held,
        warnings=showing.warnings,
    )


def agree(history: BlogHistory, now: datetime, rules: Rules = _RULES) -> Outcome:
    """Decide what an unchanged page (a 304, or the same bytes) means for entries found absent.

    It is a second look with the result of the first: `rules` say when it confirms a retraction.
    """
    missing = tuple(b for b in history.order if history.entries[b].missing_since is not None)
    absence = look(history, missing, now, rules)
    written = keep_apart(history.entries, absence.entries, missing)
    return Outcome(
        after=replace(_without(history, absence), entries={**history.entries, **written}),
        entries=tuple(written.values()),
        changes=absence.changes,
        suspects=len(absence.suspects),
        held=absence.held,
    )


def _read_blocks(
    history: BlogHistory, showing: Showing
) -> tuple[dict[str, KnownEntry], tuple[Change, ...]]:
    entries: dict[str, KnownEntry] = {}
    fresh: list[KnownEntry] = []
    changes: list[Change] = []
    for block_id in showing.views:
        known = history.entries.get(block_id)
        if known is None:
            entries[block_id] = admit(showing, block_id)
            fresh.append(entries[block_id])
        else:
            entries[block_id], told = revise(known, showing, block_id)
            changes += told
    return entries, (*_publish(history, fresh, showing.now), *changes)


def _publish(history: BlogHistory, fresh: list[KnownEntry], now: datetime) -> tuple[Change, ...]:
    """Return the changes of new entries by time published, then in the order they were posted.

    `fresh` is in page order, which has the newest first.
    """
    posted = fresh[::-1]
    oldest_first = sorted(posted, key=lambda known: known.stored.entry.published)
    return tuple(
        Change(
            ChangeType.PUBLISHED,
            now,
            known.stored.entry.block_id,
            revision=1,
            backfill=not history.discovered,
        )
        for known in oldest_first
    )


def _look(history: BlogHistory, showing: Showing, rules: Rules) -> Absence:
    if is_older(showing.evidence, history.evidence):
        return Absence(suspects=_suspects(history), held=_HELD if history.held else "")
    absent, deleted = find_absent(history, showing), find_deleted(history, showing)
    if lost_newest(history, showing):
        # This may be an old copy, and its deletions may have been taken back since.
        return look(history, (*absent, *deleted), showing.now, rules)
    return look(history, absent, showing.now, rules, deleted)


def _suspects(history: BlogHistory) -> frozenset[str]:
    return frozenset(b for b in history.order if history.entries[b].missing_since is not None)


def _covered(before: BlogHistory, showing: Showing) -> Coverage:
    """Return how much of the blog is read now; a page that shares no block opens a gap."""
    standing = (before.entries[block_id].stored.entry for block_id in before.order)
    published = [entry.published for entry in standing if not entry.pinned]
    return begin(
        before.coverage,
        showing.snapshot,
        showing.now,
        newest=max(published, default=None),
        shares=any(block_id in before.entries for block_id in showing.on_page),
    )


def _blog_after(
    before: BlogHistory, history: BlogHistory, showing: Showing, absence: Absence
) -> BlogHistory:
    snapshot = showing.snapshot
    live = history.live if snapshot.live is None else snapshot.live
    after = replace(
        history,
        order=keep_places(history.order, showing.on_page, absence.suspects),
        title=snapshot.title or history.title,
        language=snapshot.language or history.language,
        live=live,
        state=_state(live=live, has_entries=bool(history.entries)),
        evidence=newest(showing.evidence, history.evidence),
        whole=snapshot.whole,
        claimed_url=snapshot.claimed_url or history.claimed_url,
        listings=snapshot.listings or history.listings,
        keywords=snapshot.keywords or history.keywords,
        discovered=True,
        coverage=_covered(before, showing),
    )
    return _without(after, absence)


def _without(history: BlogHistory, absence: Absence) -> BlogHistory:
    return replace(
        history,
        entries={**history.entries, **absence.entries},
        order=tuple(b for b in history.order if b not in absence.retracted),
        held=bool(absence.held),
        confirmed=history.confirmed and not absence.retracted,
    )


def _state(*, live: bool | None, has_entries: bool) -> BlogState:
    if live is False:
        return BlogState.ENDED
    return BlogState.LIVE if has_entries else BlogState.UPCOMING


def _blog_changes(
    history: BlogHistory, snapshot: Snapshot, now: datetime
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Return the blog's changes to log before those of its entries, and those to log after.

    Discovery and reopening come before them, the end after.
    """
    if not history.discovered:
        return (Change(ChangeType.DISCOVERED, now),), ()
    if history.live is not False and snapshot.live is False:
        return (), (Change(ChangeType.ENDED, now),)
    if history.live is False and snapshot.live:
        return (Change(ChangeType.REOPENED, now),), ()
    return (), ()
