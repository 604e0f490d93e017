"""Which of a repeated block's elements are stamps: they say when it was written, nothing else."""

import re
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.repeated.blocks import Block
from scraper.times.ago import age_in
from scraper.times.clocks import STAMP_WORDS, stamp_alone
from scraper.times.dates import day_alone

LONGEST_STAMP = 60

# The most letters in the abbreviation of a zone.
LONGEST_ZONE = 5

WORD = re.compile(r"[^\W\d_]+")

STAMPED = "span, div, p, small, em, time, strong, b"

SIGNS_AROUND = " ,·|–—-"

DIGIT = re.compile("[0-9]")

# The day near which dates without a year are read: it only matters that they are dates.
SOME_DAY = date(2000, 1, 1)

# Elements that a stamp does not contain.
SAYS = "h1, h2, h3, h4, h5, h6, p, ul, ol, blockquote, figure, img"


def stamps_of(block: Block) -> list[LexborNode]:
    """Return the elements that say when a block was written and nothing else, its time's first."""
    found = [_stamp(block)]
    for node in block.node.css(STAMPED):
        words = node.text(separator=" ")
        if len(words) <= LONGEST_STAMP and _is_stamp(squeeze(words)):
            found.append(node)
    return found


def _is_stamp(words: str) -> bool:
    told = stamp_alone(words) if DIGIT.search(words) else None
    if told is None:
        return age_in(words) is not None
    return not told[0] or day_alone(told[0].strip(SIGNS_AROUND), SOME_DAY) is not None


def _stamp(block: Block) -> LexborNode:
    """Return the largest element around a block's time that says little else, such as its zone."""
    stamp = block.mark.node
    for node in reversed(block.chain[1:]):
        words = squeeze(node.text(separator=" "))
        if len(words) > LONGEST_STAMP or node.css_first(SAYS) is not None:
            break
        beside = words.replace(squeeze(block.mark.node.text(separator=" ")), "", 1)
        if not _tells_nothing(beside) and not _is_stamp(words):
            break
        stamp = node
    return stamp


def _tells_nothing(beside: str) -> bool:
    """Whether the words beside a time are just its zone, or words such as "published"."""
    words = WORD.findall(beside)
    return not DIGIT.search(beside) and all(
        word.casefold() in STAMP_WORDS or (word.isupper() and len(word) <= LONGEST_ZONE)
        for word in words
    )
