"""RSS of a series, a tag or a section: pages, live blogs among them, told by their address alone.

An item is a page and its `pubDate` when that was last published (guardian/frontend,
TrailsToRss.scala); nothing in it says whether a blog is live.
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

# Where the Guardian names itself: in its copyright, in the addresses of its pages.
SIGNS = (b"Guardian News", b"://www.theguardian.com/")

# A link to a live blog, wherever the feed is kept.
LINKED = re.compile(rb">[^<>\s]{1,100}/live/\d{4}/[a-z]{3}/\d{2}/[^<>\s]{1,400}</(?:link|guid)>")


def feed_marks(document: Document) -> tuple[str, ...]:
    """Name the marks of the Guardian's RSS that a document bears."""
    if not is_rss(document.markup):
        return ()
    head = document.markup.partition(b"<item")[0]
    ours = any(sign in head for sign in SIGNS) or LINKED.search(document.markup)
    return ("an RSS of the Guardian",) if ours else ()


def read_feed(document: Document) -> Snapshot:
    """Read which live blogs an RSS lists; whether they are live it does not tell."""
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
