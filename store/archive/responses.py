"""Fetched pages as values: the HTTP response, and the same as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """One HTTP response. `url` is the address that answered, `asked` the one requested.

    `asked` is "" where both are the same. `body` is content-decoded; `fetched_at` is UTC;
    `headers` are those that are worth keeping.
    """

    url: str
    body: bytes = field(repr=False)
    fetched_at: datetime
    asked: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One kept response, and its body's SHA-256 in hex."""

    page: FetchedPage
    sha256: str
