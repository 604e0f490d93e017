"""One repeated block of a page, as it was found, and what its publisher calls it."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.repeated.times import Mark

NAMED_IN = ("id", "class", "data-testid", "data-component", "data-type", "role")


@dataclass(frozen=True, slots=True)
class Block:
    """One block, the mark in it, and the elements from the one to the other, both included."""

    node: LexborNode
    mark: Mark
    chain: tuple[LexborNode, ...]


def names(node: LexborNode) -> str:
    """Give the words by which an element is called: its tag, id, classes and the like."""
    stated = node.attributes
    return " ".join((node.tag or "", *(stated.get(name) or "" for name in NAMED_IN)))
