"""The items of a post as its page prints them: texts, pictures, quotes and embeds.

A post of Superdesk is a list of items, and may be just one picture or one quoted post: all their
words are its text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape

from selectolax.lexbor import LexborNode

from scraper.address import absolute
from scraper.markup.html import every_word, figure, ours, picture, squeeze, stand_in
from store.entry import Media

# Elements without words; the classes of what a broken end tag may have let into an item.
NO_WORDS = frozenset({"script", "style", "button", "svg", "-comment"})
ITEM = "lb-item"
APART = frozenset({ITEM, "lb-author", "lb-post-bottom", "lb-post-header"})

# The theme puts embeds into templates until the reader has agreed to them.
TEMPLATE = re.compile(r"</?template\b[^<>]*>")
SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL)
FRAME = re.compile(
    r"<(iframe|amp-[a-z-]{2,30})(?=[\s>])(?P<told>[^<>]*)>(?:(?:(?!<\1[\s>]).)*?</\1>)?", re.DOTALL
)
ATTRIBUTE = re.compile(r"""\s([a-z-]{2,30})=["']([^"'<>]*)["']""")
EMBED_SIGNS = ("<template", "<iframe", "<amp-")
EMBEDDED = {
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v="),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/"),
    "amp-facebook": ("data-href", ""),
}
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
# Its templates indent what they print.
INDENT = re.compile(r"(?<!\s)\s*\n\s*")
WIDTH = re.compile(r"(\d{1,5})w(?:,(\S*))?")


@dataclass(frozen=True, slots=True)
class Body:
    """The title, html, text and pictures that the items of a post make together."""

    title: str
    html: str
    text: str
    media: tuple[Media, ...]


def body_of(items: Sequence[tuple[str, Media | None]], base: str) -> Body:
    """Join items, each as untrusted html and its picture, if it is one.

    Superdesk has no headlines; a heading at the beginning of a post is used as one.
    """
    html = "".join(ours(part, base).html for part, _ in items)
    found = HEADING.match(html)
    rest = html[found.end() :].strip() if found else ""
    title = every_word(found[2]) if found and rest else ""
    html = rest if title else html
    media = tuple(image for _, image in items if image is not None)
    return Body(title, html, every_word(html), media)


def printed_items(post: LexborNode, base: str) -> list[tuple[str, Media | None]]:
    """Read the items of a post in their order, each as html and its picture, if it is one."""
    return [read for node in post.css(f".{ITEM}") if (read := _item(node, base))[0]]


def picture_of(node: LexborNode, base: str) -> tuple[str, Media | None] | None:
    """Read a figure: its markup, and its image in the largest form; None if it has no image.

    The markup has the caption; the image has the credit.
    """
    found = picture(node, base)
    if found is None:
        return None
    media, caption = found
    below = node.css_first("figcaption")
    label = below.css_first("b") if below else None
    if below is not None and label is not None:
        caption, credit = _around(label, below)
        media = replace(media, credit=credit)
    media = replace(
        media,
        url=_largest(node, base) or media.url,
        # The AMP theme gives every picture this text.
        alt="" if media.alt == "AMP" else media.alt,
    )
    return figure(media, caption), media


def embedded(html: str, base: str) -> str:
    """Turn an embed's markup into what a feed can carry: quoted posts, and links to frames."""
    bare = SCRIPT.sub("", TEMPLATE.sub("", html))
    return FRAME.sub(lambda found: _framed(found, base), bare)


def _item(node: LexborNode, base: str) -> tuple[str, Media | None]:
    shown = node.css_first("figure")
    if shown is not None and len(node.css(f".{ITEM}, blockquote, p")) == 1:
        drawn = picture_of(shown, base)
        if drawn is not None:
            return drawn
    html = "".join(child.html or "" for child in _own(node))
    if any(sign in html for sign in EMBED_SIGNS):
        html = embedded(html, base)
    return html if "<pre" in html else INDENT.sub(" ", html), None


def _own(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the nodes of an item alone; other items and furniture may lie in it."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child
        elif child.tag not in NO_WORDS and not _is_apart(child):
            if child.css_first(f".{ITEM}") is None:
                yield child
            else:
                yield from _own(child)


def _is_apart(node: LexborNode) -> bool:
    return not APART.isdisjoint((node.attributes.get("class") or "").split())


def _framed(found: re.Match[str], base: str) -> str:
    told = {name: unescape(value) for name, value in ATTRIBUTE.findall(found["told"])}
    if found[1] == "amp-img":
        return "<img" + found["told"] + ">"
    name, before = EMBEDDED.get(found[1], ("src", ""))
    named = told.get(name, "")
    address = absolute(before + named, base) if named else ""
    return stand_in(address, told.get("title", ""))


def _around(label: LexborNode, below: LexborNode) -> tuple[str, str]:
    """Split a figcaption at the label of its credit: `… <b>credit:</b> …`."""
    caption, credit, reached = list[str](), list[str](), False
    for child in below.iter(include_text=True):
        if child.mem_id == label.mem_id:
            reached = True
        elif child.tag != "-comment":
            (credit if reached else caption).append(child.text())
    return squeeze(" ".join(caption)), squeeze(" ".join(credit))


def _largest(node: LexborNode, base: str) -> str:
    image = node.css_first("img[srcset]")
    offered = [*_offered(image.attributes.get("srcset") or "")] if image else []
    return absolute(max(offered, key=lambda each: each[0])[1], base) if offered else ""


def _offered(srcset: str) -> Iterator[tuple[int, str]]:
    """Yield the width in pixels and the address of each image in a `srcset` (HTML, 4.8.4.2.1)."""
    url = ""
    for word in srcset.split():
        if (width := WIDTH.fullmatch(word)) is None:
            url = word.lstrip(",")
            continue
        if url:
            yield int(width[1]), url
        url = (width[2] or "").lstrip(",")
