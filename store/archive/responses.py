"""Pages as they were answered, and as they are kept: values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """One answer. `url` answered, `asked` was asked for ("" where that is the same).

    `body` has its content coding undone; `fetched_at` is UTC; `headers` are those that matter.
    """

    url: str
    body: bytes = field(repr=False)
    fetched_at: datetime
    asked: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One answer as it was kept, and its body's SHA-256 in hex."""

    page: FetchedPage
    sha256: str
