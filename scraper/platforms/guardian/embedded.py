"""What is embedded between a block's paragraphs: pictures, quoted posts, films, tables."""

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.markup.html import figure, picture, stand_in
from scraper.markup.loose_json import decoded, object_in, string_in
from store.entry import Media

FURNITURE = frozenset({"header", "footer", "aside", "script", "style", "template", "-comment"})

YOUTUBE = "https://www.youtube.com/watch?v="

# Element types without words of the block, by the last part of their `_type`.
WORDLESS = frozenset(
    {"RichLinkBlockElement", "RichLinkV2BlockElement", "AdPlaceholderBlockElement"}
)

ATOM = "AtomBlockElement"

IMAGE = "ImageBlockElement"

POST = "TweetBlockElement"

# The old renderer's class names for these types, after `element-`.
KINDS = {"rich-link": "RichLinkBlockElement", "image": IMAGE, "tweet": POST}


def figure_html(node: LexborNode, base: str) -> tuple[str, tuple[Media, ...]]:
    """Convert an embedded element of a block to html; return it with the picture that it may be.

    The html is not sanitised; `base` is the address that its links are relative to.
    """
    stated = node.attributes
    kind = (stated.get("data-spacefinder-type") or "").rpartition(".")[2]
    kind = kind or KINDS.get(
        (stated.get("class") or "").rpartition("element-")[2].split(" ")[0], ""
    )
    if kind in WORDLESS:
        return "", ()
    quoted = node.css_first("blockquote, table, pre")
    if quoted is not None:
        return (post(quoted) if kind == POST else quoted.html or ""), ()
    image = picture(node, base)
    if image is not None and kind == IMAGE:
        return figure(*image), (image[0],)
    address, label = _embedded(node)
    if address:
        return stand_in(absolute(address, base), label), ()
    if image is not None:
        return figure(*image), (image[0],)
    return ("" if kind.endswith(ATOM) else node.inner_html or ""), ()


def post(quoted: LexborNode) -> str:
    """Return a quoted post in the markup that marks it as one, whatever its renderer called it."""
    return f'<blockquote class="twitter-tweet">{quoted.inner_html or ""}</blockquote>'


def _embedded(node: LexborNode) -> tuple[str, str]:
    """Return the address and the title of what a figure embeds; "" for each that it lacks."""
    frame = node.css_first("iframe[src]")
    stated = node.attributes.get("data-canonical-url") or ""
    if frame is not None or stated:
        source = (frame.attributes.get("src") if frame else "") or ""
        return stated or source, (frame.attributes.get("title") or "") if frame else ""
    island = node.css_first("gu-island[props]")
    if island is None:
        return "", ""
    props = decoded(island.attributes["props"])
    element = object_in(props, "element") or props
    return address_of(element), string_in(element, "mediaTitle") or string_in(element, "title")


def address_of(element: Mapping[str, object]) -> str:
    """Return the address of an embedded element, from the first property that has one, or ""."""
    asset = string_in(element, "assetId")
    if re.fullmatch(r"[\w-]{6,20}", asset):
        return YOUTUBE + asset
    names = ("originalUrl", "url", "canonicalUrl", "embedUrl", "iframeUrl", "src")
    return next((said for name in names if (said := string_in(element, name))), "")
