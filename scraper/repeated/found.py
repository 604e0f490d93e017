"""Finding the block that a page repeats: the largest element with one time of its own.

Each element that bears an instant is followed outwards as long as nothing around it bears another
of the kind; where that ends stands a block, and around it stands what holds them all. A list of
teasers is built the same, a comment section too. A live blog's blocks have words of their own, ids,
times in order, and are called live by their publisher: by their elements' names, ids or classes.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.repeated.blocks import Block, names
from scraper.repeated.called import LIVE, are_most_of, is_called_live
from scraper.repeated.ids import ids_of
from scraper.repeated.leading import leads_elsewhere
from scraper.repeated.times import Mark, marks_by_kind, relative_marks
from scraper.repeated.undated import with_undated
from store.entry import TimePrecision

AT_LEAST = 3

# How far around a time its block may reach, and around a block what holds it.
LAYERS = 10

OUTWARDS = 6

# So many of what holds a block are named for what they hold.
NAMING = 2

# By readers.
OTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|commentaires?|repl(?:y|ies)|discussion"
    r"|disqus|forum|thread|reviews?)(?:$|[\s_-])",
    re.IGNORECASE,
)

# What leads elsewhere, unless it is most of what a page says: programs call much a teaser, or a
# widget.
TEASERS = re.compile(
    r"(?:^|[\s_-])(?:widget|sidebar|related|recommended|recirc\w*|teasers?"
    r"|most-?(?:read|viewed|popular)|carousel|promo)(?:$|[\s_-])",
    re.IGNORECASE,
)

AROUND = frozenset({"aside", "nav", "footer", "form", "table", "dialog"})

# What in a block is not its words: what leads elsewhere, what heads it, what is to be pressed.
NOT_WORDS = "a, h1, h2, h3, h4, h5, h6, time, button, script, style, figcaption"

HEADED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "a"})

WORDS = 4

# Two signs of Chinese, Japanese or Thai.
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2}")

# Blocks that are looked at closely.
SAMPLE = 8

# Whether blocks have headings, and how many they are.
Rank: TypeAlias = tuple[bool, int]
_LOWEST: Rank = False, 0

HEADED_SHARE = 0.3

# So large a share of blocks is in order, and has words.
MOSTLY = 0.7

# So much of a page is not what stands beside its words.
HALF = 0.5

# A publisher's clock may be a little ahead of ours.
AHEAD = timedelta(minutes=15)

WIDEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Found:
    """The blocks of a page in page order, and each one's id; no ids where they are positions."""

    blocks: tuple[Block, ...]
    ids: tuple[str | None, ...]
    id_in: str


class _Called(NamedTuple):
    """By what a block and what is around it are called; `aside` where no words of a page stand."""

    block: str
    around: str
    aside: bool


def find(document: Document) -> Found | None:
    """Find a page's repeated block; None where it has none that is a live blog's."""
    if document.data is not None or _is_front(document):
        return None
    best: Found | None = None
    for marks in marks_by_kind(document):
        best = _better(best, marks, document)
        if best is not None and len(best.blocks) >= len(marks):
            return best
    return best or _better(None, relative_marks(document), document)


def _better(best: Found | None, marks: Sequence[Mark], document: Document) -> Found | None:
    """Give the group of blocks that is a live blog's, if it is larger than the best.

    Blocks with headings go before others: readers' comments have none.
    """
    highest = _rank(best.blocks) if best else _LOWEST
    for holder, grouped in _grouped(marks):
        blocks = _below_heading(_once(grouped), document)
        if _outranks(blocks, highest) and _is_live_blog(holder, blocks, document):
            every = with_undated(blocks)
            chains = [block.chain for block in every]
            times = [block.mark.told.at for block in every]
            id_in, ids = ids_of(chains, times, document)
            best = Found(tuple(every), ids, id_in)
            highest = _rank(best.blocks)
    return best


