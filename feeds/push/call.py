"""One call to a target and its answer; whoever wires keywire hands in what sends it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Final, Protocol, TypeAlias

import msgspec

from store.alerting.delivery import Delivery

LONGEST_SAID: Final = 200  # characters of a target's own words that are kept
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
    """What a target answered; `headers` have lower-case names, the body is cut when it is long."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:  # noqa: ANN401 - whatever a target says
        """Read the body; an empty object where it is no JSON object."""
        try:
            said = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}
        return said if isinstance(said, dict) else {}


Send: TypeAlias = Callable[[Call], Awaitable[Reply]]


class RefusedError(Exception):
    """The target did not take it. `status` is None where it did not answer at all.

    `wait` are the seconds that it asks for. `str()` is one line without any secret.
    """

    def __init__(self, said: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(said)
        self.status, self.wait = status, wait


@dataclass(frozen=True, slots=True)
class Moment:
    """When an attempt is made, and by which store: what an envelope needs beside its delivery."""

    now: datetime
    epoch: str


class Channel(Protocol):
    """A way to tell one target; `together` is how many messages at a time, each of its entry."""

    together: ClassVar[int]

    async def deliver(self, delivery: Delivery, send: Send, moment: Moment) -> str:
        """Tell, and return what the target calls the message ("" where that does not matter).

        Raises RefusedError.
        """
        ...


def json_call(method: str, url: str, said: object, headers: Mapping[str, str] = _JSON) -> Call:
    """Make a call with a JSON body."""
    return Call(method, url, msgspec.json.encode(said), {**_JSON, **headers})


def expect(reply: Reply, now: datetime) -> Reply:
    """Return a reply that says yes (2xx); raise RefusedError for any other."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        return reply
    raise RefusedError(_said(reply), reply.status, read_wait(reply, now))


def read_wait(reply: Reply, now: datetime) -> float | None:
    """Read Retry-After (RFC 9110 10.2.3): seconds from now, None where there is none."""
    told = reply.headers.get("retry-after", "").strip()
    if told.replace(".", "", 1).isdigit():
        return float(told[:12])
    try:
        return max(0.0, (parsedate_to_datetime(told) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _said(reply: Reply) -> str:
    """Quote a target's answer in one line."""
    words = " ".join(reply.body[:2_000].decode("utf-8", "replace").split())
    words = "".join(char for char in words if char.isprintable())[:LONGEST_SAID]
    return f"the target says {reply.status}" + (f": {words}" if words else "")
