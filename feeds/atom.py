"""Render a feed as Atom 1.0 (RFC 4287), on request with tombstones (RFC 6721)."""

from collections.abc import Sequence
from datetime import UTC
from functools import partial

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.feed import (
    Feed,
    Retracted,
    body,
    bylines,
    categories,
    deleted,
    feed_title,
    language,
    link,
    media_urls,
    rfc3339,
)
from feeds.fragments import Fragments, render_entries
from feeds.links import host, web_url
from feeds.xml import HISTORY, LANG, TOMBSTONES, Element, Head, line, scrub, serialise
from store.entry import StoredEntry

_TAIL = b"</feed>"


def render_atom(
    feed: Feed,
    *,
    retracted: Retracted = Retracted.MARK,
    fragments: Fragments | None = None,
) -> bytes:
    """Render the feed as an Atom document in UTF-8.

    `published` is the publisher's time, `updated` the entry's `changed_at` (RFC 4287 §4.2.9,
    §4.2.15). Entries are rendered one by one, so that `fragments` can keep them.
    """
    return assemble(feed, render_fragments(feed, retracted, fragments), retracted)


def render_fragments(
    feed: Feed, retracted: Retracted = Retracted.MARK, fragments: Fragments | None = None
) -> list[bytes]:
    """Return each entry that the feed shows as one serialised `entry` element, in feed order."""
    spoken = language(feed.language)
    render = partial(_entry, feed_language=spoken)
    return render_entries(feed, retracted, render, fragments, f"atom {spoken}")


def assemble(feed: Feed, entries: Sequence[bytes], retracted: Retracted = Retracted.MARK) -> bytes:
    """Return the document made of `entries`, already rendered; `feed.entries` are not used."""
    return b"\n".join([_head(feed, retracted), *entries, _TAIL, b""])


def _head(feed: Feed, retracted: Retracted) -> bytes:
    """Return the document up to its first entry."""
    head = FeedGenerator()
    head.id(scrub(feed.id))
    head.title(feed_title(feed))
    head.subtitle(line(feed.subtitle))
    head.updated(feed.updated.astimezone(UTC))
    head.generator("keywire")
    # RFC 4287 §4.1.1: a feed names an author unless every entry does; an empty one must.
    head.author({"name": feed_title(feed)})
    for rel, href, kind in (
        ("self", feed.self_url, "application/atom+xml"),
        ("alternate", feed.home_url, "text/html"),
        ("hub", feed.hub_url, ""),
        ("current", feed.history.current_url, "application/atom+xml"),
        ("prev-archive", feed.history.before_url, "application/atom+xml"),
        ("next-archive", feed.history.after_url, "application/atom+xml"),
    ):
        if url := web_url(href):
            head.link({"href": url, "rel": rel, "type": kind})
    if spoken := language(feed.language):
        head.language(spoken)
    _add_tombstones(head, feed, retracted)
    _add_history(head, feed)
    document: bytes = head.atom_str()
    return document.removesuffix(_TAIL)


def _add_tombstones(head: FeedGenerator, feed: Feed, retracted: Retracted) -> None:
    """Add a tombstone for each deleted entry (RFC 6721 §3).

    The namespace is declared only where there is a tombstone: validators warn of an unused one.
    """
    tombstones = deleted(feed, retracted)
    if not tombstones:
        return

    def complete(root: Element) -> None:
        for ref, when in tombstones:
            etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", ref=ref, when=rfc3339(when))

    head.register_extension("tombstones", lambda: Head({"at": TOMBSTONES}, complete))


def _add_history(head: FeedGenerator, feed: Feed) -> None:
    """Mark the feed as complete, or as an archive document (RFC 5005 §2, §4)."""
    told = {"complete": feed.history.complete, "archive": feed.history.archive}
    names = [name for name, true in told.items() if true]
    if not names:
        return

    def complete(root: Element) -> None:
        for name in names:
            root.insert(0, etree.Element(f"{{{HISTORY}}}{name}"))

    head.register_extension("history", lambda: Head({"fh": HISTORY}, complete))


def _entry(stored: StoredEntry, title: str, feed_language: str) -> bytes:
    entry = stored.entry
    made = FeedEntry()
    made.id(scrub(stored.id))
    made.title(title)
    made.published(entry.published.astimezone(UTC))
    made.updated(stored.changed_at.astimezone(UTC))
    made.content(body(stored), type="html")
    for name in bylines(entry) or filter(None, [host(entry.blog)]):
        made.author({"name": name})
    for term, label in categories(entry):
        made.category({"term": term, "label": label})
    element = made.atom_entry()
    # Not by feedgen: it drops the rel and type of an entry's links.
    if url := link(entry):
        etree.SubElement(element, "link", rel="alternate", type="text/html", href=url)
    for url in media_urls(entry):
        etree.SubElement(element, "link", rel="enclosure", href=url)
    spoken = language(entry.language)
    if spoken and spoken != feed_language:
        element.set(LANG, spoken)
    return serialise(element)
