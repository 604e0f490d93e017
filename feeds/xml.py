"""Remove characters that XML cannot hold, serialise elements, and extend feedgen's heads."""

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml is untyped

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# XML 1.0 §2.2 forbids the C0 controls, surrogates, U+FFFE and U+FFFF; DEL, the C1 controls and
# U+FDD0–U+FDEF are legal and discouraged, and mean nothing in a publisher's text.
_CLEAN = re.compile("[\t\n\r -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]+")


def scrub(text: str) -> str:
    """Return `text` without the characters that XML 1.0 §2.2 forbids or advises against."""
    return text if _CLEAN.fullmatch(text) else "".join(_CLEAN.findall(text))


def line(text: str) -> str:
    """Return `text` scrubbed, on one line, each run of white space one space."""
    return " ".join(scrub(text).split())


def serialise(element: Element) -> bytes:
    """Return the UTF-8 bytes of an element, without an XML declaration."""
    serialised: bytes = etree.tostring(element, encoding="UTF-8")
    return serialised


class Head:
    """A feedgen extension: namespaces for the root, and a function that completes it.

    feedgen declares no namespace without an extension, and drops what it does not know.
    """

    def __init__(self, namespaces: dict[str, str], complete: Callable[[Element], None]) -> None:
        self._namespaces = namespaces
        self._complete = complete

    def extend_ns(self) -> dict[str, str]:
        """Return the prefixes that the root declares."""
        return self._namespaces

    def extend_atom(self, root: Element) -> None:
        """Complete an Atom feed element."""
        self._complete(root)

    def extend_rss(self, root: Element) -> None:
        """Complete an rss element."""
        self._complete(root)
