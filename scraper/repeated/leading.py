"""Where the title of a block leads: to another page, as in lists of news, or nowhere else."""

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute, is_within
from scraper.markup.html import squeeze
from scraper.repeated.blocks import ALIKE, Block, kind_of
from scraper.repeated.called import LIVE

HEADINGS = "h1, h2, h3, h4, h5, h6"
# The address of an entry's own page, such as /liveblog_entry/….
OWN_PAGE = re.compile(r"entr(?:y|ies)|updates?|posts?|cards?|events?|item", re.IGNORECASE)
# The least number of words in a link that is a title.
TITLE = 3
WORDS = frozenset({"p", "li", "dd", "blockquote"})


def leads_elsewhere(block: LexborNode, here: str, *, called_live: bool = True) -> bool:
    """Whether a block's title links to a page that is neither the blog nor one of its entries.

    `here` is the page's address. Where the page is not `called_live`, no address below it is that
    of an entry.
    """
    link = _titling_link(block)
    stated = (link.attributes.get("href") or "") if link is not None else ""
    url = absolute(stated, here) if stated else ""
    if not url or stated.startswith("#"):
        return False
    there = urlsplit(url).path.rstrip("/")
    if there == urlsplit(here).path.rstrip("/"):
        return False
    entrys_own = LIVE.search(there) is not None and OWN_PAGE.search(there) is not None
    return not (called_live and (entrys_own or is_within(url, here)))


def without_cards(blocks: Sequence[Block], here: str) -> list[Block]:
    """Leave out blocks that are made unlike most of the others and whose titles lead elsewhere."""
    kinds = Counter(kind_of(block.node) for block in blocks).most_common(1)
    if not kinds or not ALIKE * len(blocks) <= kinds[0][1] < len(blocks):
        return list(blocks)
    kind = kinds[0][0]
    return [
        block
        for block in blocks
        if kind_of(block.node) == kind or not leads_elsewhere(block.node, here)
    ]


def _titling_link(block: LexborNode) -> LexborNode | None:
    """Return the link around a block's heading, in it, or in a title's place; None if none."""
    heading = block if block.tag in HEADINGS.split(", ") else block.css_first(HEADINGS)
    if heading is None:
        return _link_before_words(block)
    around, within = heading.parent, heading.css_first("a[href]")
    if around is not None and around.tag == "a":
        return around
    if within is None or 2 * len(squeeze(within.text())) <= len(squeeze(heading.text())):
        return None
    return within


def _link_before_words(block: LexborNode) -> LexborNode | None:
    """Return a link as long as a title before a block's first words, unless a sentence goes on."""
    for node in block.traverse():
        if node.mem_id == block.mem_id:
            continue
        if node.tag == "a" and len(squeeze(node.text()).split()) >= TITLE:
            return None if _goes_on(node) else node
        if node.tag in WORDS and squeeze(node.text()):
            return None
    return None


def _goes_on(link: LexborNode) -> bool:
    """Whether a sentence continues after a link."""
    after = link.next
    return after is not None and after.tag == "-text" and len(squeeze(after.text_content or "")) > 1
