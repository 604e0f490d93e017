"""RSS and Atom as plain values: the elements of a feed itself, and its items.

HTML parsers cannot read RSS (its `link` is another element in HTML), and lxml belongs to feeds/, so
that feeds are read by the standard library's expat, which stops at a document type declaration.
Without one there are no entities but XML's five: no expansion bombs, nothing external.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from xml.parsers import expat

from scraper.markup.html import squeeze

# Bytes from the beginning within which the first element must be.
BEGINNING = 1_000

READ = frozenset(
    {"title", "link", "guid", "pubDate", "dc:date", "language", "dc:language", "generator"}
    | {"description", "published", "updated"}
)
CATEGORY = "category"
LINK = "link"

# Depths within an item start here, so that no other element of the channel is taken for its child.
IN_ITEM = 1_000_000

# What may precede the first element: white space, the XML declaration, instructions, comments.
_BEFORE = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:!DOCTYPE\s+)?(?:([\w.-]+):)?([\w.-]+)(?=[\s/>])")
_ATOM, _RSS_1 = b"http://www.w3.org/2005/Atom", b"http://purl.org/rss/1.0/"


class Dialect(Enum):
    """The formats in which feeds are written."""

    RSS = "rss"
    RSS_1 = "rss-1.0"
    ATOM = "atom"


@dataclass(frozen=True, slots=True)
class _Shape:
    """A dialect's name for an item, and the depths of items and of the feed's own elements."""

    item: str
    items: int
    head: int


_SHAPES = {
    Dialect.RSS: _Shape("item", items=3, head=3),
    Dialect.RSS_1: _Shape("item", items=2, head=3),
    Dialect.ATOM: _Shape("entry", items=2, head=2),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item: the text of the first element of each name, and all its categories."""

    said: Mapping[str, str]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rss:
    """A feed: the text of its own elements by name, and its items.

    `link` is an address in all dialects: of Atom's links, the first that is rel="alternate".
    """

    said: Mapping[str, str]
    items: tuple[Item, ...]


def is_rss(markup: bytes) -> bool:
    """Return whether "<rss" is within the first bytes of a document."""
    return b"<rss" in markup[:BEGINNING]


def dialect_of(markup: bytes) -> Dialect | None:
    """Return a feed's dialect by its first element; None if the document is no feed."""
    prefix, name = _root(markup[: 4 * BEGINNING])
    if name == b"rss" and not prefix:
        return Dialect.RSS
    if name == b"feed" and _ATOM in markup:
        return Dialect.ATOM
    return Dialect.RSS_1 if name == b"RDF" and _RSS_1 in markup else None


def read_rss(markup: bytes, dialect: Dialect = Dialect.RSS) -> Rss:
    """Read a feed; raises ValueError if it is no well-formed XML or has a document type."""
    prefix = _root(markup[: 4 * BEGINNING])[0] if dialect is Dialect.ATOM else b""
    channel = _Channel(_SHAPES[dialect], f"{prefix.decode()}:" if prefix else "")
    try:
        channel.read(markup)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    items = zip(channel.items, channel.categories, strict=True)
    return Rss(channel.said, tuple(Item(said, tuple(named)) for said, named in items))


def _root(beginning: bytes) -> tuple[bytes, bytes]:
    """Return prefix and name of the first element or declared document type, b"" for either."""
    at = 3 if beginning.startswith(b"\xef\xbb\xbf") else 0
    while before := _BEFORE.match(beginning, at):
        at = before.end()
    found = _ROOT.match(beginning, at)
    return (found[1] or b"", found[2]) if found else (b"", b"")


class _Channel:
    """A parser that collects the text of a feed's own elements and of its items, by name."""

    __slots__ = (
        *("_depth", "_parser", "_prefix", "_said_at", "_shape", "_words"),
        *("categories", "items", "said"),
    )

    def __init__(self, shape: _Shape, prefix: str) -> None:
        self.said, self.items = dict[str, str](), list[dict[str, str]]()
        self.categories = list[list[str]]()
        self._shape, self._prefix = shape, prefix
        self._said_at = frozenset({shape.head, IN_ITEM + 1})
        self._depth, self._words = 0, list[str]()
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, markup: bytes) -> None:
        self._parser.Parse(markup.lstrip(), True)  # noqa: FBT003 - as expat has it

    def _start(self, name: str, stated: Sequence[str]) -> None:
        self._depth += 1
        name = name.removeprefix(self._prefix)
        if name == self._shape.item and self._depth == self._shape.items:
            self.items.append({})
            self.categories.append([])
            self._depth = IN_ITEM
        elif name == LINK and self._depth in self._said_at and stated:
            self._link(dict(zip(stated[::2], stated[1::2], strict=True)))
        elif self._is_read(name):
            self._words.clear()
            self._parser.CharacterDataHandler = self._words.append

    def _link(self, stated: Mapping[str, str]) -> None:
        if stated.get("rel", "alternate") == "alternate" and stated.get("href"):
            self._here().setdefault(LINK, squeeze(stated["href"]))

    def _is_read(self, name: str) -> bool:
        named = name in READ or (name == CATEGORY and self._depth > IN_ITEM)
        return named and self._depth in self._said_at

    def _here(self) -> dict[str, str]:
        return self.items[-1] if self._depth > IN_ITEM else self.said

    def _end(self, name: str) -> None:
        name = name.removeprefix(self._prefix)
        if self._parser.CharacterDataHandler is not None and self._is_read(name):
            self._parser.CharacterDataHandler = None
            words = squeeze("".join(self._words))
            if name == CATEGORY:
                self.categories[-1].append(words)
            elif words:
                self._here().setdefault(name, words)
        self._depth = self._shape.items - 1 if self._depth == IN_ITEM else self._depth - 1


def _refuse(*_declared: object) -> None:
    raise ValueError("it has a document type, which RSS has not")
