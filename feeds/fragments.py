"""Cache rendered entries, so that a feed with one changed entry renders one entry."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from feeds.feed import Feed, Retracted, shown_titles
from feeds.titles import Title, title_of
from store.entry import StoredEntry


@dataclass(slots=True)
class Known:
    """What is cached of one state of one entry: its title, and fragments by (context, title)."""

    stored: StoredEntry
    title: Title
    size: int
    fragments: dict[tuple[str, str], bytes] = field(default_factory=dict)


class Fragments:
    """A bounded cache of rendered entries; the least recently used is dropped first.

    `limit` is in bytes, for entries and fragments together. An entry's fragments are dropped when
    anything that a feed shows of it differs, even within one revision: a stronger view fills in
    fields without a new one. So a feed has the same bytes with and without a cache. Thread-safe.
    """

    __slots__ = ("_known", "_lock", "_size", "limit")

    def __init__(self, limit: int = 64 * 2**20) -> None:
        self.limit = limit
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    @property
    def size(self) -> int:
        """The approximate number of bytes that the cache holds."""
        return self._size

    def know(self, entries: Iterable[StoredEntry]) -> list[Known]:
        """Return each entry's present record; that of a new or changed entry has no fragments."""
        with self._lock:
            return [self._know(stored) for stored in entries]

    def keep(self, known: Known, key: tuple[str, str], fragment: bytes) -> None:
        """Cache a fragment rendered from `known`, which `know` returned."""
        with self._lock:
            more = len(fragment) - len(known.fragments.get(key, b""))
            known.fragments[key] = fragment
            if self._known.get(known.stored.id) is known:
                known.size += more
                self._grow(more)

    def _know(self, stored: StoredEntry) -> Known:
        known = self._known.get(stored.id)
        if known is not None and (known.stored is stored or _same(known.stored, stored)):
            self._known.move_to_end(stored.id)
            return known
        entry = stored.entry
        new = Known(stored, title_of(entry), size=1000 + len(entry.html) + len(entry.text))
        self._known[stored.id] = new
        self._known.move_to_end(stored.id)
        self._grow(new.size - (known.size if known else 0))
        return new

    def _grow(self, more: int) -> None:
        self._size += more
        while self._size > self.limit:
            _, oldest = self._known.popitem(last=False)
            self._size -= oldest.size


def render_entries(
    feed: Feed,
    retracted: Retracted,
    render: Callable[[StoredEntry, str], bytes],
    fragments: Fragments | None,
    context: str,
) -> list[bytes]:
    """Return the rendered form of each entry that the feed shows, from the cache where it has it.

    `render` takes an entry and its title in the feed. `context` names whatever else its result
    depends on: the format, and what it takes from the feed.
    """
    if fragments is None:
        titles = shown_titles(feed, retracted)
        pairs = zip(feed.entries, titles, strict=True)
        return [render(stored, title) for stored, title in pairs if title is not None]
    rendered = []
    kept = fragments.know(feed.entries)
    titles = shown_titles(feed, retracted, [known.title for known in kept])
    for known, title in zip(kept, titles, strict=True):
        if title is None:
            continue
        key = (context, title)
        fragment = known.fragments.get(key)
        if fragment is None:
            fragment = render(known.stored, title)
            fragments.keep(known, key, fragment)
        rendered.append(fragment)
    return rendered


def _same(one: StoredEntry, other: StoredEntry) -> bool:
    """Return whether a feed shows both alike; it shows no `first_seen`, `last_seen`, provenance."""
    return (
        one.revision == other.revision
        and one.changed_at == other.changed_at
        and one.retracted_at == other.retracted_at
        and one.number == other.number
        and (one.entry is other.entry or one.entry == other.entry)
    )
