"""Where what a page shows was seen: the address that answered, when, how, and its bytes' hash."""

import hashlib

from scraper.page import Page
from store.entry import Provenance
from store.sighting import Snapshot


def provenance(page: Page, snapshot: Snapshot) -> Provenance:
    """Say where what a page shows was seen."""
    return Provenance(
        page_url=page.final_url or page.url,
        fetched_at=page.fetched_at,
        status=page.status,
        etag=page.headers.get("etag", ""),
        last_modified=page.headers.get("last-modified", ""),
        sha256=hashlib.sha256(page.body).hexdigest(),
        platform=snapshot.platform,
        layout=snapshot.layout,
    )
