"""A page's elements as they are written, without what its long scripts and styles hold."""

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from scraper.markup.cut import Gap, left_of
from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.markup.raw import raw_texts


@once
def elements_of(document: Document) -> bytes:
    """Give a page's markup for looks at its elements: half of most pages are scripts and styles.

    All of it, where those do not stand in the tree as they seem to in the markup.
    """
    if document.elements:
        return document.elements
    markup = document.markup
    texts = raw_texts(markup)
    return left_of(markup, texts) if texts and _stand_in(document.tree, markup, texts) else markup


def _stand_in(tree: LexborHTMLParser, markup: bytes, texts: Sequence[Gap]) -> bool:
    """Whether texts are those of a tree's scripts and styles, in their order."""
    held = (node.child for node in tree.css("script, style"))
    found = (text.text_content for text in held if text is not None)
    told = (markup[text.start : text.end].decode("utf-8", "replace") for text in texts)
    return all(text in found for text in told)
