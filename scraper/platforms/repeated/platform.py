"""Live blogs that no other platform reads: blocks with times of their own, called live.

Such a page does not state how far it reaches, or whether it is live. A block is pinned, or a key
event, if its class, attributes or label say so; where no block of the page is, the field is None.
"""

from scraper.address import absolute, believed, normalise
from scraper.errors import LayoutError
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.platform import About, Gift, Platform
from scraper.repeated.printed import found_on, printed_blocks
from store.sighting import Kind, Snapshot

NAME = "generic"


def marks(document: Document) -> tuple[str, ...]:
    """Describe the repeated block of a live blog's page; () where the page has none."""
    found = found_on(document)
    if found is None:
        return ()
    count, by = len(found.blocks), found.id_in
    apart = f" and told apart by {by}" if by else ""
    return (f"{count} blocks alike, called live, with times of their own{apart}",)


def parse(document: Document) -> Snapshot:
    """Read a page's repeated blocks; LayoutError where none can be read."""
    found = found_on(document)
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    url = normalise(claimed if believed(claimed, document.url) else document.url)
    read = printed_blocks(document, found, url) if found else None
    if read is None or not read.sightings:
        raise LayoutError(
            document.page.url,
            "the page repeats a live blog's block, but none can be read",
            "nothing is read until keywire learns it; a saved copy of the page shows what to learn",
        )
    heading = document.tree.css_first("h1")
    return Snapshot(
        url=url,
        kind=Kind.LIVE_BLOG,
        platform=NAME,
        layout=read.id_in or "no ids",
        title=(squeeze(heading.text()) if heading else "") or document.title,
        language=document.language,
        sightings=read.sightings,
        claimed_url=claimed,
        whole=document.whole,
        warnings=read.warnings,
    )


ABOUT = About(
    reads=(
        "live blogs of publishers that no other reader knows, such as The Times of Israel and "
        "The New York Times: blocks alike, each with a time of its own, on a page that is called "
        "live"
    ),
    gives=Gift.IDS | Gift.UPDATES | Gift.KEY_EVENTS,
)

PLATFORM = Platform(name=NAME, hosts=(), marks=marks, parse=parse, about=ABOUT)
