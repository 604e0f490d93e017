"""The topics that are followed, for programs."""

from typing import Any

from sqlalchemy import Connection

from feeds.feed import rfc3339
from feeds.site.addresses import FeedKey, Format
from feeds.site.options import SiteOptions
from store.catalogue import KeptTopic, followed_topics
from store.topics import Selection


def read_topics(connection: Connection, options: SiteOptions) -> list[dict[str, Any]]:
    """Return the topics as /topics.json shows them; `updated` is the newest change in their feeds.

    `feeds` has the addresses of each selection's feed in each format.
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
