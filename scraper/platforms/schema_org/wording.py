"""Words as structured data has them: escaped again and again, and with invisible characters."""

import re
from html import unescape

from scraper.html import squeeze

TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")

# Zero-width blanks and control characters.
INVISIBLE = re.compile(r"[\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")

NOT_WORDS = re.compile(r"[\W_]+")

COMMON = (("&quot;", '"'), ("&apos;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"))

# As often as anything has been found escaped, and once more.
LAYERS = 4


def unescaped(text: str) -> str:
    """Undo entities until there is nothing left to undo, and drop what nobody can see."""
    for _ in range(LAYERS):
        if "&" not in text:
            break
        plain = _undone(text)
        if plain == text:
            break
        text = plain
    return visible(text)


def _undone(text: str) -> str:
    """Undo entities once; the commonest first, for what they stand for is part of no entity."""
    for entity, sign in COMMON:
        text = text.replace(entity, sign)
    return unescape(text) if "&" in text else text


def visible(text: str) -> str:
    """Drop characters that nobody can see."""
    return text if text.isprintable() else INVISIBLE.sub("", text)


def words(text: str) -> str:
    """Give the words of a string that may be escaped any number of times and hold markup."""
    text = unescaped(text)
    return squeeze(TAG.sub(" ", text)) if "<" in text else squeeze(text)


def folded(text: str) -> str:
    """Fold a text to its letters and digits, to hold one wording against another."""
    return NOT_WORDS.sub("", text).casefold()


def encodable(text: str) -> str:
    """Replace lone surrogates, which have no UTF-8."""
    return text.encode("utf-8", "replace").decode()
