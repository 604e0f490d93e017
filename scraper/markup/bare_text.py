"""Bodies that are plain text without markup: pages as people and aggregators copy them."""

import re

from scraper.markup.document import Document
from scraper.markup.html import squeeze

# A shorter text is a message: an error, a wall.
_PARAGRAPHS, _WORDS = 4, 120
_BLANK = re.compile(r"\n[ \t\r\xa0]*\n")


def paragraphs_of(document: Document) -> list[str]:
    """Return the lines of a body that is text without markup, in order, without blank lines.

    The list is empty for a page with markup or JSON, and for text of fewer than 4 lines or 120
    words.
    """
    if document.data is not None or b"<" in document.markup:
        return []
    text = document.markup.decode("utf-8", "replace").replace("\r\n", "\n")
    parts = _BLANK.split(text) if _BLANK.search(text.strip()) else text.split("\n")
    lines = [line for part in parts for line in part.split("\n")]
    found = [said for line in lines if (said := squeeze(line))]
    enough = len(found) >= _PARAGRAPHS and sum(len(each.split()) for each in found) >= _WORDS
    return found if enough else []
