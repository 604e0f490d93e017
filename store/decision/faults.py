"""Finding faults: pages that are empty, cut short, other pages, translated, or stale copies."""

from datetime import datetime, timedelta

from store.decision.absence import find_absent, lost_newest
from store.decision.arranged import Showing
from store.decision.history import BlogHistory, Fault, KnownEntry, PageEvidence
from store.decision.identity import is_derived
from store.decision.join import HEAD_ALONE
from store.sighting import Sighting, View

_AGE_ROUNDING = timedelta(seconds=2)


def find_fault(history: BlogHistory, showing: Showing) -> Fault | None:
    """Return why a known blog's page must not be believed; None where it may be."""
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
    """Find a page whose blocks have lost their ids: derived ids would make duplicate entries."""
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
    """Return whether a block is a known entry's: the same id, and published at the same time.

    The id alone does not suffice, for some publishers number blocks from 1 in each blog.
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
    """Find a page of which a part is missing, while the rest states the same blocks differently.

    The same goes for a page's JSON-LD alone where another platform read its blocks before.
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
    """Return whether most sightings of known entries differ from the last ones of their view."""
    same = [
        showing.digest(sighting) == memory.digest
        for block_id, sightings in showing.views.items()
        if (known := history.entries.get(block_id)) is not None
        for sighting in sightings
        if (memory := known.memory.get(sighting.view)) is not None
    ]
    return 2 * sum(same) < len(same)


def _tongue(language: str) -> str:
    """Return the language of a tag without script and region: `en-GB` → `en` (RFC 5646 2.2.1)."""
    return language.replace("_", "-").partition("-")[0].lower()


def _find_staleness(history: BlogHistory, showing: Showing) -> Fault | None:
    """Find an older copy of the page; one rendered later, by the page's clock, is never stale."""
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
    """Return whether any clock of the page is behind its value in `known`.

    Age is in whole seconds (RFC 9111 5.1), so that `generated` may differ by rounding alone.
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
    """Return the later value of each clock of the page."""

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
    """Return whether a block shows an earlier revision that did not come back by an edit.

    An edit back to an old wording does not move the publisher's own "updated" back. `older` says
    that the page itself is older than the last one.
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
