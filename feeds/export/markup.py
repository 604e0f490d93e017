"""Turn an entry's html into Markdown (CommonMark), with every text escaped.

All characters of a publisher's text that could be taken for markup are escaped, so that no
foreign markup or html gets through; links lead to web addresses alone, and pictures are links.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from feeds.links import web_url
from feeds.xml import Element, scrub

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
# What begins a list, a heading's underline, a rule or a definition: only at the start of a line.
_START: Final = re.compile(r"^(\d{1,9}(?=[.)])|)([-+=:.)])")
_BLANKS: Final = re.compile(r"\s+")
_MARKS: Final = {"b": "**", "strong": "**", "em": "*", "i": "*"}
_GONE: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_ITEMS: Final = frozenset({"ul", "ol"})
_NAMES = """
    blockquote caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody
    td tfoot th thead tr ul
"""
_BLOCKS: Final = frozenset(_NAMES.split())
_DEEPEST: Final = 40  # levels of elements
_LARGEST: Final = 1_000_000  # characters of html that are read


def escaped(text: str) -> str:
    """Return a text on one line, its markup escaped but for what is markup at a line's start."""
    return _SPECIAL.sub(r"\\\1", " ".join(scrub(text).split()))


def markdown(html: str, text: str = "") -> str:
    """Return a body as Markdown, with empty lines between blocks; of `text` without html."""
    if not html.strip():
        return "\n\n".join(_started(escaped(one)) for one in scrub(text).split("\n") if one.strip())
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"<body>{scrub(html[:_LARGEST])}</body>", parser)
    except etree.XMLSyntaxError:
        return ""
    body = None if root is None else root.find("body")
    return "" if body is None else "\n\n".join(_blocks(body, 0))


def address(url: str) -> str:
    """Return a web address encoded for a Markdown link, "" for any other address."""
    web = web_url(url)
    return "".join(f"%{ord(one):02X}" if one in "<>()\\\"' `|" else one for one in web)


def _blocks(node: Element, depth: int) -> Iterator[str]:
    """Yield the blocks in a node, runs of inline content as paragraphs."""
    run = [_words(node.text or "")]
    for child in node:
        if child.tag in _BLOCKS and depth < _DEEPEST:
            yield from _paragraph(run)
            yield from _block(child, depth)
            run = []
        else:
            run.append(_inline(child, depth))
        run.append(_words(child.tail or ""))
    yield from _paragraph(run)


def _paragraph(run: list[str]) -> Iterator[str]:
    lines = (" ".join(one.split()) for one in "".join(run).split("\n"))
    if words := "  \n".join(_started(one) for one in lines if one):
        yield words


def _started(text: str) -> str:
    """Escape a line's beginning where it would make a list, rule, underline or definition."""
    return _START.sub(r"\1\\\2", text)


def _block(node: Element, depth: int) -> Iterator[str]:
    inner = [*_blocks(node, depth + 1)]
    if node.tag == "hr":
        yield "\\* \\* \\*"
    elif node.tag in _ITEMS:
        yield from _list(node, depth)
    elif node.tag == "blockquote":
        if inner:
            yield quoted("\n\n".join(inner))
    elif node.tag == "tr":
        if cells := [" ".join(_blocks(cell, depth + 1)) for cell in node]:
            yield " · ".join(one for one in cells if one)
    elif node.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        yield from (f"**{one}**" for one in inner)
    else:
        yield from inner


def _list(node: Element, depth: int) -> Iterator[str]:
    """Yield a list as one block, with numbered items if it is ordered."""
    items = []
    for number, item in enumerate(node, 1):
        bullet = f"{number}. " if node.tag == "ol" else "- "
        if says := "\n\n".join(_blocks(item, depth + 1)):
            items.append(bullet + indented(says, len(bullet)))
    if items:
        yield "\n".join(items)


def _inline(node: Element, depth: int) -> str:
    if not isinstance(node.tag, str) or node.tag in _GONE or depth > _DEEPEST:
        return ""
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        url, says = address(node.get("src") or ""), escaped(node.get("alt") or "")
        return f"[{says or 'Picture'}]({url})" if url else says
    inner = _words(node.text or "") + "".join(
        _inline(child, depth + 1) + _words(child.tail or "") for child in node
    )
    if node.tag == "a":
        url = address(node.get("href") or "")
        return f"[{_one_line(inner)}]({url})" if url and inner.strip() else inner
    mark = _MARKS.get(node.tag, "")
    return f"{mark}{inner.strip()}{mark}{inner[len(inner.rstrip()) :]}" if inner.strip() else inner


def _words(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _BLANKS.sub(" ", text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def quoted(text: str) -> str:
    """Return Markdown as a block quotation."""
    return "\n".join(f"> {one}".rstrip() for one in text.split("\n"))


def indented(text: str, by: int) -> str:
    """Return Markdown with all lines but the first indented by `by` spaces, to continue an item."""
    first, *rest = text.split("\n")
    return "\n".join([first, *((" " * by + one if one else "") for one in rest)])
