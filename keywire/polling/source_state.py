"""Compute a source's state after one answer. Pure: old state and facts in, new state out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from xxhash import xxh3_128_hexdigest

from keywire.polling import course, next_turn
from keywire.polling.next_turn import Clock
from scraper.errors import FetchError, ScrapeError, StatusError
from scraper.pace import read_fresh_until, whole_due
from scraper.page import Cost, Gone, NotModified, Page
from store.decision.history import Outcome
from store.sighting import Snapshot
from store.source import Listing, Source, SourceState, Standing

ADOPTED = 3  # permanent redirects in a row until their target is asked directly
LEFT_AFTER = timedelta(days=2)  # the end of a found blog; its last looks are over, edits rare
REFUSED = timedelta(hours=1)
TRIALS = 3  # failures until a page on trial is given up
_TOO_MANY = 429


def address(source: Source) -> str:
    """Return the address to fetch: where the source moved for good, once seen ADOPTED times."""
    return source.moved_to if source.moved_seen >= ADOPTED else source.url


def same_bytes(source: Source, body: bytes) -> bool:
    """Return whether a page's bytes are those of the source's last believed page."""
    return _hash(body) == source.body_hash


def may_probe(source: Source, clock: Clock) -> bool:
    """Return whether the platform's small answer will do this time, instead of the page."""
    if not source.probe or source.last_whole is None or clock.every is not None:
        return False
    if source.state is not SourceState.OK or source.confirming:
        return False
    whole = whole_due(source.last_whole, next_turn.interval(source, clock))
    return source.last_whole <= clock.now < whole  # a clock that went back proves nothing


def after_page(
    source: Source, page: Page, snapshot: Snapshot, outcome: Outcome, clock: Clock
) -> Source:
    """Return the source after a page that was believed."""
    after = outcome.after
    moved = _moved(source, page.moved_to)
    standing = replace(
        source,
        **_believed(source, outcome, clock.now),
        kind=snapshot.kind.value,
        platform=snapshot.platform,
        etag=page.headers.get("etag", ""),
        last_modified=page.headers.get("last-modified", ""),
        body_hash=_hash(page.body),
        last_status=page.status,
        live=after.live,
        ended_at=course.ended_at(source, outcome, clock.now),
        closing_at=course.closing_at(source, outcome, clock.now),
        rhythm=course.rhythm(source, outcome, clock.now),
        older_due=after.coverage.due,
        probe=snapshot.probe,
        last_whole=clock.now,
        since=source.since or clock.now,
        moved_to=moved[0],
        moved_seen=moved[1],
        robots=page.robots,
        delay=course.delay(source, outcome, clock.now),
        warnings=(*outcome.warnings, *_moving(source, *moved)),
    )
    return replace(
        standing, **next_turn.after_answer(standing, page, clock), **_spent(source, page.cost)
    )


def after_listing(
    source: Source,
    page: Page,
    snapshot: Snapshot,
    listing: Listing,
    clock: Clock,
    *,
    live: bool,
    warnings: tuple[str, ...] = (),
) -> Source:
    """Return the source after a listing that was believed.

    `live` says whether a blog of it is live. `warnings` are added to the page's own.
    """
    moved = _moved(source, page.moved_to)
    grown = source.listing is None or listing.hours != source.listing.hours
    standing = replace(
        source,
        state=SourceState.OK,
        reason="",
        kind=snapshot.kind.value,
        platform=snapshot.platform,
        etag=page.headers.get("etag", ""),
        last_modified=page.headers.get("last-modified", ""),
        body_hash=_hash(page.body),
        last_poll=clock.now,
        last_change=clock.now if grown else source.last_change,
        last_status=page.status,
        failures=0,
        not_before=None,
        live=live,
        last_whole=clock.now,
        since=source.since or clock.now,
        listing=listing,
        moved_to=moved[0],
        moved_seen=moved[1],
        robots=page.robots,
        warnings=(*snapshot.warnings, *warnings, *_moving(source, *moved)),
    )
    return replace(
        standing, **next_turn.after_answer(standing, page, clock), **_spent(source, page.cost)
    )


def after_same(
    source: Source, answer: Page | NotModified, outcome: Outcome | None, clock: Clock
) -> Source:
    """Return the source after a 304 or the bytes of last time.

    `outcome` is given if the answer was taken as a second look.
    """
    headers, moved = answer.headers, _moved(source, answer.moved_to)
    believed = source
    if outcome is not None:
        believed = replace(source, **_believed(source, outcome, clock.now))
    return replace(
        believed,
        last_poll=clock.now,
        failures=0,
        not_before=None,
        etag=headers.get("etag", source.etag),
        last_modified=headers.get("last-modified", source.last_modified),
        last_status=answer.status if isinstance(answer, Page) else 304,
        last_whole=clock.now,
        unchanged=source.unchanged + 1,
        moved_to=moved[0],
        moved_seen=moved[1],
        robots=answer.robots,
        warnings=_warned(source, *moved),
        **next_turn.after_answer(believed, answer, clock),
        **_spent(source, answer.cost),
    )


