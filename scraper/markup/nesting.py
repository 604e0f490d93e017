"""Whether markup would keep a parser busy, found before it is parsed: its depth, its attributes.

Parsers that follow HTML's rules walk the stack of open elements at each tag, so that their time
grows with the square of the depth: 100,000 open elements take a quarter of a minute. Browsers stop
at a depth of 512.
"""

import re

DEEPEST = 1_000
# With fewer tags than this even the worst nesting is parsed well within a second.
_HARMLESS = 3_100
_CLOSING = re.compile(rb"</")
_TAG = re.compile(rb"</?[A-Za-z][A-Za-z0-9:-]*")
# Elements without content, elements that the next of their kind closes, and scripts.
_NEVER_OPEN = frozenset(
    b"""
    area base br col embed hr img input link meta param source track wbr script
    p li dt dd option tr td th thead tbody tfoot rt rp
    """.split()
)


# So many bytes without a "<" may be one tag with thousands of attributes.
_STRIDE = 20_000
_MOST_ATTRIBUTES = 5_000
_TAG_NAME = re.compile(rb"<[A-Za-z]")
_ASSIGNED = re.compile(rb"[\s\"'][\w:.-]{1,60}\s{0,9}=")


def too_many_attributes(markup: bytes) -> bool:
    """Return whether a tag has more than 5,000 attributes, which no honest page has.

    A parser compares each attribute with all before it. Only long stretches without "<" are
    examined.
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
    # Counting "=" first is quick: long tags are mostly one value for the page's scripts.
    if end - start <= _STRIDE or markup.count(b"=", start, end) <= _MOST_ATTRIBUTES:
        return False
    return len(_ASSIGNED.findall(markup, start, end)) > _MOST_ATTRIBUTES


class _Steps(dict[bytes, int]):
    """By how much each tag, as it is written, changes the depth: 1, -1 or 0."""

    def __missing__(self, tag: bytes) -> int:
        name = tag.lstrip(b"</").lower()
        self[tag] = 0 if name in _NEVER_OPEN else -1 if tag.startswith(b"</") else 1
        return self[tag]


def too_deep(markup: bytes, *, part: bool = False) -> bool:
    """Return whether more than DEEPEST elements are open at once, which no honest page has.

    `part`: the markup is a page from which closed blocks were cut out.
    """
    tags = markup.count(b"<")
    if tags < (DEEPEST if part else _HARMLESS):
        return False
    # Up to ten times as many tags are harmless if they are closed again.
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
