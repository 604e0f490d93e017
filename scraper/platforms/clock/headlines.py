"""Stamps that stand below the headlines of their entries, all in a row."""

from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.platforms.clock.head import HEADINGS, Head

HEADLINES = HEADINGS.keys() - {"h1"}


def below_headlines(heads: Sequence[Head]) -> list[Head]:
    """Begin entries with the headings that stand right above their stamps, where all have one."""
    above = [_beside(head.node, forwards=False) for head in heads]
    headed = all(node is not None and node.tag in HEADLINES for node in above)
    if not headed or any(_has_words_below(head) for head in heads):
        return list(heads)
    return [replace(h, start=node) for h, node in zip(heads, above, strict=True) if node]


def _has_words_below(head: Head) -> bool:
    """Whether a time heads words of its own, or a headline that stands below it."""
    below = _beside(head.node, forwards=True)
    bare = head.clock is not None and not head.clock.rest and head.node.tag not in HEADINGS
    return not bare or (below is not None and below.tag in HEADINGS)


def _beside(node: LexborNode, *, forwards: bool) -> LexborNode | None:
    """Give the next element before or after one, if no text stands between."""
    beside = node.next if forwards else node.prev
    while beside is not None and beside.tag in {"-text", "-comment"}:
        if beside.tag == "-text" and squeeze(beside.text_content or ""):
            return None
        beside = beside.next if forwards else beside.prev
    return beside
