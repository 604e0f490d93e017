"""Errors of fetching and reading one page.

ScrapeError
├── FetchError            the page did not arrive
│   ├── NetworkError      no connection, or it broke
│   ├── DeadlineError     not whole within the total deadline
│   ├── StatusError       an answer with a status that brings no page
│   ├── BodyError         too large, cut short, or in a coding that was not asked for
│   ├── RedirectError     too many hops, a downgrade, or nowhere to go
│   ├── AddressError      the address is private, or is no http or https address
│   └── RobotsError       robots.txt disallows the address, or could not be read
└── ReadError             the page arrived but cannot be read
    ├── LayoutError       a platform's marks are on it, but none of its known layouts fits
    └── UnreadableError   empty, neither text nor markup, or too deeply nested

Every error has the URL, the reason in plain words, and what a person can do about it.
"""

from datetime import datetime

from scraper.page import Cost


class ScrapeError(Exception):
    """One page could not be fetched or read this time.

    `reason` says why, `mend` what a person can do about it ("" if nothing is known).
    """

    def __init__(self, url: str, reason: str, mend: str = "") -> None:
        self.url, self.reason, self.mend = url, reason, mend
        super().__init__(url, reason, mend)

    def __str__(self) -> str:
        """Return one line: the reason, the URL and, if known, what to do about it."""
        return f"{self.reason} ({self.url})" + (f"; {self.mend}" if self.mend else "")


class FetchError(ScrapeError):
    """The page did not arrive.

    `not_before` (UTC) is the earliest time for another try, None if nothing sets one; `cost` is
    what the failed fetch took.
    """

    def __init__(
        self, url: str, reason: str, mend: str = "", *, not_before: datetime | None = None
    ) -> None:
        super().__init__(url, reason, mend)
        self.not_before = not_before
        self.cost = Cost()


class NetworkError(FetchError):
    """No connection could be made, or it broke before the answer was whole."""


class DeadlineError(FetchError):
    """The answer was not whole within the total deadline."""


class StatusError(FetchError):
    """The server answered with a status that brings no page."""

    def __init__(
        self,
        url: str,
        status: int,
        reason: str,
        mend: str = "",
        *,
        not_before: datetime | None = None,
    ) -> None:
        super().__init__(url, reason, mend, not_before=not_before)
        self.status = status


class BodyError(FetchError):
    """The body is too large, cut short, or in a coding that was not asked for."""


class RedirectError(FetchError):
    """Too many hops, from https down to http, or to no usable address."""


class AddressError(FetchError):
    """The URL is malformed, or its host has no address that may be connected to."""


class RobotsError(FetchError):
    """robots.txt disallows the address, or could not be read (RFC 9309 2.3.1.4)."""


class ReadError(ScrapeError):
    """The page arrived, but cannot be read."""


class LayoutError(ReadError):
    """The page has a platform's marks, but none of its known layouts fits."""


class UnreadableError(ReadError):
    """The body is empty, neither text nor markup, or too deeply nested to be parsed."""
