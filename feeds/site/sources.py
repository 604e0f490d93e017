"""The state of each followed source, as programs get it."""

from typing import Any

from sqlalchemy import Connection

from feeds.feed import instant
from store.survey import FollowedSource, survey


def read_sources(connection: Connection) -> list[FollowedSource]:
    """Return the followed sources in the order in which they were first followed."""
    return sorted(survey(connection), key=lambda followed: followed.source.id)


def tell_source(followed: FollowedSource) -> dict[str, Any]:
    """Return a source as /sources.json shows it; times are ISO 8601 UTC, or null.

    A source that lists live blogs, or whose blog goes on at another address, is shown as one with
    their pages: `state` is the worst of the pages' states, `following` that of one blog's page, or
    "left". `history` is "complete", names the missing hours, or is "" where that is unknown.

    `received` is bytes on the wire, `unchanged` the share of polls that brought nothing new (0 to
    1, null before the first), `delay` the mean seconds from the publisher's time to our feed.
    """
    source = followed.source
    return {
        "id": source.id,
        "url": source.url,
        "state": source.state.value,
        "reason": source.reason,
        "kind": source.kind,
        "platform": source.platform,
        "blogs": [
            {
                "url": blog.url,
                "title": blog.title,
                "state": blog.state,
                "entries": blog.entries,
                "following": blog.following,
                "reason": blog.reason,
                "history": blog.history,
            }
            for blog in followed.blogs
        ],
        "last_poll": instant(source.last_poll),
        "next_poll": instant(source.next_poll),
        "last_change": instant(source.last_change),
        "last_status": source.last_status,
        "next_poll_because": source.pace,
        "failures": source.failures,
        "polls": source.polls,
        "requests": source.requests,
        "received": source.received,
        "unchanged": source.unchanged / source.polls if source.polls else None,
        "delay": source.delay,
        "moved_to": source.moved_to or None,
        "robots": source.robots,
        "warnings": source.warnings,
    }
