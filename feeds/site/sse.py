"""Write changes as Server-Sent Events (WHATWG HTML §9.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from feeds.site.events import tell
from store.log import LoggedChange
from store.topics import Content

RETRY_MILLISECONDS = 3000
# No empty line after these lines, so that not even lenient clients take them for an event.
OPENING = f"retry: {RETRY_MILLISECONDS}\n".encode()
BEAT = b":\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """One change as it is sent, with the topics that it belongs to.

    `forgets`: an entry was taken down by it, whose content earlier frames may still hold.
    """

    seq: int
    topics: tuple[str, ...]
    body: bytes
    forgets: bool = False


def frame(change: LoggedChange, epoch: str, given: Mapping[str, Content]) -> Frame:
    """Return a change as an event; `given` is how much text each topic publishes."""
    body = _event(change.seq, change.type.value, tell(change, epoch, given))
    return Frame(change.seq, change.topics, body, "forgotten" in change.entry)


def begin_frame(seq: int, epoch: str) -> bytes:
    """Return the event that gives a client without a cursor the seq at which its stream begins."""
    return _event(seq, "begin", {"epoch": epoch, "after": seq})


def reset_frame(told: dict[str, Any]) -> bytes:
    """Return a reset as an event. Its id, 0, lets a client that reconnects begin anew."""
    return _event(0, "reset", told)


def _event(seq: int, name: str, told: dict[str, Any]) -> bytes:
    data = msgspec.json.encode(told)  # without line ends, which would end the field
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, name.encode(), data)
