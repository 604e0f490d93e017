"""How deep markup is nested, told before a parser is let loose on it.

Parsers that keep HTML's rules walk the stack of open elements at each tag, so their time grows
with the square of the depth: 100,000 open elements take a quarter of a minute. Browsers stop at
a depth of 512.
"""

import re

DEEPEST = 1_000
# Below as many tags even the worst nesting parses well within a second.
_HARMLESS = 3_100
_CLOSING = re.compile(rb"</")
_TAG = re.compile(rb"</?[A-Za-z][A-Za-z0-9:-]*")
# Elements without content, and those that the next of their kind closes.
_NEVER_OPEN = frozenset(
    b"""
    area base br col embed hr img input link meta param source track wbr script
    p li dt dd option tr td th thead tbody tfoot rt rp
    """.split()
)


# So many bytes without another tag may be one with thousands of attributes.
_STRIDE = 20_000
_MOST_ATTRIBUTES = 5_000
_TAG_NAME = re.compile(rb"<[A-Za-z]")
_ASSIGNED = re.compile(rb"[\s\"'][\w:.-]{1,60}\s{0,9}=")


def too_many_attributes(markup: bytes) -> bool:
    """Whether a tag has so many attributes that no honest page explains it.

    A parser holds each against all before it. Looked at is only where long nothing else begins.
    """
    bare = (
        place
        for place in range(0, len(markup), _STRIDE)
        if markup.find(b"<", place, place + _STRIDE) < 0
    )
    starts = {markup.rfind(b"<", 0, place) for place in bare}
    return any(_has_many(markup, start) for start in starts if start >= 0)


def _has_many(markup: bytes, start: int) -> bool:
    if not _TAG_NAME.match(markup, start):
        return False
    end = markup.find(b">", start)
    end = end if end >= 0 else len(markup)
    # What a tag holds for its page's scripts is long, and searched in vain.
    if end - start <= _STRIDE or markup.count(b"=", start, end) <= _MOST_ATTRIBUTES:
        return False
    return len(_ASSIGNED.findall(markup, start, end)) > _MOST_ATTRIBUTES


class _Steps(dict[bytes, int]):
    """By how much each tag, as it is written, moves the depth."""

    def __missing__(self, tag: bytes) -> int:
        name = tag.lstrip(b"</").lower()
        self[tag] = 0 if name in _NEVER_OPEN else -1 if tag.startswith(b"</") else 1
        return self[tag]


def too_deep(markup: bytes, *, part: bool = False) -> bool:
    """Whether so many elements are open at once that no honest page explains it.

    `part`: the markup is what matters of a larger page, of which the rest is nested in itself.
    """
    tags = markup.count(b"<")
    if tags < (DEEPEST if part else _HARMLESS):
        return False
    # Ten times as many tags may be nested and closed again, which costs the same.
    if tags < 10 * _HARMLESS and tags - 2 * len(_CLOSING.findall(markup)) < DEEPEST:
        return False
    return _depth(markup) > DEEPEST


def _depth(markup: bytes) -> int:
    depth = deepest = 0
    steps = _Steps()
    in_script = False  # where `i<n` is a comparison
    for tag in _TAG.findall(markup):
        if in_script:
            in_script = tag.lower() != b"</script"
        elif step := steps[tag]:
            depth += step if depth or step > 0 else 0
            deepest = max(depth, deepest)
        else:
            in_script = tag.lower() == b"<script"
    return deepest
