"""Make the envelope of a delivery."""

from typing import Any, Final

from feeds.push.envelope import (
    Blog,
    DigestPart,
    Entry,
    Envelope,
    Held,
    Latency,
    Media,
    Piece,
    Provenance,
    Source,
)
from feeds.worddiff import abridged, word_diff
from store.alerting.delivery import Delivery, Digest, Trouble
from store.archive.point_in_time import Past

_LONGEST_REASON: Final = 500  # characters
_MOST_WORDS: Final = 2_000  # of each text that a diff compares


def notice_id(delivery: Delivery, epoch: str) -> str:
    """Return a message's id: the same at every attempt, and unique across stores."""
    return name_notice(delivery.notice_id, epoch)


def name_notice(number: int, epoch: str) -> str:
    """Return the id of the messages about the notice with this number."""
    return f"kw_{epoch.replace('-', '')[:12]}_{number}"


def make_envelope(delivery: Delivery, epoch: str) -> Envelope:
    """Return a delivery's envelope. It reads no clock: it is the same at every attempt."""
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
    """Compare the first words of two texts: a longer diff is slow to read, and would be cut."""
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
