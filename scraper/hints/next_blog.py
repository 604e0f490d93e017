"""What a live blog's page shows of the blog that will follow it, whatever its publisher."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from heapq import nlargest
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from scraper.address import normalise, same_site
from scraper.markup.document import Document
from store.decision.identity import address_of
from store.sighting import Kind, Sighting, Snapshot

NEWEST: Final = 2  # newest entries whose links count: a day's last one, and one added after it
_LINK: Final = re.compile(r'<a\s[^<>]*?href="([^"<>]+)"')
# How addresses of live blogs are spelled, in the languages of the publishers read here.
_LIVE: Final = re.compile(
    r"(?:^|[/_-])(?:live(?:blog)?|ticker|live-?ticker|newsblog|en-direct|direct|diretta|directo|"
    r"en-vivo|ao-vivo|minuto-a-minuto)(?:[/_.-]|$)",
    re.IGNORECASE,
)
# Keywords of the page alone; `keywords` often holds those of the whole site.
_KEYWORDS: Final = ("news_keywords", "parsely-tags")
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


def with_leads(document: Document, snapshot: Snapshot) -> Snapshot:
    """Add to a live blog's snapshot the links to live blogs in its newest entries, and keywords.

    Leads and keywords that the platform found come first; leads to another site, to the blog
    itself, or whose path does not look like a live blog's are dropped.
    """
    if snapshot.kind is not Kind.LIVE_BLOG:
        return snapshot
    found = (*snapshot.leads, *_linked(snapshot))
    leads = dict.fromkeys(lead for lead in found if _may_follow(lead, snapshot.url))
    keywords = snapshot.keywords or _keywords(document)
    if not leads and keywords == snapshot.keywords and not snapshot.leads:
        return snapshot
    return replace(snapshot, leads=tuple(leads), keywords=keywords)


def _linked(snapshot: Snapshot) -> Iterator[str]:
    for seen in sorted(_newest(snapshot), key=_published, reverse=True):
        links = map(unescape, _LINK.findall(seen.html or ""))
        yield from (normalise(link) for link in links if _is_called_live(link))


def _is_called_live(link: str) -> bool:
    return _LIVE.search(link.partition("#")[0].partition("?")[0]) is not None


def _newest(snapshot: Snapshot) -> list[Sighting]:
    """Return the sightings of the newest entries, in all their views."""
    times = {_published(seen) for seen in snapshot.sightings}
    since = min(nlargest(NEWEST, times), default=_EARLIEST)
    return [seen for seen in snapshot.sightings if _published(seen) >= since]


def _published(seen: Sighting) -> datetime:
    return seen.published or _EARLIEST


def _may_follow(lead: str, url: str) -> bool:
    if not same_site(lead, url) or address_of(lead) == address_of(url):
        return False
    return _LIVE.search(urlsplit(lead).path) is not None


def _keywords(document: Document) -> tuple[str, ...]:
    said = next(filter(None, (document.meta.get(name, "") for name in _KEYWORDS)), "")
    words = (word.strip().lower() for word in said.split(","))
    return tuple(dict.fromkeys(word for word in words if word))
