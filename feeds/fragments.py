"""Rendered entries, kept, so that a feed with one change renders one entry."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from feeds.feed import Feed, Retracted, shown_titles
from feeds.titles import Title, title_of
from store.entry import StoredEntry


@dataclass(slots=True)
class Known:
    """What was made of one state of one entry: its title, and fragments by context and title."""

    stored: StoredEntry
    title: Title
    size: int
    fragments: dict[tuple[str, str], bytes] = field(default_factory=dict)


class Fragments:
    """A bounded cache of rendered entries; whichever was not asked for longest goes first.

    `limit` is in bytes, of entries and fragments together. An entry's fragments are thrown away
    when anything of it is not as it was, its revision or not: a stronger view fills fields in
    without one. So a feed has the same bytes with a cache and without. Threads may share one.
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
        """Bytes that the cache holds, near enough."""
        return self._size

    def know(self, entries: Iterable[StoredEntry]) -> list[Known]:
        """Return what is kept of each entry as it is now; nothing yet, if it was not so before."""
        with self._lock:
            return [self._know(stored) for stored in entries]

    def keep(self, known: Known, key: tuple[str, str], fragment: bytes) -> None:
        """Keep a fragment that was made of what `know` returned."""
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
    """Render each entry that the feed shows, under its title, or take what was kept of it.

    `context` is what `render` depends on besides: the format, and what it takes from the feed.
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
    """Whether a feed shows the two alike. When and where they were last seen, it does not show."""
    return (
        one.revision == other.revision
        and one.changed_at == other.changed_at
        and one.retracted_at == other.retracted_at
        and one.number == other.number
        and (one.entry is other.entry or one.entry == other.entry)
    )
