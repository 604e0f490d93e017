"""Finding the block that a page repeats: the largest element with one time of its own.

Each element with an instant is followed outwards as long as no other element of its kind lies
within. The outermost element reached is a block; the element around it holds all the blocks. Many
other lists are built in the same way: `doubts` says which.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.repeated.blocks import Block, around
from scraper.repeated.doubts import AT_LEAST, MOSTLY, SAMPLE, doubt
from scraper.repeated.ids import ids_of
from scraper.repeated.leading import without_cards
from scraper.repeated.times import Mark, marks_by_kind, relative_marks
from scraper.repeated.undated import with_undated

# How many elements a block may reach outwards from its time, and its holder from the block.
LAYERS = 10

OUTWARDS = 6

# Whether enough blocks have headings (HEADED_SHARE), and how many blocks there are.
Rank: TypeAlias = tuple[bool, int]
_LOWEST: Rank = False, 0

HEADED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """A page's blocks in page order, and their ids.

    `ids` is parallel to `blocks`, or () where no attribute tells the blocks apart, or only their
    positions do. `id_in` is the attribute of the ids, "" where there is none.
    """

    blocks: tuple[Block, ...]
    ids: tuple[str | None, ...]
    id_in: str


def find(document: Document, least: int = AT_LEAST) -> Found | None:
    """Find a page's repeated block; None where the page has no live blog's block.

    Groups of fewer than `least` blocks are passed over: two blocks are too few, unless something
    else on the page, such as JSON-LD, speaks for them.
    """
    if document.data is not None or _is_front(document):
        return None
    best: Found | None = None
    for marks in marks_by_kind(document):
        best = _better(best, marks, document, least)
        if best is not None and len(best.blocks) >= len(marks):
            return best
    return best or _better(None, relative_marks(document), document, least)


def _better(
    best: Found | None, marks: Sequence[Mark], document: Document, least: int
) -> Found | None:
    """Return the largest group of a live blog's blocks if it outranks `best`, else `best`.

    Blocks with headings outrank all blocks without: readers' comments have none.
    """
    highest = _rank(best.blocks) if best else _LOWEST
    here = document.canonical or document.url
    for holder, grouped in _grouped(marks, least):
        blocks = without_cards(_below_heading(_once(grouped), document), here)
        if (
            len(blocks) >= least
            and _outranks(blocks, highest)
            and not doubt(holder, blocks, document)
        ):
            every = with_undated(blocks)
            chains = [block.chain for block in every]
            times = [block.mark.told.at for block in every]
            id_in, ids = ids_of(chains, times, document)
            best = Found(tuple(every), ids, id_in)
            highest = _rank(best.blocks)
    return best


def _outranks(blocks: Sequence[Block], highest: Rank) -> bool:
    """Whether blocks outrank the best found so far; headings are looked for only if they decide."""
    headed, many = highest
    if headed and len(blocks) <= many:
        return False
    return (not headed and len(blocks) > many) or _rank(blocks) > highest


def _once(blocks: Sequence[Block]) -> Sequence[Block]:
    """Leave out copies of blocks, with equal time and text, made for another width of screen."""
    times = Counter(block.mark.told.at for block in blocks)
    if len(times) > MOSTLY * len(blocks):
        return blocks
    kept = dict[tuple[datetime, str], Block]()
    for block in blocks:
        kept.setdefault((block.mark.told.at, block.node.text()), block)
    return list(kept.values())


def _below_heading(blocks: Sequence[Block], document: Document) -> Sequence[Block]:
    """Leave out the block that contains the page's `h1`, if just one block does.

    Its time is that of the page's last change.
    """
    around = _around_headings(document)
    headed = [block for block in blocks if block.node.mem_id in around]
    return blocks if len(headed) != 1 else [block for block in blocks if block not in headed]


@once
def _around_headings(document: Document) -> frozenset[int]:
    """Return the memory ids of a page's `h1` elements and of all elements around them."""
    headings = document.tree.css("h1")
    return frozenset(node.mem_id for heading in headings for node in (heading, *around(heading)))


def _rank(blocks: Sequence[Block]) -> Rank:
    sample = blocks[:: max(1, len(blocks) // SAMPLE)]
    headed = sum(block.node.css_first("h1, h2, h3, h4, h5, h6") is not None for block in sample)
    return headed >= HEADED_SHARE * len(sample), len(blocks)


def _is_front(document: Document) -> bool:
    claimed = document.canonical or document.meta.get("og:url", "")
    try:
        return bool(claimed) and urlsplit(claimed).path in {"", "/"}
    except ValueError:
        return False


def _grouped(
    marks: Sequence[Mark], least: int = AT_LEAST
) -> Iterator[tuple[LexborNode, list[Block]]]:
    """Yield each element that holds at least `least` blocks, with these blocks."""
    if len(marks) < least:
        return
    chains = [_chain(mark) for mark in marks]
    within = Counter(node.mem_id for chain in chains for node in chain)
    groups = dict[int, tuple[LexborNode, list[Block]]]()
    for mark, chain in zip(marks, chains, strict=True):
        own = tuple(node for node in chain if within[node.mem_id] == 1)
        for holder in chain[len(own) : len(own) + OUTWARDS] or _body(own) if own else ():
            block = Block(own[-1], mark, own[::-1])
            groups.setdefault(holder.mem_id, (holder, []))[1].append(block)
    for holder, blocks in groups.values():
        if len(blocks) < least:
            continue
        yield holder, _alike(blocks)
        # Other lists within the holder, such as comments below a blog, may outnumber its blocks.
        apart = [block for block in blocks if _is_in(block.node, holder)]
        if least <= len(apart) < len(blocks):
            yield holder, _alike(apart)


def _is_in(node: LexborNode, holder: LexborNode) -> bool:
    return node.parent is not None and node.parent.mem_id == holder.mem_id


def _body(own: Sequence[LexborNode]) -> list[LexborNode]:
    """Return the body where it is the parent of a mark's outermost own element, else []."""
    above = own[-1].parent
    return [above] if above is not None and above.tag == "body" else []


def _alike(blocks: Sequence[Block]) -> list[Block]:
    """Narrow each block to its outermost element with the most common tag; drop blocks without one.

    A block that is alone in a wrapper has been found as that wrapper.
    """
    (tag, _), *_ = Counter(block.node.tag for block in blocks).most_common(1)
    alike = list[Block]()
    for block in blocks:
        place = next((n for n, node in enumerate(block.chain) if node.tag == tag), None)
        if place is not None:
            alike.append(Block(block.chain[place], block.mark, block.chain[place:]))
    return alike


def _chain(mark: Mark) -> list[LexborNode]:
    """Return a mark's element and those around it, inside the body, innermost first."""
    chain = [mark.node]
    above = mark.node.parent
    while above is not None and above.tag not in {"body", "html"} and len(chain) <= LAYERS:
        chain.append(above)
        above = above.parent
    return chain


def doubts(document: Document) -> Iterator[str]:
    """Yield why the largest list of blocks with times is not a live blog's; nothing if it is."""
    if _is_front(document):
        return
    kinds = (*marks_by_kind(document), relative_marks(document))
    groups = [(holder, _once(blocks)) for marks in kinds for holder, blocks in _grouped(marks)]
    holder, blocks = max(groups, key=lambda group: len(group[1]), default=(None, ()))
    why = doubt(holder, blocks, document) if holder and len(blocks) >= AT_LEAST else ""
    if why:
        yield f"{len(blocks)} blocks alike with times of their own: {why}"
