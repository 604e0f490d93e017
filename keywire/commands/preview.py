"""What `keywire preview --format json` prints: one snapshot, its views merged, as plain data."""

from dataclasses import asdict
from datetime import datetime

from store.decision.merge import Completed, blocks, repeated
from store.entry import Media
from store.sighting import Kind, ListedBlog, Snapshot


def preview(snapshot: Snapshot) -> dict[str, object]:
    """Return the object that `keywire preview` prints, ready for JSON.

    Entries on the page come in page order; those known only from elsewhere follow, newest first. A
    listing has `blogs` and no `entries`. Times are ISO 8601 in UTC with `Z`.
    """
    head: dict[str, object] = {
        "url": snapshot.url,
        "kind": snapshot.kind.value,
        "platform": snapshot.platform,
        "layout": snapshot.layout,
        "title": snapshot.title,
        "language": snapshot.language,
        "live": snapshot.live,
        "complete": snapshot.complete,
        "warnings": [*snapshot.warnings, *repeated(snapshot), *elsewhere(snapshot)],
    }
    if snapshot.kind is Kind.LISTING:
        return head | {"blogs": [_blog(blog) for blog in snapshot.blogs]}
    return head | {"entries": [_entry(block) for block in blocks(snapshot)]}


def elsewhere(snapshot: Snapshot) -> tuple[str, ...]:
    """Return where the entries are, for a page without any that was read without its answers."""
    if snapshot.sightings or not snapshot.answers:
        return ()
    named = ", ".join(snapshot.answers)
    return (f"the entries are not on this page; an answer elsewhere has them: {named}",)


def _entry(block: Completed) -> dict[str, object]:
    seen = block.sighting
    precision = seen.time_precision
    return {
        "id": seen.block_id,
        "permalink": seen.permalink or "",
        "title": seen.title or "",
        "published": _instant(seen.published),
        "updated": _instant(seen.updated),
        "time_precision": precision.value if precision else None,
        "authors": list(seen.authors or ()),
        "credit": seen.credit or "",
        "key_event": seen.key_event,
        "summary": seen.summary,
        "pinned": seen.pinned,
        "on_page": block.on_page,
        "text": seen.text or "",
        "html": seen.html or "",
        "media": [_media(media) for media in seen.media or ()],
    }


def _media(media: Media) -> dict[str, object]:
    return asdict(media)


def _blog(blog: ListedBlog) -> dict[str, object]:
    return {
        "url": blog.url,
        "title": blog.title,
        "live": blog.live,
        "published": _instant(blog.published),
    }


def _instant(value: datetime | None) -> str | None:
    """Return a UTC time as text with no more digits than it has: `…:10Z`, `…:10.156Z`."""
    if value is None:
        return None
    digits = "seconds" if not value.microsecond else "microseconds"
    if value.microsecond and value.microsecond % 1000 == 0:
        digits = "milliseconds"
    return value.isoformat(timespec=digits).replace("+00:00", "Z")
