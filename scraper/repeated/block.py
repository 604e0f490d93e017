"""Reading one repeated block: its title, its writers, its link, its flags, its body."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from scraper.address import absolute, same_site
from scraper.hints.labels import headline, label_of
from scraper.markup.embeds import with_embeds
from scraper.markup.html import Ours, figure, picture, squeeze
from scraper.markup.memo import Memo, digest
from scraper.repeated.blocks import Block, holding
from scraper.repeated.headline import (
    HEADINGS,
    LONGEST_BYLINE,
    PARTS,
    UNSEEN,
    above,
    below,
    heading_of,
)
from scraper.repeated.shape import PLAIN, Shape, lines_of, title_in
from scraper.repeated.stamps import LONGEST_STAMP, stamps_of
from scraper.times.clocks import STAMP_WORDS
from store.entry import Media

WRITERS = (
    '[class*="byline" i], [data-testid*="byline" i], [class*="author" i], '
    '[class~="by"], [class*="contributor" i], [itemprop="author"], [rel~="author"]'
)

BY = re.compile(r"^(?:by|von|par|di|por|door)\s+", re.IGNORECASE)

# Words that begin a byline, and how many words a byline has at most beside its time.
BYLINE = frozenset({"by", "von", "par", "por", "di", "door", "av", "af"})
NAMES = 6

BETWEEN_NAMES = re.compile(r"(?<!\s)\s*(?:,|\band\b|\bund\b|\bet\b|&)\s*")

# Elements that may be labels, and elements that may contain a time and a name alone.
LABELLED = "span, div, p, strong, b, mark, em, label, small, a"

META = frozenset({"p", "div", "header", "footer", "ul", "span", "small", "section"})

SIGNS = re.compile(r"[\W_]+")

# What is left at the start of a line when its time or title is taken out.
OPENING = re.compile(r"^(?:\s|<br ?/?>|[:–—|•·,-]|&nbsp;)+")

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|comments?|advert\w*|ads?|adslot|promo|newsletter|related"
    r"|recirc\w*|toolbar|bylines?|timestamp|sr-only|visually-hidden|permalink|copy-link)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)

# Elements that only wrap others and are not in our html; publishers' own have a hyphen in the name.
_WRAPPERS = "div section article header main details summary tbody tr td th dl dt dd"
WRAPPERS = frozenset(_WRAPPERS.split())

PINNED = re.compile(r"pinned|sticky", re.IGNORECASE)

KEY = re.compile(
    r"(?:^|[\s_-])(?:key-?(?:event|post|moment)s?|essential|highlight(?:ed)?)(?:$|[\s_-])",
    re.IGNORECASE,
)

CREDIT = "Credit..."

FALSE = frozenset({"", "false", "0", "no"})


@dataclass(frozen=True, slots=True)
class Printed:
    """What a block prints, and the flags in its attributes and labels; `link` is "" without one."""

    title: str
    body: Ours
    authors: tuple[str, ...] | None
    link: str
    pinned: bool
    key: bool
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class _Rest:
    """Which elements of a block are its body: all but the `dropped` ones.

    `around` are the elements that contain a dropped one; both are memory ids. Pictures that are
    found are added to `media`.
    """

    dropped: frozenset[int]
    around: frozenset[int]
    base: str
    media: list[Media]


_PRINTED = Memo[Printed]()


def read_block(block: Block, base: str, shape: Shape = PLAIN) -> Printed:
    """Read a block, with absolute links; remembered, as most blocks of a page stay the same."""
    markup = (block.node.html or "").encode()
    key = digest(markup), base, block.mark.told, len(block.chain), shape
    return _PRINTED.get(lambda: _read(block, base, shape), key, len(markup))


def _read(block: Block, base: str, shape: Shape) -> Printed:
    stamps = stamps_of(block)
    times = {node.mem_id for node in stamps}
    lines = [] if shape.is_plain else list(lines_of(block.node, stamps))
    common = [ln.node for ln in lines if ln.place in shape.beside or ln.words in shape.labels]
    heading = title_in(lines, shape)
    if heading is None and (shape.title is None or block.node.css_first(HEADINGS) is not None):
        heading = heading_of(block, times | {node.mem_id for node in common})
    writers = [node for node in block.node.css(WRITERS) if len(node.text()) <= LONGEST_BYLINE]
    writers += [line.node for line in lines if line.place == shape.writer]
    labels = _labels(block.node)
    beside = (*above(heading, block.node), *below(heading, block.node)) if heading else ()
    apart = [heading, *beside, *writers, *common, *(node for node, _ in labels), *stamps]
    rest = _rest([node for node in apart if node is not None], block.node, base)
    html = "".join(_markup(block.node, rest))
    said = {label for _, label in labels}
    return Printed(
        title=headline(heading) if heading else "",
        body=with_embeds(html, base),
        authors=_authors(writers),
        link=_link(block, heading, base),
        pinned="pinned" in said or _is_flagged(block, PINNED),
        key="key" in said or _is_flagged(block, KEY),
        media=tuple(rest.media),
    )


def _rest(apart: Sequence[LexborNode], block: LexborNode, base: str) -> _Rest:
    dropped = frozenset(node.mem_id for node in apart)
    return _Rest(dropped, holding(apart, block), base, [])


def _labels(block: LexborNode) -> list[tuple[LexborNode, str]]:
    """Return the elements that label a block, each with its label: "pinned", "key" or "other".

    The New York Times labels pinned blocks.
    """
    if block.tag is None or len(block.text()) < 1:
        return []
    found = ((node, label_of(node.text())) for node in block.css(LABELLED))
    return [(node, label) for node, label in found if label]


def _authors(writers: list[LexborNode]) -> tuple[str, ...] | None:
    names = dict[str, None]()
    for node in writers:
        links = [squeeze(link.text()) for link in node.css("a")]
        said = [link for link in links if link] or BETWEEN_NAMES.split(
            BY.sub("", squeeze(node.text()))
        )
        names.update(dict.fromkeys(BY.sub("", name) for name in said))
    return tuple(name for name in names if name and not label_of(name)) or None


def _link(block: Block, heading: LexborNode | None, base: str) -> str:
    """Return a block's own address: around its time, in its title, in an attribute; "" if none."""
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
    """Whether a class or `data-` attribute of a block's two outermost elements matches `sign`.

    A matching attribute with a false value means that the block is not flagged.
    """
    for node in block.chain[:2]:
        for name, value in node.attributes.items():
            if name == "class" and sign.search(value or ""):
                return True
            if name.startswith("data-") and sign.search(name[5:]):
                return (value or "").casefold() not in FALSE
    return False


