"""Which element of a repeated block is its title, and which beside it are not its words."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.hints.run_in_headings import heads_an_entry, is_beside_a_headline
from scraper.markup.html import squeeze
from scraper.repeated.blocks import Block, names

HEADINGS = "h1, h2, h3, h4, h5, h6"

# Classes by which publishers call a title one, where there are no headings.
TITLES = (
    '[class*="tit" i], [class*="ttl" i], [class*="head" i], [class*="hd" i], [class*="rubrik" i], '
    '[class*="overskrift" i], [class*="otsikko" i], [class*="nadpis" i], [class*="zag" i], '
    '[class*="baslik" i], [class*="tytul" i], [class*="judul" i], [class*="cim" i]'
)

TITLE = re.compile(
    r"(?:^|[\s_-])(?:sub)?(?:title|headline|heading|head|hd|ttl|tit|titre|titel|titulo|titolo|tytul"
    r"|rubrik|overskrift|otsikko|nadpis|zagolovok|zag|baslik|judul|cim)(?:$|[\s_-])",
    re.IGNORECASE,
)

LONGEST_HEADLINE = 200

# How many elements may lie between a block and its title.
LAYERS = 6

WRITER = re.compile(r"byline|author|contributor|writer|autor|reporter", re.IGNORECASE)

LINES = frozenset({"span", "a", "small", "em", "i", "cite", "address", "label"})

BOLD = frozenset({"strong", "b"})

# A longer text is a portrait of the writer, not a byline.
LONGEST_BYLINE = 120

_UNSEEN = """
    script style template button nav svg form aside noscript time -comment footer input
"""
UNSEEN = frozenset(_UNSEEN.split())

_PARTS = "p ul ol dl blockquote figure pre table h1 h2 h3 h4 h5 h6 div section article header"
PARTS = frozenset(_PARTS.split())


def heading_of(block: Block, stamps: set[int]) -> LexborNode | None:
    """Return a block's title: its first heading, unless words of its body come before it.

    Without headings it is an element that is called a title, else a first paragraph that is all in
    bold, else a line of its own above the first paragraph. `stamps` are memory ids.
    """
    heading = block.node.css_first(HEADINGS)
    first = _first_of_words(block.node, stamps)
    if heading is None:
        called = _called_heading(block, stamps) or _bold_heading(first)
        return called or _line_above(first, block, stamps)
    if first is None:
        return heading
    for node in block.node.traverse():
        if node.mem_id == heading.mem_id:
            return heading
        if node.mem_id == first.mem_id and squeeze(node.text()):
            return heading if len(squeeze(node.text())) <= LONGEST_BYLINE // 4 else None
    return heading


def _first_of_words(block: LexborNode, stamps: set[int]) -> LexborNode | None:
    """Return the first paragraph, list, quote or figure of a block that is more than its time."""
    for node in block.css("p, ul, ol, blockquote, figure"):
        inner = [each for each in node.css("*") if each.mem_id in stamps]
        if not inner or squeeze(node.text()) != squeeze(inner[0].text()):
            return node
    return None


def above(heading: LexborNode, block: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements before a block's title that are not its words: who writes, from where."""
    inner = heading
    for _ in range(LAYERS):
        before = inner.prev
        while before is not None:
            if before.tag not in {"-text", "-comment"} and _is_beside_words(before):
                yield before
            before = before.prev
        if inner.parent is None or inner.parent.mem_id == block.mem_id:
            return
        inner = inner.parent


def below(heading: LexborNode, block: LexborNode) -> Iterator[LexborNode]:
    """Yield the names that have a line of their own right below a block's title."""
    node = heading.next
    found = list[LexborNode]()
    while node is not None and node.tag not in PARTS:
        words = squeeze(node.text()) if node.tag != "-comment" else ""
        if words and not (node.tag in LINES and is_beside_a_headline(words)):
            return
        if words:
            found.append(node)
        node = node.next
    if node is not None or block.css_first("p, ul, ol, blockquote, figure") is not None:
        yield from found


def _is_beside_words(node: LexborNode) -> bool:
    words = squeeze(node.text(separator=" "))
    within = node.css_first("p, ul, ol, blockquote, figure, iframe")
    return len(words) <= LONGEST_BYLINE and (within is None or len(words) <= LONGEST_BYLINE // 4)


def _called_heading(block: Block, stamps: set[int]) -> LexborNode | None:
    around = {node.mem_id for node in block.chain} | stamps
    for node in block.node.css(TITLES) or _own_elements(block.node):
        words = squeeze(node.text())
        if node.mem_id in around or not 0 < len(words) <= LONGEST_HEADLINE:
            continue
        if node.css_first("p, ul, ol, figure") is None and TITLE.search(names(node)):
            return node
    return None


def _own_elements(node: LexborNode) -> list[LexborNode]:
    """Return a block's custom elements, by whose names a publisher may call a title one."""
    if not any("-" in (child.tag or "")[1:] for child in node.iter()):
        return []
    return [each for each in node.css("*") if "-" in (each.tag or "")]


def _bold_heading(first: LexborNode | None) -> LexborNode | None:
    """Return the bold words right before a first paragraph, or one that is all in bold."""
    if first is None or first.tag != "p":
        return None
    before = first.prev
    while before is not None and before.tag == "-text" and not squeeze(before.text_content or ""):
        before = before.prev
    if before is not None and before.tag in BOLD and 0 < len(before.text()) <= LONGEST_HEADLINE:
        return before
    if first.next is None:
        return None
    words = squeeze(first.text())
    bold = " ".join(squeeze(each.text()) for each in first.iter() if each.tag in BOLD)
    return first if 0 < len(words) <= LONGEST_HEADLINE and words == bold else None


def _line_above(first: LexborNode | None, block: Block, stamps: set[int]) -> LexborNode | None:
    """Return the line of words above the first paragraph if it is a title, else None."""
    inner = first
    for _ in range(LAYERS):
        if inner is None or inner.mem_id == block.node.mem_id:
            return None
        before = inner.prev
        while before is not None and (before.mem_id in stamps or not _says_words(before)):
            before = before.prev
        while before is not None and _holds_any(before, stamps):
            before = _last_child(before, stamps)
        if before is not None:
            words = squeeze(before.text())
            bold = before.tag in BOLD
            own = before.tag not in {"-text", "a"} and WRITER.search(names(before)) is None
            return before if own and heads_an_entry(words, bold=bold) else None
        inner = inner.parent
    return None


def _holds_any(node: LexborNode, stamps: set[int]) -> bool:
    return node.tag != "-text" and any(each.mem_id in stamps for each in node.css("*"))


def _last_child(node: LexborNode, stamps: set[int]) -> LexborNode | None:
    """Return the last node with words in an element that also contains the block's time."""
    said = [c for c in node.iter(include_text=True) if c.mem_id not in stamps and _says_words(c)]
    return said[-1] if said else None


def _says_words(node: LexborNode) -> bool:
    if node.tag == "-text":
        return bool(squeeze(node.text_content or ""))
    return node.tag not in UNSEEN and bool(squeeze(node.text()))
