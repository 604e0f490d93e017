"""Decide which live blogs a source continues in. Pure: pages and known blogs in, addresses out.

A listing leads to the live blogs on it, a blog's last entries to the one that follows it. A
page that was only linked to is not believed to be anything until it has been read.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from scraper.address import same_site
from scraper.hints.running_title import run_under_one_name
from scraper.times.days import day_in, without_days
from store.decision.history import BlogState, Fault
from store.decision.identity import address_of
from store.pages import Belonging, KeptPage
from store.sighting import ListedBlog, Snapshot
from store.source import Source, Standing

MOST_FOLLOWED: Final = 50  # blogs of one source at once; a front page of a match day has twenty
MOST_TRIED: Final = 3  # links of one page at a time
SHARED_KEYWORDS: Final = 2
FRESH: Final = timedelta(days=2)  # after its newest entry, while a blog may still name its follower
EVE: Final = timedelta(hours=12)
_UNREAD: Final = (
    "the page is a listing, not a live blog ({why}), and keywire cannot read which live blogs are "
    "on it; follow one of its live blogs, or its series"
)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Found:
    """What a listing leads to: pages to follow, pages to try, and how many were too many."""

    followed: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    too_many: int = 0


def listing_fault(source: Source, snapshot: Snapshot) -> Fault | None:
    """Return why a listing proves nothing; None where it may be believed."""
    said = next(filter(None, _faults(source, snapshot)), "")
    return Fault(said) if said else None


def _faults(source: Source, snapshot: Snapshot) -> Iterator[str]:
    before = source.listing
    if not snapshot.platform:
        yield _UNREAD.format(why="; ".join(snapshot.why))
    if not snapshot.whole:
        yield "the listing is cut short: its markup ends before its end"
    if before is None:
        why = "; ".join(snapshot.why)
        yield f"a listing stands where a live blog was: {why}" if source.since else ""
        led = _is_front(snapshot.url) and not _is_front(source.url)
        yield f"the address leads to the front of its site, {snapshot.url}" if led else ""
        return
    if address_of(before.url) != address_of(snapshot.url):
        yield f"another listing stands at this address: {snapshot.url}"
    if before.cards and not snapshot.cards:
        yield "the listing lists nothing any more, though it did"
    if 0 < before.blogs == before.cards and not snapshot.blogs:
        yield "the listing names no live blog any more, and named nothing else before"


def find_listed(
    snapshot: Snapshot, known: Mapping[str, KeptPage], since: datetime, now: datetime
) -> Found:
    """Return the live blogs on a listing that its source follows, or tries, from now on.

    | the listing says            | taken up, on trial where the listing is not sure               |
    |-----------------------------|----------------------------------------------------------------|
    | that the blog is live       | yes, unless it was seen to end                                 |
    | that it has ended           | where its address has no earlier day than `since`, and it was  |
    |                             | published after that: it came and went between two looks       |
    | nothing of that (an RSS)    | on trial, where neither its day nor its publication is earlier |
    |                             | than half a day before `since`; an RSS has one of the two      |

    `since` is when the source was first believed; what was over by then is not taken up. `known`
    maps the pages that the source led to before by their addresses in common form.
    """
    here = [blog for blog in snapshot.blogs if same_site(blog.url, snapshot.url)]
    fresh = [blog for blog in here if _is_wanted(blog, known.get(address_of(blog.url)), since, now)]
    on = sum(
        page.standing is Standing.FOLLOWED and page.live is not False for page in known.values()
    )
    room = max(MOST_FOLLOWED - on, 0)
    told = [blog.url for blog in fresh if blog.sure and blog.live is not None]
    tried = [blog.url for blog in fresh if blog.url not in told]
    return Found(
        followed=tuple(told[:room]),
        tried=tuple(tried[: max(room - len(told), 0)]),
        too_many=max(len(fresh) - room, 0),
    )


def _is_wanted(blog: ListedBlog, page: KeptPage | None, since: datetime, now: datetime) -> bool:
    if blog.live:
        left = page is not None and page.standing is not Standing.FOLLOWED
        return page is None or (blog.sure and left and page.live is not False)
    if page is not None:
        return False
    eve = since if blog.live is False else since - EVE
    day, published = day_in(blog.url), blog.published
    if published is not None and published > now + EVE:
        return False
    if day is not None and day < eve.date():
        return False
    return published > eve if published is not None else day is not None or not blog.sure


def find_leads(
    snapshot: Snapshot, blog: Belonging, known: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Return those of a blog's links to live blogs that may be the next day's, to be tried.

    Return () where the blog itself is an old one: its follower is as old. `known` are addresses,
    in common form, that were taken up or refused before.
    """
    if not is_fresh(blog, now):
        return ()
    leads = (
        lead
        for lead in dict.fromkeys(snapshot.leads)
        if address_of(lead) not in known
        and address_of(lead) != address_of(blog.url)
        and same_site(lead, blog.url)
        and not _is_earlier(day_in(lead), day_in(blog.url))
    )
    return tuple(leads)[:MOST_TRIED]


