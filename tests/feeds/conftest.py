from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.feed import Feed
from store.entry import Entry, StoredEntry

BLOG = "https://www.example.org/world/live/2023/dec/13/crisis"
FIRST = datetime(2023, 12, 13, 17, 25, tzinfo=UTC)
STORED_FIELDS = ("revision", "changed_at", "retracted_at", "provenance", "last_seen", "forgotten")


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., StoredEntry]:
    """`make_entry(7, title="…")`: entry 7, published seven minutes after entry 0."""

    def make(number: int = 0, **fields: Any) -> StoredEntry:
        published = fields.setdefault("published", FIRST + timedelta(minutes=number))
        kept = {name: fields.pop(name) for name in STORED_FIELDS if name in fields}
        fields.setdefault("title", f"Headline {number}")
        fields.setdefault("html", f"<p>Body {number} &amp; more.</p>")
        fields.setdefault("text", f"Body {number} & more.")
        fields.setdefault("permalink", f"{BLOG}#block-{number}")
        entry = Entry(**{"blog": BLOG, "block_id": f"b{number}", **fields})
        return StoredEntry(
            **{
                "entry": entry,
                "id": f"tag:example.org,2023:/world/live/2023/dec/13/crisis/b{number}",
                "number": number,
                "revision": 1,
                "first_seen": FIRST,
                "last_seen": FIRST,
                "changed_at": published,
                **kept,
            }
        )

    return make


@pytest.fixture(scope="session")
def make_feed() -> Callable[..., Feed]:
    """`make_feed(entry, entry, language="en")`."""

    def make(*entries: StoredEntry, **fields: Any) -> Feed:
        return Feed(
            **{
                "id": "tag:keywire.example,2023:middle-east",
                "title": "Middle East crisis",
                "home_url": "https://keywire.example/topics/middle-east",
                "self_url": "https://keywire.example/feeds/middle-east",
                "updated": FIRST + timedelta(hours=1),
                "entries": entries,
                **fields,
            }
        )

    return make
