"""What was made of a piece of a page, kept: a page is read again and again, and little is new.

Only what follows from its key alone may be kept, so that a memo tells nothing else than reading
anew would tell. Whatever matters beside the piece (the blog's address) is part of the key.
"""

from collections.abc import Callable, Hashable
from secrets import randbits
from typing import Generic, TypeVar

from xxhash import xxh3_128, xxh3_128_digest

Made = TypeVar("Made")

# In characters: some 2,000 blocks. What is kept of a piece is about as long as the piece.
MOST = 5_000_000
# One enormous piece would drive out hundreds.
LONGEST = 64_000
# What an entry takes beside what was made.
_LEAST = 500
# Dearer to copy than to hash in its parts.
_LARGE = 16_000
# Nobody can prepare two pieces that pass for one another.
_SEED = randbits(64)


class Memo(Generic[Made]):
    """What was made of pieces, by key, from however many blogs they come.

    It is kept in two generations: when the younger is full it becomes the older, and the older is
    forgotten, so that what was asked for last stays. Pieces of both together are never longer than
    twice `most`, however many blogs are followed; where that is too little, pieces are read anew.
    """

    __slots__ = ("_most", "_old", "_taken", "_young")

    def __init__(self, most: int = MOST) -> None:
        """Make an empty memo of so many characters a generation."""
        self._most, self._taken = most, 0
        self._young: dict[Hashable, Made] = {}
        self._old: dict[Hashable, Made] = {}

    def get(self, make: Callable[[], Made], key: Hashable, size: int) -> Made:
        """Give what was made under a key, or make it anew; `size` is the length of its piece."""
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
    """Give 16 bytes that stand for a piece in a key, as long as this process runs.

    A piece may come in parts; it is all of them, one after the other.
    """
    if sum(map(len, pieces)) > _LARGE:
        hashed = xxh3_128(seed=_SEED)
        for piece in pieces:
            hashed.update(piece)
        return hashed.digest()
    return xxh3_128_digest(pieces[0] if len(pieces) == 1 else b"".join(pieces), seed=_SEED)
