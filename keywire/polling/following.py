"""Follow the pages that a source leads to: take up, try and leave them, in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from keywire.polling.discovery import (
    EVE,
    belonging_of,
    find_leads,
    find_listed,
    find_next,
    find_series,
    goes_on,
    predecessor,
)
from store import pages
from store.decision.history import BlogHistory, BlogState, Change, ChangeType
from store.decision.identity import address_of
from store.pages import Belonging
from store.sighting import Snapshot
from store.source import Finding, Listing, Source, Standing


@dataclass(frozen=True, slots=True)
class Led:
    """What a page led to: `found` counts the pages taken up.

    `anew` are the sources whose pages already had entries, which are to be sorted anew.
    """

    found: int = 0
    anew: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    def __add__(self, other: "Led") -> "Led":
        """Return both results as one."""
        return Led(
            self.found + other.found, self.anew | other.anew, (*self.warnings, *other.warnings)
        )


NOWHERE = Led()


def follow_listed(
    connection: Connection, source: Source, snapshot: Snapshot, now: datetime
) -> tuple[Listing, Led]:
    """Take up what a believed listing leads to, and return what to remember of the listing."""
    since, led = source.since or now, NOWHERE
    if source.configured:
        chosen = find_listed(snapshot, pages.pages_of(connection, source.id), since, now)
        taking = _Taking(connection, source.id, source.url, now)
        led += taking.follow(chosen.followed, snapshot.url)
        led += taking.follow(chosen.tried, source.url, Standing.TRIAL)
        if chosen.too_many:
            said = f"{chosen.too_many} more live blogs are listed than are followed at once"
            led += Led(warnings=(said,))
    for finding in source.standing(Standing.AWAITED):
        known = pages.pages_of(connection, finding.source_id)
        taking = _Taking(connection, finding.source_id, finding.source, now)
        for newest in pages.belongings(connection, finding.source_id)[:1]:
            tried = find_next(snapshot, newest, known)
            led += taking.follow(tried, snapshot.url, Standing.TRIAL)
    hours = pages.found_hours(connection, source.id, since) if source.configured else ()
    return Listing(
        snapshot.url, sum(blog.sure for blog in snapshot.blogs), snapshot.cards, hours
    ), led


def is_on(connection: Connection, source: Source) -> bool:
    """Return whether a blog is live of any source that the listing is polled for."""
    concerned = [source.id, *(finding.source_id for finding in source.findings)]
    return any(pages.has_live_blog(connection, one) for one in concerned)


def judge(
    connection: Connection, source: Source, snapshot: Snapshot
) -> tuple[Source, frozenset[str]]:
    """Judge a page on trial, now that it is read: each source takes it up or refuses it for good.

    Return the page with its new findings, and the sources for which its entries that are in the
    store already are to be sorted anew.
    """
    fresh = belonging_of(snapshot)
    tried = source.standing(Standing.TRIAL)
    taken = tuple(one for one in tried if _belongs(connection, one, fresh, snapshot))
    refused = [one.source_id for one in tried if one not in taken]
    if taken:
        of = [one.source_id for one in taken]
        pages.settle(connection, source, Standing.FOLLOWED, of=of)
    if refused:
        pages.settle(connection, source, Standing.REFUSED, of=refused)
    kept = (
        replace(one, standing=Standing.FOLLOWED) if one in taken else one
        for one in source.findings
        if one.source_id not in refused
    )
    known = bool(taken) and pages.shows_blog(connection, source.id)
    anew = frozenset(one.source for one in taken) if known else frozenset[str]()
    return replace(source, findings=tuple(kept)), anew


def rollover(
    connection: Connection, source: Source, snapshot: Snapshot, now: datetime
) -> Change | None:
    """Return the change that a known blog goes on in the one just found; None if none does."""
    fresh = belonging_of(snapshot)
    linked = {finding.found_on for finding in source.findings}
    for source_id in source.finders.values():
        before = predecessor(fresh, pages.belongings(connection, source_id), linked)
        if before is not None:
            old = {"url": before.url, "title": before.title}
            new = {"url": snapshot.url, "title": snapshot.title}
            return Change(ChangeType.ROLLED_OVER, now, changes={"blog": (old, new)})
    return None


def follow_leads(
    connection: Connection, source: Source, snapshot: Snapshot, after: BlogHistory, now: datetime
) -> Led:
    """Try what a blog's last entries link to; once it has ended, await its follower.

    The follower is awaited in the series that will list it.
    """
    ended, led = after.state is BlogState.ENDED, NOWHERE
    if not snapshot.leads and not (ended and snapshot.listings):
        return led
    blog = _belonging(after)
    listings = {finding.source for finding in source.findings if finding.lists}
    for url, source_id in source.finders.items():
        known = {*pages.pages_of(connection, source_id), address_of(url), address_of(source.url)}
        taking = _Taking(connection, source_id, url, now)
        tried = find_leads(snapshot, blog, known, now)
        led += taking.follow(tried, blog.url, Standing.TRIAL)
        if url not in listings:
            series = find_series(snapshot, blog, known, now)
            led += taking.follow(series, blog.url, Standing.AWAITED)
    return led


def _belongs(
    connection: Connection, finding: Finding, fresh: Belonging, snapshot: Snapshot
) -> bool:
    """Return whether a page that was read is what it was tried for."""
    if finding.lists and finding.found_on == finding.source:  # the listing states no liveness
        return bool(snapshot.live) or _is_recent(connection, finding.source_id, fresh, snapshot)
    return any(
        goes_on(blog, fresh, linked=blog.url == finding.found_on)
        for blog in pages.belongings(connection, finding.source_id)
    )


def _is_recent(
    connection: Connection, source_id: int, fresh: Belonging, snapshot: Snapshot
) -> bool:
    """Return whether a blog went on after its source was first believed.

    One that does not say whether it is live may have paused for some hours, or state no times.
    """
    since = pages.since(connection, source_id)
    if snapshot.live is None and fresh.last is None:
        return True
    begun = since - (EVE if snapshot.live is None else timedelta()) if since else None
    return begun is not None and fresh.last is not None and fresh.last > begun


def _belonging(after: BlogHistory) -> Belonging:
    times = [known.stored.entry.published for known in after.entries.values()]
    return Belonging(
        url=after.url,
        title=after.title,
        state=after.state,
        listings=frozenset(map(address_of, after.listings)),
        keywords=frozenset(after.keywords),
        first=min(times, default=None),
        last=max(times, default=None),
    )


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes up pages for one source."""

    connection: Connection
    source_id: int
    source: str
    now: datetime

    def follow(
        self, urls: tuple[str, ...], found_on: str, standing: Standing = Standing.FOLLOWED
    ) -> Led:
        kept = pages.take_up(
            self.connection,
            self.source_id,
            urls,
            found_on=found_on,
            standing=standing,
            now=self.now,
        )
        anew = kept and standing is Standing.FOLLOWED
        return Led(len(urls), frozenset({self.source} if anew else ()))
