"""Render a feed as RSS 2.0 with atom:link, atom:updated and dc:creator."""

from datetime import UTC
from email.utils import format_datetime
from threading import Lock

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.feed import (
    Feed,
    Retracted,
    body,
    bylines,
    categories,
    feed_title,
    language,
    link,
    rfc3339,
)
from feeds.fragments import Fragments, render_entries
from feeds.links import web_url
from feeds.xml import ATOM, DUBLIN_CORE, Element, Head, line, scrub, serialise
from store.entry import StoredEntry

_NAMESPACES = {"atom": ATOM, "dc": DUBLIN_CORE}
_TAIL = b"</channel></rss>"
# feedgen changes the process-wide locale while it writes a channel's date: one thread at a time,
# or the wrong locale is restored.
_LOCALE = Lock()


def render_rss(
    feed: Feed,
    *,
    retracted: Retracted = Retracted.MARK,
    fragments: Fragments | None = None,
) -> bytes:
    """Render the feed as an RSS 2.0 document in UTF-8.

    RSS has no element for deletions, so TOMBSTONE acts as HIDE. An item's guid and pubDate never
    change; an edit changes its description, and `atom:updated` is the time of that.
    """
    items = render_entries(feed, retracted, _item, fragments, "rss")
    return b"\n".join([_head(feed), *items, _TAIL, b""])


def _head(feed: Feed) -> bytes:
    """Return the document up to its first item."""
    head = FeedGenerator()
    head.title(feed_title(feed))
    head.description(line(feed.subtitle) or feed_title(feed))
    head.updated(feed.updated.astimezone(UTC))
    head.generator("keywire")
    self_url, home_url = web_url(feed.self_url), web_url(feed.home_url)
    # The alternate link comes last: feedgen makes the last one the channel's own `link`.
    if self_url:
        head.link({"href": self_url, "rel": "self", "type": "application/rss+xml"})
    head.link({"href": home_url or self_url or scrub(feed.id), "rel": "alternate"})
    if spoken := language(feed.language):
        head.language(spoken)
    hub_url = web_url(feed.hub_url)

    def complete(root: Element) -> None:
        if hub_url:
            etree.SubElement(root[0], f"{{{ATOM}}}link", href=hub_url, rel="hub")

    head.register_extension("channel", lambda: Head(_NAMESPACES, complete))
    with _LOCALE:
        document: bytes = head.rss_str()
    return _plain_title(document.removesuffix(_TAIL))


def _item(stored: StoredEntry, title: str) -> bytes:
    entry = stored.entry
    made = FeedEntry()
    made.id(scrub(stored.id))
    made.title(title)
    made.description(body(stored))
    if url := link(entry):
        made.link({"href": url, "rel": "alternate"})
    for term, label in categories(entry):
        made.category({"term": term, "label": label})
    root = etree.Element("rss", nsmap=_NAMESPACES)
    root.append(made.rss_entry())
    published = format_datetime(entry.published.astimezone(UTC), usegmt=True)
    etree.SubElement(root[0], "pubDate").text = published
    for name in bylines(entry):
        etree.SubElement(root[0], f"{{{DUBLIN_CORE}}}creator").text = name
    if stored.changed_at != entry.published:
        etree.SubElement(root[0], f"{{{ATOM}}}updated").text = rfc3339(stored.changed_at)
    _, _, rest = serialise(root).partition(b">")
    return _plain_title(rest.removesuffix(b"</rss>"))


def _plain_title(document: bytes) -> bytes:
    """Write & and < of the first title as hex references, which mark them as text in RSS.

    RSS Advisory Board, Best Practices Profile: "Character Data".
    """
    before, tag, rest = document.partition(b"<title>")
    title, end, after = rest.partition(b"</title>")
    plain = title.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
    return before + tag + plain + end + after
