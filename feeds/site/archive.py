"""Sealed days of topics as feeds: archive documents (RFC 5005 §4)."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from feeds.atom import assemble
from feeds.feed import Feed, History
from feeds.site.addresses import FeedKey, Format
from feeds.site.documents import Document, make_document
from feeds.site.feed_cache import no_longer_followed, not_followed
from feeds.site.feed_documents import feed_id
from feeds.site.options import SiteOptions
from feeds.site.responses import Moved, Refusal
from store.archive.sealed import newest, read_archive
from store.catalogue import topic_or_heir
from store.topics import TOPIC_NAME

_PATH = re.compile(rf"/feeds/(?P<topic>{TOPIC_NAME.pattern})/archive/(?P<day>[0-9-]{{10}})\.atom")


@dataclass(frozen=True, slots=True)
class ArchiveKey:
    """One sealed day of a topic."""

    topic: str
    day: date

    @property
    def target(self) -> str:
        """Return its path."""
        return f"/feeds/{self.topic}/archive/{self.day}.atom"


def read_path(path: str) -> ArchiveKey | None:
    """Read which day a path is of; None where it is of none."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    try:
        return ArchiveKey(found["topic"], date.fromisoformat(found["day"]))
    except ValueError:
        return None


def render_archive(
    connection: Connection, key: ArchiveKey, options: SiteOptions, *, gzipped: bool
) -> Document | Moved | Refusal:
    """Make the document of a sealed day, of entries that were rendered when it was sealed."""
    topic = topic_or_heir(connection, key.topic)
    if topic is None:
        return not_followed(key.topic)
    if not topic.followed:
        return no_longer_followed(key.topic)
    if topic.name != key.topic:
        return Moved(topic.name)
    kept = read_archive(connection, key.topic, key.day)
    if kept is None:
        last = newest(connection, key.topic)
        hint = f"the newest that is, is {last}" if last else "none is yet"
        return Refusal(404, f"No archive of {key.topic} is sealed for {key.day}; {hint}.")

    def link(day: date | None) -> str:
        return options.link(ArchiveKey(key.topic, day).target) if day else ""

    feed = Feed(
        id=feed_id(topic, FeedKey(key.topic).selection),
        title=kept.title,
        subtitle=f"Archive of {key.day}",
        home_url=options.link(FeedKey(key.topic).page),
        self_url=link(key.day),
        updated=kept.updated,
        history=History(
            archive=True,
            current_url=options.link(FeedKey(key.topic).target),
            before_url=link(kept.before),
            after_url=link(kept.after),
        ),
    )
    body = assemble(feed, kept.fragments)
    return make_document(body, Format.ATOM.media_type, kept.modified, gzipped=gzipped)
