"""Parsing of a page's markup, only as much of it as its reader needs.

What a platform's reader reads without a tree, or the content of scripts and styles, is left out
before. The tree shows whether it was where it seemed to be; if not, the page is parsed whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import UnreadableError
from scraper.markup.cut import Blocks, Gap, Run, cut_out, left_of, stand_as_written
from scraper.markup.held import Holders, hold_back, stand_for_values
from scraper.markup.nesting import DEEPEST, too_deep, too_many_attributes
from scraper.markup.raw import raw_texts, stand_for_texts
from scraper.markup.shadow_dom import unfolded
from scraper.page import Page


@dataclass(frozen=True, slots=True)
class LeavesOut:
    """The parts of a platform's pages that are read without a tree: blocks, and long values."""

    blocks: Blocks
    values: Holders


# Bytes; parsing the scripts of a smaller page is quicker than leaving them out.
_LARGE = 200_000


class Parsed(NamedTuple):
    """A tree, its page's markup, and what was left out; the fields mean the same as in Document."""

    tree: LexborHTMLParser
    markup: bytes
    runs: Sequence[Run] = ()
    held: Sequence[Gap] = ()
    elements: bytes = b""


def parsed(page: Page, markup: bytes, leaves_out: LeavesOut | None) -> Parsed:
    """Parse a page without the parts that need no tree; whole if they cannot be left out.

    Raises UnreadableError for markup that would keep a parser busy.
    """
    in_part = _parsed_in_part(page, markup, leaves_out) if leaves_out else None
    return in_part or _parsed_without_texts(page, markup) or _parsed_whole(page, markup)


def _parsed_in_part(page: Page, markup: bytes, leaves_out: LeavesOut) -> Parsed | None:
    """Parse a page without blocks and long values; None if it has none, or they affect the tree."""
    gaps, runs = cut_out(markup, leaves_out.blocks)
    held = hold_back(markup, leaves_out.values)
    if not runs and not held:
        return None
    left = left_of(markup, (*gaps, *held))
    refuse_depth(page, left, part=True)
    tree = LexborHTMLParser(left)
    if not stand_as_written(tree, runs, leaves_out.blocks):
        return None
    if not stand_for_values(tree, held, leaves_out.values) or _has_shadows(tree, markup):
        return None
    return Parsed(tree, markup, runs, held)


def _parsed_without_texts(page: Page, markup: bytes) -> Parsed | None:
    """Parse a page without its scripts and styles; None unless they are most and have no effect."""
    texts = raw_texts(markup) if len(markup) > _LARGE else ()
    if not texts or 2 * sum(text.end - text.start for text in texts) < len(markup):
        return None
    left = left_of(markup, texts)
    refuse_depth(page, left)
    tree = LexborHTMLParser(left)
    if not stand_for_texts(tree, texts) or _has_shadows(tree, markup):
        return None
    return Parsed(tree, markup, elements=left)


def _parsed_whole(page: Page, markup: bytes) -> Parsed:
    refuse_depth(page, markup)
    tree = LexborHTMLParser(markup)
    if not _has_shadows(tree, markup):
        return Parsed(tree, markup)
    plain = unfolded(markup)
    return Parsed(LexborHTMLParser(plain), plain)


def _has_shadows(tree: LexborHTMLParser, markup: bytes) -> bool:
    # A search of the tree is far cheaper than one of the markup.
    return tree.css_first("template") is not None and unfolded(markup) != markup


def refuse_depth(page: Page, markup: bytes, *, part: bool = False) -> None:
    """Raise UnreadableError for markup with too many attributes or open elements to parse.

    `part`: the markup is a page from which closed blocks were cut out.
    """
    if too_many_attributes(markup):
        raise unreadable(page, "a tag has thousands of attributes")
    if too_deep(markup, part=part):
        raise unreadable(page, f"elements stand more than {DEEPEST} deep in one another")


def unreadable(page: Page, reason: str) -> UnreadableError:
    """Return the error for a body that cannot be read, for `reason`."""
    return UnreadableError(page.url, reason, "look at the address in a browser")
