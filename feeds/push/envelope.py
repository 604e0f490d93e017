"""The one shape in which every channel is told: an event of the log, its entry, and why it came.

`feeds/push/envelope.schema.json` describes it; what is cut to fit says so.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

from feeds.worddiff import abridged, word_diff
from store.alerting.deliveries import Delivery, Digest, Trouble
from store.archive.point_in_time import Past

MOST_BYTES: Final = 20_000  # Standard Webhooks asks for less than 20 kB
_LEAST_TEXT: Final = 200
_LONGEST_REASON: Final = 500
_FEW: Final = 5
_replace: Final = msgspec.structs.replace
_MOST_WORDS: Final = 2_000


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


def notice_id(delivery: Delivery, epoch: str) -> str:
    """Give a message's id: the same at every attempt, and in no other store."""
    return name_notice(delivery.notice_id, epoch)


def name_notice(number: int, epoch: str) -> str:
    """Give the id that the messages of a notice have."""
    return f"kw_{epoch.replace('-', '')[:12]}_{number}"


def make_envelope(delivery: Delivery, epoch: str) -> Envelope:
    """Make what is told of a delivery. It reads no clock: every attempt says the same."""
    head: dict[str, Any] = {
        "notice": notice_id(delivery, epoch),
        "alert": delivery.alert,
        "kind": delivery.kind.value,
        "reason": delivery.reason[:_LONGEST_REASON],
        "epoch": epoch,
    }
    if delivery.past is not None:
        return _of_entry(head, delivery.past, epoch)
    if delivery.trouble is not None:
        told = _source(delivery.trouble)
        kind = f"source.{told.standing}"
        return Envelope(**head, type=kind, occurred_at=delivery.written_at, source=told)
    return Envelope(
        **head,
        type="alert.digest",
        occurred_at=delivery.written_at,
        digest=_digest(delivery.digest) if delivery.digest else None,
    )


def _of_entry(head: dict[str, Any], past: Past, epoch: str) -> Envelope:
    change, stored, before = past.change, past.stored, past.before
    entry, provenance = stored.entry, stored.provenance
    changes = dict(change.changes)
    if before is not None and before.entry.title != entry.title:
        changes["title"] = {"old": before.entry.title, "new": entry.title}
    if before is not None and before.entry.text != entry.text:
        changes["text"] = {"old": before.entry.text, "new": entry.text}
    diff = _diff(before.entry.text, entry.text) if before else ()
    return Envelope(
        **head,
        type=change.type.value,
        occurred_at=change.occurred_at,
        seq=change.seq,
        id=f"{epoch}:{change.seq}",
        topics=change.topics,
        blog=Blog(change.blog_url, change.blog_title),
        entry=_entry(past),
        changes=changes,
        diff=diff,
        backfill=change.backfill,
        provenance=Provenance(
            provenance.page_url,
            provenance.fetched_at,
            provenance.status,
            provenance.sha256,
            provenance.platform,
            provenance.layout,
        )
        if provenance
        else None,
        latency=_latency(past),
    )


def _diff(old: str, new: str) -> tuple[Piece, ...]:
    """Compare the first words of two texts: more is slow to read, and would be cut to fit."""
    had, has = (" ".join(text.split()[:_MOST_WORDS]) for text in (old, new))
    return tuple(Piece(one.op, one.text) for one in abridged(word_diff(had, has)))


def _entry(past: Past) -> Entry:
    stored = past.stored
    entry = stored.entry
    return Entry(
        id=stored.id,
        number=stored.number,
        block_id=entry.block_id,
        revision=stored.revision,
        title=entry.title,
        url=entry.permalink or entry.blog,
        text=entry.text,
        html=entry.html,
        published=entry.published,
        time_precision=entry.time_precision.value,
        updated=entry.updated,
        first_seen=stored.first_seen,
        changed_at=stored.changed_at,
        retracted_at=stored.retracted_at,
        key_event=entry.key_event,
        summary=entry.summary,
        authors=entry.authors,
        credit=entry.credit,
        tags=entry.tags,
        language=entry.language,
        media=tuple(
            Media(one.url, one.type, one.alt, one.credit, one.width, one.height)
            for one in entry.media
        ),
    )


