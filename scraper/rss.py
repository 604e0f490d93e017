"""RSS as plain values: what a channel says of itself, and its items.

Markup parsers do not read RSS (its `link` is another element in HTML), and lxml belongs to feeds/:
it is read by the standard library's expat, which stops at the first word of a document type.
Without one there are no entities but XML's five: no bombs, nothing from elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from scraper.html import squeeze

# How far the first element may stand from the beginning.
BEGINNING = 1_000

READ = frozenset(
    {"title", "link", "guid", "pubDate", "dc:date", "language", "generator", "description"}
)
CATEGORY = "category"

# How deep stand a channel's elements, items among them; what is in an item is counted apart, so
# that other elements of the channel pass for none.
ITEMS, IN_ITEM = 3, 1_000_000

SAID = frozenset({ITEMS, IN_ITEM + 1})


@dataclass(frozen=True, slots=True)
class Item:
    """One item: the words of its elements by name, each name's first, and all its categories."""

    said: Mapping[str, str]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rss:
    """A channel: the words of its own elements by name, and its items."""

    said: Mapping[str, str]
    items: tuple[Item, ...]


def is_rss(markup: bytes) -> bool:
    """Whether a document begins as RSS does."""
    return b"<rss" in markup[:BEGINNING]


def read_rss(markup: bytes) -> Rss:
    """Read RSS; ValueError where it is none, has a document type, or cannot be read."""
    channel = _Channel()
    try:
        channel.read(markup)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    items = zip(channel.items, channel.categories, strict=True)
    return Rss(channel.said, tuple(Item(said, tuple(named)) for said, named in items))


class _Channel:
    """What a channel says of itself, and its items, each as the words of elements by name."""

    __slots__ = ("_depth", "_parser", "_words", "categories", "items", "said")

    def __init__(self) -> None:
        self.said, self.items = dict[str, str](), list[dict[str, str]]()
        self.categories = list[list[str]]()
        self._depth, self._words = 0, list[str]()
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, markup: bytes) -> None:
        self._parser.Parse(markup.lstrip(), True)  # noqa: FBT003 - as expat has it

    def _start(self, name: str, _stated: object) -> None:
        self._depth += 1
        if name == "item" and self._depth == ITEMS:
            self.items.append({})
            self.categories.append([])
            self._depth = IN_ITEM
        elif self._is_read(name):
            self._words.clear()
            self._parser.CharacterDataHandler = self._words.append

    def _is_read(self, name: str) -> bool:
        named = name in READ or (name == CATEGORY and self._depth > IN_ITEM)
        return named and self._depth in SAID

    def _end(self, name: str) -> None:
        if self._is_read(name):
            self._parser.CharacterDataHandler = None
            words = squeeze("".join(self._words))
            if name == CATEGORY:
                self.categories[-1].append(words)
            else:
                said = self.said if self._depth == ITEMS else self.items[-1]
                said.setdefault(name, words)
        self._depth = ITEMS - 1 if self._depth == IN_ITEM else self._depth - 1


def _refuse(*_declared: object) -> None:
    raise ValueError("it has a document type, which RSS has not")
