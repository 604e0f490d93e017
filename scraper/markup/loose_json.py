"""Reading of JSON of uncertain shape: each function returns an empty value for another type."""

from collections.abc import Mapping

import msgspec


def decoded(text: str | None) -> Mapping[str, object]:
    """Decode a JSON object; {} for anything else."""
    try:
        said = msgspec.json.decode(text or "")
    except (msgspec.DecodeError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def object_in(said: object, name: str) -> Mapping[str, object]:
    """Return the object under a name; {} if there is none."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, dict) else {}


def list_in(said: object, name: str) -> list[object]:
    """Return the list under a name; [] if there is none."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, list) else []


def string_in(said: object, name: str) -> str:
    """Return the string under a name; "" if there is none."""
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else ""
