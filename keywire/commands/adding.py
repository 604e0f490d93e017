"""`keywire add`: what an address leads to, what to follow of it, and for which topic."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from keywire.commands.config_edit import Addition
from scraper.address import same_site
from scraper.errors import ReadError, ScrapeError
from scraper.guard import check_url, read_address, read_allowed, why_refused
from store.decision.merge import Completed, blocks
from store.sighting import Kind, ListedBlog, Snapshot
from store.topics import TOPIC_NAME

NEWEST = 3
TRIED = 2  # blogs of a listing, at most, until one can be shown
_LONGEST_NAME = 40
_TAIL = re.compile(r"(?<!\s)\s+[–|-]\s+.*$")  # begins at the first of many blanks, to stay linear
# The end of an address that marks a feed.
_FEED = re.compile(r"(?:/(?:rss|feed|atom|index))?(?:\.(?:xml|rss|rdf|atom))?/*$")
See = Callable[[str], Awaitable[Snapshot]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to follow: a page as it was read, its address, and what to tell the user about it.

    `shown` is the live blog whose newest entries are shown, None where there is none; `series` is
    the address that could be followed instead, "" where none is known.
    """

    url: str
    snapshot: Snapshot
    shown: Snapshot | None
    series: str = ""
    said: tuple[str, ...] = ()


async def look(url: str, see: See) -> Choice:
    """Read the page at an address, and return what can be followed there.

    Raises ReadError for a page that is no live blog, no listing of some, and no article; its reason
    says what the page is, and how that was recognised.
    """
    snapshot = await see(url)
    if snapshot.kind is Kind.LIVE_BLOG:
        series = (one for one in snapshot.listings if same_site(one, url))
        return Choice(url, snapshot, snapshot, series=next(series, ""))
    if snapshot.kind is Kind.LISTING and snapshot.platform:
        return await _listed(url, snapshot, see)
    why = "; ".join(snapshot.why)
    if snapshot.kind is Kind.ARTICLE:
        shown = snapshot if snapshot.sightings else None
        return Choice(url, snapshot, shown, said=(f"This is an ordinary article: {why}.",))
    if snapshot.kind is Kind.LISTING:
        mend = "follow a live blog of it, or its series"
        raise ReadError(url, f"this is a listing on which no live blogs can be read: {why}", mend)
    raise ReadError(url, f"this is no live blog that keywire can read: {why}")


async def look_at_series(choice: Choice, see: See) -> Choice:
    """Return the series of a day's blog to follow instead; if it cannot be, say why."""
    try:
        series = await see(choice.series)
    except ScrapeError as error:
        return _stay(choice, error.reason)
    if series.kind is not Kind.LISTING or not series.platform:
        return _stay(choice, "; ".join(series.why))
    return Choice(choice.series, series, choice.shown)


def _stay(choice: Choice, why: str) -> Choice:
    said = f"Its series {choice.series} cannot be followed: {why}."
    return replace(choice, said=(said,))


async def _listed(url: str, snapshot: Snapshot, see: See) -> Choice:
    """Return the listing, with its first blog that can be read: a live one where there is any."""
    here = [blog for blog in snapshot.blogs if same_site(blog.url, url)]
    on = [blog for blog in here if blog.live] or here
    said = [_told(snapshot.blogs)]
    for blog in on[:TRIED]:
        try:
            seen = await see(blog.url)
        except ScrapeError as error:
            said.append(f"{blog.url} cannot be read now: {error.reason}.")
            continue
        if seen.kind is Kind.LIVE_BLOG:
            return Choice(url, snapshot, seen, said=tuple(said))
        said.append(f"{blog.url} is no live blog that keywire can read.")
    return Choice(url, snapshot, None, said=tuple(said))


def _told(blogs: Sequence[ListedBlog]) -> str:
    """Return how many live blogs are on a listing, whose liveness may be unknown."""
    if not blogs:
        return "No live blog is named on it now; those that will be are followed."
    if not any(blog.sure for blog in blogs):
        return f"{len(blogs)} pages on it may be live blogs; the new ones are tried, each once."
    count = sum(bool(blog.live) for blog in blogs)
    return f"{len(blogs)} live blogs are on it, {count} of them live now."


def addition(choice: Choice, topic: str) -> Addition:
    """Return what to write: for the given topic, or for one named after the page."""
    return Addition(choice.url, topic or name_of(choice), title=_title_of(choice, topic))


def _title_of(choice: Choice, topic: str) -> str:
    """Return a topic's title, from its series: a day's headline would not fit the next day."""
    if choice.series:
        return (topic or _last_word(choice.series)).replace("-", " ").capitalize()
    return _TAIL.sub("", choice.snapshot.title) or choice.snapshot.title


def name_of(choice: Choice) -> str:
    """Return a topic's name from the last word of the series' address, the title or the host."""
    series = choice.url if choice.snapshot.kind is Kind.LISTING else choice.series
    words = _last_word(series) or _TAIL.sub("", choice.snapshot.title)
    host = (urlsplit(choice.url).hostname or "topic").removeprefix("www.")
    return next(filter(TOPIC_NAME.fullmatch, (_slug(words), _slug(host))), "topic")


def _last_word(url: str) -> str:
    return _FEED.sub("", urlsplit(url).path).rpartition("/")[2]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    if len(slug) <= _LONGEST_NAME:
        return slug
    return slug[:_LONGEST_NAME].rpartition("-")[0] or slug[:_LONGEST_NAME]


def newest(snapshot: Snapshot) -> list[Completed]:
    """Return the newest entries that a page shows, newest first."""
    timed = [block for block in blocks(snapshot) if block.sighting.published is not None]
    timed.sort(key=lambda block: str(block.sighting.published), reverse=True)
    return timed[:NEWEST]


def private(url: str, allowed: Sequence[str]) -> str:
    """Return the private address that `fetch.allow_private` must name to poll `url`, or ""."""
    target = check_url(url)
    address = read_address("127.0.0.1") if target.host == "localhost" else target.address
    if address is None or not why_refused(address, read_allowed(allowed)):
        return ""
    return str(address)
