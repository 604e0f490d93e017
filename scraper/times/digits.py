"""Digits of other scripts, written as ASCII digits."""

import re

_ZEROS = "\u0660\u06f0\u0966\u09e6\u0e50\uff10"
_ASCII = {ord(zero) + n: ord("0") + n for zero in _ZEROS for n in range(10)}
# Most texts beyond ASCII have none; to look takes a tenth of the time of translating.
_FIGURE = re.compile(f"[{''.join(map(chr, _ASCII))}]")


def ascii_digits(text: str) -> str:
    """Write Arabic, Persian, Devanagari, Bengali, Thai and wide digits as 0 to 9, sign for sign."""
    return text if text.isascii() or not _FIGURE.search(text) else text.translate(_ASCII)