def _markup(node: LexborNode, rest: _Rest) -> Iterator[str]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if child.mem_id in rest.dropped or tag in UNSEEN:
            continue
        stated = child.attributes if tag != "-text" else {}
        if stated and FURNITURE.search(f"{stated.get('class')} {stated.get('data-testid')}"):
            continue
        if tag in META and _is_meta(child, rest.dropped):
            continue
        if tag == "figure" and (drawn := _picture(child, rest.base)):
            rest.media.append(drawn[0])
            yield figure(*drawn)
        elif (tag in WRAPPERS or "-" in tag[1:]) and _holds(child, rest):
            yield from _markup(child, rest)
        elif child.mem_id in rest.around:
            inner = OPENING.sub("", "".join(_markup(child, rest)))
            yield f"<{tag}>{inner}</{tag}>" if tag in PARTS else inner
        else:
            yield child.html or ""


def _is_meta(node: LexborNode, dropped: frozenset[int]) -> bool:
    """Whether an element contains nothing but dropped elements: its block's time, its writers."""
    words = node.text(separator=" ")
    if len(words) > LONGEST_BYLINE + LONGEST_STAMP:
        return False
    apart = [each for each in node.css("*") if each.tag == "time" or each.mem_id in dropped]
    known = {each.mem_id for each in apart}
    outer = [each for each in apart if each.parent is None or each.parent.mem_id not in known]
    for each in outer:
        words = words.replace(each.text(separator=" "), " ", 1)
    left = [word for word in SIGNS.split(words) if word]
    signed = left and left[0].casefold() in BYLINE and len(left) <= NAMES
    return bool(outer) and (signed or all(word.casefold() in STAMP_WORDS for word in left))


def _picture(node: LexborNode, base: str) -> tuple[Media, str] | None:
    """Read a picture and its caption, without the labels of The New York Times.

    These are meant for readers who do not see the picture: "Image", "Credit...".
    """
    drawn, below = picture(node, base), node.css_first("figcaption")
    words = squeeze(below.text(separator=" ")) if below else ""
    if drawn is None or CREDIT not in words:
        return drawn
    caption, _, credit = words.removeprefix("Image ").partition(CREDIT)
    return replace(drawn[0], credit=credit.strip()), caption.strip()


def _holds(node: LexborNode, rest: _Rest) -> bool:
    """Whether a wrapper contains paragraphs or other parts, or a dropped element."""
    if node.mem_id in rest.around:
        return True
    return any(child.tag in PARTS for child in node.traverse() if child.mem_id != node.mem_id)
