"""A snapshot arranged for a decision: views by block, their digests, and the time of the poll."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from store.decision.history import BlogHistory, PageEvidence
from store.decision.identity import derive_ids, digest
from store.decision.merge import by_block, complete, repeated
from store.entry import Entry, Provenance
from store.sighting import Sighting, Snapshot, View


@dataclass(frozen=True, slots=True)
class Showing:
    """A snapshot, ready to be compared with a blog's history.

    `views` maps each block id to its sightings; `on_page` are the ids of the blocks that the page
    itself shows, in page order. `digests` has one digest per sighting, by block id and view;
    `origins` the provenance of each view, by view and API answer's address ("" for the page).
    `nameless` says that the page gave no block an id. `now` is keywire's clock (UTC).
    """

    snapshot: Snapshot
    nameless: bool
    views: Mapping[str, tuple[Sighting, ...]]
    on_page: tuple[str, ...]
    digests: Mapping[tuple[str, View], str]
    warnings: tuple[str, ...]
    evidence: PageEvidence
    origins: Mapping[tuple[View, str], Provenance]
    now: datetime

    def digest(self, sighting: Sighting) -> str:
        """Return the digest of one of this showing's sightings."""
        return self.digests[sighting.block_id or "", sighting.view]

    def provenance(self, sighting: Sighting) -> Provenance:
        """Return where one of this showing's sightings was seen."""
        return self.origins[sighting.view, sighting.answer]

    def merged(self, block_id: str) -> Sighting:
        """Return the views of a block merged in one sighting; the strongest view wins."""
        lists_every = self.snapshot.lists_every_key_event
        return complete(self.views[block_id], lists_every_key_event=lists_every)

    def flags(self, block_id: str) -> tuple[bool | None, bool | None]:
        """Return `key_event` and `summary` of a block; None where no view states them."""
        key_event = summary = None
        on_page = False
        for sighting in self.views[block_id]:
            key_event = sighting.key_event if key_event is None else key_event
            summary = sighting.summary if summary is None else summary
            on_page = on_page or sighting.view is View.BLOCK
        if on_page and self.snapshot.lists_every_key_event:
            return key_event is True, summary is True
        return key_event, summary


def arrange(
    snapshot: Snapshot,
    history: BlogHistory,
    now: datetime,
    provenance: Mapping[str, Provenance],
    evidence: PageEvidence,
) -> Showing:
    """Group a snapshot by block, giving ids to blocks without one, and digest every sighting.

    `provenance` has the page's under "", those of the publisher's API answers by their addresses.
    """
    nameless = all(s.block_id is None for s in snapshot.sightings)
    if any(s.block_id not in history.entries for s in snapshot.sightings):
        known = _entries(history)
        snapshot = replace(snapshot, sightings=derive_ids(snapshot.sightings, known))
    views = by_block(snapshot)
    shown = (s.block_id for s in snapshot.sightings if s.view is View.BLOCK)
    return Showing(
        snapshot=snapshot,
        nameless=nameless,
        views=views,
        on_page=tuple(dict.fromkeys(block_id for block_id in shown if block_id is not None)),
        digests={
            (block_id, sighting.view): digest(sighting)
            for block_id, sightings in views.items()
            for sighting in sightings
        },
        warnings=(*snapshot.warnings, *repeated(snapshot)),
        evidence=replace(evidence, page_time=snapshot.page_time),
        origins={
            (view, answer): replace(provenance.get(answer, provenance[""]), view=view.name.lower())
            for view, answer in {(s.view, s.answer) for s in snapshot.sightings}
        },
        now=now,
    )


def _entries(history: BlogHistory) -> dict[str, Entry]:
    return {block_id: known.stored.entry for block_id, known in history.entries.items()}
