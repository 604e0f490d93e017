"""Keep the pages that polls fetch, for topics that ask for it.

A page is kept before it is read, in a transaction of its own: the page that a revision names as
its provenance is there, whatever becomes of the poll.
"""

from sqlalchemy import Connection

from scraper.page import Page, told_headers
from store.archive import kept_pages
from store.archive.kept_pages import PackedPage
from store.archive.responses import FetchedPage
from store.database import Database


def pack(database: Database, page: Page) -> PackedPage | None:
    """Return a page packed to be kept; None if it is the same as the last one kept."""
    with database.read() as connection:
        return kept_pages.pack(connection, _fetched(page))


def pack_anew(connection: Connection, page: Page) -> PackedPage | None:
    """Return a page of the past packed to be kept; None if it is kept already."""
    fetched = _fetched(page)
    if kept_pages.is_kept(connection, fetched):
        return None
    return kept_pages.pack(connection, fetched)


def _fetched(page: Page) -> FetchedPage:
    answered = page.final_url or page.url
    return FetchedPage(
        url=answered,
        body=page.body,
        fetched_at=page.fetched_at,
        asked=page.url if page.url != answered else "",
        status=page.status,
        headers=told_headers(page),
    )
