"""Durations and sizes as people write them in a configuration."""

import re
from datetime import timedelta

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, None: 1}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB)?")
_BYTES = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, None: 1}


def read_duration(text: object) -> timedelta:
    """Return `15s`, `2m`, `1h`, `1d` or a number of seconds as a timedelta; else ValueError."""
    match = _DURATION.fullmatch(str(text).strip()) if not isinstance(text, bool) else None
    if match is None:
        raise ValueError(f"{text!r} is no duration; write 15s, 2m or 1h")
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2]])


def read_size(text: object) -> int:
    """Return `10MB`, `500kB` or a plain number of bytes as bytes; else ValueError."""
    match = _SIZE.fullmatch(str(text).strip()) if not isinstance(text, bool) else None
    if match is None:
        raise ValueError(f"{text!r} is no size; write 10MB or 500kB")
    return int(float(match[1]) * _BYTES[match[2]])


def show_size(count: int) -> str:
    """Return a number of bytes as people read it: `512 B`, `4.2 kB`, `1.5 GB`."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - of each unit, the next is a thousand
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
