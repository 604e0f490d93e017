"""Render feed documents from the store: the one place where a window becomes a feed."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import Connection

from feeds.atom import render_atom
from feeds.content import republished
from feeds.feed import Feed, History, rfc3339
from feeds.fragments import Fragments
from feeds.jsonfeed import render_json
from feeds.rss import render_rss
from feeds.site.addresses import FeedKey, Format
from feeds.site.archive_addresses import target_of
from feeds.site.documents import Document, make_document
from feeds.site.options import SiteOptions
from feeds.times import spoken_time
from store.archive.sealed import newest
from store.catalogue import KeptTopic, kept_topic
from store.errors import UnknownError
from store.topics import Selection
from store.window import Window, holds_more, select_window

_RENDERERS = {Format.ATOM: render_atom, Format.RSS: render_rss, Format.JSON: render_json}
NAMESPACE = UUID("6f0e2c0a-4b0f-5d7e-9a52-2d1f5c1b7a68")
_TITLES = {
    Selection.ALL: "{}",
    Selection.KEY_EVENTS: "{}: key events",
    Selection.SUMMARIES: "{}: summaries",
}
_SUBTITLES = {
    Selection.ALL: "Every entry of the live blogs followed for {}",
    Selection.KEY_EVENTS: "Key events and summaries of the live blogs followed for {}",
    Selection.SUMMARIES: "Summaries of the live blogs followed for {}",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document, and the version of its feed that it shows."""

    document: Document
    version: int


def render(
    connection: Connection,
    key: FeedKey,
    options: SiteOptions,
    fragments: Fragments,
    *,
    gzipped: bool,
) -> Rendered:
    """Read one feed's window and render it. Raises UnknownError where the topic is not stored."""
    topic = kept_topic(connection, key.topic)
    if topic is None:
        raise UnknownError(f"no topic {key.topic!r} is followed; / lists those that are")
    window = select_window(connection, key.topic, key.selection, key.limit)
    history = _history(connection, key, options, len(window.entries))
    feed = make_feed(topic, window, key, options, history)
    body = _RENDERERS[key.format](feed, retracted=key.retracted, fragments=fragments)
    document = make_document(body, key.format.media_type, window.modified, gzipped=gzipped)
    return Rendered(document, window.version)


def make_feed(
    topic: KeptTopic,
    window: Window,
    key: FeedKey,
    options: SiteOptions,
    history: History | None = None,
) -> Feed:
    """Return the value that renderers get, its entries cut to what the topic publishes."""
    title = window.title or window.topic
    return Feed(
        id=feed_id(topic, window.selection),
        title=feed_name(title, window.selection),
        subtitle=feed_subtitle(title, window),
        home_url=options.link(key.page),
        self_url=options.link(key.target),
        updated=window.updated,
        entries=tuple(republished(stored, topic.content) for stored in window.entries),
        language=_common_language(window),
        hub_url=options.hub_url,
        expired=window.ended,
        history=history or History(),
    )


def _history(
    connection: Connection, key: FeedKey, options: SiteOptions, shown: int
) -> History | None:
    """Return where older entries of a topic's default feed are, or whether it is complete.

    `shown` is the number of entries in its window. None for feeds with another format, a limit or
    another way to show retractions.
    """
    if key != FeedKey(key.topic, key.selection):
        return None
    if (last := newest(connection, key.topic, key.selection)) is not None:
        return History(before_url=options.link(target_of(last)))
    return History(complete=not holds_more(connection, key.topic, key.selection, shown))


def feed_id(topic: KeptTopic, selection: Selection) -> str:
    """Return the feed's permanent IRI (RFC 4287 §4.2.6), the same in every format.

    It is derived from the topic's creation time and first name. These survive a new name, another
    address of the site and a restored backup, and differ between sites that use one topic name.
    """
    name = f"{rfc3339(topic.created)} {topic.born}/{selection.value}"
    return f"urn:uuid:{uuid5(NAMESPACE, name)}"


def feed_name(title: str, selection: Selection) -> str:
    """Return the title of a topic's feed; it differs between the topic's three selections."""
    return _TITLES[selection].format(title)


def feed_subtitle(title: str, window: Window) -> str:
    """Return a feed's subtitle; between two live blogs it says when the last one ended.

    It also says where the next one is awaited, if one is.
    """
    said, between = _SUBTITLES[window.selection].format(title), window.between
    if between is None:
        return said
    if between.since is None:
        return f"{said}. No live blog is on; the next is awaited at {between.awaited}"
    ended = f"The last live blog ended on {spoken_time(between.since)}"
    awaited = f"; the next is awaited at {between.awaited}" if between.awaited else ""
    return f"{said}. {ended}{awaited}"


def _common_language(window: Window) -> str:
    languages = {stored.entry.language for stored in window.entries}
    return languages.pop() if len(languages) == 1 else ""
