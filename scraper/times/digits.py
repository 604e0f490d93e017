"""Figures of other scripts, written as those that programs read."""

_ZEROS = "\u0660\u06f0\u0966\u09e6\u0e50\uff10"
_ASCII = {ord(zero) + n: ord("0") + n for zero in _ZEROS for n in range(10)}


def ascii_digits(text: str) -> str:
    """Write Arabic, Persian, Devanagari, Bengali and wide figures as 0 to 9, sign for sign."""
    return text if text.isascii() else text.translate(_ASCII)
