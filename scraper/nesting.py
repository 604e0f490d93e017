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
    if tags < _HARMLESS and not part:
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
