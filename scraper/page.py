"""A page as it was fetched: bytes, where they came from, and the text they decode to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to one request, body decoded from its content coding but not from its charset.

    `url` is the address that was asked for, `final_url` the one that answered after redirects.
    `headers` have lower-case names. `fetched_at` is UTC. `timezone` is the publisher's zone as a
    person named it, an IANA name ("" if nobody did).
    """

    url: str
    body: bytes
    fetched_at: datetime
    final_url: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
