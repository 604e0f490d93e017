"""Joining a live list's posts with the same posts in the page's structured data.

They are joined by id: an item's id is the one in the address of its update (AMP's own sample), or
has a word before it (The Independent: `post-`). If no id occurs on both sides, they are joined by
minute and first words; the id of the structured data is then used, since some systems make an
item's id from the time of its last change (Automattic's plugin).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scraper.markup.html import squeeze
from store.sighting import Sighting

HEAD = 24

WORD = re.compile(r"^[A-Za-z][A-Za-z_-]*(?=\d+$)")


def named(posts: Sequence[str], linked: Sequence[Sighting]) -> tuple[list[str], bool]:
    """Return the ids of `posts` as the structured data has them, and whether any is known to it.

    An id is changed only if it is unknown to the structured data but known without the word before
    it.
    """
    known = {update.block_id for update in linked if update.block_id}
    if not known:
        return list(posts), False
    bare = [without_word(each) for each in posts]
    ids = [
        name if each not in known and name in known else each
        for each, name in zip(posts, bare, strict=True)
    ]
    return ids, not known.isdisjoint(ids)


def joined(
    blocks: Sequence[Sighting], places: Sequence[datetime | None], linked: Sequence[Sighting]
) -> tuple[tuple[Sighting, ...], tuple[Sighting, ...]]:
    """Return the blocks and updates with common ids, matched by their minutes and first words.

    `places` are the times by which the list sorts the blocks; one of them may equal the time at
    which another block was published.
    """
    found, updates = list(blocks), list[Sighting]()
    known = {
        key: n
        for n, (block, place) in enumerate(zip(blocks, places, strict=True))
        for key in (*_keys(block, place), *_keys(block, block.published))
    }
    for update in linked:
        n = next((known[key] for key in _keys(update, update.published) if key in known), None)
        if n is None:
            updates.append(update)
        elif update.block_id is None:
            updates.append(replace(update, block_id=blocks[n].block_id))
        else:
            found[n] = replace(found[n], block_id=update.block_id)
            updates.append(update)
    return tuple(found), tuple(updates)


def without_word(item_id: str) -> str:
    """Return an item's id without the word before its number ("post-12" → "12")."""
    return WORD.sub("", item_id)


def _keys(sighting: Sighting, at: datetime | None) -> list[tuple[object, str]]:
    """Return the keys to match a sighting by: its minute with the start of its text or title."""
    if at is None:
        return []
    minute = at.replace(second=0, microsecond=0)
    said = (sighting.text or "", sighting.title or "")
    return [(minute, head) for text in said if (head := _folded(text))]


def _folded(text: str) -> str:
    return squeeze(text).casefold()[:HEAD]
