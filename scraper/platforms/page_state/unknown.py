"""Live blogs in the state of pages whose publisher no other platform knows."""

from dataclasses import replace
from datetime import UTC

from scraper.errors import LayoutError
from scraper.hints.page_facts import bare
from scraper.markup.document import Document
from scraper.markup.once import once
from scraper.platform import About, Gift, Platform
from scraper.platforms.page_state.entry import Place, sighted
from scraper.platforms.page_state.found import STATES, Found, find
from scraper.times.instants import moment
from scraper.times.zones import zone_of_page
from store.sighting import Sighting, Snapshot

NAME = "page-state"

NO_ZONE = "times name no zone; they are read in {}"


def marks(document: Document) -> tuple[str, ...]:
    """Describe the list in a page's state that is a live blog's; () where there is none."""
    found = _found_on(document)
    if found is None:
        return ()
    count = len(found.entries)
    return (f"{count} entries called live in the page's own state, under the name {found.name}",)


def parse(document: Document) -> Snapshot:
    """Read the entries of the list; LayoutError where none can be read.

    The state does not tell how far they reach, or whether the blog is live.
    """
    found = _found_on(document)
    blank = bare(document, NAME)
    zone = zone_of_page(document)
    place = Place(blank.url, zone.zone, document.page.fetched_at)
    read = [sighted(each, place) for each in found.entries] if found else []
    shown = tuple(_untitled(each) for each in read if each is not None)
    if found is None or not shown:
        raise LayoutError(
            document.page.url,
            "the page's state lists a live blog's entries, but none can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    told = [moment(each.published) for each in found.entries]
    zoneless = any(each is not None and not each.zoned for each in told)
    read_in = "UTC, since none is configured" if zone.zone is UTC else zone.told_by
    return replace(
        blank,
        layout=found.name,
        sightings=shown,
        unread=len(shown) < len(read),
        warnings=(NO_ZONE.format(read_in),) if zoneless else (),
    )


@once
def _found_on(document: Document) -> Found | None:
    return find(document)


def _untitled(entry: Sighting) -> Sighting:
    """Empty a title that only repeats how the body begins."""
    title, text = entry.title or "", entry.text or ""
    repeated = bool(title) and text.startswith(title.removesuffix("…").removesuffix("..."))
    return replace(entry, title="") if repeated else entry


PLATFORM = Platform(
    name=NAME,
    hosts=(),
    marks=marks,
    parse=parse,
    signs=STATES,
    about=About(
        reads=(
            "live blogs of publishers that no other reader knows, in the state that their pages "
            "embed for their own scripts (Next.js, Apollo, Nuxt, Arc and the like)"
        ),
        gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS,
    ),
)
