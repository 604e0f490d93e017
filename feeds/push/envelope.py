"""The envelope that describes a notice to a target: the change, its entry, and why it was sent.

`feeds/push/envelope.schema.json` is its schema, whose descriptions are the docstrings below.
"""

from datetime import datetime
from typing import Any

import msgspec


class Blog(msgspec.Struct, frozen=True):
    """The live blog that the entry stands in."""

    url: str
    title: str


class Media(msgspec.Struct, frozen=True):
    """One picture, film or sound of the entry; sizes are pixels."""

    url: str
    type: str
    alt: str
    credit: str
    width: int | None
    height: int | None


class Provenance(msgspec.Struct, frozen=True):
    """Where this revision was seen: the page, when, and the SHA-256 of its body."""

    page_url: str
    fetched_at: datetime
    status: int
    sha256: str
    platform: str
    layout: str


class Entry(msgspec.Struct, frozen=True):
    """The entry as it was at this change; times are UTC.

    `cut` names what was left out to fit: `url` has it whole.
    """

    id: str
    number: int
    block_id: str
    revision: int
    title: str
    url: str
    text: str
    html: str
    published: datetime
    time_precision: str
    updated: datetime | None
    first_seen: datetime
    changed_at: datetime
    retracted_at: datetime | None
    key_event: bool | None
    summary: bool | None
    authors: tuple[str, ...]
    credit: str
    tags: tuple[str, ...]
    language: str
    media: tuple[Media, ...]
    cut: tuple[str, ...] = ()


class Piece(msgspec.Struct, frozen=True):
    """A run of words that stayed (`same`), went (`gone`) or came (`came`)."""

    op: str
    text: str


class Latency(msgspec.Struct, frozen=True):
    """Seconds: from the publisher's time to our first sight, and from the change to the page read.

    `seen` is None where the publisher's time is not known to the second or minute.
    """

    seen: float | None
    told: float


class Held(msgspec.Struct, frozen=True):
    """One entry that a digest names."""

    title: str
    url: str
    published: datetime


class Source(msgspec.Struct, frozen=True):
    """A page that is polled, and how it stands: `broken`, `silent` or `recovered`, since when."""

    url: str
    standing: str
    reason: str
    since: datetime | None


class DigestPart(msgspec.Struct, frozen=True):
    """How many notices the cap held back within so many seconds, and the first of them."""

    count: int
    seconds: float
    entries: tuple[Held, ...]
    sources: tuple[Source, ...] = ()


class Envelope(msgspec.Struct, frozen=True, omit_defaults=False):
    """One notice. `id` is the event's in the log (`/events`), `notice` this message's own.

    `type` is the event's type, `alert.digest`, or of a source `source.broken`, `source.silent` or
    `source.recovered`; `kind` says what the notice is to who was told: `fired`, `changed` (a
    material edit), `edited` (wording), `retracted`, `restored`, `digest`, `broken`, `silent`,
    `recovered`.
    """

    notice: str
    alert: str
    kind: str
    reason: str
    type: str
    occurred_at: datetime
    epoch: str
    seq: int | None = None
    id: str | None = None
    topics: tuple[str, ...] = ()
    blog: Blog | None = None
    entry: Entry | None = None
    changes: dict[str, Any] = {}
    diff: tuple[Piece, ...] = ()
    backfill: bool = False
    provenance: Provenance | None = None
    latency: Latency | None = None
    digest: DigestPart | None = None
    source: Source | None = None


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an envelope."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "keywire envelope",
        **msgspec.json.schema(Envelope),
    }
