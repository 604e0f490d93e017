"""What an older page of a blog (page 2, 3, …) adds to the blog's history. Pure.

It shows a part of the blog, perhaps from a cache: it brings unknown entries, and the text of
entries known only from an index. It retracts and restores nothing, and changes nothing that the
newest page states: title, state, order.
"""

from dataclasses import replace
from datetime import datetime

from store.coverage import Gap, walk
from store.decision.arranged import Showing, arrange
from store.decision.clocks import keep_apart
from store.decision.faults import shows_the_past
from store.decision.history import (
    BlogHistory,
    Change,
    ChangeType,
    Fault,
    KnownEntry,
    Outcome,
    PageEvidence,
)
from store.decision.revise import admit, revise
from store.entry import Provenance
from store.sighting import Snapshot, View


def read_older(
    history: BlogHistory, gap: Gap, snapshot: Snapshot, now: datetime, provenance: Provenance
) -> Outcome | Fault:
    """Decide what an older page changes, and advance the coverage at `gap`, which it was read for.

    New entries are backfill. Returns a Fault for a page that shows no entries.
    """
    snapshot = _comparable(replace(snapshot, url=history.url), history.coverage.layout)
    added = add_older(history, snapshot, now, provenance)
    if isinstance(added, Fault):
        return added
    coverage = walk(history.coverage, gap, snapshot, now)
    return replace(added, after=replace(added.after, coverage=coverage))


def add_older(
    history: BlogHistory,
    snapshot: Snapshot,
    now: datetime,
    provenance: Provenance,
    settled: frozenset[str] = frozenset(),
) -> Outcome | Fault:
    """Decide which entries an older page adds, and what it changes in known ones.

    `now` is when it was fetched (UTC). Known entries whose block ids are in `settled` are left as
    they are. Returns a Fault for a page that shows no entries.
    """
    own = replace(snapshot, url=history.url)
    showing = arrange(own, history, now, {"": provenance}, PageEvidence())
    if not showing.views:
        return Fault("the page shows no entries")
    entries: dict[str, KnownEntry] = {}
    fresh: list[KnownEntry] = []
    changes: list[Change] = []
    for block_id in showing.views:
        known = history.entries.get(block_id)
        if known is None:
            entries[block_id] = admit(showing, block_id)
            fresh.append(entries[block_id])
        elif block_id not in settled and _may_revise(known, showing, block_id):
            entries[block_id], told = revise(known, showing, block_id)
            changes += told
    told = [*_publish(fresh, now), *changes]
    written = keep_apart(history.entries, entries, [change.block_id for change in told])
    return Outcome(
        after=replace(history, entries={**history.entries, **written}),
        entries=tuple(
            known
            for block_id, known in written.items()
            if known is not history.entries.get(block_id)
        ),
        changes=tuple(told),
        warnings=showing.warnings,
    )


def _comparable(snapshot: Snapshot, layout: str) -> Snapshot:
    """Weaken blocks to `View.MODEL` if the page was parsed by other layouts than the newest one."""
    if set(snapshot.layout.split(", ")) <= set(layout.split(", ")):
        return snapshot
    sightings = (
        replace(seen, view=View.MODEL) if seen.view is View.BLOCK else seen
        for seen in snapshot.sightings
    )
    return replace(snapshot, sightings=tuple(sightings))


def _may_revise(known: KnownEntry, showing: Showing, block_id: str) -> bool:
    """Return whether an older page may revise an entry: it shows the block, in no past revision."""
    sightings = showing.views[block_id]
    if known.stored.retracted_at is not None:
        return False
    own = any(seen.view in {View.BLOCK, View.MODEL} for seen in sightings)
    return own and not shows_the_past(showing, known, sightings, older=False)


def _publish(fresh: list[KnownEntry], now: datetime) -> list[Change]:
    """Return the changes of new entries, oldest first, marked as backfill."""
    posted = fresh[::-1]
    oldest_first = sorted(posted, key=lambda known: known.stored.entry.published)
    return [
        Change(ChangeType.PUBLISHED, now, known.stored.entry.block_id, revision=1, backfill=True)
        for known in oldest_first
    ]
