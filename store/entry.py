"""The values that everything else speaks of: an entry, and an entry as it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class TimePrecision(Enum):
    """How exactly a publisher told when an entry was published, coarsest first by `rank`."""

    ESTIMATED = "estimated"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def rank(self) -> int:
        """0 for the coarsest; a higher rank may replace a lower one."""
        return _PRECISION_RANK[self]


_PRECISION_RANK = {precision: rank for rank, precision in enumerate(TimePrecision)}


@dataclass(frozen=True, slots=True)
class Media:
    """One picture, film or sound of an entry; `url` is absolute, sizes are pixels."""

    url: str
    type: str = "image"
    alt: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a publisher says in one block, made ours: sanitised, absolute, in UTC.

    `blog` is the blog's canonical URL and `block_id` the publisher's id of the block (a derived
    one where the page has none). `updated` is the publisher's own "updated", None where it shows
    none. `title` is "" where there is none; `text` is `html` without markup, captions and
    furniture, and does not repeat the title. `key_event` and `summary` are None where no view
    of the entry tells.
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
    """Where one revision was seen: the page, the answer that carried it, and how it was read.

    `page_url` is the address that answered: of the page, or of the publisher's own answer beside
    it. `fetched_at` is UTC, `sha256` the hex digest of the body, its content coding undone.
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

    `id` is the `tag:` URI, minted once; `number` is ours, counting up; `revision` starts at 1.
    `first_seen` and `last_seen` are by our clock, `changed_at` is what feeds show as updated.
    All times are UTC. `forgotten` is why it was taken down, None where it was not: nothing of it
    is left then.
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
        """Return the entry under its number; `replace` would take twice as long for thousands."""
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
