"""Addresses of a blog's older pages: the link on a page to the next one, and those after it.

Publishers number the pages of a blog in its address: `?page=2`, `/page/2`. The link to the same
address with the next number leads to older entries, whatever it is called.
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from scraper.address import absolute, host
from scraper.markup.document import Document
from store.sighting import Kind, Snapshot

_NUMBER = re.compile(
    r"(?P<before>.*(?:[?&](?:\w{1,20}_)?(?:page|p|pg|paged|seite|pagina)=|/page/|/get-entries/))"
    r"(?P<number>\d{1,5})(?P<after>(?:[/?&#].*)?)",
    re.ASCII,
)
# The tree is searched directly: to search the markup first would take four times as long.
_LINKS = (
    'link[rel~="next"], a[rel~="next"], [pagination] a, .pagination a, '
    'nav[class*="pagination"] a, nav[aria-label*="agination"] a'
)
_FIRST = 1


def beyond(address: str) -> str:
    """Return the address of the page after a numbered one; "" if the address has no number."""
    found = _NUMBER.fullmatch(address)
    return f"{found['before']}{int(found['number']) + 1}{found['after']}" if found else ""


def linked(document: Document, snapshot: Snapshot) -> Snapshot:
    """Set a blog's `older` page by the page's links, if its platform found none.

    Unchanged if the page shows the blog's first entries, or came from no host.
    """
    if snapshot.kind is not Kind.LIVE_BLOG or snapshot.older or snapshot.shows_bottom:
        return snapshot
    if document.data is not None or not host(document.url):
        return snapshot
    return replace(snapshot, older=_next(document))


def _next(document: Document) -> str:
    here, number = _numbered(document.url)
    for node in document.tree.css(_LINKS):
        link = absolute(node.attributes.get("href") or "", document.url).partition("#")[0]
        if link and _numbered(link) == (here, number + 1):
            return link
    return ""


def _numbered(url: str) -> tuple[tuple[str, str], int]:
    """Return a page's host and path without its number, and the number: 1 if it has none."""
    found = _NUMBER.fullmatch(url.partition("#")[0])
    if found is None:
        parts = urlsplit(url)
        return (parts.hostname or "", parts.path.rstrip("/")), _FIRST
    parts = urlsplit(found["before"])
    path = re.sub(r"/page/$", "", parts.path)
    return (parts.hostname or "", path.rstrip("/")), int(found["number"])
