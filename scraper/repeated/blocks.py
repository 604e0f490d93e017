"""One repeated block of a page; an element's names, its kind, and the elements around it."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from selectolax.lexbor import LexborNode

from scraper.repeated.times import Mark

# The share of a page's blocks that must be of one kind for that kind to tell them from others.
ALIKE = 0.7
FIGURES = re.compile(r"\d+")
NAMED_IN = ("id", "class", "data-testid", "data-component", "data-type", "role")


class Block(msgspec.Struct, frozen=True):
    """One block, the mark in it, and the elements from block to mark, both included.

    A struct, since hundreds are made per page: it takes a tenth of the time of a dataclass.
    """

    node: LexborNode
    mark: Mark
    chain: tuple[LexborNode, ...]


def names(node: LexborNode) -> str:
    """Return an element's tag, id, classes, role and the like, joined by blanks."""
    stated = node.attributes
    return " ".join((node.tag or "", *(stated.get(name) or "" for name in NAMED_IN)))


def kind_of(node: LexborNode) -> tuple[str, str, frozenset[str]]:
    """Return an element's tag, its classes without figures, and the names of its attributes."""
    stated = node.attributes if node.tag not in {"-text", "-comment"} else {}
    return node.tag or "", FIGURES.sub("", stated.get("class") or ""), frozenset(stated)


def around(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements around one within the body, innermost first."""
    above = node.parent
    while above is not None and above.tag not in {"body", "html"}:
        yield above
        above = above.parent


def holding(nodes: Iterable[LexborNode], top: LexborNode) -> frozenset[int]:
    """Return the memory ids of the elements within `top` that contain any of `nodes`."""
    found, outermost = set[int](), top.mem_id
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in found and above.mem_id != outermost:
            found.add(above.mem_id)
            above = above.parent
    return frozenset(found)
