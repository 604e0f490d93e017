"""Times that are printed below their entries' headlines, in a row of entries."""

from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from scraper.markup.html import squeeze
from scraper.platforms.clock.head import HEADINGS, Head

HEADLINES = HEADINGS.keys() - {"h1"}


def below_headlines(heads: Sequence[Head]) -> list[Head]:
    """Let entries begin with the heading right above their time, if each of them has one.

    Else the heads are returned unchanged.
    """
    above = [_beside(head.node, forwards=False) for head in heads]
    headed = all(node is not None and node.tag in HEADLINES for node in above)
    if not headed or any(_has_words_below(head) for head in heads):
        return list(heads)
    return [replace(h, start=node) for h, node in zip(heads, above, strict=True) if node]


def _has_words_below(head: Head) -> bool:
    """Whether the text or headline of an entry follows its time, rather than preceding it."""
    below = _beside(head.node, forwards=True)
    bare = head.clock is not None and not head.clock.rest and head.node.tag not in HEADINGS
    return not bare or (below is not None and below.tag in HEADINGS)


def _beside(node: LexborNode, *, forwards: bool) -> LexborNode | None:
    """Return the next element before or after `node`; None if text is between them."""
    beside = node.next if forwards else node.prev
    while beside is not None and beside.tag in {"-text", "-comment"}:
        if beside.tag == "-text" and squeeze(beside.text_content or ""):
            return None
        beside = beside.next if forwards else beside.prev
    return beside
