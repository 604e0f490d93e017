"""The language of text by its script, where the page states another language."""

import re
from collections.abc import Iterable, Iterator

# Letters of Persian and of Urdu that Arabic does not have.
PERSIAN, URDU = frozenset("پچژگ"), frozenset("ٹڈڑےں")

ARABIC, HEBREW = re.compile(r"[\u0620-\u06ff]"), re.compile(r"[\u05d0-\u05ea]")
LETTER = re.compile(r"[^\W\d_]")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi", "ckb", "dv"})
# Names and foreign words may be in another script.
MOSTLY = 0.6
# Characters that are examined.
SAMPLE = 4_000


def language_of(stated: str, texts: Iterable[str]) -> str:
    """Return the language that a page states, or the one that the script of its texts shows.

    The script decides if 60 % of the letters are Arabic or Hebrew, and the stated language is not
    written from right to left: such pages are put into templates of other languages, and programs
    that read them aloud or lay them out need the right one.
    """
    if stated.partition("-")[0].lower() in RIGHT_TO_LEFT:
        return stated
    words = " ".join(_enough(texts))[:SAMPLE]
    # Few pages have such a letter, and to search for one is quicker than to count them.
    if words.isascii() or not (ARABIC.search(words) or HEBREW.search(words)):
        return stated
    letters = len(LETTER.findall(words))
    if len(HEBREW.findall(words)) >= MOSTLY * letters:
        return "he"
    if len(ARABIC.findall(words)) < MOSTLY * letters:
        return stated
    used = frozenset(words)
    return "ur" if used & URDU else "fa" if used & PERSIAN else "ar"


def _enough(texts: Iterable[str]) -> Iterator[str]:
    length = 0
    for text in texts:
        yield text
        length += len(text)
        if length >= SAMPLE:
            return