def _outranks(blocks: Sequence[Block], highest: Rank) -> bool:
    """Whether blocks go before what was found; headings are looked for only if that matters."""
    headed, many = highest
    if len(blocks) < AT_LEAST or (headed and len(blocks) <= many):
        return False
    return (not headed and len(blocks) > many) or _rank(blocks) > highest


def _once(blocks: Sequence[Block]) -> Sequence[Block]:
    """Leave out copies of blocks, as pages have them that are made for two widths of screens."""
    times = Counter(block.mark.told.at for block in blocks)
    if len(times) > MOSTLY * len(blocks):
        return blocks
    kept = dict[tuple[datetime, str], Block]()
    for block in blocks:
        kept.setdefault((block.mark.told.at, block.node.text()), block)
    return list(kept.values())


def _below_heading(blocks: Sequence[Block], document: Document) -> Sequence[Block]:
    """Leave out what holds the page's heading: its time is that of the page's last change."""
    around = _around_headings(document)
    headed = [block for block in blocks if block.node.mem_id in around]
    return blocks if len(headed) != 1 else [block for block in blocks if block not in headed]


@once
def _around_headings(document: Document) -> frozenset[int]:
    """Name a page's first headings, and the elements around them."""
    headings = document.tree.css("h1")
    return frozenset(node.mem_id for heading in headings for node in (heading, *_holders(heading)))


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


def _grouped(marks: Sequence[Mark]) -> Iterator[tuple[LexborNode, list[Block]]]:
    """Give the blocks around marks, together with those that stand in the same element."""
    if len(marks) < AT_LEAST:
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
        if len(blocks) < AT_LEAST:
            continue
        yield from _enough(holder, _alike(blocks))
        # What else stands in the holder, as comments below a blog, may be more than its blocks.
        apart = [block for block in blocks if _is_in(block.node, holder)]
        if AT_LEAST <= len(apart) < len(blocks):
            yield from _enough(holder, _alike(apart))


def _enough(holder: LexborNode, blocks: list[Block]) -> Iterator[tuple[LexborNode, list[Block]]]:
    if len(blocks) >= AT_LEAST:
        yield holder, blocks


def _is_in(node: LexborNode, holder: LexborNode) -> bool:
    return node.parent is not None and node.parent.mem_id == holder.mem_id


def _body(own: Sequence[LexborNode]) -> list[LexborNode]:
    """Give the body, where a block stands in nothing else."""
    above = own[-1].parent
    return [above] if above is not None and above.tag == "body" else []


def _alike(blocks: Sequence[Block]) -> list[Block]:
    """Take blocks by the element that most of them are: a lone one is found with what holds it."""
    (tag, _), *_ = Counter(block.node.tag for block in blocks).most_common(1)
    alike = list[Block]()
    for block in blocks:
        place = next((n for n, node in enumerate(block.chain) if node.tag == tag), None)
        if place is not None:
            alike.append(Block(block.chain[place], block.mark, block.chain[place:]))
    return alike


def _chain(mark: Mark) -> list[LexborNode]:
    """Give an element and those around it, inside the body, innermost first."""
    chain = [mark.node]
    above = mark.node.parent
    while above is not None and above.tag not in {"body", "html"} and len(chain) <= LAYERS:
        chain.append(above)
        above = above.parent
    return chain


def doubts(document: Document) -> Iterator[str]:
    """Tell why the largest list of blocks with times is no live blog's; nothing where it is one."""
    if _is_front(document):
        return
    kinds = (*marks_by_kind(document), relative_marks(document))
    groups = [(holder, _once(blocks)) for marks in kinds for holder, blocks in _grouped(marks)]
    holder, blocks = max(groups, key=lambda group: len(group[1]), default=(None, ()))
    why = _doubt(holder, blocks, document) if holder is not None else ""
    if why:
        yield f"{len(blocks)} blocks alike with times of their own: {why}"


def _is_live_blog(holder: LexborNode, blocks: Sequence[Block], document: Document) -> bool:
    return not _doubt(holder, blocks, document)