def find_series(
    snapshot: Snapshot, blog: Belonging, known: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Return the series that will list the follower of an ended blog, if its page names one."""
    if blog.state is not BlogState.ENDED or not is_fresh(blog, now):
        return ()
    series = [one for one in snapshot.listings if same_site(one, blog.url)][:1]
    return tuple(one for one in series if address_of(one) not in known)


def find_next(
    snapshot: Snapshot, newest: Belonging, known: Mapping[str, KeptPage]
) -> tuple[str, ...]:
    """Return the blogs on a listing that may follow the blog which named it, to be tried."""
    day = day_in(newest.url)
    later = (
        blog.url
        for blog in snapshot.blogs
        if (blog.live or _is_later_day(blog, day))
        and same_site(blog.url, newest.url)
        and address_of(blog.url) not in known
        and address_of(blog.url) != address_of(newest.url)
        and not _is_earlier(day_in(blog.url), day)
    )
    return tuple(later)[:MOST_TRIED]


def _is_later_day(blog: ListedBlog, day: date | None) -> bool:
    """Return whether a blog of unknown liveness has a later day than `day` in its address."""
    own = day_in(blog.url)
    return blog.live is None and own is not None and day is not None and own > day


def is_fresh(blog: Belonging, now: datetime) -> bool:
    """Return whether a blog's newest entry is so recent that its follower may be awaited."""
    return blog.last is not None and now - blog.last <= FRESH


def goes_on(before: Belonging, after: Belonging, *, linked: bool) -> bool:
    """Return whether `before` goes on in `after`; `linked` if the page of `before` links there.

    `after` must be newer, by the days in their addresses or by their first entries. It shares the
    series; or, where not both name one, was linked and shares at least two keywords or the name
    under which both run; or has the same address but for the day. And `before` has ended, or
    `after` is of a later day, or (of one series) was linked: two matches of one day do not follow
    one another.
    """
    if not _is_newer(after, before):
        return False
    first, second = day_in(before.url), day_in(after.url)
    over = before.state is BlogState.ENDED or bool(first and second and second > first)
    alike = bool(first and second) and without_days(before.url) == without_days(after.url)
    if over and alike:
        return True
    if before.listings and after.listings:
        return bool(before.listings & after.listings) and (over or linked)
    named = len(before.keywords & after.keywords) >= SHARED_KEYWORDS
    return linked and over and (named or run_under_one_name(before.title, after.title))


def predecessor(
    after: Belonging, known: Iterable[Belonging], linked: Collection[str]
) -> Belonging | None:
    """Return the newest blog that goes on in `after`, or None.

    `linked` are the addresses of the pages that link to `after`.
    """
    before = [
        blog
        for blog in known
        if address_of(blog.url) != address_of(after.url)
        and goes_on(blog, after, linked=blog.url in linked)
    ]
    return max(before, key=_age, default=None)


def belonging_of(snapshot: Snapshot) -> Belonging:
    """Return for a page just read the facts that the store has of the blogs it keeps."""
    times = [seen.published for seen in snapshot.sightings if seen.published is not None]
    return Belonging(
        url=snapshot.url,
        title=snapshot.title,
        state=BlogState.ENDED if snapshot.live is False else BlogState.LIVE,
        listings=frozenset(map(address_of, snapshot.listings)),
        keywords=frozenset(snapshot.keywords),
        first=min(times, default=None),
        last=max(times, default=None),
    )


def _is_newer(after: Belonging, before: Belonging) -> bool:
    first, second = day_in(before.url), day_in(after.url)
    if first and second and first != second:
        return second > first
    return bool(before.first and after.first and after.first > before.first)


def _age(blog: Belonging) -> tuple[date, datetime]:
    first = blog.first or _BEGINNING
    return day_in(blog.url) or first.date(), first


def _is_earlier(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _is_front(url: str) -> bool:
    return "/" not in address_of(url)
