"""Render the sealed days of a topic as archive documents (RFC 5005 §4)."""

from sqlalchemy import Connection

from feeds.atom import assemble
from feeds.feed import Feed, History
from feeds.site.addresses import FeedKey, Format
from feeds.site.archive_addresses import target_of
from feeds.site.documents import Document, make_document
from feeds.site.feed_cache import no_longer_followed, not_followed
from feeds.site.feed_documents import feed_id, feed_name
from feeds.site.options import SiteOptions
from feeds.site.responses import Moved, Refusal
from store.archive.sealed import ArchiveName, newest, read_archive
from store.catalogue import topic_or_heir


def render_archive(
    connection: Connection, name: ArchiveName, options: SiteOptions, *, gzipped: bool
) -> Document | Moved | Refusal:
    """Return a sealed document, made of entries as they were rendered at the time of sealing.

    Return the new name of a renamed topic; a 404 or 410 where there is no such document.
    """
    topic = topic_or_heir(connection, name.topic)
    if topic is None:
        return not_followed(name.topic)
    if not topic.followed:
        return no_longer_followed(name.topic)
    if topic.name != name.topic:
        return Moved(topic.name)
    kept = read_archive(connection, name)
    if kept is None:
        last = newest(connection, name.topic, name.selection)
        hint = f"the newest that is, is {options.link(target_of(last))}" if last else "none is yet"
        return Refusal(404, f"No archive of {name.topic} is sealed for {name.day}; {hint}.")

    def link(other: ArchiveName | None) -> str:
        return options.link(target_of(other)) if other else ""

    current = FeedKey(name.topic, name.selection)
    feed = Feed(
        id=feed_id(topic, name.selection),
        title=feed_name(kept.title, name.selection),
        subtitle=f"Archive of {name.day}",
        home_url=options.link(current.page),
        self_url=link(name),
        updated=kept.updated,
        history=History(
            archive=True,
            current_url=options.link(current.target),
            before_url=link(kept.before),
            after_url=link(kept.after),
        ),
    )
    body = assemble(feed, kept.fragments)
    return make_document(body, Format.ATOM.media_type, kept.modified, gzipped=gzipped)
