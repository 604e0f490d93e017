"""Explain pydantic's errors in words that say how to correct them."""

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from keywire.sections.alerts import SECTIONS, AlertSection
from keywire.sections.fields import MatchSection
from keywire.sections.file import (
    ConfigFile,
    FetchSection,
    RetainSection,
    SelectorsSection,
    SiteSection,
    SourceSection,
    TopicSection,
)
from keywire.sections.targets import KINDS

_PLAIN = {
    "string_too_short": "is empty; write it",
    "string_type": "text is meant here; put it in quotes",
    "dict_type": "a group of settings is meant here",
    "model_type": "a group of settings is meant here",
    "list_type": "a list is meant here; begin each item with a dash",
    "bool_type": "true or false is meant here",
    "bool_parsing": "true or false is meant here",
    "int_type": "a whole number is meant here",
    "int_parsing": "a whole number is meant here",
    "int_from_float": "a whole number is meant here",
}


_FEW = {"follow": "sources to follow", "to": "targets", "secret": "secrets"}
_BRANCHES = {"str": str, "SourceSection": dict}
_TAGS = {*SECTIONS, "address"} - {"when", "quiet_hours", "watch"}  # names of a union's members


def is_meant(error: Any, tree: Any) -> bool:  # noqa: ANN401 - pydantic's own shape
    """Return whether an error is of the union's branch that the user wrote."""
    for place, key in enumerate(error["loc"]):
        if key in _BRANCHES:
            node = tree
            for step in error["loc"][:place]:
                node = node[step]
            return isinstance(node, _BRANCHES[key]) or (key == "str" and not isinstance(node, dict))
    return True


def explain(error: Any) -> tuple[tuple[str | int, ...], str]:  # noqa: ANN401, PLR0911 - pydantic's own shape, kind by kind
    """Return the path of the field that has one of pydantic's errors, and its correction."""
    path = tuple(key for key in error["loc"] if key not in _BRANCHES and key not in _TAGS)
    kind = error["type"]
    if kind == "extra_forbidden":
        return path, _unknown_key(error["loc"])
    if kind == "missing":
        return path[:-1], f"{path[-1]} is missing"
    if kind == "too_short":
        what = _FEW.get(path[-1] if path else "", str(path[-1] if path else ""))
        return path, f"there are no {what}; name at least one"
    if kind == "literal_error":
        return path, f"write {error['ctx']['expected'].replace(chr(39), '')}"
    if kind in {"union_tag_not_found", "union_tag_invalid"}:
        return path, f"name one of {', '.join(KINDS)}, such as webhook: https://…"
    if kind == "greater_than_equal":
        return path, f"write {error['ctx']['ge']} or more"
    if kind == "less_than_equal":
        return path, f"write {error['ctx']['le']} or less"
    if kind == "value_error":
        return path, str(error["ctx"]["error"])
    return path, _PLAIN.get(kind, error["msg"])


_KEYS: dict[str, type[BaseModel]] = {
    "": ConfigFile,
    "site": SiteSection,
    "fetch": FetchSection,
    "sources": SourceSection,
    "match": MatchSection,
    "follow": SourceSection,
    "selectors": SelectorsSection,
    "topics": TopicSection,
    "retain": RetainSection,
    "alerts": AlertSection,
    **SECTIONS,
}


def _unknown_key(loc: tuple[str | int, ...]) -> str:
    key = str(loc[-1])
    groups = [str(part) for part in loc[:-1] if str(part) in _KEYS]
    known = list(_KEYS[groups[-1] if groups else ""].model_fields)
    near = get_close_matches(key, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
    return f"there is no such setting; {hint}"
