"""A page's markup without the content of its long scripts and styles."""

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from scraper.markup.cut import Gap, left_of
from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.markup.raw import raw_texts


@once
def elements_of(document: Document) -> bytes:
    """Return a page's markup without the content of its long scripts and styles.

    Half of most pages are scripts and styles. The markup is returned whole if those found in it are
    not all in the tree as scripts and styles, in the same order.
    """
    if document.elements:
        return document.elements
    markup = document.markup
    texts = raw_texts(markup)
    return left_of(markup, texts) if texts and _stand_in(document.tree, markup, texts) else markup


def _stand_in(tree: LexborHTMLParser, markup: bytes, texts: Sequence[Gap]) -> bool:
    """Return whether all texts are those of scripts and styles in the tree, in the same order."""
    held = (node.child for node in tree.css("script, style"))
    found = (text.text_content for text in held if text is not None)
    told = (markup[text.start : text.end].decode("utf-8", "replace") for text in texts)
    return all(text in found for text in told)
