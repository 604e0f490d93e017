"""The content of scripts and styles, left out of the markup that is parsed.

It is raw text without elements, half of most pages and more of some, and its readers (`jsonld`,
`state`) read it in the markup. It ends at its own end tag alone (HTML Standard, 13.2.5.2), so that
it can be taken out before, except from scripts with comments. A stand-in is put in its place; that
the tree has it as the whole text of a script or style proves that the text was one.
"""

import re
from collections.abc import Iterator, Sequence
from secrets import token_hex

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.cut import Gap
from scraper.markup.word import form

_PLACE = token_hex(8).encode()
# Bytes; a shorter text is cheaper to parse than to take out.
_SHORT = 500
_BORDER = form(rb"</?script|</?style|</?template|<!--")
# In svg and math the content of a script or style is parsed as elements.
_DRAWN = "svg script, svg style, math script, math style"
# An end of a script or style in capitals, which no program writes: then nothing is taken out.
_ODD_END = form(rb"</(?:S|s[a-z]*[A-Z])")
_OPENED = re.compile(rb"""<(script|style)(?:\s[^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*+)?>""")


def raw_texts(markup: bytes) -> Sequence[Gap]:
    """Return the content of long scripts and styles as gaps, in page order."""
    if _ODD_END.search(markup):
        return ()
    long = (span for span in _spans(markup) if span[1] - span[0] > _SHORT)
    return [Gap(*span, b"%b%d." % (_PLACE, number)) for number, span in enumerate(long)]


def _spans(markup: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of the texts of scripts and styles without comments, outside templates.

    A template's elements are not part of the tree, so that stand-ins would not be found in it.
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
    """Return whether all stand-ins are in the tree, in order, each as a whole text.

    If they are, they are removed from the tree.
    """
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
