"""What an archived capture of a page adds to a blog's past: pure.

A capture can bring unknown entries, content of entries from before keywire first saw them, and
earlier times at which they were seen. It undoes and retracts nothing, and changes nothing that a
later page stated: polls know better what came after it.
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
    """One revision of an entry, by what distinguishes it from others; `seen_at` is UTC."""

    revision: int
    digest: str
    seen_at: datetime
    words: tuple[str, ...]


Marks = Mapping[str, tuple[Mark, ...]]  # an entry's revisions, the first one first, by block id


@dataclass(frozen=True, slots=True)
class Earlier:
    """A revision of an entry from before its first stored one: `stored` has content and number.

    Revision numbers count back from the first one that a poll saw, to 0, -1 and so on.
    """

    stored: StoredEntry
    digest: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Sooner:
    """An earlier time (UTC) at which an entry's first revision was already seen."""

    number: int
    revision: int
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What a capture adds to known entries.

    `between` is the number of unknown contents from between two revisions, which are not added.
    `marks` are all revisions after this is written.
    """

    earlier: tuple[Earlier, ...]
    sooner: tuple[Sooner, ...]
    between: int
    marks: Marks


def look_back(
    history: BlogHistory, marks: Marks, snapshot: Snapshot, at: datetime, provenance: Provenance
) -> LookedBack:
    """Decide what a capture of `at` (UTC) adds to the earlier revisions of known entries.

    Call it for the newest capture first: each adds what was before the ones already read. Content
    that differs from all revisions and was seen between two of them is counted and not added: the
    numbers of these revisions are already published.
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
    """Decide which entries a capture of `at` (UTC) adds, and how it changes those added before.

    Call it for the oldest capture first. Entries whose block ids are in `settled`, which were
    known before any capture, are left as they are. All changes are backfill.
    """
    decided = add_older(history, snapshot, at, provenance, settled)
    return decided if isinstance(decided, Fault) else as_backfill(decided)


def as_backfill(outcome: Outcome) -> Outcome:
    """Return an outcome with all its changes marked as backfill, so that they alert nobody."""
    changes = tuple(replace(change, backfill=True) for change in outcome.changes)
    return replace(outcome, changes=changes)


def settled(history: BlogHistory) -> frozenset[str]:
    """Return the block ids of the entries that have text, not only a title or link."""
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
    """Return whether two revisions are the same: by digest, or by their words.

    Layouts change over the years, and with them everything but the words.
    """
    return one.digest == other.digest or one.words == other.words


def _earlier(known: KnownEntry, merged: Sighting, told: Mark, origin: Provenance) -> Earlier:
    content = stated_content(merged)
    entry = replace(known.stored.entry, **content, updated=merged.updated)
    stored = replace(known.stored, entry=entry, revision=told.revision, provenance=origin)
    return Earlier(stored, told.digest, told.seen_at)
