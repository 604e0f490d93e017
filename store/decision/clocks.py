"""How `changed_at` moves: always forward for an entry, and unique among the entries of a blog."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from store.decision.history import KnownEntry

_TICK = timedelta(seconds=1)
_STEP = timedelta(milliseconds=1)


def advance(last: datetime, now: datetime) -> datetime:
    """Return `now` in whole seconds, or the next whole second after `last` if that is later."""
    return max(now.replace(microsecond=0), last.replace(microsecond=0) + _TICK)


def keep_apart(
    known: Mapping[str, KnownEntry], written: Mapping[str, KnownEntry], order: Iterable[str]
) -> dict[str, KnownEntry]:
    """Return `written` with equal `changed_at` times moved apart by milliseconds, in `order`.

    Both mappings and `order` are by block id. Feed readers that tell entries apart by `updated`
    would else take two for one (the W3C's validator warns of it).
    """
    moved = {
        block_id: one
        for block_id, one in written.items()
        if block_id not in known or known[block_id].stored.changed_at != one.stored.changed_at
    }
    taken = {one.stored.changed_at for block_id, one in known.items() if block_id not in moved}
    apart = dict(written)
    for block_id in dict.fromkeys((*(b for b in order if b in moved), *moved)):
        at = written[block_id].stored.changed_at
        while at in taken:
            at += _STEP
        taken.add(at)
        if at != written[block_id].stored.changed_at:
            stored = replace(written[block_id].stored, changed_at=at)
            apart[block_id] = replace(written[block_id], stored=stored)
    return apart
