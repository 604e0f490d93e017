"""The outcomes of one fetch: a page as it was sent, NotModified (304) or Gone (410)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from scraper.selectors import Selectors


@dataclass(frozen=True, slots=True)
class Cost:
    """What a fetch took: requests sent (robots.txt and redirects too), and bytes received.

    The bytes are HTTP's, heads and bodies as they were sent, without what TLS adds.
    """

    requests: int = 0
    received: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Return the sum of two costs."""
        return Cost(self.requests + other.requests, self.received + other.received)


FREE: Final = Cost()
# Headers that describe the page; others may identify the reader or hold credentials.
_TOLD: Final = frozenset(
    {
        *("age", "cache-control", "content-language", "content-type", "date", "etag", "expires"),
        *("last-modified", "link", "retry-after", "vary"),
    }
)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to one request, body decoded from its content coding but not from its charset.

    `url` is the address that was asked for, `final_url` the one that answered after redirects.
    `headers` have lower-case names. `fetched_at` is UTC. `timezone` is the publisher's zone as a
    person configured it, an IANA name ("" if nobody did), `selectors` the CSS selectors that a
    person configured, `as_article` whether a person follows the page as an article, `as_listing`
    whether it was a list of stories when its content was last believed, `as_new` whether a person
    follows it and none of its content was ever believed. `saved_at` is None except for a file whose
    time of download is unknown: then it is the file's modification time, and `fetched_at` is now.
    `moved_to` is where permanent redirects alone led ("" if none did), `robots` the verdict of
    robots.txt in plain words, `crawl_delay` the seconds that robots.txt asks for between two
    requests (0 if it does not).
    """

    url: str
    body: bytes
    fetched_at: datetime
    final_url: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
    selectors: Selectors | None = None
    as_article: bool = False
    as_listing: bool = False
    as_new: bool = False
    saved_at: datetime | None = None
    moved_to: str = ""
    robots: str = ""
    crawl_delay: float = 0.0
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified as they came: opaque, sent back byte for byte; "" if not sent."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """Status 304: the page has not changed. `headers` (lower-case names) refresh the stored ones.

    `moved_to`, `robots`, `crawl_delay` and `cost` mean the same as in Page.
    """

    url: str
    fetched_at: datetime
    headers: Mapping[str, str]
    moved_to: str = ""
    robots: str = ""
    crawl_delay: float = 0.0
    cost: Cost = FREE


@dataclass(frozen=True, slots=True)
class Gone:
    """Status 410, from the address itself or one that it moved to permanently: stop asking."""

    url: str
    fetched_at: datetime
    cost: Cost = FREE


def told_headers(page: Page) -> Mapping[str, str]:
    """Return the headers that describe the page, without any that may identify the reader."""
    return {name: said for name, said in page.headers.items() if name in _TOLD}
