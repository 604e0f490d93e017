"""What comes of asking for a page: the page as it was sent, that it is as it was, or gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from scraper.selectors import Selectors


@dataclass(frozen=True, slots=True)
class Cost:
    """What asking took: requests sent (robots.txt and redirects too), bytes received for them.

    The bytes are HTTP's, heads and bodies as they were sent; what TLS adds is not among them.
    """

    requests: int = 0
    received: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Add up what two fetches took."""
        return Cost(self.requests + other.requests, self.received + other.received)


FREE: Final = Cost()
# What an answer says of its page; all else may name who asked, or what they are let in by.
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
    person named it, an IANA name ("" if nobody did), `selectors` what a person selected of it,
    `as_article` whether a person follows it as an article, `as_listing` whether it was a list of
    stories when it was last believed, `as_new` whether a person follows it of which nothing was
    ever believed. `saved_at` is None but for a file of which nobody noted when it was had: then it
    is the file's own clock, and `fetched_at` is now. `moved_to` is where permanent redirects
    alone led ("" if none did), `robots` the verdict of robots.txt in plain words, `crawl_delay` the
    seconds that it asks for between two requests (0 if it does not).
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
    """ETag and Last-Modified as they came: opaque, they go back byte for byte."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: the page is as it was. `headers` (lower-case names) refresh the stored ones.

    `moved_to`, `robots`, `crawl_delay` and `cost` are as a Page has them.
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
    """410, from the address itself or one it has moved to for good: stop asking."""

    url: str
    fetched_at: datetime
    cost: Cost = FREE


def told_headers(page: Page) -> Mapping[str, str]:
    """Give what an answer's headers say of its page."""
    return {name: said for name, said in page.headers.items() if name in _TOLD}
