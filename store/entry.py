"""The central values: an entry as its publisher states it, and the same as the store keeps it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class TimePrecision(Enum):
    """How exact an entry's published time is; members are in order, the coarsest first."""

    ESTIMATED = "estimated"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def rank(self) -> int:
        """The place in that order, 0 for the coarsest; a higher rank may replace a lower one."""
        return _PRECISION_RANK[self]


_PRECISION_RANK = {precision: rank for rank, precision in enumerate(TimePrecision)}


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, video or sound of an entry; `url` is absolute, sizes are in pixels."""

    url: str
    type: str = "image"
    alt: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The content of one block: html sanitised, links absolute, times in UTC.

    `blog` is the blog's canonical URL and `block_id` the publisher's id of the block (a derived
    one where the page has none). `updated` is the publisher's own "updated", None where it shows
    none. `title` is "" where the block has none; `text` is `html` without markup, captions and
    page furniture, and does not repeat the title. `key_event` and `summary` are None where no
    view states them.
    """

    blog: str
    block_id: str
    published: datetime
    updated: datetime | None = None
    time_precision: TimePrecision = TimePrecision.SECOND
    title: str = ""
    html: str = ""
    text: str = ""
    permalink: str = ""
    authors: tuple[str, ...] = ()
    credit: str = ""
    media: tuple[Media, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    key_event: bool | None = None
    summary: bool | None = None
    pinned: bool | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one revision was seen: the address, the HTTP response, and how it was parsed.

    `page_url` is the address of that response: the page, or the publisher's API answer fetched
    beside it. `fetched_at` is UTC, `sha256` the hex digest of the body after content decoding.
    """

    page_url: str
    fetched_at: datetime
    status: int = 200
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    platform: str = ""
    layout: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as the store keeps it.

    `id` is the `tag:` URI, minted once; `number` counts up over all entries of the store;
    `revision` starts at 1. `first_seen` and `last_seen` are by keywire's clock, `changed_at` is
    what feeds show as updated. All times are UTC. `forgotten` is the reason of a takedown, which
    leaves no content, and None for every other entry.
    """

    entry: Entry
    id: str
    number: int
    revision: int
    first_seen: datetime
    last_seen: datetime
    changed_at: datetime
    retracted_at: datetime | None = None
    provenance: Provenance | None = field(default=None)
    forgotten: str | None = None

    def numbered(self, number: int) -> "StoredEntry":
        """Return a copy with this `number`. Built by hand: `replace` takes twice as long."""
        return StoredEntry(
            self.entry,
            self.id,
            number,
            self.revision,
            self.first_seen,
            self.last_seen,
            self.changed_at,
            self.retracted_at,
            self.provenance,
            self.forgotten,
        )
