"""Render entries as JSON lines: one object a line, with the fields of a preview's entries."""

from typing import Any

import msgspec

from feeds.feed import Feed, rfc3339
from feeds.xml import scrub
from store.entry import Media, StoredEntry


def render_jsonl(feed: Feed) -> bytes:
    """Return one line in UTF-8 for each entry of the feed, in the feed's order."""
    return b"".join(render_line(stored) for stored in feed.entries)


def render_line(stored: StoredEntry) -> bytes:
    """Return one entry as a JSON object and a newline.

    `id` is ours, `block_id` the publisher's; `title` is "" where the entry has no title. `on_page`
    is null where the view that the entry came from is not recorded. Only a retracted entry has
    `retracted_at`.
    """
    entry = stored.entry
    view = stored.provenance.view if stored.provenance else ""
    fields: dict[str, Any] = {
        "id": scrub(stored.id),
        "block_id": scrub(entry.block_id),
        "permalink": scrub(entry.permalink),
        "title": scrub(entry.title),
        "published": rfc3339(entry.published),
        "updated": None if entry.updated is None else rfc3339(entry.updated),
        "time_precision": entry.time_precision.value,
        "authors": [scrub(author) for author in entry.authors],
        "credit": scrub(entry.credit),
        "key_event": entry.key_event,
        "summary": entry.summary,
        "pinned": entry.pinned,
        "on_page": view.casefold() == "block" if view else None,
        "text": scrub(entry.text),
        "html": scrub(entry.html),
        "media": [_media(media) for media in entry.media],
    }
    if stored.retracted_at is not None:
        fields["retracted_at"] = rfc3339(stored.retracted_at)
    return msgspec.json.encode(fields) + b"\n"


def _media(media: Media) -> dict[str, Any]:
    return {
        "url": scrub(media.url),
        "type": scrub(media.type),
        "alt": scrub(media.alt),
        "credit": scrub(media.credit),
        "width": media.width,
        "height": media.height,
    }
