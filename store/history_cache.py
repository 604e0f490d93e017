"""Histories of blogs kept in memory, so that a poll need not read them from the store again."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from threading import Lock

from store.decision.history import BlogHistory, KnownEntry

_ROOM = 1_300  # bytes of an entry besides its words, as measured
_words = attrgetter("stored.entry.html", "stored.entry.text")


@dataclass(frozen=True, slots=True)
class KeptBlog:
    """A blog as the store has it: its row's id (0 before it is kept), and its history.

    Every write moves `version`, whichever process it comes from.
    """

    id: int
    history: BlogHistory
    version: int = 0


class Histories:
    """Blogs as they were last committed; whichever was not asked for longest goes first.

    One counts only as long as its version is still the store's. `limit` is in bytes. Threads may
    share one.
    """

    __slots__ = ("_kept", "_lock", "_size", "limit")

    def __init__(self, limit: int = 64 * 2**20) -> None:
        self.limit = limit
        self._kept: OrderedDict[int, tuple[KeptBlog, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def at(self, blog_id: int, version: int) -> KeptBlog | None:
        """Return a blog if it is here as it was at that version."""
        with self._lock:
            kept, _ = self._kept.get(blog_id, (None, 0))
            if kept is None or kept.version != version:
                return None
            self._kept.move_to_end(blog_id)
            return kept

    def keep(self, kept: KeptBlog) -> None:
        """Keep a blog. To be called after the commit: what was rolled back never was."""
        size = _size(kept.history.entries.values())
        with self._lock:
            _, before = self._kept.pop(kept.id, (None, 0))
            self._kept[kept.id] = kept, size
            self._size += size - before
            while self._size > self.limit:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._size -= oldest


def _size(entries: Collection[KnownEntry]) -> int:
    """Tell what a blog's entries take; it is asked at every change of a blog, however long."""
    return _ROOM * len(entries) + sum(len(html) + len(text) for html, text in map(_words, entries))
