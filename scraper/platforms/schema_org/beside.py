"""Blocks of a page whose publisher nobody has taught keywire, beside what its JSON-LD says of them.

JSON-LD is believed where it speaks: of times, titles, words. The page's blocks tell what it leaves
out: entries beyond its window, bodies that it cuts or omits, ids, pins, pictures. They count only
where most of them are found in it, so that a list of something else on the page is no part of it.
Of two clocks the one by which the page is ordered is the one that readers see (two_clocks).
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

# Updates whose ids are looked for in the page's attributes.
FEW = 3
CUT = re.compile(r"(?:\.\.\.|…|\[…\])\s*$")
PLAIN = re.compile(r"[\w.:-]{1,120}")
SHARE = 0.6
AT_LEAST = 2
HEAD = 30
# A value as far as an id that it ends in, and what ends it.
VALUE = re.compile(rb"=(?:[\"'][^\"'<>]{0,300})?\Z")
LONGEST = 302
ENDS = tuple(bytes([sign]) for sign in b"\"' \t\n\r\f\v>")

Pair = tuple[tuple[Sighting, ...], tuple[Sighting, ...]]


def blocks_beside(
    document: Document, updates: Sequence[Update], linked: Sequence[Sighting], url: str
) -> Pair | None:
    """Give the page's blocks and the updates beside them, under common ids; None where it has none.

    What is both becomes a block that says what JSON-LD says, and more where that says less.
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
    """Complete updates that break off, or say nothing, by the page's elements with their ids."""
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
    """Whether the page names the first updates in attributes of its own, or says what they leave.

    Updates that have neither ids nor words (The New York Times') tell when blocks were written.
    """
    ids = [update.block_id for update in updates if update.block_id][:FEW]
    if not ids:
        return any(not update.text for update in updates)
    elements = elements_of(document)
    return any(_is_in_attribute(each.encode("utf-8", "replace"), elements) for each in ids)


def _is_in_attribute(block_id: bytes, elements: bytes) -> bool:
    """Whether an attribute's value is an id, or ends in it."""
    place = elements.find(block_id)
    while place >= 0:
        end = place + len(block_id)
        after = elements[end : end + 1]
        if after in ENDS and VALUE.search(elements, max(0, place - LONGEST), place):
            return True
        place = elements.find(block_id, place + 1)
    return False


def _completed(block: Sighting, update: Sighting, *, shown: bool) -> Sighting:
    """Let a block say what its update says, and its own words where those are more of the same.

    `shown` whether the block's clock is the one that readers see.
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
