"""Saved pages of one blog kept in a store, each as if it had been polled when it was saved."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from keywire.polling.provenance import provenance
from scraper.errors import ReadError, UnreadableError
from scraper.page import Page
from scraper.read import read
from store import sources, timeline
from store.changes import diff
from store.database import Database
from store.decision.history import Fault
from store.sighting import Kind, Snapshot

# Between two pages that do not say when they were: long enough for a second look at an absence.
_APART = timedelta(minutes=1)


class _Meta(msgspec.Struct):
    """What a capture's meta.json says, where there is one."""

    url: str = ""
    fetched_at: datetime | None = None


def keep_captures(
    database: Database,
    paths: Sequence[Path],
    *,
    url: str = "",
    timezone: str = "",
    tell: Callable[[str], None],
) -> str:
    """Keep pages, the oldest first; return the blog's URL.

    Where a page came from and when is said by `url` and a meta.json beside it, or by the page
    itself. `tell` hears of pages that prove nothing, which are passed over. Raises ScrapeError
    where a file cannot be read, or is no live blog.
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
    meta = _meta(path)
    try:
        body, saved = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise UnreadableError(str(path), f"the file cannot be read: {error.strerror}") from None
    named = url or meta.url or path.absolute().as_uri()
    page = Page(named, body, meta.fetched_at or saved, timezone=timezone)
    snapshot = read(page)
    if snapshot.kind is not Kind.LIVE_BLOG:
        mend = "keywire preview shows what was understood"
        raise ReadError(str(path), f"no live blog: {'; '.join(snapshot.why)}", mend)
    page = replace(
        page,
        url=url or meta.url or snapshot.claimed_url or page.url,
        fetched_at=meta.fetched_at or _stated(snapshot) or saved,
    )
    return page, read(page)


def _meta(path: Path) -> _Meta:
    beside = path.with_name("meta.json")
    try:
        return msgspec.json.decode(beside.read_bytes(), type=_Meta)
    except FileNotFoundError:
        return _Meta()
    except (OSError, msgspec.MsgspecError) as error:
        raise UnreadableError(str(beside), f"it cannot be read: {error}") from None


def _stated(snapshot: Snapshot) -> datetime | None:
    """Return when a page says that it was made, or the newest time that it shows."""
    shown = (time for seen in snapshot.sightings for time in (seen.published, seen.updated))
    return snapshot.page_time or max(filter(None, shown), default=None)


def _take(connection: Connection, blog: str, page: Page, snapshot: Snapshot) -> Fault | None:
    sources.follow_sources(connection, [blog])
    kept = timeline.load(connection, blog)
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
