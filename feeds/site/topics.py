"""The followed topics, as programs get them."""

from typing import Any

from sqlalchemy import Connection

from feeds.feed import rfc3339
from feeds.site.addresses import FeedKey, Format
from feeds.site.options import SiteOptions
from store.catalogue import KeptTopic, followed_topics
from store.topics import Selection


def read_topics(connection: Connection, options: SiteOptions) -> list[dict[str, Any]]:
    """Return the followed topics as /topics.json shows them.

    `updated` is the newest change in a topic's feeds (UTC), `feeds` the address of the feed of each
    selection in each format.
    """
    return [_tell(topic, options) for topic in followed_topics(connection)]


def _tell(topic: KeptTopic, options: SiteOptions) -> dict[str, Any]:
    return {
        "name": topic.name,
        "title": topic.title,
        "created": rfc3339(topic.created),
        "updated": rfc3339(topic.updated),
        "feeds": {
            selection.value: {
                form.value: options.link(FeedKey(topic.name, selection, form).target)
                for form in Format
            }
            for selection in Selection
        },
        "events": options.link(f"/events?topic={topic.name}"),
        "stream": options.link(f"/events/stream?topic={topic.name}"),
    }
