"""One page as it was at one time, wherever it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.page import Page
from scraper.read import read_or_article
from store.sighting import Snapshot


class CaptureError(Exception):
    """A capture cannot be opened. `str()` names it, what is wrong and the remedy."""


@dataclass(frozen=True, slots=True)
class Capture:
    """Where a page is kept, and how it is opened.

    `name` is shown to the user. `page` returns the page, and may be called repeatedly; it raises
    CaptureError or ScrapeError. `at` is when it was captured (UTC), None where only the page itself
    can tell; `saved` is then the best other evidence.
    """

    name: str
    page: Callable[[], Page]
    at: datetime | None = None
    saved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture that was read: its blog, and when it was made (UTC). The page is not held.

    `is_top` is False where it is known to be an older page.
    """

    capture: Capture
    blog: str
    at: datetime
    is_top: bool


def open_capture(capture: Capture) -> tuple[Page, Snapshot]:
    """Read a capture's page at its own time and address, and return both.

    Raises CaptureError where it shows no entries, ScrapeError where it cannot be read.
    """
    page = capture.page()
    snapshot = read_or_article(page)
    if not snapshot.sightings:
        why = "; ".join(snapshot.why) or "it shows no entries"
        raise CaptureError(
            f"{capture.name}: no live blog or article was found in it ({why}); "
            "keywire preview shows what was understood"
        )
    at = capture.at or stated(snapshot) or capture.saved or page.fetched_at
    url = snapshot.claimed_url if page.url.startswith("file:") else page.url
    own = replace(page, fetched_at=at.astimezone(UTC), url=url or page.url)
    return own, read_or_article(own)


def stated(snapshot: Snapshot) -> datetime | None:
    """Return when a page says that it was made, else the newest time that it shows."""
    shown = (time for seen in snapshot.sightings for time in (seen.published, seen.updated))
    return snapshot.page_time or max(filter(None, shown), default=None)
