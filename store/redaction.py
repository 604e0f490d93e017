"""The log's word on an entry, without the entry's own words."""

from collections.abc import Mapping
from typing import Any

_FLAGS = ("key_event", "summary")


def untold(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the log told of a change without a word of the entry: ids, times and flags."""
    entry = {**told["entry"], "title": "", "url": "", "authors": []}
    flags = {name: pair for name, pair in told["changes"].items() if name in _FLAGS}
    return {**told, "entry": entry, "changes": flags}
