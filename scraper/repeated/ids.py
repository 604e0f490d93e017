"""Which attribute of repeated blocks holds their publisher's ids."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute, same_site
from scraper.markup.document import Document

# The attributes of ids, the surest first; others count if their names match OTHER.
NAMES = ("data-post-id", "data-entry-id", "data-block-id", "data-update-id", "data-item-id")

LINKS = ("data-url", "data-link")

LAST = ("data-id", *LINKS, "id")

OTHER = re.compile(
    r"(?:[a-z]+-)+(?:id|uid|uuid|guid|urn|key)|data-(?:uid|uuid|guid|urn|key)|key"
    r"|data-(?:live-?)?(?:post|entry|update|item|event|block|message|card|note|article|story)(?:_?id)?"
)

SHARE = 0.8

LONGEST = 200

# What publishers put before the number that is the id: `liveblog-entry-3300020`.
BEFORE = re.compile(
    r"(?:[a-z]+[-_])*(?:live|liveblog|post|entry|update|item|block|event|id)[-_]", re.IGNORECASE
)

# The ids of advertisements among the blocks.
ADVERTISED = re.compile(r"(?:ad|advert|mpu|promo)s?[-_]", re.IGNORECASE)

NUMBER = re.compile(r"\d{1,6}")

Ids = tuple[str | None, ...]


def ids_of(
    chains: Sequence[Sequence[LexborNode]], times: Sequence[datetime], document: Document
) -> tuple[str, Ids]:
    """Return the attribute that tells blocks apart ("" if none does), and each block's id in it.

    A chain leads from a block to its time. A block without an id, among others that have one, is a
    copy or not an entry: its id is None. Numbers that count the blocks from the newest are not ids:
    then the ids are (). Where no attribute serves, an id is the name of an empty anchor in the
    block ("id"), or the fragment of the link to it ("href").
    """
    for name in _names(chains[0]):
        if document.tree.css_first(f"[{name}]") is None:
            continue
        told = [_told(chain, name) for chain in chains]
        if not _tells_apart(told):
            continue
        bare = _bare(told)
        return name, () if _are_positions(bare, times) else tuple(bare)
    anchored = [_anchored(chain) for chain in chains]
    if _tells_apart(anchored) and not _are_positions(anchored, times):
        return "id", tuple(anchored)
    linked = [_linked(chain, document) for chain in chains]
    if _tells_apart(linked) and not _are_positions(linked, times):
        return "href", tuple(linked)
    return "", ()


def _tells_apart(told: Sequence[str | None]) -> bool:
    known = [each for each in told if each]
    return len(known) >= SHARE * len(told) and len(set(known)) == len(known)


def _names(chain: Sequence[LexborNode]) -> Iterator[str]:
    yield from NAMES
    others = (name for node in chain for name in node.attributes if OTHER.fullmatch(name))
    yield from dict.fromkeys(name for name in others if name not in NAMES)
    yield from LAST


def _told(chain: Sequence[LexborNode], name: str) -> str | None:
    """Return an id on the way to the time, or else just within the block; of a link its fragment.

    None where there is none, or where a link has no fragment.
    """
    value = _stated(chain, name) or ("" if name == "id" else _stated(_below(chain[0]), name))
    told = value.rpartition("#")[2] if name in LINKS and "#" in value else value
    return None if name in LINKS and told == value else told.strip()[:LONGEST] or None


def _anchored(chain: Sequence[LexborNode]) -> str | None:
    """Return the id or name of a block's first empty child: the anchor for links to the block."""
    for child in chain[0].iter():
        stated = child.attributes
        told = stated.get("id") or (stated.get("name") if child.tag == "a" else "") or ""
        if told and not child.text(strip=True):
            return told.strip()[:LONGEST]
    return None


def _linked(chain: Sequence[LexborNode], document: Document) -> str | None:
    """Return the fragment of the first link in a block to a place on the blog's own page."""
    here = document.canonical or document.url
    home = urlsplit(here).path.rstrip("/")
    for link in chain[0].css('a[href*="#"]'):
        address = absolute(link.attributes.get("href") or "", here)
        bare, _, fragment = address.partition("#")
        if fragment and urlsplit(bare).path.rstrip("/") == home and same_site(bare, here):
            return fragment[:LONGEST]
    return None


def _stated(nodes: Iterable[LexborNode], name: str) -> str:
    return next((said for node in nodes if (said := node.attributes.get(name))), "")


def _below(node: LexborNode) -> Iterator[LexborNode]:
    for child in node.iter():
        yield child
        yield from child.iter()


def _bare(told: Sequence[str | None]) -> list[str | None]:
    """Cut off the word before the number where all ids have it; advertisements' ids become None."""
    known = [each for each in told if each and not ADVERTISED.match(each)]
    before = known[0].rstrip("0123456789") if known else ""
    numbers = all(each.startswith(before) and each[len(before) :].isdigit() for each in known)
    if not numbers or not BEFORE.fullmatch(before):
        return [each if each in known else None for each in told]
    return [each[len(before) :] if each in known and each else None for each in told]


def bare(told: str) -> str:
    """Cut off the word before the number of an id: `liveblog-entry-3300020` becomes `3300020`."""
    before = told.rstrip("0123456789")
    return told[len(before) :] if before != told and BEFORE.fullmatch(before) else told


def _are_positions(ids: Sequence[str | None], times: Sequence[datetime]) -> bool:
    """Whether ids go up one by one while times go down."""
    if not all(each and NUMBER.fullmatch(each) for each in ids):
        return False
    order = sorted(zip((int(each or 0) for each in ids), times, strict=True))
    steps = all(after[0] == before[0] + 1 for before, after in pairwise(order))
    falls = all(after[1] <= before[1] for before, after in pairwise(order))
    return steps and falls and order[0][1] > order[-1][1]
