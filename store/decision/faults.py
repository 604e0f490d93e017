"""What makes a page prove nothing: it is empty, cut short, another page, translated, or older."""

from datetime import datetime, timedelta

from store.decision.absence import find_absent, lost_newest
from store.decision.arranged import Showing
from store.decision.history import BlogHistory, Fault, KnownEntry, PageEvidence
from store.decision.identity import is_derived
from store.decision.join import HEAD_ALONE
from store.sighting import Sighting, View

_AGE_ROUNDING = timedelta(seconds=2)


def find_fault(history: BlogHistory, showing: Showing) -> Fault | None:
    """Return why the page proves nothing about a known blog; None where it may be believed."""
    if not history.entries:
        return None
    return (
        _find_empty(history, showing)
        or _find_truncation(history, showing)
        or _find_lost_ids(history, showing)
        or _find_other_page(history, showing)
        or _find_translation(history, showing)
        or _find_hidden_part(history, showing)
        or _find_staleness(history, showing)
    )


def _find_empty(history: BlogHistory, showing: Showing) -> Fault | None:
    if not showing.views:
        return Fault("the page shows no entries any more, though it had some")
    if history.order and not showing.on_page:
        return Fault("the page shows no blocks any more, only an index of them")
    return None


def _find_truncation(history: BlogHistory, showing: Showing) -> Fault | None:
    if history.whole and not showing.snapshot.whole:
        return Fault("the page is cut short: its markup ends before its end")
    return None


def _find_lost_ids(history: BlogHistory, showing: Showing) -> Fault | None:
    """Tell a page whose blocks had ids of their own and have none: new ones would be doubles."""
    if not showing.nameless or any(map(is_derived, history.entries)):
        return None
    return Fault("the page's entries have lost the ids that they had; its layout may have changed")


def _find_other_page(history: BlogHistory, showing: Showing) -> Fault | None:
    claimed = showing.snapshot.claimed_url
    if not claimed or not history.claimed_url or claimed == history.claimed_url:
        return None
    if any(_is_known(history, showing, block_id) for block_id in showing.views):
        return None
    return Fault(f"another page stands at this address: {claimed}")


def _is_known(history: BlogHistory, showing: Showing, block_id: str) -> bool:
    """Say whether a block is an entry's: the same id, published when the entry was.

    An id alone is none, for some publishers number blocks from 1 in each blog.
    """
    known = history.entries.get(block_id)
    return known is not None and any(
        s.published in (None, known.stored.entry.published) for s in showing.views[block_id]
    )


def _find_translation(history: BlogHistory, showing: Showing) -> Fault | None:
    told, known = showing.snapshot.language, history.language
    if not told or not known or _tongue(told) == _tongue(known):
        return None
    if not _reads_otherwise(history, showing):
        return None
    return Fault(f"the page is in another language, perhaps translated: {told}, and was {known}")


def _find_hidden_part(history: BlogHistory, showing: Showing) -> Fault | None:
    """Tell a page of which a part is missing: what is left may state the same blocks otherwise.

    So may the head of a page whose blocks another reader read before.
    """
    page = showing.snapshot
    seen = {
        (known.stored.provenance.platform, known.stored.provenance.layout)
        for block_id in showing.on_page
        if (known := history.entries.get(block_id)) is not None
        and known.stored.provenance
        and known.content_view is View.BLOCK
    }
    if seen <= {(page.platform, page.layout)}:
        return None
    left = set(page.layout.split(", "))
    parts = {part for _, layout in seen for part in layout.split(", ")}
    head = page.layout == HEAD_ALONE and page.platform not in {platform for platform, _ in seen}
    if not (head or left < parts) or not _reads_otherwise(history, showing):
        return None
    missing = ", ".join(sorted(parts - left))
    return Fault(
        f"a part of the page is missing or hidden ({missing}), and the rest says otherwise"
    )


def _reads_otherwise(history: BlogHistory, showing: Showing) -> bool:
    """Say whether most of what is known reads otherwise than when it was last seen."""
    same = [
        showing.digest(sighting) == memory.digest
        for block_id, sightings in showing.views.items()
        if (known := history.entries.get(block_id)) is not None
        for sighting in sightings
        if (memory := known.memory.get(sighting.view)) is not None
    ]
    return 2 * sum(same) < len(same)


def _tongue(language: str) -> str:
    """Give the language of a tag without script and region: `en-GB` → `en` (RFC 5646 2.2.1)."""
    return language.replace("_", "-").partition("-")[0].lower()


def _find_staleness(history: BlogHistory, showing: Showing) -> Fault | None:
    """Tell an older copy of the page by its own evidence; a later rendering is never one."""
    if _is_rendered_later(showing.evidence, history.evidence):
        return None
    older = is_older(showing.evidence, history.evidence)
    shown = [
        (block_id, known, sightings)
        for block_id, sightings in showing.views.items()
        if (known := history.entries.get(block_id)) is not None
    ]
    for block_id, known, sightings in shown:
        if shows_the_past(showing, known, sightings, older=older):
            return Fault(f"a stale copy of the page: block {block_id} shows an earlier revision")
    returned = any(
        known.stored.retracted_at and known.stored.forgotten is None for _, known, _ in shown
    )
    if (older and (returned or find_absent(history, showing))) or (
        returned and lost_newest(history, showing)
    ):
        return Fault("a stale copy of the page: it lacks what an earlier copy showed")
    return None


def is_older(evidence: PageEvidence, known: PageEvidence) -> bool:
    """Say whether any clock of the page is behind what the same clock said before.

    Age is told in whole seconds (RFC 9111 5.1), so that little of it proves nothing.
    """
    clocks = (
        (evidence.page_time, known.page_time, timedelta(0)),
        (evidence.modified, known.modified, timedelta(0)),
        (evidence.generated, known.generated, _AGE_ROUNDING),
    )
    return any(
        new is not None and old is not None and new + slack < old for new, old, slack in clocks
    )


def _is_rendered_later(evidence: PageEvidence, known: PageEvidence) -> bool:
    if evidence.page_time is None or known.page_time is None:
        return False
    return evidence.page_time > known.page_time and not is_older(evidence, known)


def newest(evidence: PageEvidence, known: PageEvidence) -> PageEvidence:
    """Return the latest that each clock of the page has said."""

    def later(new: datetime | None, old: datetime | None) -> datetime | None:
        return max(filter(None, (new, old)), default=None)

    return PageEvidence(
        page_time=later(evidence.page_time, known.page_time),
        modified=later(evidence.modified, known.modified),
        generated=later(evidence.generated, known.generated),
    )


def shows_the_past(
    showing: Showing, known: KnownEntry, sightings: tuple[Sighting, ...], *, older: bool
) -> bool:
    """Say whether a block shows a revision that is past, and did not come back by an edit.

    An edit back to an old wording moves the publisher's own "updated" forward, or leaves it.
    """
    for sighting in sightings:
        memory = known.memory.get(sighting.view)
        shown = showing.digest(sighting)
        if memory is None or shown == memory.digest or shown not in known.past:
            continue
        turned_back = memory.updated is not None and (
            sighting.updated is None or sighting.updated < memory.updated
        )
        if older or turned_back:
            return True
    return False
