"""Render a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1).

What the format has no field for is in `_keywire`.
"""

from datetime import UTC
from typing import Any

import msgspec

from feeds.feed import (
    Feed,
    Retracted,
    body,
    bylines,
    categories,
    deleted,
    feed_title,
    language,
    link,
    media_urls,
)
from feeds.fragments import Fragments, render_entries
from feeds.links import web_url
from feeds.xml import line, scrub
from store.entry import StoredEntry

VERSION = "https://jsonfeed.org/version/1.1"


def render_json(
    feed: Feed,
    *,
    retracted: Retracted = Retracted.MARK,
    fragments: Fragments | None = None,
) -> bytes:
    """Render the feed as a JSON Feed document in UTF-8, keys in one fixed order.

    Untitled entries stay untitled, as the format allows. TOMBSTONE lists retractions in
    `_keywire.deleted`.
    """
    tombstones = deleted(feed, retracted)
    document = _filled(
        version=VERSION,
        title=feed_title(feed),
        description=line(feed.subtitle),
        home_page_url=web_url(feed.home_url),
        feed_url=web_url(feed.self_url),
        language=language(feed.language),
        expired=feed.expired,
        hubs=[{"type": "WebSub", "url": url} for url in (web_url(feed.hub_url),) if url],
        _keywire=_filled(
            deleted=[{"id": ref, "when": at.astimezone(UTC)} for ref, at in tombstones]
        ),
    )
    document["items"] = [
        msgspec.Raw(item) for item in render_entries(feed, retracted, _item, fragments, "json")
    ]
    return msgspec.json.encode(document)


def _item(stored: StoredEntry, title: str) -> bytes:
    entry = stored.entry
    fields = _filled(
        id=scrub(stored.id),
        url=link(entry),
        title=title if line(entry.title) or stored.retracted_at else "",
    )
    fields["content_html"] = body(stored)
    fields |= _filled(
        image=next(iter(media_urls(entry, "image")), ""),
        date_published=entry.published.astimezone(UTC),
        date_modified=stored.changed_at.astimezone(UTC),
        authors=[{"name": name} for name in bylines(entry)],
        tags=[label if label == term else label.lower() for term, label in categories(entry)],
        language=language(entry.language),
    )
    fields["_keywire"] = _extension(stored)
    return msgspec.json.encode(fields)


def _extension(stored: StoredEntry) -> dict[str, Any]:
    entry, retracted_at = stored.entry, stored.retracted_at
    return {
        "number": stored.number,
        "revision": stored.revision,
        "blog": scrub(entry.blog),
        "block_id": scrub(entry.block_id),
        "key_event": entry.key_event,
        "summary": entry.summary,
        "credit": line(entry.credit),
        "time_precision": entry.time_precision.value,
        "changed_at": stored.changed_at.astimezone(UTC),
        "retracted_at": None if retracted_at is None else retracted_at.astimezone(UTC),
    }


def _filled(**fields: object) -> dict[str, Any]:
    """Return the fields that are not empty: the format leaves the others out."""
    return {name: value for name, value in fields.items() if value}
