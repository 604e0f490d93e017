"""RSS of a series, a tag or a section; live blogs among its items are recognised by their address.

An item is a page, and its `pubDate` is when that was last published (guardian/frontend,
TrailsToRss.scala); it does not say whether a blog is live.
"""

import re
from collections.abc import Iterator

from scraper.address import absolute, normalise
from scraper.markup.document import Document
from scraper.markup.rss import Rss, is_rss, read_rss
from scraper.platforms.guardian.blog import NAME, Blog, blog_of
from scraper.platforms.guardian.listing import each_once, is_live_blog
from scraper.times.instants import moment
from store.sighting import Kind, ListedBlog, Snapshot

# In the head of the Guardian's feeds: its copyright, the addresses of its pages.
SIGNS = (b"Guardian News", b"://www.theguardian.com/")

# An item's link to a live blog, whose host may be that of a copy.
LINKED = re.compile(rb">[^<>\s]{1,100}/live/\d{4}/[a-z]{3}/\d{2}/[^<>\s]{1,400}</(?:link|guid)>")


def feed_marks(document: Document) -> tuple[str, ...]:
    """Return the mark of the Guardian's RSS if a document is one; else ()."""
    if not is_rss(document.markup):
        return ()
    head = document.markup.partition(b"<item")[0]
    ours = any(sign in head for sign in SIGNS) or LINKED.search(document.markup)
    return ("an RSS of the Guardian",) if ours else ()


def read_feed(document: Document) -> Snapshot:
    """Read which live blogs an RSS lists; `live` is unknown for each.

    Raises LayoutError if the RSS cannot be parsed.
    """
    blog = blog_of(document, "")
    try:
        channel = read_rss(document.markup)
    except ValueError as error:
        raise blog.broken(f"an RSS that cannot be read: {error}") from error
    claimed = absolute(channel.said.get("link", ""), document.url)
    return Snapshot(
        url=blog.url,
        kind=Kind.LISTING,
        platform=NAME,
        layout="rss",
        title=channel.said.get("title", ""),
        language=channel.said.get("language", ""),
        claimed_url=claimed,
        whole=document.whole,
        blogs=each_once(_listed(blog, channel)),
        cards=len(channel.items),
    )


def _listed(blog: Blog, channel: Rss) -> Iterator[ListedBlog]:
    for item in channel.items:
        said = item.said
        url = absolute(said.get("link") or said.get("guid") or "", blog.url)
        if url and is_live_blog(url):
            told = moment(said.get("pubDate", "")) or moment(said.get("dc:date", ""))
            yield ListedBlog(
                url=normalise(url),
                title=said.get("title", ""),
                published=told.at if told and told.zoned else None,
            )
