"""The pages that polls fetch, kept themselves for topics that wish it.

One is kept before anything is made of it, in a transaction of its own: what a revision says it was
seen in is there, whatever becomes of the poll.
"""

from sqlalchemy import Connection

from scraper.page import Page, told_headers
from store.archive import kept_pages
from store.archive.kept_pages import PackedPage
from store.archive.responses import FetchedPage
from store.database import Database


def pack(database: Database, page: Page) -> PackedPage | None:
    """Make a page ready to be kept; None where it said the very same the last time."""
    with database.read() as connection:
        return kept_pages.pack(connection, _fetched(page))


def pack_anew(connection: Connection, page: Page) -> PackedPage | None:
    """Make a page of a time that is past ready to be kept; None where it is kept already."""
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
