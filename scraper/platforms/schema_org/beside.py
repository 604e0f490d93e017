"""The blocks of a page by an unknown publisher, joined to the updates in its JSON-LD.

JSON-LD is believed in what it states: times, titles, words. The blocks add what it leaves out:
entries beyond its window, bodies that it cuts or omits, ids, pins, pictures. They count only where
most of them match updates, so that a list of something else on the page is not taken in. Of two
clocks, the one by which the page is ordered is the one that readers see (`two_clocks`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from scraper.markup.document import Document
from scraper.markup.elements import elements_of
from scraper.platforms.schema_org.joined import join
from scraper.platforms.schema_org.two_clocks import shows_its_own
from scraper.platforms.schema_org.update import Update
from scraper.platforms.schema_org.wording import folded
from scraper.repeated.block import read_block
from scraper.repeated.blocks import Block
from scraper.repeated.found import find
from scraper.repeated.printed import found_on, printed_blocks
from scraper.repeated.times import Mark
from scraper.times.instants import Moment
from store.entry import TimePrecision
from store.sighting import Sighting

# How many updates' ids are looked for in the page's attributes.
FEW = 3
CUT = re.compile(r"(?:\.\.\.|…|\[…\])\s*$")
PLAIN = re.compile(r"[\w.:-]{1,120}")
SHARE = 0.6
AT_LEAST = 2
HEAD = 30
# An attribute up to the id at the end of its value, the longest such, and what ends a value.
VALUE = re.compile(rb"=(?:[\"'][^\"'<>]{0,300})?\Z")
LONGEST = 302
ENDS = tuple(bytes([sign]) for sign in b"\"' \t\n\r\f\v>")

Pair = tuple[tuple[Sighting, ...], tuple[Sighting, ...]]


def blocks_beside(
    document: Document, updates: Sequence[Update], linked: Sequence[Sighting], url: str
) -> Pair | None:
    """Return the page's blocks and the updates under common ids; None where too few match.

    A block with an update states what JSON-LD states, and more where that says less. A block
    without one is kept if it was published outside the window of the updates.
    """
    if document.data is not None or not _may_print(document, updates):
        return None
    found = found_on(document)
    if found is None and len(updates) == AT_LEAST:
        found = find(document, AT_LEAST)
    if found is None:
        return None
    printed = printed_blocks(document, found, url).sightings
    blocks, others = join(printed, linked)
    stated = {update.block_id: update for update in others if update.block_id}
    common = [block for block in blocks if block.block_id in stated]
    updated = [stated[block.block_id] for block in common if block.block_id]
    if len(common) < max(AT_LEAST, SHARE * min(len(blocks), len(stated))):
        return None
    window = [update.published for update in others if update.published]
    shown = shows_its_own(common, updated)
    kept = [
        _completed(block, stated[block.block_id], shown=shown)
        if block.block_id in stated
        else block
        for block in blocks
        if block.block_id in stated
        or (block.published and window and not min(window) <= block.published <= max(window))
    ]
    return tuple(kept), others


def completed_by_id(
    document: Document, linked: Sequence[Sighting], url: str
) -> tuple[Sighting, ...]:
    """Complete updates that break off or have no words, by the page's elements with their ids."""
    if document.data is not None or not any(map(_breaks_off, linked)):
        return tuple(linked)
    return tuple(
        _by_id(document, each, url) if each.block_id and _breaks_off(each) else each
        for each in linked
    )


def _breaks_off(update: Sighting) -> bool:
    return not update.text or CUT.search(update.text) is not None


def _by_id(document: Document, update: Sighting, url: str) -> Sighting:
    if update.published is None or not PLAIN.fullmatch(update.block_id or ""):
        return update
    node = document.tree.css_first(f'[id="{update.block_id}"]')
    if node is None:
        return update
    told = Moment(update.published, TimePrecision.SECOND, zoned=True)
    printed = read_block(Block(node, Mark(node, told), (node,)), url)
    stated = folded(CUT.sub("", update.text or ""))
    own = folded(printed.body.text)
    if not own.startswith(stated[:HEAD]) or len(own) < len(stated):
        return update
    return replace(update, html=printed.body.html, text=printed.body.text)


def _may_print(document: Document, updates: Sequence[Update]) -> bool:
    """Whether the page may have blocks for the updates, so that looking for blocks is worth it.

    It may if one of the first ids is in an attribute, or, where updates have no ids, if one has no
    words: The New York Times' updates tell only when blocks were written.
    """
    ids = [update.block_id for update in updates if update.block_id][:FEW]
    if not ids:
        return any(not update.text for update in updates)
    elements = elements_of(document)
    return any(_is_in_attribute(each.encode("utf-8", "replace"), elements) for each in ids)


def _is_in_attribute(block_id: bytes, elements: bytes) -> bool:
    """Whether an attribute's value is the id, or ends in it."""
    place = elements.find(block_id)
    while place >= 0:
        end = place + len(block_id)
        after = elements[end : end + 1]
        if after in ENDS and VALUE.search(elements, max(0, place - LONGEST), place):
            return True
        place = elements.find(block_id, place + 1)
    return False


def _completed(block: Sighting, update: Sighting, *, shown: bool) -> Sighting:
    """Return a block with what its update states, and its own words where they say more of it.

    `shown` is whether the block's clock is the one that readers see; its time is kept then.
    """
    if shown and block.published:
        update = replace(update, published=None)
    said, stated = folded(block.text or ""), folded(update.text or "")
    own = not stated or (said.startswith(stated[:HEAD]) and len(said) >= len(stated))
    return replace(
        block,
        published=update.published or block.published,
        time_precision=update.time_precision if update.published else block.time_precision,
        updated=block.updated if update.updated is None else None,
        title=update.title or block.title,
        html=block.html if own else update.html,
        text=block.text if own else update.text,
        authors=block.authors or update.authors,
    )
