"""One repeated block: what of it is its title, its writer, its words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from selectolax.lexbor import LexborNode

from scraper.address import absolute, same_site
from scraper.html import Ours, figure, ours, picture, squeeze
from scraper.labels import label_of
from scraper.leading import heads_an_entry
from scraper.memo import Memo, digest
from scraper.repeated.blocks import Block, names
from scraper.times.ago import age_in
from scraper.times.clocks import STAMP_WORDS, stamp_alone
from scraper.times.dates import day_alone
from store.entry import Media

HEADINGS = "h1, h2, h3, h4, h5, h6"

WRITERS = (
    '[class*="byline" i], [data-testid*="byline" i], [class*="author" i], '
    '[class~="by"], [class*="contributor" i], [itemprop="author"], [rel~="author"]'
)

BY = re.compile(r"^(?:by|von|par|di|por|door)\s+", re.IGNORECASE)

BETWEEN = re.compile(r"\s*(?:,|\band\b|\bund\b|\bet\b|&)\s*")

LONGEST_STAMP = 60

# What is called a title where there are no headings.
TITLES = (
    '[class*="tit" i], [class*="head" i], [class*="hd" i], [class*="rubrik" i], '
    '[class*="overskrift" i], [class*="otsikko" i], [class*="nadpis" i], [class*="zag" i], '
    '[class*="baslik" i], [class*="tytul" i], [class*="judul" i], [class*="cim" i]'
)

TITLE = re.compile(
    r"(?:^|[\s_-])(?:sub)?(?:title|headline|heading|head|hd|tit|titre|titel|titulo|titolo|tytul"
    r"|rubrik|overskrift|otsikko|nadpis|zagolovok|zag|baslik|judul|cim)(?:$|[\s_-])",
    re.IGNORECASE,
)

LONGEST_HEADLINE = 200

BOLD = frozenset({"strong", "b"})

# Elements between a block and its title.
LAYERS = 6

# What may hold a label, and what may hold nothing but a time and a name.
LABELLED = "span, div, p, strong, b, mark, em, label, small, a"

META = frozenset({"p", "div", "header", "footer", "ul", "span", "small", "section"})

SIGNS = re.compile(r"[\W_]+")

STAMPED = "span, div, p, small, em, time, strong, b"

SIGNS_AROUND = " ,·|–—-"

DIGIT = re.compile("[0-9]")

# For dates without a year, of which only that they are some is asked.
SOME_DAY = date(2000, 1, 1)

WRITER = re.compile(r"byline|author|contributor|writer|autor|reporter", re.IGNORECASE)

# What no stamp holds.
SAYS = f"{HEADINGS}, p, ul, ol, blockquote, figure, img"

# A longer one is a portrait of its writer.
LONGEST_BYLINE = 120

_UNSEEN = """
    script style template button nav svg form aside noscript time -comment footer input
"""
UNSEEN = frozenset(_UNSEEN.split())

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|comments?|advert\w*|ads?|adslot|promo|newsletter|related"
    r"|recirc\w*|toolbar|bylines?|timestamp|sr-only|visually-hidden|permalink|copy-link)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)

# Elements that hold others and are none of our html; publishers' own have a hyphen in their names.
WRAPPERS = frozenset({"div", "section", "article", "header", "main"})

_PARTS = "p ul ol dl blockquote figure pre table h1 h2 h3 h4 h5 h6 div section article header"
PARTS = frozenset(_PARTS.split())

PINNED = re.compile(r"pinned|sticky", re.IGNORECASE)

KEY = re.compile(
    r"(?:^|[\s_-])(?:key-?(?:event|post|moment)s?|essential|highlight(?:ed)?)(?:$|[\s_-])",
    re.IGNORECASE,
)

CREDIT = "Credit..."

FALSE = frozenset({"", "false", "0", "no"})


@dataclass(frozen=True, slots=True)
class Printed:
    """What a block prints, and what its attributes say of it; `link` is "" where it has none."""

    title: str
    body: Ours
    authors: tuple[str, ...] | None
    link: str
    pinned: bool
    key: bool
    media: tuple[Media, ...]


_PRINTED = Memo[Printed]()


def read_block(block: Block, base: str) -> Printed:
    """Read a block, links made absolute; nearly all of a page's are as they were the last time."""
    markup = (block.node.html or "").encode()
    key = digest(markup), base, block.mark.told, len(block.chain)
    return _PRINTED.get(lambda: _read(block, base), key, len(markup))


