"""Figures of other scripts, written as those that programs read."""

import re

_ZEROS = "\u0660\u06f0\u0966\u09e6\u0e50\uff10"
_ASCII = {ord(zero) + n: ord("0") + n for zero in _ZEROS for n in range(10)}
# Most texts beyond ASCII have none, which is seen in a tenth of what translating takes.
_FIGURE = re.compile(f"[{''.join(map(chr, _ASCII))}]")


def ascii_digits(text: str) -> str:
    """Write Arabic, Persian, Devanagari, Bengali and wide figures as 0 to 9, sign for sign."""
    return text if text.isascii() or not _FIGURE.search(text) else text.translate(_ASCII)
