"""Merging the views of one block: for each field, the strongest view that states it wins."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from store.sighting import Sighting, Snapshot, View

_WHERE = {"view", "block_id", "answer"}  # where a sighting was made, not what it states
_STATED = tuple(field.name for field in fields(Sighting) if field.name not in _WHERE)


@dataclass(frozen=True, slots=True)
class Completed:
    """One block of a snapshot: its views merged in one sighting, and whether the page shows it."""

    sighting: Sighting
    on_page: bool


def merge(sightings: Sequence[Sighting]) -> Sighting:
    """Merge the sightings of one block; a field that is None in one comes from a weaker view.

    Takes at least one sighting. The result has the strongest view; of two sightings by the same
    view, the first wins.
    """
    strongest, *weaker = sorted(sightings, key=lambda sighting: -sighting.view)
    if not weaker:
        return strongest
    filled: dict[str, object] = {}
    for name in _STATED:
        if getattr(strongest, name) is None:
            told = (getattr(sighting, name) for sighting in weaker)
            filled[name] = next((value for value in told if value is not None), None)
    return replace(strongest, **filled)  # type: ignore[arg-type]


def complete(sightings: Sequence[Sighting], *, lists_every_key_event: bool) -> Sighting:
    """Merge the sightings of one block, and set unstated flags by a complete list of key events.

    Where the page's model names every key event of the blog, a block that the page shows and the
    model does not name is neither key event nor summary. For a block that left the page, missing
    from the list means nothing.
    """
    merged = merge(sightings)
    if not lists_every_key_event or merged.view is not View.BLOCK:
        return merged
    return replace(merged, key_event=merged.key_event is True, summary=merged.summary is True)


def by_block(snapshot: Snapshot) -> dict[str, tuple[Sighting, ...]]:
    """Group a snapshot's sightings by block id, in the order in which the ids first appear.

    If one view has an id twice, the first in page order counts (`repeated` warns of the others).
    Sightings without an id are left out.
    """
    grouped: dict[str, dict[View, Sighting]] = {}
    for sighting in snapshot.sightings:
        if sighting.block_id is not None:
            grouped.setdefault(sighting.block_id, {}).setdefault(sighting.view, sighting)
    return {block_id: tuple(views.values()) for block_id, views in grouped.items()}


def repeated(snapshot: Snapshot) -> tuple[str, ...]:
    """Return a warning, in plain words, for each block id that the page itself shows twice."""
    ids = [s.block_id for s in snapshot.sightings if s.view is View.BLOCK and s.block_id]
    twice = [block_id for block_id, times in Counter(ids).items() if times > 1]
    return tuple(
        f"block {block_id} stands on the page twice; the first counts" for block_id in twice
    )


def blocks(snapshot: Snapshot) -> tuple[Completed, ...]:
    """Return every block of a snapshot once, merged: those on the page first, in page order.

    Those known only from another view (a model, a pinned copy, an index) follow, newest first,
    undated ones last.
    """
    every = tuple(_completed(snapshot))
    shown = tuple(block for block in every if block.on_page)
    elsewhere = [block for block in every if not block.on_page]
    undated = [block for block in elsewhere if block.sighting.published is None]
    dated = [block for block in elsewhere if block.sighting.published is not None]
    dated.sort(key=lambda block: str(block.sighting.published), reverse=True)
    return (*shown, *dated, *undated)


def _completed(snapshot: Snapshot) -> Iterator[Completed]:
    grouped = by_block(snapshot)
    order = sorted(
        range(len(snapshot.sightings)), key=lambda n: snapshot.sightings[n].view is not View.BLOCK
    )
    for position in order:
        sighting = snapshot.sightings[position]
        if sighting.block_id is None:
            views: tuple[Sighting, ...] = (sighting,)
        else:
            views = grouped.pop(sighting.block_id, ())
        if views:
            whole = complete(views, lists_every_key_event=snapshot.lists_every_key_event)
            yield Completed(whole, on_page=whole.view is View.BLOCK)
