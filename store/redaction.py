"""Removing an entry's content from its changes in the log."""

from collections.abc import Mapping
from typing import Any

_FLAGS = ("key_event", "summary")


def untold(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change's `told` column without the entry's text: only ids, times and flags stay."""
    entry = {**told["entry"], "title": "", "url": "", "authors": []}
    flags = {name: pair for name, pair in told["changes"].items() if name in _FLAGS}
    return {**told, "entry": entry, "changes": flags}
