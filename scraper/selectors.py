"""Five CSS selectors by which a person configures where the entries of a page are.

`block` finds the blocks; the others are searched for within each block. `selector@attribute` reads
an attribute of the element found instead of its text, `@attribute` one of the block itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

_ATTRIBUTE = re.compile(r"(.*)@([A-Za-z_:][\w:.-]*)", re.DOTALL)
_EMPTY = LexborHTMLParser("<p>x</p>")


@dataclass(frozen=True, slots=True)
class Selectors:
    """A person's selectors; only `block` is required, "" leaves a field to keywire."""

    block: str
    time: str = ""
    title: str = ""
    body: str = ""
    id: str = ""

    def __str__(self) -> str:
        """Return the selectors that are set: `block article.post, time time@datetime`."""
        said = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ", ".join(f"{name} {selector}" for name, selector in said if selector)


def check_selector(text: str) -> str:
    """Return a selector unchanged; raises ValueError, in plain words, if it is no valid one."""
    css, _ = parted(text)
    if not text.strip() or (css and not _is_css(css)):
        raise ValueError(f"{text!r} is no CSS selector; write article.post, or time@datetime")
    return text


def selectors_of(said: Mapping[str, str]) -> Selectors:
    """Make Selectors of a mapping from name to selector; ValueError, in plain words, if invalid."""
    names = [field.name for field in fields(Selectors)]
    for name, text in said.items():
        if name not in names:
            raise ValueError(f"there is no selector {name!r}; known are {', '.join(names)}")
        check_selector(text)
    if "block" not in said:
        raise ValueError("the block is missing; it selects the entries of the page")
    if parted(said["block"])[1]:
        raise ValueError("the block is an element, no attribute")
    return Selectors(**said)


def parted(text: str) -> tuple[str, str]:
    """Split `selector@attribute` into selector and attribute; either may be ""."""
    found = _ATTRIBUTE.fullmatch(text.strip())
    if found and not _is_css(text.strip()):
        return found[1].strip(), found[2]
    return text.strip(), ""


def element_in(block: LexborNode, selector: str) -> LexborNode | None:
    """Return a selector's first element within a block; the block itself for `@attribute`."""
    css, _ = parted(selector)
    return block.css_first(css) if css else block


def value_in(block: LexborNode, selector: str) -> str:
    """Return the attribute or the text that a selector finds in a block; "" if there is none."""
    node = element_in(block, selector)
    if node is None:
        return ""
    _, attribute = parted(selector)
    return (node.attributes.get(attribute) or "") if attribute else node.text()


def _is_css(text: str) -> bool:
    try:
        _EMPTY.css(text)
    except (SelectolaxError, ValueError):
        return False
    return True
