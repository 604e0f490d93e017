"""One page as it was at one time, wherever it is kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.page import Page
from scraper.read import read
from store.sighting import Kind, Snapshot


class CaptureError(Exception):
    """A capture cannot be had. `str()` names it, what is wrong and the mend."""


@dataclass(frozen=True, slots=True)
class Capture:
    """Where a page is kept, and how it is had from there.

    `name` is what a person calls it. `page` gives it, perhaps again and again; it raises
    CaptureError or ScrapeError. `at` is when it was captured (UTC), None where that is only to be
    told from the page itself, `saved` then being the best that is known beside it.
    """

    name: str
    page: Callable[[], Page]
    at: datetime | None = None
    saved: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A capture that was read: of which blog, when it was made (UTC), and of which page.

    `is_top` says that it is not known to be an older page. The page itself is not held.
    """

    capture: Capture
    blog: str
    at: datetime
    is_top: bool


def look(page: Page) -> Snapshot:
    """Read a page for what it is; an ordinary article as one entry."""
    snapshot = read(page)
    if snapshot.kind is not Kind.ARTICLE:
        return snapshot
    article = read(replace(page, as_article=True))
    return article if article.sightings else snapshot


def open_capture(capture: Capture) -> tuple[Page, Snapshot]:
    """Have a capture's page and read it, at the time and the address that are its own.

    Raises CaptureError where it shows no entries, ScrapeError where it cannot be read.
    """
    page = capture.page()
    snapshot = look(page)
    if not snapshot.sightings:
        why = "; ".join(snapshot.why) or "it shows no entries"
        raise CaptureError(
            f"{capture.name}: no live blog or article was found in it ({why}); "
            "keywire preview shows what was understood"
        )
    at = capture.at or stated(snapshot) or capture.saved or page.fetched_at
    url = snapshot.claimed_url if page.url.startswith("file:") else page.url
    own = replace(page, fetched_at=at.astimezone(UTC), url=url or page.url)
    return own, look(own)


def stated(snapshot: Snapshot) -> datetime | None:
    """Return when a page says that it was made, or the newest time that it shows."""
    shown = (time for seen in snapshot.sightings for time in (seen.published, seen.updated))
    return snapshot.page_time or max(filter(None, shown), default=None)
