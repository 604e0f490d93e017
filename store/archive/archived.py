"""An entry with its whole past, and its state as of a moment: values and pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from store.decision.history import ChangeType
from store.entry import Media, Provenance, StoredEntry


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """One distinct content of an entry. `seen_at` is when keywire first saw it (UTC).

    `digest` is that of the view that it came from, with which the next sighting is compared.
    """

    revision: int
    seen_at: datetime
    title: str
    html: str
    text: str
    permalink: str
    authors: tuple[str, ...]
    credit: str
    media: tuple[Media, ...]
    tags: tuple[str, ...]
    language: str
    updated: datetime | None
    provenance: Provenance | None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PastChange:
    """One change of an entry, and its state afterwards; its content is in the `revision`.

    `joins` says that by this change the entry joined the topic that is read. Times are UTC.
    """

    type: ChangeType
    occurred_at: datetime
    revision: int
    changed_at: datetime
    retracted_at: datetime | None
    key_event: bool | None
    summary: bool | None
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """From when to when an entry was pinned on its page, by keywire's clock (UTC).

    `unpinned_at` is None while it still is.
    """

    pinned_at: datetime
    unpinned_at: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Return whether the entry was pinned at a moment (UTC)."""
        return self.pinned_at <= moment and (self.unpinned_at is None or moment < self.unpinned_at)


@dataclass(frozen=True, slots=True)
class Archived:
    """An entry of a topic with its blog's title; its revisions, changes and pins, oldest first.

    The last revision has the content of `stored`. If no change `joins` the topic, the entry was
    sorted into it later, by a new or changed rule.
    """

    stored: StoredEntry
    blog_title: str
    joined_at: datetime
    revisions: tuple[KeptRevision, ...]
    changes: tuple[PastChange, ...]
    pins: tuple[Pin, ...] = ()


def as_it_stood(archived: Archived, moment: datetime) -> Archived | None:
    """Return an entry as it was at a moment (UTC); None if the topic did not have it yet.

    A revision that a stronger view filled in is returned as filled in, and `published` as exact as
    it is now: the earlier values are not kept. An entry forgotten since then stays so, whatever
    the moment.
    """
    past = tuple(change for change in archived.changes if change.occurred_at <= moment)
    if not past or (_joins(archived.changes) and not _joins(past)):
        return None
    pins = tuple(_as_it_was(pin, moment) for pin in archived.pins if pin.pinned_at <= moment)
    if archived.stored.forgotten is not None:
        return replace(archived, changes=past, pins=pins)
    last = past[-1]
    said = tuple(one for one in archived.revisions if one.revision <= last.revision)
    entry = replace(
        archived.stored.entry,
        key_event=last.key_event,
        summary=last.summary,
        pinned=was_pinned(archived.stored, archived.pins, moment),
    )
    stored = replace(
        archived.stored,
        entry=entry,
        revision=last.revision,
        last_seen=_last_seen(archived.stored, past),
        changed_at=last.changed_at,
        retracted_at=last.retracted_at,
    )
    if said and said[-1].revision == last.revision:
        stored = _saying(stored, said[-1])
    return replace(archived, stored=stored, revisions=said, changes=past, pins=pins)


def was_pinned(stored: StoredEntry, pins: Sequence[Pin], moment: datetime) -> bool | None:
    """Return whether an entry was pinned at a moment (UTC); None if no view ever stated it."""
    if any(pin.holds_at(moment) for pin in pins):
        return True
    return None if stored.entry.pinned is None else False


def _as_it_was(pin: Pin, moment: datetime) -> Pin:
    return pin if pin.unpinned_at is None or pin.unpinned_at <= moment else Pin(pin.pinned_at)


def _joins(past: Sequence[PastChange]) -> bool:
    return any(change.joins for change in past)


def _last_seen(stored: StoredEntry, past: Sequence[PastChange]) -> datetime:
    """Return when an entry was last seen by its changes; a retraction is no sighting."""
    seen = [one.occurred_at for one in past if one.type is not ChangeType.RETRACTED]
    return seen[-1] if seen else stored.first_seen


def _saying(stored: StoredEntry, said: KeptRevision) -> StoredEntry:
    entry = replace(
        stored.entry,
        title=said.title,
        html=said.html,
        text=said.text,
        permalink=said.permalink,
        authors=said.authors,
        credit=said.credit,
        media=said.media,
        tags=said.tags,
        language=said.language,
        updated=said.updated,
    )
    return replace(stored, entry=entry, provenance=said.provenance)