def after_no_news(source: Source, headers: Mapping[str, str], cost: Cost, clock: Clock) -> Source:
    """Return the source after the platform's small answer said that nothing is new.

    How long that answer stays fresh counts, but never delays the reading of the whole page.
    """
    fresh_until = read_fresh_until(headers, clock.now)
    if fresh_until is not None and source.last_whole is not None:
        fresh_until = min(
            fresh_until, whole_due(source.last_whole, next_turn.interval(source, clock))
        )
    return replace(
        source,
        last_poll=clock.now,
        unchanged=source.unchanged + 1,
        **next_turn.decide(source, clock, fresh_until=fresh_until),
        **_spent(source, cost),
    )


def after_refusal(source: Source, page: Page, clock: Clock) -> Source:
    """Return the source after a page that was read and belongs to no source."""
    return replace(
        source,
        state=SourceState.OK,
        reason="",
        last_poll=clock.now,
        last_status=page.status,
        next_poll=clock.now + REFUSED,
        pace="it belongs to no source",
        **_spent(source, page.cost),
    )


def let_go(source: Source, now: datetime) -> Standing | None:
    """Return the standing of a found page that is not to be polled any more; None otherwise.

    One whose blog ended long ago is left, one on trial that cannot be read is refused.
    """
    if source.configured:
        return None
    if source.ended_at is not None and now - source.ended_at > LEFT_AFTER:
        return Standing.LEFT
    return Standing.REFUSED if source.on_trial and source.failures >= TRIALS else None


def after_gone(source: Source, answer: Gone, clock: Clock) -> Source:
    """Return the source after 410: it is not asked again until a user resumes it."""
    return replace(
        source,
        state=SourceState.GONE,
        reason="the publisher says 410 Gone: it is not coming back; resume it if it is",
        last_poll=clock.now,
        last_status=410,
        next_poll=None,
        pace="",
        confirming=False,
        **_spent(source, answer.cost),
    )


def after_failure(
    source: Source, error: ScrapeError, clock: Clock, cost: Cost, status: int | None = None
) -> Source:
    """Return the source after a failed fetch, or a page with `status` that was not believed."""
    status = error.status if isinstance(error, StatusError) else status
    not_before = error.not_before if isinstance(error, FetchError) else None
    failures = source.failures + 1
    throttled = status == _TOO_MANY and not_before is None
    demands = {"throttled": throttled, "not_before": not_before, "quota": clock.quota}
    return replace(
        source,
        state=SourceState.BROKEN,
        reason=f"{error.reason}; {error.mend}" if error.mend else error.reason,
        last_poll=clock.now,
        last_status=status,
        failures=failures,
        not_before=not_before,
        moved_to="",
        moved_seen=0,
        warnings=_warned(source, "", 0),
        **next_turn.decide(source, clock, failures=failures, **demands),
        **_spent(source, cost),
    )


# Fields that a part of an answer sets, by name, so that each source is built in one step.


def _believed(source: Source, outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "state": SourceState.HELD if outcome.held else SourceState.OK,
        "reason": outcome.held,
        "last_poll": now,
        "last_change": now if outcome.changes else source.last_change,
        "failures": 0,
        "not_before": None,
        "confirming": bool(outcome.suspects),
    }


def _spent(source: Source, cost: Cost) -> dict[str, Any]:
    return {
        "polls": source.polls + 1,
        "requests": source.requests + cost.requests,
        "received": source.received + cost.received,
    }


def _moved(source: Source, moved_to: str) -> tuple[str, int]:
    """Return where the page has moved for good, and how often in a row it was seen there."""
    if not moved_to:
        adopted = source.moved_seen >= ADOPTED
        return (source.moved_to, source.moved_seen) if adopted else ("", 0)
    return moved_to, source.moved_seen + 1 if moved_to == source.moved_to else 1


def _moving(source: Source, moved_to: str, seen: int) -> tuple[str, ...]:
    if seen < ADOPTED:
        return ()
    return (f"{source.url} has moved for good to {moved_to}; write that into the configuration",)


def _warned(source: Source, moved_to: str, seen: int) -> tuple[str, ...]:
    """Return the last page's warnings, with the one about a move brought up to date."""
    said = _moving(source, source.moved_to, source.moved_seen)
    others = (warning for warning in source.warnings if warning not in said)
    return (*others, *_moving(source, moved_to, seen))


def _hash(body: bytes) -> str:
    """Return a page's XXH3 hash, to recognise it: a thirtieth of SHA-256's cost, no security."""
    return xxh3_128_hexdigest(body)
