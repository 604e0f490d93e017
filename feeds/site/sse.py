"""Changes in the words of Server-Sent Events (WHATWG HTML §9.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from feeds.site.events import tell
from store.log import LoggedChange
from store.topics import Content

RETRY_MILLISECONDS = 3000
# A line without an empty one behind it is no event, to lenient clients neither.
OPENING = f"retry: {RETRY_MILLISECONDS}\n".encode()
BEAT = b":\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """One change as it is sent, and whom it concerns.

    `forgets` says that an entry was taken down by it: earlier frames may still tell of that.
    """

    seq: int
    topics: tuple[str, ...]
    body: bytes
    forgets: bool = False


def frame(change: LoggedChange, epoch: str, given: Mapping[str, Content]) -> Frame:
    """Put a change into words; `given` is how much each topic gives out of a text."""
    body = _event(change.seq, change.type.value, tell(change, epoch, given))
    return Frame(change.seq, change.topics, body, "forgotten" in change.entry)


def begin_frame(seq: int, epoch: str) -> bytes:
    """Say where a stream begins, to a client that gave no cursor: it has one from now on."""
    return _event(seq, "begin", {"epoch": epoch, "after": seq})


def reset_frame(told: dict[str, Any]) -> bytes:
    """Put a reset into words. Its id lets a client that reconnects by itself begin anew."""
    return _event(0, "reset", told)


def _event(seq: int, name: str, told: dict[str, Any]) -> bytes:
    data = msgspec.json.encode(told)  # which has no bare line ends
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, name.encode(), data)
