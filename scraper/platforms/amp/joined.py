"""Joining a live list's posts to what the page's structured data says of them.

By id: an item's is that in the address of its update (AMP's own sample), or has `post-` before it
(The Independent). Where no id is on both sides, by the minute and the first words; the id of the
structured data counts then, since some systems make an item's id of the time of its last change
(Automattic's plugin).
"""

from collections.abc import Sequence
from dataclasses import replace

from scraper.html import squeeze
from store.sighting import Sighting

HEAD = 24


def joined(
    blocks: Sequence[Sighting], linked: Sequence[Sighting]
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Give blocks and updates common ids where they can be told."""
    known = {update.block_id for update in linked if update.block_id}
    named = [_named(block, known) for block in blocks]
    if any(block.block_id in known for block in named):
        return tuple(named), tuple(linked)
    places = {key: n for n, block in enumerate(blocks) for key in _keys(block)}
    found, updates = list(blocks), list[Sighting]()
    for update in linked:
        place = next((places[key] for key in _keys(update) if key in places), None)
        if place is None:
            updates.append(update)
        elif update.block_id is None:
            updates.append(replace(update, block_id=blocks[place].block_id))
        else:
            found[place] = replace(found[place], block_id=update.block_id)
            updates.append(update)
    return tuple(found), tuple(updates)


def _named(block: Sighting, known: set[str]) -> Sighting:
    name = without_word(block.block_id or "")
    return replace(block, block_id=name) if block.block_id not in known and name in known else block


def without_word(item_id: str) -> str:
    """Give an item's id without the word before it."""
    return item_id.removeprefix("post").removeprefix("-")


def _keys(sighting: Sighting) -> list[tuple[object, str]]:
    """Give the minute with the first words of a block, and with those of its title."""
    if sighting.published is None:
        return []
    minute = sighting.published.replace(second=0, microsecond=0)
    said = (sighting.text or "", sighting.title or "")
    return [(minute, head) for text in said if (head := _folded(text))]


def _folded(text: str) -> str:
    return squeeze(text).casefold()[:HEAD]
