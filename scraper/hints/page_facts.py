"""What any live blog's page states of itself, in a snapshot that has no sightings yet."""

from scraper.address import absolute, believed, normalise
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from store.sighting import Kind, Snapshot


def bare(document: Document, platform: str, claimed: str = "") -> Snapshot:
    """Return a live blog's snapshot with its address, title and language, but no sightings.

    `claimed` is the address in the publishing system's own data, "" if none; the page's canonical
    link has priority over it.
    """
    claimed = document.canonical or absolute(claimed, document.url)
    claimed = claimed or absolute(document.meta.get("og:url", ""), document.url)
    heading = document.tree.css_first("h1")
    return Snapshot(
        url=normalise(claimed if believed(claimed, document.url) else document.url),
        kind=Kind.LIVE_BLOG,
        platform=platform,
        title=(squeeze(heading.text()) if heading else "") or document.title,
        language=document.language,
        claimed_url=claimed,
        whole=document.whole,
    )
