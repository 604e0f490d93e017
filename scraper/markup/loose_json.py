"""JSON of which no shape is sure: each reader gives an empty value for anything else."""

from collections.abc import Mapping

import msgspec


def decoded(text: str | None) -> Mapping[str, object]:
    """Decode JSON that is an object."""
    try:
        said = msgspec.json.decode(text or "")
    except (msgspec.DecodeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def object_in(said: object, name: str) -> Mapping[str, object]:
    """Give the object that stands under a name."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, dict) else {}


def list_in(said: object, name: str) -> list[object]:
    """Give the list that stands under a name."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, list) else []


def string_in(said: object, name: str) -> str:
    """Give the string that stands under a name."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else ""