def _read(block: Block, base: str) -> Printed:
    stamps = _stamps(block)
    heading = _heading(block, {node.mem_id for node in stamps})
    writers = [node for node in block.node.css(WRITERS) if len(node.text()) <= LONGEST_BYLINE]
    labels = _labels(block.node)
    above = _above(heading, block.node) if heading else ()
    apart = [heading, *above, *writers, *(node for node, _ in labels), *stamps]
    dropped = {node.mem_id for node in apart if node is not None}
    media = list[Media]()
    html = "".join(_markup(block.node, dropped, base, media))
    said = {label for _, label in labels}
    return Printed(
        title=squeeze(heading.text()) if heading else "",
        body=ours(html, base),
        authors=_authors(writers),
        link=_link(block, heading, base),
        pinned="pinned" in said or _is_flagged(block, PINNED),
        key="key" in said or _is_flagged(block, KEY),
        media=tuple(media),
    )


def _heading(block: Block, stamps: set[int]) -> LexborNode | None:
    """Find a block's title: its first heading, unless words of its body stand before it.

    Where it has no headings, what is called one, or a first paragraph that is all in bold, or a
    line of its own above the first paragraph.
    """
    heading = block.node.css_first(HEADINGS)
    first = block.node.css_first("p, ul, ol, blockquote, figure")
    if heading is None:
        return _called_heading(block) or _bold_heading(first) or _line_above(first, block, stamps)
    if first is None:
        return heading
    for node in block.node.traverse():
        if node.mem_id == heading.mem_id:
            return heading
        if node.mem_id == first.mem_id and squeeze(node.text()):
            return heading if len(squeeze(node.text())) <= LONGEST_BYLINE // 4 else None
    return heading


def _above(heading: LexborNode, block: LexborNode) -> Iterator[LexborNode]:
    """Give what stands before a block's title and is none of its words: who writes, from where."""
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


