"""Deciding about one block: whether its entry is new, edited, promoted, demoted or restored.

Like is compared with like: each view keeps its own digest per entry, and only a view whose
digest changed since its own last sighting shows an edit. Stronger views fill in for weaker ones
without a revision.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from store.decision.arranged import Showing
from store.decision.clocks import advance
from store.decision.history import Change, ChangeType, KnownEntry, ViewMemory
from store.decision.identity import DIGEST_VERSION, mint, words
from store.entry import Entry, StoredEntry, TimePrecision
from store.sighting import Sighting, View

CLOCK_TOLERANCE = timedelta(minutes=5)
_CONTENT = ("title", "html", "text", "permalink", "authors", "credit", "media", "tags", "language")
_FLAGS = ("key_event", "summary")
_TOLD = {
    ChangeType.UPDATED: ("title", "text", "authors", "credit"),
    ChangeType.PROMOTED: _FLAGS,
    ChangeType.DEMOTED: _FLAGS,
}


def admit(showing: Showing, block_id: str) -> KnownEntry:
    """Return the entry of a block seen for the first time; its number is 0 until it is stored."""
    sightings = showing.views[block_id]
    merged = showing.merged(block_id)
    published, precision = _published(merged, showing)
    blog = showing.snapshot.url
    content = {"language": showing.snapshot.language, **stated_content(merged)}
    entry = Entry(
        blog=blog,
        block_id=block_id,
        published=published,
        updated=merged.updated,
        time_precision=precision,
        key_event=merged.key_event,
        summary=merged.summary,
        pinned=_pinned(showing, sightings),
        **content,
    )
    updated = merged.updated if _credible(merged.updated, showing.now) else published
    memory = _memory(showing, sightings)
    return KnownEntry(
        stored=StoredEntry(
            entry=entry,
            id=mint(blog, block_id, published),
            number=0,
            revision=1,
            first_seen=showing.now,
            last_seen=showing.now,
            changed_at=max(published, updated),
            provenance=showing.provenance(merged),
        ),
        memory=memory,
        content_view=merged.view,
        digest=memory[merged.view].digest,
    )


def revise(known: KnownEntry, showing: Showing, block_id: str) -> tuple[KnownEntry, list[Change]]:
    """Return a known entry updated to what its views now state, and its changes for the log.

    A forgotten entry is returned as it is, whatever the page still shows of it.
    """
    if known.stored.forgotten is not None:
        return known, []
    sightings = showing.views[block_id]
    if _is_as_remembered(known, showing, sightings):
        return known, []
    before = known.stored.entry
    merged = showing.merged(block_id)
    otherwise = _is_read_otherwise(known, showing, merged)
    edited = None if otherwise else _edited_view(known, showing, merged)
    filled = otherwise or merged.view > known.content_view or not known.digest
    renewed = edited is not None or filled
    entry = _with_flags_and_time(before, merged, _pinned(showing, sightings))
    if renewed:
        entry = replace(entry, **stated_content(merged))
    if edited is not None:
        entry = replace(entry, updated=merged.updated or before.updated)
    types = _types_of_change(known, entry, edited=edited is not None)
    stored = replace(
        known.stored,
        entry=entry,
        revision=known.stored.revision + (edited is not None),
        changed_at=_advance(known.stored.changed_at, merged, types, showing.now),
        retracted_at=None,
        last_seen=showing.now if types else known.stored.last_seen,
    )
    if renewed:
        stored = replace(stored, provenance=showing.provenance(merged))
    memory = _memory(showing, sightings)
    revised = replace(
        known,
        stored=stored,
        memory={**_memory_after(known, edited), **memory},
        content_view=merged.view if renewed else known.content_view,
        digest=memory[merged.view].digest if renewed else known.digest,
        past=known.past | ({known.digest} if edited is not None else set()),
        missing_since=None,
    )
    return revised, [_tell(kind, before, stored, showing.now) for kind in types]


def unpin(known: Mapping[str, KnownEntry], showing: Showing) -> dict[str, KnownEntry]:
    """Return, with `pinned` False, the pinned entries of `known` that the page does not show.

    Returns nothing for a page that does not show the blog's top whole: only such a page would
    show an entry that is still pinned.
    """
    snapshot = showing.snapshot
    if not (snapshot.shows_top and snapshot.whole) or snapshot.unread:
        return {}
    return {
        block_id: replace(one, stored=replace(one.stored, entry=replace(entry, pinned=False)))
        for block_id, one in known.items()
        if (entry := one.stored.entry).pinned and block_id not in showing.views
    }


def _is_as_remembered(known: KnownEntry, showing: Showing, sightings: tuple[Sighting, ...]) -> bool:
    """Return whether nothing changed, as for nearly every block at nearly every poll."""
    if known.stored.retracted_at is not None or known.missing_since is not None:
        return False
    for sighting in sightings:
        memory = known.memory.get(sighting.view)
        if memory is None or memory.digest != showing.digest(sighting):
            return False
        if memory.updated != sighting.updated:
            return False
    entry = known.stored.entry
    key_event, summary = showing.flags(entry.block_id)
    return (
        key_event in {None, entry.key_event}
        and summary in {None, entry.summary}
        and entry.time_precision is TimePrecision.SECOND
        and _pinned(showing, sightings) in {None, entry.pinned}
    )


def _published(merged: Sighting, showing: Showing) -> tuple[datetime, TimePrecision]:
    if _credible(merged.published, showing.now):
        return merged.published, merged.time_precision or TimePrecision.SECOND
    for evidence in (showing.snapshot.published, showing.snapshot.page_time):
        if _credible(evidence, showing.now):
            return evidence, TimePrecision.ESTIMATED
    return showing.now, TimePrecision.ESTIMATED


def _credible(time: datetime | None, now: datetime) -> TypeGuard[datetime]:
    return time is not None and time <= now + CLOCK_TOLERANCE


def _pinned(showing: Showing, sightings: tuple[Sighting, ...]) -> bool | None:
    for sighting in sightings:
        if sighting.pinned or sighting.view is View.PINNED:
            return True
    return False if showing.snapshot.shows_top else None


def stated_content(merged: Sighting) -> dict[str, Any]:
    """Return the content fields that a sighting states, by field name."""
    stated = {name: getattr(merged, name) for name in _CONTENT}
    return {name: value for name, value in stated.items() if value is not None}


def _memory(showing: Showing, sightings: tuple[Sighting, ...]) -> dict[View, ViewMemory]:
    return {s.view: ViewMemory(showing.digest(s), s.updated) for s in sightings}


def _memory_after(known: KnownEntry, edited: View | None) -> dict[View, ViewMemory]:
    """Return the view memories that stay valid after an edit that the view `edited` showed.

    Digests of stronger views are dropped, so that their return fills in the content instead of
    counting the same edit again.
    """
    return {
        view: memory for view, memory in known.memory.items() if edited is None or view <= edited
    }


def _edited_view(known: KnownEntry, showing: Showing, merged: Sighting) -> View | None:
    """Return the view that shows an edit, None if none does.

    The strongest view that has been seen before decides, against its own last digest. A view
    weaker than the one that the content came from counts only if its words differ from the
    stored ones, for it may merely be catching up with an edit already seen.
    """
    entry = known.stored.entry
    for sighting in sorted(showing.views[entry.block_id], key=lambda s: -s.view):
        memory = known.memory.get(sighting.view)
        if memory is None or not memory.digest.startswith(f"{DIGEST_VERSION}:"):
            continue
        if showing.digest(sighting) == memory.digest or _says_the_same(entry, merged):
            return None
        weaker = sighting.view < known.content_view
        if weaker and _in_the_same_words(entry, merged):
            return None
        return sighting.view
    return None


def _is_read_otherwise(known: KnownEntry, showing: Showing, merged: Sighting) -> bool:
    """Return whether the same words were only parsed differently, which is not an edit.

    A page that grows lets the parser recognise more: blocks beside JSON-LD, a line of the text
    as its title, a name as the author. The words are then the same, but the platform, the layout,
    the split of title and text, or the authors differ.
    """
    entry = known.stored.entry
    if merged.view is not known.content_view or not _in_the_same_words(entry, merged):
        return False
    before, now = known.stored.provenance, showing.provenance(merged)
    return (
        (before is not None and (before.platform, before.layout) != (now.platform, now.layout))
        or len(words(merged.title or "", "")) != len(words(entry.title, ""))
        or (not entry.authors and _says_the_same(entry, replace(merged, authors=None)))
    )


def _says_the_same(entry: Entry, merged: Sighting) -> bool:
    return all(getattr(entry, name) == said for name, said in stated_content(merged).items())


def _in_the_same_words(entry: Entry, merged: Sighting) -> bool:
    return words(merged.title or "", merged.text or "") == words(entry.title, entry.text)


def _with_flags_and_time(before: Entry, merged: Sighting, pinned: bool | None) -> Entry:  # noqa: FBT001 - three-valued, as stated
    entry = replace(
        before,
        key_event=before.key_event if merged.key_event is None else merged.key_event,
        summary=before.summary if merged.summary is None else merged.summary,
        pinned=before.pinned if pinned is None else pinned,
    )
    precision = merged.time_precision
    if merged.published and precision and precision.rank > before.time_precision.rank:
        entry = replace(entry, published=merged.published, time_precision=precision)
    return entry


def _types_of_change(known: KnownEntry, after: Entry, *, edited: bool) -> list[ChangeType]:
    before = known.stored.entry
    became = [bool(getattr(after, flag)) and not getattr(before, flag) for flag in _FLAGS]
    ceased = [bool(getattr(before, flag)) and not getattr(after, flag) for flag in _FLAGS]
    happened = (
        (ChangeType.RESTORED, known.stored.retracted_at is not None),
        (ChangeType.UPDATED, edited),
        (ChangeType.PROMOTED, any(became)),
        (ChangeType.DEMOTED, any(ceased) and not any(became)),
    )
    return [kind for kind, true in happened if true]


def _advance(last: datetime, merged: Sighting, types: list[ChangeType], now: datetime) -> datetime:
    """Return the new `changed_at`, always later: the publisher's time if it moved, else `now`."""
    if not types:
        return last
    theirs = merged.updated
    if ChangeType.UPDATED in types and _credible(theirs, now) and theirs > last:
        return theirs
    return advance(last, now)


def _tell(kind: ChangeType, before: Entry, stored: StoredEntry, now: datetime) -> Change:
    after = stored.entry
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in _TOLD.get(kind, ())}
    differences = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Change(kind, now, before.block_id, stored.revision, differences)
