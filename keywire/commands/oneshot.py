"""Read one page without a configuration or a store: for `keywire feed` and `keywire preview`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from feeds.atom import render_atom
from feeds.feed import Feed
from feeds.jsonfeed import render_json
from feeds.jsonlines import render_jsonl
from feeds.rss import render_rss
from keywire.commands.page_file import page_of_file
from scraper.errors import ReadError
from scraper.page import Page
from scraper.read import read_or_article
from scraper.selectors import Selectors
from store.changes import diff
from store.decision.history import BlogHistory, Fault
from store.entry import Provenance, StoredEntry
from store.sighting import Kind, Snapshot
from store.topics import is_key

if TYPE_CHECKING:
    from keywire.sections.file import FetchSection

FORMATS: dict[str, Callable[[Feed], bytes]] = {
    "atom": render_atom,
    "rss": render_rss,
    "json": render_json,
    "jsonl": render_jsonl,
}


async def see(
    target: str,
    url: str,
    timezone: str,
    now: Callable[[], datetime],
    selectors: Selectors | None = None,
    *,
    fetch: "FetchSection | None" = None,
    read_page: Callable[[Page], Snapshot] | None = None,
) -> Snapshot:
    """Read the page at an address, in a file, or (`-`) on standard input.

    `url` is where a file came from; without it, the page's own claim is believed. An ordinary
    article is read as one entry. A page is fetched by a configuration's `fetch` section, and read
    by `read_page`, where they are given. Raises ScrapeError where the page cannot be fetched or
    read.
    """
    look = read_page or read_or_article
    if "://" not in target:
        return look(replace(page_of_file(target, url, timezone, now), selectors=selectors))
    # The fetcher takes a fifth of a second to import, and a file does not need it.
    from keywire.commands.fetching import RULES, see_page

    wish = partial(replace, timezone=timezone, selectors=selectors)
    if fetch is None:
        return await see_page(target, wish, look, now, RULES)
    from keywire.fetch_rules import rules_of

    return await see_page(target, wish, look, now, rules_of(fetch))


async def explain(
    target: str,
    url: str,
    timezone: str,
    now: Callable[[], datetime],
    selectors: Selectors | None = None,
) -> tuple[Snapshot, tuple[str, ...]]:
    """Read a page as `see` does; also return which other parts look like a live blog.

    Each of them is described with the reason why it was not read.
    """
    from scraper.passed_over import passed_over

    lost = list[str]()

    def look(page: Page) -> Snapshot:
        snapshot = read_or_article(page)
        if page.selectors is None:
            lost.extend(passed_over(page, snapshot))
        return snapshot

    return await see(target, url, timezone, now, selectors, read_page=look), tuple(lost)


async def fetch_page(target: str, url: str, timezone: str, now: Callable[[], datetime]) -> Page:
    """Return the page that `see` would read, unread."""
    if "://" not in target:
        return page_of_file(target, url, timezone, now)
    from keywire.commands.fetching import fetch_once

    return replace(await fetch_once(target, now), timezone=timezone)


def read_to_follow(page: Page) -> Snapshot:
    """Read a page that is to be followed; a listing need not have a live blog on it now."""
    return read_or_article(replace(page, as_new=True))


def make_feed(snapshot: Snapshot, now: datetime, *, key_events: bool) -> Feed:
    """Return one feed of all that a page shows, newest first; the same for the same page.

    Raises ReadError for a page that is neither a live blog nor an article.
    """
    if not snapshot.sightings and snapshot.kind is not Kind.LIVE_BLOG:
        said = {
            Kind.ARTICLE: "this is an ordinary article",
            Kind.LISTING: "this is a listing",
            Kind.UNKNOWN: "; ".join(snapshot.why),
        }[snapshot.kind]
        raise ReadError(snapshot.url, said, "keywire preview shows what was understood")
    outcome = diff(
        BlogHistory(snapshot.url),
        snapshot,
        now,
        provenance=Provenance(page_url=snapshot.url, fetched_at=now, platform=snapshot.platform),
    )
    if isinstance(outcome, Fault):
        raise ReadError(snapshot.url, outcome.reason)
    stored = {known.stored.entry.block_id: known.stored for known in outcome.entries}
    told = [stored[change.block_id] for change in outcome.changes if change.block_id]
    shown = [one for one in reversed(told) if is_key(one.entry) or not key_events]
    return Feed(
        id=snapshot.url,
        title=snapshot.title or snapshot.url,
        subtitle="Key events and summaries" if key_events else "",
        home_url=snapshot.url,
        updated=_updated(shown, snapshot, now),
        entries=tuple(shown),
        language=snapshot.language,
        expired=snapshot.live is False,
    )


def _updated(shown: list[StoredEntry], snapshot: Snapshot, now: datetime) -> datetime:
    """Return the newest change's time; without entries, the time of the page."""
    known = snapshot.published or snapshot.page_time or now
    return max((one.changed_at for one in shown), default=known)