def _doubt(holder: LexborNode, blocks: Sequence[Block], document: Document) -> str:
    """Say what speaks against blocks being a live blog's, the first that does; "" if nothing."""
    sample = blocks[:: max(1, len(blocks) // SAMPLE)]
    called = _called(sample)
    if _are_beside(called, OTHERS) or (
        _are_beside(called, TEASERS) and not are_most_of(blocks, document, HALF)
    ):
        return "they stand beside the words of the page, or are named as comments and teasers are"
    if not _is_in_order(blocks, document):
        return "their times are alike, ahead of now, or in no order"
    if median(map(_words, sample)) < WORDS:
        return "they say little beside their titles and links"
    here = document.canonical or document.url
    if sum(leads_elsewhere(block.node, here) for block in sample) >= MOSTLY * len(sample):
        return "their titles lead to other pages"
    live = sum(LIVE.search(each.block) is not None for each in called)
    if live < MOSTLY * len(sample) and not _are_called_live(holder, blocks, sample, document):
        return "nothing calls them live, or they are named or answered as something else is"
    return ""


def _are_called_live(
    holder: LexborNode, blocks: Sequence[Block], sample: Sequence[Block], document: Document
) -> bool:
    # What a body is called says how a page looks rather than what is in it.
    holders = [node for node in (holder, *_holders(holder)) if node.tag != "body"]
    held = " ".join(map(names, holders[:NAMING]))
    return LIVE.search(held) is not None or is_called_live(holder, blocks, sample, document)


def _called(sample: Sequence[Block]) -> list[_Called]:
    """Tell what blocks are called, and what is around them, which is mostly the same."""
    around = dict[int, tuple[str, bool]]()
    called = list[_Called]()
    for block in sample:
        parent = block.node.parent
        place = parent.mem_id if parent is not None else 0
        if place not in around:
            holders = list(_holders(block.node))
            aside = any(each.tag in AROUND for each in holders)
            around[place] = " ".join(map(names, holders)), aside
        called.append(_Called(" ".join(map(names, block.chain)), *around[place]))
    return called


def _are_beside(called: Sequence[_Called], others: re.Pattern[str]) -> bool:
    """Whether most blocks, or what is around them, are called so, or surround a page's words."""
    beside = (
        each.aside or others.search(each.block) or others.search(each.around) for each in called
    )
    return 2 * sum(map(bool, beside)) > len(called)


def _holders(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None and above.tag not in {"body", "html"}:
        yield above
        above = above.parent


def _is_in_order(blocks: Sequence[Block], document: Document) -> bool:
    """Whether times differ, are past, and go one way down the page; what is pinned stands out.

    Local times that claim to be UTC may all lie ahead, by no more than zones do.
    """
    times = [block.mark.told.at for block in blocks]
    latest = document.page.fetched_at + AHEAD
    if blocks[0].mark.told.precision is not TimePrecision.ESTIMATED and len(set(times)) < AT_LEAST:
        return False
    ahead = sum(time > latest for time in times) * 2 > len(times)
    if ahead and (max(times) > latest + WIDEST_ZONE or times[0] < times[-1]):
        return False
    falls = sum(after <= before for before, after in pairwise(times))
    rises = sum(after >= before for before, after in pairwise(times))
    steps = len(times) - 1
    return steps - max(falls, rises) <= max(1, (1 - MOSTLY) * steps)


def _words(block: Block) -> int:
    """Count a block's words, without those of headings, links and times."""
    apart = [node for node in block.node.css(NOT_WORDS) if not _is_within(node)]
    said = _count(block.node.text(separator=" "))
    return said - sum(_count(node.text(separator=" ")) for node in apart)


def _count(text: str) -> int:
    """Count words; where there are no blanks between them, two signs make one."""
    return len(text.split()) + len(UNSPACED.findall(text))


def _is_within(node: LexborNode) -> bool:
    above = node.parent
    return above is not None and (
        above.tag in HEADED or (above.parent is not None and above.parent.tag in HEADED)
    )
