"""One item of a live list: when, by whom, and what it says, whatever a publisher's template is.

AMP asks of an item only an `id` and a `data-sort-time`; the rest is the publisher's. What is no
part of the body is told by AMP's own elements, by headings, and by what classes are called in
plain words; classes that a program made up say nothing and are not asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.html import Ours, figure, ours, picture, pixels, squeeze, stand_in
from scraper.address import absolute
from store.entry import Media

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

TIMES = frozenset({"amp-timeago", "time"})

FURNITURE = frozenset(
    """
    script style template button nav svg form noscript -comment amp-ad amp-embed amp-sticky-ad
    amp-social-share amp-analytics amp-pixel amp-list amp-state amp-bind-macro amp-accordion
    """.split()
)

# Where AMP's embeds have their address, or the number that makes one.
EMBEDS = {
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/"),
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v="),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/"),
    "amp-facebook": ("data-href", ""),
    "amp-tiktok": ("data-src", ""),
    "amp-video": ("src", ""),
    "amp-audio": ("src", ""),
    "amp-iframe": ("src", ""),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/"),
}

IMAGES = frozenset({"amp-img", "amp-anim", "img"})

# What an element may still be when something within it was taken out.
KEPT = frozenset({"p", "ul", "ol", "li", "blockquote", "pre", "table", "tr", "td", "th", *HEADINGS})

BYLINE = re.compile(r"(?:^|[-_])(?:by|bylines?|authors?|writers?)(?:$|[-_]+(?:name|link|info)$)")

STAMP = re.compile(r"(?:^|[-_])(?:date|time|timestamp|datetime|timeago|time-?ago)$")

CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?(?: (?:[A-Z]{2,5}|Uhr))?", re.IGNORECASE
)

BY = re.compile(r"by:?\s+", re.IGNORECASE)

LONGEST_LINE = 80
LAYERS = 30


@dataclass(slots=True)
class Item:
    """What was found in an item. `times` are as written in its elements, in their order."""

    times: list[str] = field(default_factory=list)
    title: str = ""
    authors: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    advertises: bool = False
    body: Ours = Ours("", "")
    worded: bool = False


def read_item(node: LexborNode, base: str) -> Item:
    """Read an item; `base` is the address that its links are relative to."""
    item = Item()
    item.body = ours("".join(_parts(node, item, base)), base)
    return item


def _parts(node: LexborNode, item: Item, base: str, depth: int = 0) -> Iterator[str]:
    """Give the pieces of an item's body in page order, and note what stands beside it."""
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            words = child.html or ""
            item.worded = item.worded or bool(words.strip())
            yield words
        elif tag in TIMES:
            item.times.append(child.attributes.get("datetime") or "")
        elif tag in FURNITURE:
            item.advertises = item.advertises or tag == "amp-ad"
        elif tag in HEADINGS and not item.title and not item.worded:
            item.times += _times_in(child)
            item.title = squeeze(child.text())
        elif tag in IMAGES:
            yield _image(child, item, base)
        elif tag in EMBEDS:
            yield _embed(child, base)
        elif not _is_beside(child, item):
            yield from _element(child, tag, item, base, depth)


def _element(
    child: LexborNode, tag: str, item: Item, base: str, depth: int
) -> Iterator[str]:
    drawn = picture(child, base) if tag == "figure" else None
    if drawn is not None:
        item.media.append(drawn[0])
        yield figure(*drawn)
        return
    if child.child is None or depth >= LAYERS:
        yield child.html or ""
        return
    within = "".join(_parts(child, item, base, depth + 1))
    yield f"{_opening(child, tag)}{within}</{tag}>" if tag not in TRANSPARENT else within


TRANSPARENT = frozenset({"div", "section", "article", "main", "header", "footer", "aside", "span"})


def _opening(node: LexborNode, tag: str) -> str:
    html = node.html or ""
    return html[: html.index(">") + 1] if tag == "a" else f"<{tag}>"
