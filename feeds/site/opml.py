"""List all feeds in one file (OPML 2.0), which feed readers import."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from feeds.site.addresses import FeedKey
from feeds.site.feed_documents import feed_name
from feeds.site.options import SiteOptions
from feeds.xml import line
from store.catalogue import KeptTopic
from store.topics import Selection

MEDIA_TYPE = "text/x-opml; charset=utf-8"


def kept_opml(topics: Iterable[KeptTopic], options: SiteOptions) -> bytes:
    """Render the feeds of stored topics as OPML; dateModified is their newest change."""
    topics = tuple(topics)
    newest = max((topic.updated for topic in topics), default=None)
    return render_opml({topic.name: topic.title for topic in topics}, options, newest)


def render_opml(
    topics: Mapping[str, str], options: SiteOptions, modified: datetime | None = None
) -> bytes:
    """Render the Atom feeds of `topics` (titles by name) as OPML, one group per topic."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = line(options.title) or "keywire"
    if modified is not None:
        told = format_datetime(modified.astimezone(UTC), usegmt=True)
        etree.SubElement(head, "dateModified").text = told
    body = etree.SubElement(root, "body")
    for topic, called in topics.items():
        title = line(called) or topic
        group = etree.SubElement(body, "outline", text=title)
        for selection in Selection:
            name = feed_name(title, selection)
            etree.SubElement(
                group,
                "outline",
                type="rss",
                text=name,
                title=name,
                xmlUrl=options.link(FeedKey(topic, selection).target),
                htmlUrl=options.link(FeedKey(topic, selection).page),
            )
    document: bytes = etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, pretty_print=True
    )
    return document
