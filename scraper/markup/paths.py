"""Small paths through decoded JSON: `page.layout[].columns[].modules[name=body].data`.

Names are separated by dots; a name that ends in `*` matches every name that begins so. `[]` after a
name means each member of the list under it, `[type=story]` those objects whose `type` is `story`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from scraper.markup.state import Refer, plain

_STEP = re.compile(r"([^.\[\]]+)(\[(?:([^\[\]=]+)=([^\[\]]*))?\])?(?:\.|$)")


class Step(NamedTuple):
    """One name of a path; `each`: its value is a list to go through.

    `where` is the name and value that a member must have, None for all members.
    """

    name: str
    each: bool
    where: tuple[str, str] | None


def walk(said: object, path: str, refer: Refer = plain) -> Iterator[object]:
    """Yield every value at the end of a path, in the order of the JSON.

    `refer` follows references on the way. Names that are missing, and values of another shape than
    the path's, yield nothing.
    """
    return _walked(refer(said), steps_of(path), refer)


def first(said: object, paths: Sequence[str], refer: Refer = plain) -> object:
    """Return the first value at the end of the paths that is not empty or null, else None."""
    found = (value for path in paths for value in walk(said, path, refer))
    return next((value for value in found if value not in (None, "", [], {})), None)


@lru_cache(maxsize=256)
def steps_of(path: str) -> tuple[Step, ...]:
    """Split a path into its steps; raises ValueError if it is malformed."""
    steps, place = list[Step](), 0
    while place < len(path):
        found = _STEP.match(path, place)
        if found is None:
            raise ValueError(f"{path!r} is no path at {path[place:]!r}")
        where = (found[3], found[4]) if found[3] is not None else None
        steps.append(Step(found[1], found[2] is not None, where))
        place = found.end()
    return tuple(steps)


def _walked(said: object, steps: tuple[Step, ...], refer: Refer) -> Iterator[object]:
    if not steps:
        yield said
        return
    step, rest = steps[0], steps[1:]
    for value in _named(said, step.name):
        meant = refer(value)
        if not step.each:
            yield from _walked(meant, rest, refer)
        elif isinstance(meant, list):
            members = (refer(member) for member in meant)
            chosen = (member for member in members if _is_chosen(member, step.where))
            for member in chosen:
                yield from _walked(member, rest, refer)


def _named(said: object, name: str) -> Iterator[object]:
    if not isinstance(said, dict):
        return
    if name.endswith("*"):
        yield from (value for key, value in said.items() if key.startswith(name[:-1]))
    elif name in said:
        yield said[name]


def _is_chosen(member: object, where: tuple[str, str] | None) -> bool:
    return where is None or (isinstance(member, dict) and member.get(where[0]) == where[1])
