"""All feeds in one file (OPML 2.0), for readers that take many at once."""

from collections.abc import Iterable
from datetime import UTC
from email.utils import format_datetime

from lxml import etree

from feeds.site.addresses import FeedKey
from feeds.site.library import feed_name
from feeds.site.options import SiteOptions
from feeds.xml import line
from store.catalogue import KeptTopic
from store.topics import Selection

MEDIA_TYPE = "text/x-opml; charset=utf-8"


def render_opml(topics: Iterable[KeptTopic], options: SiteOptions) -> bytes:
    """Render the topics' Atom feeds, each topic's as a group. dateModified is the newest change."""
    topics = tuple(topics)
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = line(options.title) or "keywire"
    if topics:
        newest = max(topic.updated for topic in topics).astimezone(UTC)
        etree.SubElement(head, "dateModified").text = format_datetime(newest, usegmt=True)
    body = etree.SubElement(root, "body")
    for topic in topics:
        title = line(topic.title) or topic.name
        group = etree.SubElement(body, "outline", text=title)
        for selection in Selection:
            name = feed_name(title, selection)
            etree.SubElement(
                group,
                "outline",
                type="rss",
                text=name,
                title=name,
                xmlUrl=options.link(FeedKey(topic.name, selection).target),
                htmlUrl=options.link("/"),
            )
    document: bytes = etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, pretty_print=True
    )
    return document
