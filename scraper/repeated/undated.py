"""Blocks without a time among those with one: they were written between their neighbours."""

from collections import Counter
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.repeated.blocks import ALIKE, Block, kind_of
from scraper.repeated.times import Mark
from scraper.times.instants import Moment
from store.entry import TimePrecision

# Characters. An element of the blocks' kind with less text is an advertisement or a line.
WORDS = 20


def with_undated(blocks: Sequence[Block]) -> list[Block]:
    """Add siblings that are made like the blocks but have no time.

    Each gets the time of the block above it, or of the first block if it is above all, as an
    estimate.
    """
    kinds = Counter(map(kind_of, (block.node for block in blocks)))
    kind, count = kinds.most_common(1)[0]
    if count < ALIKE * len(blocks):
        return list(blocks)
    known = {block.node.mem_id for block in blocks}
    found = list[Block]()
    before = blocks[0].node.prev
    while before is not None and kind_of(before) != kind:
        before = before.prev
    if before is not None and _says_undated(before):
        found.append(_undated(before, blocks[0]))
    for block in blocks:
        found.append(block)
        after = block.node.next
        while after is not None and after.mem_id not in known:
            if kind_of(after) == kind and _says_undated(after):
                found.append(_undated(after, block))
            after = after.next
    return found


def _says_undated(node: LexborNode) -> bool:
    """Whether an element has words and no `time` within; a list of links has many."""
    return len(squeeze(node.text())) >= WORDS and node.css_first("time") is None


def _undated(node: LexborNode, neighbour: Block) -> Block:
    told = Moment(neighbour.mark.told.at, TimePrecision.ESTIMATED, zoned=True)
    return Block(node, Mark(node, told), (node,))