def _is_beside_words(node: LexborNode) -> bool:
    words = squeeze(node.text(separator=" "))
    within = node.css_first("p, ul, ol, blockquote, figure, iframe")
    return len(words) <= LONGEST_BYLINE and (within is None or len(words) <= LONGEST_BYLINE // 4)


def _called_heading(block: Block) -> LexborNode | None:
    around = {node.mem_id for node in block.chain}
    for node in block.node.css(TITLES) or _own_elements(block.node):
        words = squeeze(node.text())
        if node.mem_id in around or not 0 < len(words) <= LONGEST_HEADLINE:
            continue
        if node.css_first("p, ul, ol, figure") is None and TITLE.search(names(node)):
            return node
    return None


def _own_elements(node: LexborNode) -> list[LexborNode]:
    """Give the elements that no standard knows, by whose names a publisher may call a title."""
    if not any("-" in (child.tag or "")[1:] for child in node.iter()):
        return []
    return [each for each in node.css("*") if "-" in (each.tag or "")]


def _bold_heading(first: LexborNode | None) -> LexborNode | None:
    """Take what stands in bold before the first paragraph, or is all of it, for a title."""
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
    """Find the line of words that stands above the first paragraph and heads it, if one does."""
    inner = first
    for _ in range(LAYERS):
        if inner is None or inner.mem_id == block.node.mem_id:
            return None
        before = inner.prev
        while before is not None and (before.mem_id in stamps or not _says_words(before)):
            before = before.prev
        if before is not None:
            words = squeeze(before.text())
            bold = before.tag in BOLD
            own = before.tag not in {"-text", "a"} and WRITER.search(names(before)) is None
            return before if own and heads_an_entry(words, bold=bold) else None
        inner = inner.parent
    return None


def _says_words(node: LexborNode) -> bool:
    if node.tag == "-text":
        return bool(squeeze(node.text_content or ""))
    return node.tag not in UNSEEN and bool(squeeze(node.text()))


def _stamps(block: Block) -> list[LexborNode]:
    """Find the elements that say when a block was written, and nothing else."""
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
    """Find the largest element around a block's time that says little else: its clock, its zone."""
    stamp = block.mark.node
    for node in reversed(block.chain[1:]):
        if len(squeeze(node.text())) > LONGEST_STAMP or node.css_first(SAYS) is not None:
            break
        stamp = node
    return stamp


def _labels(block: LexborNode) -> list[tuple[LexborNode, str]]:
    """Find the words that call a block something: pinned (The New York Times), a key event."""
    if block.tag is None or len(block.text()) < 1:
        return []
    found = ((node, label_of(node.text())) for node in block.css(LABELLED))
    return [(node, label) for node, label in found if label]


def _authors(writers: list[LexborNode]) -> tuple[str, ...] | None:
    names = dict[str, None]()
    for node in writers:
        links = [squeeze(link.text()) for link in node.css("a")]
        said = [link for link in links if link] or BETWEEN.split(BY.sub("", squeeze(node.text())))
        names.update(dict.fromkeys(BY.sub("", name) for name in said if name))
    return tuple(names) or None


def _link(block: Block, heading: LexborNode | None, base: str) -> str:
    """Find the address of a block's own: around its time, in its title, in its attributes."""
    for node in (*reversed(block.chain), *(heading.css("a[href]") if heading else ())):
        stated = node.attributes
        found = stated.get("href") if node.tag == "a" else stated.get("data-url")
        if found and (url := absolute(found, base)) and _is_own(url, base):
            return url
    named = block.node.css_first("[data-link], [data-url], [data-permalink]")
    stated = named.attributes if named else {}
    told = stated.get("data-link") or stated.get("data-url") or stated.get("data-permalink") or ""
    url = absolute(told, base) if told else ""
    return url if url and _is_own(url, base) else ""


def _is_own(url: str, base: str) -> bool:
    return same_site(url, base) and url.rstrip("/") != base.rstrip("/")


def _is_flagged(block: Block, sign: re.Pattern[str]) -> bool:
    """Whether a block's class, or an attribute that is not false, says something of it."""
    for node in block.chain[:2]:
        for name, value in node.attributes.items():
            if name == "class" and sign.search(value or ""):
                return True
            if name.startswith("data-") and sign.search(name[5:]):
                return (value or "").casefold() not in FALSE
    return False


def _markup(node: LexborNode, dropped: set[int], base: str, media: list[Media]) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if child.mem_id in dropped or tag in UNSEEN:
            continue
        stated = child.attributes if tag != "-text" else {}
        if stated and FURNITURE.search(f"{stated.get('class')} {stated.get('data-testid')}"):
            continue
        if tag in META and _is_meta(child, dropped):
            continue
        if tag == "figure" and (drawn := _picture(child, base)):
            media.append(drawn[0])
            yield figure(*drawn)
        elif (tag in WRAPPERS or "-" in tag[1:]) and (_holds(child, dropped)):
            yield from _markup(child, dropped, base, media)
        else:
            yield child.html or ""


def _is_meta(node: LexborNode, dropped: set[int]) -> bool:
    """Whether an element says nothing but what stands apart: its block's time, its writers."""
    words = node.text(separator=" ")
    if len(words) > LONGEST_BYLINE + LONGEST_STAMP:
        return False
    apart = [each for each in node.css("*") if each.tag == "time" or each.mem_id in dropped]
    known = {each.mem_id for each in apart}
    outer = [each for each in apart if each.parent is None or each.parent.mem_id not in known]
    for each in outer:
        words = words.replace(each.text(separator=" "), " ", 1)
    left = (word for word in SIGNS.split(words.casefold()) if word)
    return bool(outer) and all(word in STAMP_WORDS for word in left)


def _picture(node: LexborNode, base: str) -> tuple[Media, str] | None:
    """Read a picture; The New York Times labels it for those who do not see: Image, Credit..."""
    drawn, below = picture(node, base), node.css_first("figcaption")
    words = squeeze(below.text(separator=" ")) if below else ""
    if drawn is None or CREDIT not in words:
        return drawn
    caption, _, credit = words.removeprefix("Image ").partition(CREDIT)
    return replace(drawn[0], credit=credit.strip()), caption.strip()


def _holds(node: LexborNode, dropped: set[int]) -> bool:
    """Whether a wrapper consists of parts, or holds what stands apart."""
    within = (child for child in node.traverse() if child.mem_id != node.mem_id)
    return any(child.tag in PARTS or child.mem_id in dropped for child in within)
