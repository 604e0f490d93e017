"""Reasons why a page's repeated block is not a live blog's.

Lists of teasers and comment sections are built like live blogs. A live blog's blocks have words of
their own and times in order, and their publisher calls them live: by their elements' names, ids or
classes, or by the page.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.markup.document import Document
from scraper.repeated.blocks import Block, around, names
from scraper.repeated.called import LIVE, are_most_of, is_called_live
from scraper.repeated.leading import leads_elsewhere
from store.entry import TimePrecision

AT_LEAST = 3

# How many elements around the blocks may call them live by their names.
NAMING = 2

# Names of what readers write.
OTHERS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|kommentare?|commentaires?|repl(?:y|ies)|discussion"
    r"|disqus|forum|thread|reviews?)(?:$|[\s_-])",
    re.IGNORECASE,
)

# Names of lists that lead elsewhere, unless they are most of a page's text: programs call much a
# teaser or a widget.
TEASERS = re.compile(
    r"(?:^|[\s_-])(?:widget|sidebar|related|recommended|recirc\w*|teasers?"
    r"|most-?(?:read|viewed|popular)|carousel|promo)(?:$|[\s_-])",
    re.IGNORECASE,
)

AROUND = frozenset({"aside", "nav", "footer", "form", "table", "dialog"})

# Elements of a block that are not its words: links, headings, buttons and the like.
NOT_WORDS = "a, h1, h2, h3, h4, h5, h6, time, button, script, style, figcaption"

HEADED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "a"})

WORDS = 4

# Two characters of Thai, Japanese or Chinese, which are written without blanks.
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2}")

# How many blocks are looked at closely.
SAMPLE = 8

# The share of blocks that counts as most of them.
MOSTLY = 0.7

# The share of a page's text that has to be in blocks which are named like teasers.
HALF = 0.5

# A publisher's clock may be a little ahead of ours.
AHEAD = timedelta(minutes=15)

WIDEST_ZONE = timedelta(hours=14)


class _Called(NamedTuple):
    """The names of a block and of what is around it; `aside` if that is a sidebar or the like."""

    block: str
    around: str
    aside: bool


def doubt(holder: LexborNode, blocks: Sequence[Block], document: Document) -> str:
    """Return the first reason why blocks are not a live blog's; "" if there is none."""
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
    # The names of a body say how a page looks rather than what it contains.
    holders = [node for node in (holder, *around(holder)) if node.tag != "body"]
    held = " ".join(map(names, holders[:NAMING]))
    return LIVE.search(held) is not None or is_called_live(holder, blocks, sample, document)


def _called(sample: Sequence[Block]) -> list[_Called]:
    """Return the names of each block and of what is around it, which most blocks share."""
    places = dict[int, tuple[str, bool]]()
    called = list[_Called]()
    for block in sample:
        parent = block.node.parent
        place = parent.mem_id if parent is not None else 0
        if place not in places:
            holders = list(around(block.node))
            aside = any(each.tag in AROUND for each in holders)
            places[place] = " ".join(map(names, holders)), aside
        called.append(_Called(" ".join(map(names, block.chain)), *places[place]))
    return called


def _are_beside(called: Sequence[_Called], others: re.Pattern[str]) -> bool:
    """Whether most blocks are in a sidebar or the like, or match `others` by their names.

    The names of what is around a block count too.
    """
    around = {name for name in {each.around for each in called} if others.search(name)}
    beside = (
        each.aside or each.around in around or others.search(each.block) is not None
        for each in called
    )
    return 2 * sum(beside) > len(called)


def _is_in_order(blocks: Sequence[Block], document: Document) -> bool:
    """Whether times differ, are past, and go one way down the page, but for a few pinned ones.

    Local times that claim to be UTC may all lie ahead of now, by no more than zones are apart.
    """
    times = [block.mark.told.at for block in blocks]
    latest = document.page.fetched_at + AHEAD
    distinct = min(AT_LEAST, len(times))
    if blocks[0].mark.told.precision is not TimePrecision.ESTIMATED and len(set(times)) < distinct:
        return False
    ahead = sum(time > latest for time in times) * 2 > len(times)
    if ahead and (max(times) > latest + WIDEST_ZONE or times[0] < times[-1]):
        return False
    falls = sum(after <= before for before, after in pairwise(times))
    rises = sum(after >= before for before, after in pairwise(times))
    steps = len(times) - 1
    return steps - max(falls, rises) <= max(1, (1 - MOSTLY) * steps)


def _words(block: Block) -> int:
    """Count a block's words, without those of headings, links, times, buttons and captions."""
    apart = [node for node in block.node.css(NOT_WORDS) if not _is_within(node)]
    said = _count(block.node.text(separator=" "))
    return said - sum(_count(node.text(separator=" ")) for node in apart)


def _count(text: str) -> int:
    """Count words; where there are no blanks between them, two characters count as one."""
    return len(text.split()) + len(UNSPACED.findall(text))


def _is_within(node: LexborNode) -> bool:
    above = node.parent
    return above is not None and (
        above.tag in HEADED or (above.parent is not None and above.parent.tag in HEADED)
    )