def _latency(past: Past) -> Latency:
    stored = past.stored
    known = stored.entry.time_precision.value in {"second", "minute"}
    seen = (stored.first_seen - stored.entry.published).total_seconds()
    fetched = stored.provenance.fetched_at if stored.provenance else past.change.occurred_at
    told = (past.change.occurred_at - fetched).total_seconds()
    return Latency(round(seen, 3) if known else None, round(max(0.0, told), 3))


def _digest(digest: Digest) -> DigestPart:
    return DigestPart(
        digest.count,
        digest.within.total_seconds(),
        tuple(
            Held(entry.title[:_LONGEST_REASON], entry.permalink or entry.blog, entry.published)
            for entry in (past.stored.entry for past in digest.pasts)
        ),
        tuple(map(_source, digest.troubles)),
    )


def _source(trouble: Trouble) -> Source:
    reason = trouble.reason[:_LONGEST_REASON]
    return Source(trouble.url, trouble.kind.value, reason, trouble.since)


def encode(envelope: Envelope, most: int = MOST_BYTES) -> bytes:
    """Write an envelope as JSON of at most `most` bytes: what is bulky goes first, html before all.

    What was left out stands in `entry.cut`; the entry's `url` has it whole.
    """
    written = msgspec.json.encode(envelope)
    for name in ("html", "changes", "diff", "media", "text", "tags", "lines"):
        if len(written) <= most:
            return written
        envelope = _without(envelope, name, len(written) - most)
        written = msgspec.json.encode(envelope)
    while len(written) > most and envelope.digest and envelope.digest.entries:
        entries = envelope.digest.entries[:-1]
        envelope = _replace(envelope, digest=_replace(envelope.digest, entries=entries))
        written = msgspec.json.encode(envelope)
    return written


def _without(envelope: Envelope, name: str, over: int) -> Envelope:
    entry = envelope.entry
    if entry is None or not getattr(entry, name, getattr(envelope, name, True)):
        return envelope
    cut = (*entry.cut, name)
    match name:
        case "html":
            entry = _replace(entry, html="", cut=cut)
        case "text":
            entry = _replace(entry, text=_shorter(entry.text, over), cut=cut)
        case "media" | "tags":
            entry = _replace(entry, **{name: ()}, cut=cut)
        case "changes":
            return _replace(envelope, changes={}, entry=_replace(entry, cut=cut))
        case "diff":
            return _replace(envelope, diff=(), entry=_replace(entry, cut=cut))
        case _:
            return _with_short_lines(envelope, _replace(entry, cut=cut))
    return _replace(envelope, entry=entry)


def _with_short_lines(envelope: Envelope, entry: Entry) -> Envelope:
    """Shorten what is a line in every sane entry; addresses and ids stay whole."""
    blog = envelope.blog
    return _replace(
        envelope,
        reason=envelope.reason[:_LEAST_TEXT],
        topics=envelope.topics[:_FEW],
        blog=_replace(blog, title=blog.title[:_LEAST_TEXT]) if blog else None,
        entry=_replace(
            entry,
            title=entry.title[:_LEAST_TEXT],
            authors=tuple(name[:_LEAST_TEXT] for name in entry.authors[:_FEW]),
            credit=entry.credit[:_LEAST_TEXT],
            language=entry.language[:_LEAST_TEXT],
        ),
    )


def _shorter(text: str, over: int) -> str:
    """Cut a text by as many bytes of JSON as are over, and a little more."""
    written = msgspec.json.encode(text)
    share = max(0.0, 1 - (over + 100) / max(1, len(written)))
    return text[: max(_LEAST_TEXT, int(len(text) * share * 0.9))].rstrip() + "…"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an envelope."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "keywire envelope",
        **msgspec.json.schema(Envelope),
    }
