"""Align two sequences: find the runs that they have in common, in order, in bounded time.

Equal items at both ends are set aside first. Items that occur exactly once in each sequence are
anchors (the longest run of them in the order of both, as in patience sorting); between anchors
the shortest edit script is searched for (Myers 1986). Both searches stop at a fixed limit; the
rest then counts as replaced. So the result is always a valid alignment, and mostly the one that
a person would make; the time depends on the lengths alone, never on a clock.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

_DEEPEST = 6  # levels of anchors between anchors
_STEPS = 300_000  # of searching for shortest edit scripts, in one call of `align`
_EDITS = 400  # in one edit script


class Run(NamedTuple):
    """`length` equal items, starting at index `old` of one sequence and `new` of the other."""

    old: int
    new: int
    length: int


class _Part(NamedTuple):
    """A slice of both sequences that is still to be aligned; `depth` counts levels of anchors."""

    old: int
    old_end: int
    new: int
    new_end: int
    depth: int


_Items: TypeAlias = Sequence[Hashable]


def align(old: _Items, new: _Items) -> list[Run]:
    """Return the runs that two sequences have in common, in order; adjacent runs are joined."""
    return _joined(sorted(_Aligning(old, new).runs()))


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined:
            last = joined[-1]
            if last.old + last.length == run.old and last.new + last.length == run.new:
                joined[-1] = Run(last.old, last.new, last.length + run.length)
                continue
        joined.append(run)
    return joined


@dataclass(slots=True)
class _Aligning:
    old: _Items
    new: _Items
    steps: int = _STEPS
    found: list[Run] = field(default_factory=list)

    def runs(self) -> list[Run]:
        waiting = [_Part(0, len(self.old), 0, len(self.new), 0)]
        while waiting:
            part = self._trimmed(waiting.pop())
            if part.old == part.old_end or part.new == part.new_end:
                continue
            anchors = self._anchors(part) if part.depth < _DEEPEST else []
            if anchors:
                waiting += self._between(part, anchors)
            else:
                self.found += self._shortest(part)
        return self.found

    def _trimmed(self, part: _Part) -> _Part:
        """Record the equal items at both ends as found, and return the part between them."""
        old, old_end, new, new_end, depth = part
        most = min(old_end - old, new_end - new)
        start = 0
        while start < most and self.old[old + start] == self.new[new + start]:
            start += 1
        most -= start
        end = 0
        while end < most and self.old[old_end - 1 - end] == self.new[new_end - 1 - end]:
            end += 1
        if start:
            self.found.append(Run(old, new, start))
        if end:
            self.found.append(Run(old_end - end, new_end - end, end))
        return _Part(old + start, old_end - end, new + start, new_end - end, depth)

    def _anchors(self, part: _Part) -> list[tuple[int, int]]:
        """Return (old, new) indexes of items that occur once in each slice, rising in both."""
        counts = Counter(self.old[part.old : part.old_end])
        others = Counter(self.new[part.new : part.new_end])
        places = {
            self.new[place]: place
            for place in range(part.new, part.new_end)
            if others[self.new[place]] == 1
        }
        pairs = [
            (place, places[self.old[place]])
            for place in range(part.old, part.old_end)
            if counts[self.old[place]] == 1 and self.old[place] in places
        ]
        return _longest_rise(pairs)

    def _between(self, part: _Part, anchors: Sequence[tuple[int, int]]) -> list[_Part]:
        parts, old, new = [], part.old, part.new
        for old_at, new_at in anchors:
            parts.append(_Part(old, old_at, new, new_at, part.depth + 1))
            self.found.append(Run(old_at, new_at, 1))
            old, new = old_at + 1, new_at + 1
        parts.append(_Part(old, part.old_end, new, part.new_end, part.depth + 1))
        return parts

    def _shortest(self, part: _Part) -> list[Run]:
        """Return the runs that the shortest edit script keeps; [] where a limit is reached."""
        old = self.old[part.old : part.old_end]
        new = self.new[part.new : part.new_end]
        reach = {1: 0}
        trace: list[dict[int, int]] = []
        for edits in range(min(len(old) + len(new), _EDITS) + 1):
            self.steps -= edits + 1
            if self.steps < 0:
                return []
            trace.append(reach.copy())
            for diagonal in range(-edits, edits + 1, 2):
                x = _step(reach, diagonal, edits)
                y = x - diagonal
                start = x
                while x < len(old) and y < len(new) and old[x] == new[y]:
                    x, y = x + 1, y + 1
                self.steps -= x - start
                reach[diagonal] = x
                if x >= len(old) and y >= len(new):
                    return _walked(trace, part, len(old), len(new))
        return []


def _step(reach: dict[int, int], diagonal: int, edits: int) -> int:
    down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
    return reach[diagonal + 1] if down else reach[diagonal - 1] + 1


def _walked(trace: Sequence[dict[int, int]], part: _Part, x: int, y: int) -> list[Run]:
    """Walk an edit script back from its end; return the runs that it left unchanged, last first."""
    runs = []
    for edits in range(len(trace) - 1, -1, -1):
        reach, diagonal = trace[edits], x - y
        start = _step(reach, diagonal, edits)
        if x > start:
            runs.append(Run(part.old + start, part.new + start - diagonal, x - start))
        down = diagonal == -edits or (
            diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1]
        )
        before = diagonal + 1 if down else diagonal - 1
        x = reach[before]
        y = x - before
    return runs


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of `pairs`, sorted by their first item, that rises in both."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, value) in enumerate(pairs):
        at = bisect_left(ends, value)
        before.append(last[at - 1] if at else -1)
        if at == len(ends):
            ends.append(value)
            last.append(place)
        else:
            ends[at], last[at] = value, place
    rise = []
    place = last[-1] if last else -1
    while place >= 0:
        rise.append(pairs[place])
        place = before[place]
    return rise[::-1]
