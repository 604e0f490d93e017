"""Joining a live list's posts to what the page's structured data says of them.

By id: an item's is that in the address of its update (AMP's own sample), or has a word before it
(The Independent: `post-`). Where no id is on both sides, by the minute and the first words; the
id of the structured data counts then, since some systems make an item's id of the time of its
last change (Automattic's plugin).
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
    """Give items' ids as structured data has them, and whether any is known to it."""
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
    """Give blocks and updates common ids by their minutes and first words.

    `places` are the times that give the blocks their places in the list, which may be another's
    published time.
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
    """Give an item's id without the word before its number."""
    return WORD.sub("", item_id)


def _keys(sighting: Sighting, at: datetime | None) -> list[tuple[object, str]]:
    """Give the minute with the first words of a block, and with those of its title."""
    if at is None:
        return []
    minute = at.replace(second=0, microsecond=0)
    said = (sighting.text or "", sighting.title or "")
    return [(minute, head) for text in said if (head := _folded(text))]


def _folded(text: str) -> str:
    return squeeze(text).casefold()[:HEAD]
