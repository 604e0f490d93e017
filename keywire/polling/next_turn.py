"""Decide with `scraper/pace` when a source is polled next, from what is known of it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from scraper.pace import listing_pace, next_due, pace, read_fresh_until, read_quota
from scraper.page import NotModified, Page
from store.source import Source


@dataclass(frozen=True, slots=True)
class Clock:
    """What a decision depends on besides the source: now in UTC, a random number, `every:`.

    `quota` is the time between requests with the user's API key, where the answer states none.
    """

    now: datetime
    jitter: float
    every: timedelta | None = None
    quota: timedelta = timedelta()


def after_answer(source: Source, answer: Page | NotModified, clock: Clock) -> dict[str, Any]:
    """Return the next poll, as `decide` does, after a good answer; its headers count too."""
    return decide(
        source,
        clock,
        confirming=source.confirming,
        crawl_delay=timedelta(seconds=answer.crawl_delay),
        quota=read_quota(answer.headers, clock.now) or clock.quota,
        fresh_until=read_fresh_until(answer.headers, clock.now),
    )


def decide(source: Source, clock: Clock, **demands: Any) -> dict[str, Any]:  # noqa: ANN401 - as `next_due` takes them
    """Return when the next poll is due and why, by the names of a source's fields."""
    due = next_due(
        clock.now,
        every=clock.every,
        gap=_gap(source, clock.now),
        live=source.live,
        ended_for=_ended_for(source, clock.now),
        closing_for=_closing_for(source, clock.now),
        listing=_listing(source, clock.now),
        jitter=clock.jitter,
        **demands,
    )
    return {"next_poll": due.at, "pace": due.why}


def interval(source: Source, clock: Clock) -> timedelta:
    """Return how long a source waits between polls while nothing goes wrong."""
    span, _ = pace(
        clock.every,
        _gap(source, clock.now),
        live=source.live,
        ended_for=_ended_for(source, clock.now),
        closing_for=_closing_for(source, clock.now),
    )
    return span


def _listing(source: Source, now: datetime) -> tuple[timedelta, str] | None:
    if source.listing is None:
        return None
    return listing_pace(
        now, live=source.live, found=source.listing.hours, last_found=source.last_change
    )


def _gap(source: Source, now: datetime) -> timedelta | None:
    return source.rhythm.gap(now) if source.rhythm else None


def _ended_for(source: Source, now: datetime) -> timedelta | None:
    return None if source.ended_at is None else max(now - source.ended_at, timedelta())


def _closing_for(source: Source, now: datetime) -> timedelta | None:
    return None if source.closing_at is None else max(now - source.closing_at, timedelta())
