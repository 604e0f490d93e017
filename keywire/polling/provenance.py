"""The provenance of what a page shows: the address that answered, when, and its bytes' hash."""

import hashlib

from scraper.page import Page
from store.entry import Provenance
from store.sighting import Snapshot


def provenance(page: Page, snapshot: Snapshot) -> Provenance:
    """Return the provenance of what a page shows."""
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
