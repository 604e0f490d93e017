"""Fetch pages as their sources wish, keep them where a topic wishes it, and read them."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from typing import Final

from sqlalchemy import Connection

from keywire.polling.keeping import pack
from keywire.polling.page_options import Wishes
from scraper.fetch import Fetcher
from scraper.page import Gone, NotModified, Page, Validators
from scraper.read import read
from scraper.transport.page_budget import Place
from store.archive import kept_pages
from store.database import Database
from store.sighting import Snapshot
from store.source import Source

READERS: Final = 2  # pages read at once: a page of 10 MB takes ten times that while it is read

Commit = Callable[[Callable[[Connection], None]], Awaitable[None]]
Timed = Callable[[str], AbstractContextManager[None]]


class Pages:
    """Fetches, keeps and reads pages by the `wishes` of their sources; reads in threads."""

    fetcher: Fetcher
    wishes: Wishes

    def __init__(self, database: Database, fetcher: Fetcher, commit: Commit, timed: Timed) -> None:
        """Start the threads. `commit` runs its argument in a transaction, `timed` times a stage."""
        self._database = database
        self.fetcher = fetcher
        self._commit = commit
        self._timed = timed
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")

    def close(self) -> None:
        """End the threads once the pages that are being read are finished."""
        self._readers.shutdown(cancel_futures=True)

    async def fetch(
        self, source: Source, url: str, validators: Validators, place: Place | None = None
    ) -> Page | NotModified | Gone:
        """Fetch an address with the headers and the secret of its source; raises FetchError."""
        headers = self.wishes.headers(source, url)
        secret = self.wishes.secret(source, url)
        with self._timed("fetch"):
            answer = await self.fetcher.fetch(
                url, validators, headers=headers, secret=secret, place=place
            )
        if isinstance(answer, Page):
            return self.wishes.reading(source, answer)
        return answer

    async def fetch_and_keep(
        self, source: Source, url: str, validators: Validators, place: Place | None = None
    ) -> Page | NotModified | Gone:
        """Fetch an address, and keep its page where a topic wishes it; raises as `fetch` does."""
        answer = await self.fetch(source, url, validators, place)
        if isinstance(answer, Page):
            await self.keep(source, answer)
        return answer

    async def keep(self, source: Source, page: Page) -> None:
        """Keep a page as fetched, where a topic wishes it; called before the page is read."""
        if not self.wishes.keeps_pages(source):
            return
        in_thread = asyncio.get_running_loop().run_in_executor
        packed = await in_thread(self._readers, pack, self._database, page)
        if packed is not None:
            await self._commit(partial(kept_pages.keep, packed=packed, source_id=source.id))

    async def read(self, page: Page) -> Snapshot:
        """Read a page in a thread; raises ReadError."""
        with self._timed("read"):
            return await asyncio.get_running_loop().run_in_executor(self._readers, read, page)
