"""What scripts and styles hold, kept from a parser: raw text, of which it makes no elements.

It is half of most pages and more of some, and who reads it (`jsonld`, `state`) reads it in
the markup. Where it ends is told by its own end tag alone (HTML Standard, 13.2.5.2), so that it can
be taken out before, but for scripts that hold comments. That it was what it seemed is seen by what
was put in its place, which is then found as all the text of a script or style.
"""

import re
from collections.abc import Iterator, Sequence
from secrets import token_hex

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.cut import Gap
from scraper.markup.word import form

_PLACE = token_hex(8).encode()
# Dearer to take out than to parse.
_SHORT = 500
_BORDER = form(rb"</?script|</?style|</?template|<!--")
# In these a script or style holds elements.
_DRAWN = "svg script, svg style, math script, math style"
# An end as no program writes it: then nothing is taken out.
_ODD_END = form(rb"</(?:S|s[a-z]*[A-Z])")
_OPENED = re.compile(rb"""<(script|style)(?:\s[^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*+)?>""")


def raw_texts(markup: bytes) -> Sequence[Gap]:
    """Find what long scripts and styles hold, in page order."""
    if _ODD_END.search(markup):
        return ()
    long = (span for span in _spans(markup) if span[1] - span[0] > _SHORT)
    return [Gap(*span, b"%b%d." % (_PLACE, number)) for number, span in enumerate(long)]


def _spans(markup: bytes) -> Iterator[tuple[int, int]]:
    """Give from where to where raw texts without comments stand; none in templates.

    A template's elements are no part of the tree, so that what stands for them is not found in it.
    """
    start, ends, place, templates = 0, b"", 0, 0
    while found := _BORDER.search(markup, place):
        begun, place = found.span()
        border = markup[begun:place]
        if ends:
            if border == ends and start:
                yield start, begun
            if border == b"<!--":
                start = 0
            ends = b"" if border == ends else ends
        elif border == b"<!--":
            end = markup.find(b"-->", begun)
            place = max(place, end) if end >= 0 else len(markup)
        elif border.endswith(b"template"):
            templates = max(0, templates + (1 if border == b"<template" else -1))
        elif opened := _OPENED.match(markup, begun):
            start, ends = 0 if templates else opened.end(), b"</" + opened[1]


def stand_for_texts(tree: LexborHTMLParser, gaps: Sequence[Gap]) -> bool:
    """Whether what stands for texts is found in their order, each as all of one; it then goes."""
    if not gaps:
        return True
    holders = (node.child for node in tree.css("script, style"))
    texts = [text for text in holders if text is not None and _stands_in(text)]
    if [text.text_content for text in texts] != [gap.stand_in.decode() for gap in gaps]:
        return False
    if any(map(_stands_in, (node.child for node in tree.css(_DRAWN)))):
        return False
    for text in texts:
        text.decompose()
    return True


def _stands_in(node: LexborNode | None) -> bool:
    said = node.text_content if node is not None and node.is_text_node else None
    return said is not None and said.startswith(_PLACE.decode())
