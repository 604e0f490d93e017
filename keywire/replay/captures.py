"""Store saved pages of one blog, each as if it had been polled when it was saved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from keywire.captures.capture import open_capture
from keywire.captures.files import CaptureOptions, capture_of
from keywire.polling.provenance import provenance
from scraper.errors import ReadError
from scraper.page import Page
from scraper.read import read
from store import loading, sources, timeline
from store.changes import diff
from store.database import Database
from store.decision.history import Fault
from store.sighting import Kind, Snapshot

# Between two pages of unknown times: long enough for a second look at an absence.
_APART = timedelta(minutes=1)


def keep_captures(
    database: Database,
    paths: Sequence[Path],
    *,
    url: str = "",
    timezone: str = "",
    tell: Callable[[str], None],
) -> str:
    """Store pages, which are given oldest first; return the blog's URL.

    Their address and time are those of `url` and a meta.json beside them, or of the page itself.
    `tell` gets a line for each page that proves nothing, which is passed over. Raises ScrapeError
    or CaptureError where a file cannot be read, or is no live blog.
    """
    blog = ""
    with database.write() as connection:
        for page, snapshot in _in_order(paths, url, timezone):
            blog = blog or snapshot.url
            fault = _take(connection, blog, page, snapshot)
            if fault is not None:
                tell(f"{page.url} is passed over: {fault.reason}")
    return blog


def _in_order(paths: Sequence[Path], url: str, timezone: str) -> Iterator[tuple[Page, Snapshot]]:
    last: datetime | None = None
    for path in paths:
        page, snapshot = _read(path, url, timezone)
        if last is not None and page.fetched_at <= last:
            page = replace(page, fetched_at=last + _APART)
            snapshot = read(page)
        last = page.fetched_at
        yield page, snapshot


def _read(path: Path, url: str, timezone: str) -> tuple[Page, Snapshot]:
    page, snapshot = open_capture(capture_of(path, CaptureOptions(url=url, timezone=timezone)))
    if snapshot.kind is not Kind.LIVE_BLOG:
        mend = "keywire preview shows what was understood"
        raise ReadError(str(path), f"no live blog: {'; '.join(snapshot.why)}", mend)
    return page, snapshot


def _take(connection: Connection, blog: str, page: Page, snapshot: Snapshot) -> Fault | None:
    sources.follow_sources(connection, [blog])
    kept = loading.load(connection, blog)
    outcome = diff(
        kept.history,
        replace(snapshot, url=kept.history.url),
        page.fetched_at,
        provenance=provenance(page, snapshot),
    )
    if isinstance(outcome, Fault):
        return outcome
    (source,) = sources.followed(connection)
    timeline.apply(connection, kept, outcome, page.fetched_at, source_id=source.id, rules=())
    return None
