"""Words as structured data has them: escaped several times, and with invisible characters."""

import re
from functools import lru_cache
from html import unescape

from scraper.markup.html import squeeze

TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")

# Zero-width blanks and control characters.
INVISIBLE = re.compile(r"[\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")

NOT_WORDS = re.compile(r"[\W_]+")
# The same for ASCII alone, which takes half the time.
_NO_WORDS = {sign: None for sign in range(128) if not chr(sign).isalnum()}

# What `html.unescape` takes for a character reference; the same few are written repeatedly.
REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")

# As many times as anything has been found escaped, and once more.
LAYERS = 4


def unescaped(text: str) -> str:
    """Undo entities until none is left, LAYERS times at most, and drop invisible characters."""
    if "&" not in text:
        return visible(text)
    # Nine of ten are this one, and a quotation mark is part of no other.
    text = text.replace("&quot;", '"')
    for _ in range(LAYERS):
        if "&" not in text:
            break
        plain = _undone(text)
        if plain == text:
            break
        text = plain
    return visible(text)


def _undone(text: str) -> str:
    """Undo entities once, as `html.unescape` does; each reference's meaning is remembered."""
    return REFERENCE.sub(_meant, text)


def _meant(reference: re.Match[str]) -> str:
    return _sign(reference[0])


@lru_cache(maxsize=1024)
def _sign(reference: str) -> str:
    return unescape(reference)


def visible(text: str) -> str:
    """Drop zero-width and control characters."""
    return text if text.isprintable() else INVISIBLE.sub("", text)


def words(text: str) -> str:
    """Return the words of a string that may be escaped any number of times and contain markup."""
    text = unescaped(text)
    return squeeze(TAG.sub(" ", text)) if "<" in text else squeeze(text)


def folded(text: str) -> str:
    """Fold a text to its letters and digits in lower case, to compare one wording with another."""
    bare = text.translate(_NO_WORDS) if text.isascii() else NOT_WORDS.sub("", text)
    return bare.casefold()


def encodable(text: str) -> str:
    """Replace lone surrogates, which have no UTF-8."""
    return text.encode("utf-8", "replace").decode()
