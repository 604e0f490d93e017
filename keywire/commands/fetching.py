"""Fetch one page for a command, with the publisher's answers that it names, without a store."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from keywire.version import user_agent
from scraper.errors import FetchError
from scraper.fetch import Fetcher, FetchRules
from scraper.guard import check_url
from scraper.page import Gone, NotModified, Page, Validators
from scraper.read import read
from store.sighting import Snapshot

RULES = FetchRules(user_agent=user_agent("keywire"))


async def fetch_once(url: str, now: Callable[[], datetime]) -> Page:
    """Return the page at an address that a user typed. Raises ScrapeError if it cannot be had."""
    async with _fetching(now) as fetcher:
        return await _fetch(fetcher, url)


async def see_page(
    url: str,
    wish: Callable[[Page], Page],
    read_page: Callable[[Page], Snapshot],
    now: Callable[[], datetime],
    rules: FetchRules = RULES,
) -> Snapshot:
    """Read the page at an address, joined with the answers that it names.

    `wish` sets the page's options before `read_page` reads it. `rules` are those of the
    configuration, where there is one. Raises ScrapeError where the page cannot be fetched or read.
    """
    async with _fetching(now, rules) as fetcher:
        page = wish(await _fetch(fetcher, url))
        snapshot = read_page(page)
        return await _joined(fetcher, page, snapshot, now) if snapshot.answers else snapshot


async def _joined(
    fetcher: Fetcher, page: Page, snapshot: Snapshot, now: Callable[[], datetime]
) -> Snapshot:
    """Return the page joined with its answers; raise the first failure if no entry was found."""
    # Importing the store's libraries takes a third of a second, and few pages name answers.
    from keywire.polling.answers import Answers
    from store.source import Source, SourceState

    # Where a user typed a private address, more may be fetched from its own origin.
    typed = check_url(page.url).origin

    async def fetch(url: str, validators: Validators) -> Page | NotModified | Gone:
        answer = await fetcher.fetch(url, validators, typed=check_url(url).origin == typed)
        return replace(answer, timezone=page.timezone) if isinstance(answer, Page) else answer

    async def read_answer(answer: Page) -> Snapshot:
        return read(answer)

    source = Source(0, page.url, SourceState.NEW)
    joined = await Answers(now).join(source, page, snapshot, fetch, read_answer)
    if joined.failure is not None and not joined.snapshot.sightings:
        raise joined.failure
    return replace(joined.snapshot, answers=()) if joined.failure is None else joined.snapshot


@asynccontextmanager
async def _fetching(
    now: Callable[[], datetime], rules: FetchRules = RULES
) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(rules, now=now)
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def _fetch(fetcher: Fetcher, url: str) -> Page:
    answer = await fetcher.fetch(url, typed=True)
    match answer:
        case Gone():
            raise FetchError(url, "the publisher says 410 Gone: it is not coming back")
        case NotModified():
            raise FetchError(url, "the server says 304 to a question that was not asked")
        case Page():
            return answer
