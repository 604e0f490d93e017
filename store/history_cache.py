"""Histories of blogs kept in memory, so that a poll need not read them from the store again.

Those that changed last are held as objects, the others packed into a sixth of the memory or less.
Packing and unpacking a blog costs a quarter of reading it from the store.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter
from sys import getsizeof
from threading import Lock
from typing import Final, Generic, TypeVar

import msgspec

from store.archive.delta import compress, expand
from store.decision.history import BlogHistory, KnownEntry

AT_HAND: Final = 8 * 2**20  # bytes of unpacked histories
PACKED: Final = 32 * 2**20  # bytes of packed histories
_ROOM: Final = 1_300  # bytes of an entry besides its html and text, as measured
_words = attrgetter("stored.entry.html", "stored.entry.text")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(BlogHistory).decode

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeptBlog:
    """A blog as the store has it: its row's id (0 before it is stored), and its history.

    Every write raises `version` by one, whichever process it comes from.
    """

    id: int
    history: BlogHistory
    version: int = 0


@dataclass(frozen=True, slots=True)
class _PackedBlog:
    """A blog with its history packed; `size` is the number of bytes before compression."""

    id: int
    history: bytes
    size: int
    version: int


class Histories:
    """A cache of blogs as they were last committed; the least recently used is dropped first.

    A blog is returned only at the version that the store has. Limits are in bytes. Thread-safe.
    """

    __slots__ = ("_at_hand", "_lock", "_packed")

    def __init__(self, at_hand: int = AT_HAND, packed: int = PACKED) -> None:
        self._at_hand = _Newest[KeptBlog](at_hand)
        self._packed = _Newest[_PackedBlog](packed)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._at_hand) + len(self._packed)

    def at(self, blog_id: int, version: int) -> KeptBlog | None:
        """Return the blog if the cache has it at that version, else None."""
        with self._lock:
            kept = self._at_hand.get(blog_id) or self._packed.get(blog_id)
        if kept is None or kept.version != version:
            return None
        return kept if isinstance(kept, KeptBlog) else _unpack(kept)

    def keep(self, kept: KeptBlog) -> None:
        """Cache a blog. Call it after the commit, for a rollback would make the cache wrong."""
        size = _size(kept.history.entries.values())
        with self._lock:
            self._packed.drop(kept.id)
            for older in self._at_hand.put(kept.id, kept, size):
                packed = _pack(older)
                self._packed.put(packed.id, packed, len(packed.history))


class _Newest(Generic[T]):
    """A least-recently-used cache by number, up to a `limit` of bytes."""

    __slots__ = ("_held", "_limit", "_size")

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._held: OrderedDict[int, tuple[T, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, number: int) -> T | None:
        found, _ = self._held.get(number, (None, 0))
        if found is not None:
            self._held.move_to_end(number)
        return found

    def drop(self, number: int) -> None:
        _, size = self._held.pop(number, (None, 0))
        self._size -= size

    def put(self, number: int, value: T, size: int) -> list[T]:
        """Put a value of `size` bytes under `number`; return the values dropped to make room."""
        self.drop(number)
        self._held[number] = value, size
        self._size += size
        gone = []
        while self._size > self._limit:
            _, (oldest, room) = self._held.popitem(last=False)
            self._size -= room
            gone.append(oldest)
        return gone


def _pack(kept: KeptBlog) -> _PackedBlog:
    whole = _encode(kept.history)
    return _PackedBlog(kept.id, compress(whole), len(whole), kept.version)


def _unpack(packed: _PackedBlog) -> KeptBlog:
    whole = expand(packed.history, size=packed.size)
    return KeptBlog(packed.id, _decode(whole), packed.version)


def _size(entries: Collection[KnownEntry]) -> int:
    """Return roughly how many bytes a blog's entries take; cheap, for every change asks for it."""
    words = map(_words, entries)
    return _ROOM * len(entries) + sum(getsizeof(html) + getsizeof(text) for html, text in words)
