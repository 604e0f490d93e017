"""From a page to a snapshot: find the platform by the page's own marks, and let it parse."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from scraper.address import absolute, believed, host, normalise
from scraper.document import Document, open_document
from scraper.page import Page
from scraper.platform import Platform
from scraper.platforms.guardian.platform import PLATFORM as GUARDIAN
from store.sighting import Kind, Snapshot

PLATFORMS: tuple[Platform, ...] = (GUARDIAN,)


def read(page: Page) -> Snapshot:
    """Read a fetched page.

    Raises UnreadableError for a body that is no text or markup, and LayoutError where a
    platform's marks are on the page but none of its layouts fits. A page that no platform knows
    is an article or unknown, and has no sightings.
    """
    document = open_document(page)
    for platform in _likeliest_first(document):
        marks = platform.marks(document)
        if marks:
            return replace(platform.parse(document), why=marks)
    return _unclaimed(document)


def _likeliest_first(document: Document) -> list[Platform]:
    name = host(document.url)
    return sorted(PLATFORMS, key=lambda platform: not platform.expects(name))


def _unclaimed(document: Document) -> Snapshot:
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    said = "its og:type is article" if document.meta.get("og:type") == "article" else ""
    said = said or next(("its JSON-LD says " + name for name in _article_types(document)), "")
    return Snapshot(
        url=normalise(claimed if believed(claimed, document.url) else document.url),
        kind=Kind.ARTICLE if said else Kind.UNKNOWN,
        platform="",
        title=document.title,
        language=document.language,
        claimed_url=claimed,
        whole=document.whole,
        why=(said or "no platform's marks are on the page",),
    )


def _article_types(document: Document) -> Iterator[str]:
    for script in document.tree.css('script[type="application/ld+json"]'):
        try:
            said = msgspec.json.decode(script.text())
        except (msgspec.DecodeError, RecursionError):
            continue
        yield from (name for name in _types(said) if name.endswith("Article"))


def _types(said: object) -> Iterator[str]:
    """Name the types of the things that JSON-LD states at its top or in its graph."""
    if isinstance(said, list):
        for part in said:
            yield from _types(part)
    elif isinstance(said, dict):
        stated = said.get("@type")
        yield from (
            t for t in (stated if isinstance(stated, list) else [stated]) if isinstance(t, str)
        )
        yield from _types(said.get("@graph"))
