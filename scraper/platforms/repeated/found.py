"""Finding the block that a page repeats: the largest element with one time of its own.

Each element that bears an instant is followed outwards as long as nothing around it bears another
of the kind; where that ends stands a block, and around it stands what holds them all. A list of
teasers is built the same, a comment section too. A live blog's blocks have words of their own, ids,
times in order, and are called live by their publisher: by their elements' names, ids or classes.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.document import Document
from scraper.platforms.repeated.ids import ids_of
from scraper.platforms.repeated.times import Mark, marks_by_kind

AT_LEAST = 3

# How far around a time its block may reach, and around a block what holds it.
LAYERS = 8

OUTWARDS = 2

NAMED_IN = ("id", "class", "data-testid", "data-component", "data-type", "role")

LIVE = re.compile(
    r"live-?(?:__|blog|feed|stor(?:y|ies)|event|ticker|update|post|entr|stream|text|cent|report"
    r"|coverage|item|list|page|content|container)|(?:^|[\s_-])live(?:$|[\s_-])"
    r"|ticker|newsblog|minute-?by-?minute|en-?direct|diretta|minuto-a-minuto",
    re.IGNORECASE,
)

OTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|commentaires?|repl(?:y|ies)|discussion"
    r"|disqus|forum|thread|reviews?|widget|sidebar|related|recommended|recirc\w*|teasers?"
    r"|most-?(?:read|viewed|popular)|carousel|promo|cards?)(?:$|[\s_-])",
    re.IGNORECASE,
)

AROUND = frozenset({"aside", "nav", "footer", "form", "table", "dialog"})

# What in a block is not its words: what leads elsewhere, what heads it, what is to be pressed.
NOT_WORDS = "a, h1, h2, h3, h4, h5, h6, time, button, script, style, figcaption"

TITLE_LINK = "h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href], a[href]:has(h2, h3, h4)"

HEADED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "a"})

WORDS = 4

# Blocks that are looked at closely.
SAMPLE = 20

# So large a share of blocks is in order, and has words.
MOSTLY = 0.7

# A publisher's clock may be a little ahead of ours.
AHEAD = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Block:
    """One block, the mark in it, and the elements from the one to the other, both included."""

    node: LexborNode
    mark: Mark
    chain: tuple[LexborNode, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The blocks of a page in page order, and their ids, None where those are mere positions."""

    blocks: tuple[Block, ...]
    ids: tuple[str | None, ...]
    id_in: str


def find(document: Document) -> Found | None:
    """Find a page's repeated block; None where it has none that is a live blog's."""
    if document.data is not None or _is_front(document):
        return None
    best, most = None, AT_LEAST - 1
    for marks in marks_by_kind(document):
        for blocks in _grouped(marks):
            if len(blocks) > most and _is_live_blog(blocks, document):
                id_in, ids = ids_of([b.chain for b in blocks], [b.mark.told.at for b in blocks])
                if id_in:
                    best, most = Found(tuple(blocks), ids, id_in), len(blocks)
    return best


def _is_front(document: Document) -> bool:
    claimed = document.canonical or document.meta.get("og:url", "")
    try:
        return bool(claimed) and urlsplit(claimed).path in {"", "/"}
    except ValueError:
        return False


def _grouped(marks: Sequence[Mark]) -> Iterator[list[Block]]:
    """Give the blocks around marks, together with those that stand in the same element."""
    if len(marks) < AT_LEAST:
        return
    chains = [_chain(mark) for mark in marks]
    within = defaultdict[int, int](int)
    for chain in chains:
        for node in chain:
            within[node.mem_id] += 1
    groups = defaultdict[int, list[Block]](list)
    for mark, chain in zip(marks, chains, strict=True):
        own = tuple(node for node in chain if within[node.mem_id] == 1)
        for holder in chain[len(own) : len(own) + OUTWARDS]:
            groups[holder.mem_id].append(Block((own or chain)[-1], mark, own[::-1]))
    yield from (group for group in groups.values() if len(group) >= AT_LEAST and group[0].chain)


def _chain(mark: Mark) -> list[LexborNode]:
    """Give an element and those around it, inside the body, innermost first."""
    chain = [mark.node]
    above = mark.node.parent
    while above is not None and above.tag not in {"body", "html"} and len(chain) <= LAYERS:
        chain.append(above)
        above = above.parent
    return chain


def _is_live_blog(blocks: Sequence[Block], document: Document) -> bool:
    holders = list(_holders(blocks[0].node))
    if any(node.tag in AROUND or OTHERS.search(_names(node)) for node in holders):
        return False
    sample = blocks[:: max(1, len(blocks) // SAMPLE)]
    named = [" ".join(map(_names, block.chain)) for block in sample]
    if sum(OTHERS.search(name) is not None for name in named) * 2 > len(sample):
        return False
    held = " ".join(map(_names, holders[:OUTWARDS]))
    live = sum(LIVE.search(name) is not None for name in named)
    if live < MOSTLY * len(sample) and not LIVE.search(held):
        return False
    return (
        _is_in_order(blocks, document)
        and median(map(_words, sample)) >= WORDS
        and sum(_leads_elsewhere(block, document) for block in sample) < MOSTLY * len(sample)
    )


def _holders(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None and above.tag not in {"body", "html"}:
        yield above
        above = above.parent


def _names(node: LexborNode) -> str:
    stated = node.attributes
    return " ".join((node.tag or "", *(stated.get(name) or "" for name in NAMED_IN)))


def _is_in_order(blocks: Sequence[Block], document: Document) -> bool:
    """Whether times differ, are past, and go one way down the page; what is pinned stands out."""
    times = [block.mark.told.at for block in blocks]
    latest = document.page.fetched_at + AHEAD
    if len(set(times)) < AT_LEAST or sum(time > latest for time in times) * 2 > len(times):
        return False
    falls = sum(after <= before for before, after in pairwise(times))
    rises = sum(after >= before for before, after in pairwise(times))
    return max(falls, rises) >= MOSTLY * (len(times) - 1) - 1


def _leads_elsewhere(block: Block, document: Document) -> bool:
    """Whether a block's title leads to a page that is neither the blog nor below it, nor live."""
    link = block.node.css_first(TITLE_LINK)
    here = document.canonical or document.url
    url = absolute((link.attributes.get("href") or "") if link else "", here)
    there = urlsplit(url).path.rstrip("/")
    if not url or LIVE.search(there):
        return False
    return not there.startswith(urlsplit(here).path.rstrip("/"))


def _words(block: Block) -> int:
    """Count a block's words, without those of headings, links and times."""
    apart = [node for node in block.node.css(NOT_WORDS) if not _is_within(node)]
    said = len(block.node.text(separator=" ").split())
    return said - sum(len(node.text(separator=" ").split()) for node in apart)


def _is_within(node: LexborNode) -> bool:
    above = node.parent
    return above is not None and (
        above.tag in HEADED or (above.parent is not None and above.parent.tag in HEADED)
    )
