"""What a capture of a page tells of a time that is past: pure.

Polls know better what came after them. A capture from before brings entries that were not known,
what entries said before they were first seen, and when they were seen already. It undoes nothing,
retracts nothing, and moves nothing that a later page told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from store.decision.arranged import Showing, arrange
from store.decision.history import BlogHistory, Fault, KnownEntry, Outcome, PageEvidence
from store.decision.identity import words
from store.decision.older import add_older
from store.decision.revise import stated_content
from store.entry import Provenance, StoredEntry
from store.sighting import Sighting, Snapshot


@dataclass(frozen=True, slots=True)
class Mark:
    """One revision of an entry by what tells it from others; `seen_at` is UTC."""

    revision: int
    digest: str
    seen_at: datetime
    words: tuple[str, ...]


Marks = Mapping[str, tuple[Mark, ...]]  # an entry's revisions, the first one first, by block id


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an entry said before its first revision that is kept: `stored` has it, and its number.

    Revisions below 1 count back from the first that a poll saw.
    """

    stored: StoredEntry
    digest: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Sooner:
    """An entry's first revision was there already at `seen_at`."""

    number: int
    revision: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What a capture tells of known entries; `between` counts what stood between two revisions.

    `marks` are the revisions as they are when this is kept.
    """

    earlier: tuple[Earlier, ...]
    sooner: tuple[Sooner, ...]
    between: int
    marks: Marks


def look_back(
    history: BlogHistory, marks: Marks, snapshot: Snapshot, at: datetime, provenance: Provenance
) -> LookedBack:
    """Decide what a capture of `at` (UTC) tells of what known entries said before.

    Captures are to be given newest first: each tells of what was before the ones that came. What
    differs from all that is kept and stood between two revisions is counted, and not taken: the
    numbers of these have been told.
    """
    showing = _arrange(history, snapshot, at, provenance)
    earlier: list[Earlier] = []
    sooner: list[Sooner] = []
    between, known_marks = 0, dict(marks)
    for block_id in showing.views:
        known, its = history.entries.get(block_id), known_marks.get(block_id)
        merged = showing.merged(block_id)
        if known is None or not its or merged.view < known.content_view:
            continue
        first, told = its[0], _mark(its[0].revision - 1, merged, showing)
        if _alike(first, told):
            if at < first.seen_at:
                sooner.append(Sooner(known.stored.number, first.revision, at))
                known_marks[block_id] = (replace(first, seen_at=at), *its[1:])
        elif any(_alike(mark, told) for mark in its[1:]):
            continue
        elif at < first.seen_at:
            earlier.append(_earlier(known, merged, told, showing.provenance(merged)))
            known_marks[block_id] = (told, *its)
        else:
            between += 1
    return LookedBack(tuple(earlier), tuple(sooner), between, known_marks)


def bring(
    history: BlogHistory,
    settled: frozenset[str],
    snapshot: Snapshot,
    at: datetime,
    provenance: Provenance,
) -> Outcome | Fault:
    """Decide which entries a capture of `at` brings, and how those it brought before went on.

    Captures are to be given oldest first. Entries `settled`, known before any of them, are left as
    they are. All of it is backfill.
    """
    decided = add_older(history, snapshot, at, provenance, settled)
    return decided if isinstance(decided, Fault) else as_backfill(decided)


def as_backfill(outcome: Outcome) -> Outcome:
    """Return the same, told as what was there before anybody looked: it alerts nobody."""
    changes = tuple(replace(change, backfill=True) for change in outcome.changes)
    return replace(outcome, changes=changes)


def settled(history: BlogHistory) -> frozenset[str]:
    """Return the entries of which more is known than their names."""
    return frozenset(
        block_id for block_id, known in history.entries.items() if known.stored.entry.text
    )


def _arrange(
    history: BlogHistory, snapshot: Snapshot, at: datetime, provenance: Provenance
) -> Showing:
    own = replace(snapshot, url=history.url)
    return arrange(own, history, at, {"": provenance}, PageEvidence())


def _mark(revision: int, merged: Sighting, showing: Showing) -> Mark:
    (own,) = (s for s in showing.views[merged.block_id or ""] if s.view is merged.view)
    said = tuple(words(merged.title or "", merged.text or ""))
    return Mark(revision, showing.digest(own), showing.now, said)


def _alike(one: Mark, other: Mark) -> bool:
    """Say whether two revisions are one: the same to the letter, or in the same words.

    Layouts change over the years, and with them all but the words.
    """
    return one.digest == other.digest or one.words == other.words


def _earlier(known: KnownEntry, merged: Sighting, told: Mark, origin: Provenance) -> Earlier:
    content = stated_content(merged)
    entry = replace(known.stored.entry, **content, updated=merged.updated)
    stored = replace(known.stored, entry=entry, revision=told.revision, provenance=origin)
    return Earlier(stored, told.digest, told.seen_at)
