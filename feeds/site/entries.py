"""Entries with their revisions, as programs get them."""

from typing import Any

from sqlalchemy import Connection

from feeds.content import cut, republished
from feeds.feed import instant, rfc3339
from feeds.site.diffs import not_kept
from feeds.site.responses import Refusal
from feeds.wayback import wayback_link
from store.archive.archived import KeptRevision, Pin
from store.archive.entry_history import Life, life_of
from store.catalogue import contents
from store.entry import Provenance, StoredEntry
from store.topics import Content, given_out

_CONTENT = ("title", "html", "text", "authors", "credit", "media", "tags", "language")


def read_entry(connection: Connection, number: int) -> dict[str, Any] | Refusal:
    """Return an entry as /entries/<number>.json shows it, or a 404; times are ISO 8601 UTC."""
    life = life_of(connection, number)
    if life is None:
        return not_kept(number)
    return tell_life(life, given_out(life.topics, contents(connection)))


def tell_life(life: Life, content: Content = Content.FULL) -> dict[str, Any]:
    """Return an entry with its revisions as a JSON object, cut to `content`."""
    return {
        **_tell(republished(life.stored, content)),
        "topics": life.topics,
        "pins": [_tell_pin(pin) for pin in life.pins],
        "revisions": [_tell_revision(cut(one, content)) for one in life.revisions],
    }


def _tell(stored: StoredEntry) -> dict[str, Any]:
    entry = stored.entry
    return {
        "id": stored.id,
        "number": stored.number,
        "blog": entry.blog,
        "block_id": entry.block_id,
        "revision": stored.revision,
        "url": entry.permalink,
        **{name: getattr(entry, name) for name in _CONTENT},
        "key_event": entry.key_event,
        "summary": entry.summary,
        "pinned": entry.pinned,
        "published": rfc3339(entry.published),
        "time_precision": entry.time_precision.value,
        "updated": instant(entry.updated),
        "first_seen": rfc3339(stored.first_seen),
        "last_seen": rfc3339(stored.last_seen),
        "changed_at": rfc3339(stored.changed_at),
        "retracted_at": instant(stored.retracted_at),
        "forgotten": stored.forgotten,
        "provenance": _tell_provenance(stored.provenance),
    }


def _tell_revision(one: KeptRevision) -> dict[str, Any]:
    return {
        "revision": one.revision,
        "seen_at": rfc3339(one.seen_at),
        "url": one.permalink,
        **{name: getattr(one, name) for name in _CONTENT},
        "updated": instant(one.updated),
        "provenance": _tell_provenance(one.provenance),
    }


def _tell_pin(pin: Pin) -> dict[str, str | None]:
    return {"pinned_at": rfc3339(pin.pinned_at), "unpinned_at": instant(pin.unpinned_at)}


def _tell_provenance(seen: Provenance | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    told = {name: getattr(seen, name) for name in Provenance.__slots__}
    return {**told, "fetched_at": rfc3339(seen.fetched_at), "wayback": wayback_link(seen)}
