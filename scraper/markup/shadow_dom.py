"""Declarative shadow trees turned into ordinary elements, so that selectors find their content.

A parser without scripts keeps the content of `<template shadowrootmode>` apart from the page
(HTML Standard, 4.12.3), where no selector finds it; a browser shows it.
"""

import re

_OPEN = b"shadowroot"
_TAGS = re.compile(rb"<template\b([^<>]*)>|</template\s*>", re.IGNORECASE)


def unfolded(markup: bytes) -> bytes:
    """Return markup with `div` for each template that is a shadow tree; other templates stay."""
    if _OPEN not in markup:
        return markup
    shadows = list[bool]()

    def plain(found: re.Match[bytes]) -> bytes:
        if not found[0].startswith(b"</"):
            shadows.append(_OPEN in found[1].lower())
            return b"<div>" if shadows[-1] else found[0]
        return b"</div>" if shadows and shadows.pop() else found[0]

    return _TAGS.sub(plain, markup)
