"""One HTTP call to a target and its answer; the caller passes in the function that sends it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Final, Protocol, TypeAlias

import msgspec

from store.alerting.delivery import Delivery

LONGEST_SAID: Final = 200  # characters of a target's error text that are kept
_JSON: Final = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request to a target."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A target's answer; `headers` have lower-case names, a long body is cut."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:  # noqa: ANN401 - whatever a target says
        """Return the body as a JSON object; {} where it is anything else."""
        try:
            said = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}
        return said if isinstance(said, dict) else {}


Send: TypeAlias = Callable[[Call], Awaitable[Reply]]


class RefusedError(Exception):
    """The target did not accept a message. `status` is None where it did not answer at all.

    `wait` are the seconds to wait that it asks for. `str()` is one line without any secret.
    """

    def __init__(self, said: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(said)
        self.status, self.wait = status, wait


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of an attempt, and the epoch of the store's log."""

    now: datetime
    epoch: str


class Channel(Protocol):
    """A way to notify one target.

    `together` is how many of its messages may be sent at a time.
    """

    together: ClassVar[int]

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Send a notice; return the target's id of the message, "" where none is needed later.

        Raises RefusedError.
        """
        ...


def json_call(method: str, url: str, said: object, headers: Mapping[str, str] = _JSON) -> Call:
    """Return a call with `said` as its JSON body."""
    return Call(method, url, msgspec.json.encode(said), {**_JSON, **headers})


def expect(reply: Reply, now: datetime) -> Reply:
    """Return `reply` if its status is 2xx; raise RefusedError for any other."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        return reply
    raise RefusedError(_said(reply), reply.status, read_wait(reply, now))


def read_wait(reply: Reply, now: datetime) -> float | None:
    """Return the seconds from `now` that Retry-After asks for (RFC 9110 §10.2.3), or None."""
    told = reply.headers.get("retry-after", "").strip()
    if told.replace(".", "", 1).isdigit():
        return float(told[:12])
    try:
        return max(0.0, (parsedate_to_datetime(told) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _said(reply: Reply) -> str:
    """Return a target's status and error text as one line."""
    words = " ".join(reply.body[:2_000].decode("utf-8", "replace").split())
    words = "".join(char for char in words if char.isprintable())[:LONGEST_SAID]
    return f"the target says {reply.status}" + (f": {words}" if words else "")
