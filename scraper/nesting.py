"""How deep markup is nested, told before a parser is let loose on it.

Parsers that keep HTML's rules walk the stack of open elements at each tag, so their time grows
with the square of the depth: 100,000 open elements take a quarter of a minute. Browsers stop at
a depth of 512.
"""

import re

DEEPEST = 1_000
# Below as many tags even the worst nesting parses well within a second.
_HARMLESS = 3_100
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)")
# Elements without content, and those that the next of their kind closes.
_NEVER_OPEN = """
    area base br col embed hr img input link meta param source track wbr script
    p li dt dd option tr td th thead tbody tfoot rt rp
"""


def too_deep(markup: bytes) -> bool:
    """Whether so many elements are open at once that no honest page explains it."""
    tags = markup.count(b"<")
    if tags < _HARMLESS:
        return False
    # Ten times as many tags may be nested and closed again, which costs the same.
    if tags < 10 * _HARMLESS and tags - 2 * markup.count(b"</") < DEEPEST:
        return False
    return _depth(markup.decode("utf-8", "replace")) > DEEPEST


def _depth(markup: str) -> int:
    depth = deepest = 0
    never_open = frozenset(_NEVER_OPEN.split())
    in_script = False  # where `i<n` is a comparison
    for closing, name in _TAG.findall(markup):
        tag = name.lower()
        in_script = not closing if tag == "script" else in_script
        if tag not in never_open and not in_script:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest
