"""A cache of results by pieces of pages: a page is read again and again, and little is new.

A kept value may depend on its key alone, so that a memo returns the same as reading anew would.
Whatever matters beside the piece (the blog's address) is part of the key.
"""

from collections.abc import Callable, Hashable
from secrets import randbits
from typing import Generic, TypeVar

from xxhash import xxh3_128, xxh3_128_digest

Made = TypeVar("Made")

# Characters a generation, some 2,000 blocks. What is made of a piece is about as long as the piece.
MOST = 5_000_000
# Characters; a longer piece is not kept, since it would drive out hundreds.
LONGEST = 64_000
# Counted for each value in addition to the length of its piece.
_LEAST = 500
# Bytes; longer parts are cheaper to hash one by one than to join.
_LARGE = 16_000
# Random, so that nobody can prepare two pieces with the same digest.
_SEED = randbits(64)


class Memo(Generic[Made]):
    """A cache of what was made of pieces of pages, by key, for all blogs together.

    It is kept in two generations: when the younger is full it becomes the older, and the older is
    forgotten, so that values used lately stay. The pieces of both together are never longer than
    about twice `most`, however many blogs are followed; beyond that, pieces are read anew.
    """

    __slots__ = ("_most", "_old", "_taken", "_young")

    def __init__(self, most: int = MOST) -> None:
        """Make an empty memo; `most` is the characters of pieces in a generation."""
        self._most, self._taken = most, 0
        self._young: dict[Hashable, Made] = {}
        self._old: dict[Hashable, Made] = {}

    def get(self, make: Callable[[], Made], key: Hashable, size: int) -> Made:
        """Return the value kept under a key, else `make()`; `size` is the length of its piece."""
        found = self._young.get(key)
        if found is not None:
            return found
        found = self._old.get(key)
        if found is None:
            found = make()
        if size <= LONGEST:
            self._young[key] = found
            self._taken += _LEAST + size
            if self._taken > self._most:
                self._old, self._young, self._taken = self._young, {}, 0
        return found

    def forget(self) -> None:
        """Forget everything."""
        self._young, self._old, self._taken = {}, {}, 0


def digest(*pieces: bytes | memoryview) -> bytes:
    """Return 16 bytes that stand for a piece in a key, valid only in this process.

    A piece may be given in several parts, which are joined.
    """
    if sum(map(len, pieces)) > _LARGE:
        hashed = xxh3_128(seed=_SEED)
        for piece in pieces:
            hashed.update(piece)
        return hashed.digest()
    return xxh3_128_digest(pieces[0] if len(pieces) == 1 else b"".join(pieces), seed=_SEED)
