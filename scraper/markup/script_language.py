"""Which language words are in, where their script tells and their page says another one."""

import re
from collections.abc import Iterable, Iterator

# Letters that Persian and Urdu have, and Arabic has not.
PERSIAN, URDU = frozenset("پچژگ"), frozenset("ٹڈڑےں")

ARABIC, HEBREW = re.compile(r"[\u0620-\u06ff]"), re.compile(r"[\u05d0-\u05ea]")
LETTER = re.compile(r"[^\W\d_]")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi", "ckb", "dv"})
# Names and foreign words may be in another script.
MOSTLY = 0.6
# As much is read; the rest would tell the same.
SAMPLE = 4_000


def language_of(stated: str, texts: Iterable[str]) -> str:
    """Give the language that a page states, or the one that its words' script tells.

    The script tells it where nearly all letters are Arabic or Hebrew, and a language is stated that
    is not written so: frames of other languages are put around such pages, and who reads them aloud
    or sets them needs to know.
    """
    if stated.partition("-")[0].lower() in RIGHT_TO_LEFT:
        return stated
    words = " ".join(_enough(texts))[:SAMPLE]
    # Few pages have a letter of them, and to look for one is quicker than to count any.
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
