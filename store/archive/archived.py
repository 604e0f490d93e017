"""An entry with its whole past, and how it stood at a moment of it: values, and pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from store.decision.history import ChangeType
from store.entry import Media, Provenance, StoredEntry


@dataclass(frozen=True, slots=True)
class KeptRevision:
    """One distinct content of an entry. `seen_at` is when we first saw it, by our clock (UTC).

    `digest` is that of the view that it came from, by which its next sighting is judged.
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
    """One change of an entry, and how it stood after it; what it said is in its revision.

    `joins` says that by this change the entry came to the topic that is read.
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
class Archived:
    """An entry of a topic with its blog's title, its revisions and its changes, oldest first.

    The last revision says what `stored` says. An entry that no change brought to the topic was
    sorted into it by a rule that was made or changed later.
    """

    stored: StoredEntry
    blog_title: str
    joined_at: datetime
    revisions: tuple[KeptRevision, ...]
    changes: tuple[PastChange, ...]


def as_it_stood(archived: Archived, moment: datetime) -> Archived | None:
    """Tell an entry as it stood at a moment (UTC); None where the topic did not hold it yet.

    A revision that a stronger view filled in is told as filled in, and `published` as finely as it
    is known now: of both, what was before is not kept. Nor is pinning, which is None then. What was
    taken down since is told so, whatever the moment.
    """
    past = tuple(change for change in archived.changes if change.occurred_at <= moment)
    if not past or (_joins(archived.changes) and not _joins(past)):
        return None
    if archived.stored.forgotten is not None:
        return replace(archived, changes=past)
    last = past[-1]
    said = tuple(one for one in archived.revisions if one.revision <= last.revision)
    entry = replace(
        archived.stored.entry, key_event=last.key_event, summary=last.summary, pinned=None
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
    return replace(archived, stored=stored, revisions=said, changes=past)


def _joins(past: Sequence[PastChange]) -> bool:
    return any(change.joins for change in past)


def _last_seen(stored: StoredEntry, past: Sequence[PastChange]) -> datetime:
    """Return when the last change was that an entry had to be seen for."""
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
