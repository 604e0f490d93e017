"""Embeds between a post's paragraphs: the program's own elements, which its scripts fill."""

from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.markup.html import stand_in

FURNITURE = frozenset({"pillbox", "author", "back-to-top", "metadata"})

# For each embed element: the attribute with its address or id, and the prefix that makes an address
# of it.
EMBEDS = {
    "twitter-embed": ("href", ""),
    "youtube-video": ("video", "https://www.youtube.com/watch?v="),
    "side-chain": ("src", ""),
}

IMAGE = "image-embed"

EMBEDDED = ", ".join((IMAGE, *EMBEDS))

# Elements that may hold an embed, and strings of which the markup of each embed has one.
PLAIN = frozenset({"-text", "p", "ul", "ol", "blockquote"})
SIGNS = ("-embed", "youtube-video", "side-chain")

NOTHING = frozenset({"npr-video", "show-more", "google-ad", "header"})


def drawn(contents: LexborNode, heading: LexborNode | None, base: str) -> Iterator[str]:
    """Yield the html parts of a post's body, without its heading and furniture; not sanitised."""
    for child in contents.iter(include_text=True):
        tag = child.tag or ""
        if tag in PLAIN:
            yield _plain(child, base)
        elif heading is None or child.mem_id != heading.mem_id:
            names = (child.attributes.get("class") or "").split()
            if not FURNITURE.intersection(names):
                yield _part(child, tag, base)


def _plain(node: LexborNode, base: str) -> str:
    """Return the html of a paragraph or the like, or of the embed that is all it contains."""
    html = node.html or ""
    if not any(map(html.__contains__, SIGNS)):
        return html
    inner = node.css_first(EMBEDDED)
    return _part(inner, inner.tag or "", base) if inner is not None else html


def _part(node: LexborNode, tag: str, base: str) -> str:
    """Convert one of the program's own elements to html; return any other one unchanged."""
    if tag in NOTHING:
        return ""
    if tag == IMAGE:
        return _image(node, base)
    if tag in EMBEDS:
        name, before = EMBEDS[tag]
        stated = node.attributes.get(name) or ""
        return stand_in(absolute(before + stated, base), "") if stated else ""
    return node.html or ""


def _image(node: LexborNode, base: str) -> str:
    stated = node.attributes
    url = absolute(stated.get("src") or "", base)
    credit = stated.get("credit") or ""
    below = f"<figcaption>{escape(credit)}</figcaption>" if credit else ""
    return f'<figure><img src="{escape(url)}" alt="">{below}</figure>' if url else ""
