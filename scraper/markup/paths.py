"""Small paths through decoded JSON: `page.layout[].columns[].modules[name=body].data`.

Names are parted by dots; a name that ends in `*` is every name that begins so. `[]` after a name
means each member of the list under it, `[type=story]` those that are objects and say so.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from scraper.markup.state import Refer, plain

_STEP = re.compile(r"([^.\[\]]+)(\[(?:([^\[\]=]+)=([^\[\]]*))?\])?(?:\.|$)")


class Step(NamedTuple):
    """One name of a path; `each` where its value is a list to go through, `where` which of it."""

    name: str
    each: bool
    where: tuple[str, str] | None


def walk(said: object, path: str, refer: Refer = plain) -> Iterator[object]:
    """Give every value at the end of a path, in the order in which it stands there.

    `refer` follows references on the way. What is not there, or is of another shape, gives none.
    """
    return _walked(refer(said), steps_of(path), refer)


def first(said: object, paths: Sequence[str], refer: Refer = plain) -> object:
    """Give the first value that is something at the end of any of several paths, else None."""
    found = (value for path in paths for value in walk(said, path, refer))
    return next((value for value in found if value not in (None, "", [], {})), None)


@lru_cache(maxsize=256)
def steps_of(path: str) -> tuple[Step, ...]:
    """Part a path into its steps; ValueError where it is none."""
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
