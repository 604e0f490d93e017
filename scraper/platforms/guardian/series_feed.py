"""RSS of a series, a tag or a section: pages, live blogs among them, told by their address alone.

An item is a page and its `pubDate` when that was last published (guardian/frontend,
TrailsToRss.scala); nothing in it says whether a blog is live. Markup parsers do not read RSS (its
`link` is another element in HTML), and lxml belongs to feeds/: it is read by the standard
library's expat, which stops at the first word of a document type. Without one there are no
entities but XML's five: no bombs, nothing from elsewhere.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from scraper.address import absolute, normalise
from scraper.document import Document
from scraper.html import squeeze
from scraper.platforms.guardian.blog import NAME, Blog, blog_of
from scraper.platforms.guardian.listing import each_once, is_live_blog
from scraper.times import moment
from store.sighting import Kind, ListedBlog, Snapshot

# How far the first element may stand from the beginning.
BEGINNING = 1_000

# Where the Guardian names itself: in its copyright, in the addresses of its pages.
SIGNS = (b"Guardian News", b"://www.theguardian.com/")

# A link to a live blog, wherever the feed is kept.
LINKED = re.compile(rb">[^<>\s]{1,100}/live/\d{4}/[a-z]{3}/\d{2}/[^<>\s]{1,400}</(?:link|guid)>")

READ = frozenset({"title", "link", "guid", "pubDate", "dc:date", "language"})

# How deep stand a channel's elements, items among them; what is in an item is counted apart, so
# that other elements of the channel pass for none.
ITEMS, IN_ITEM = 3, 1_000_000

SAID = frozenset({ITEMS, IN_ITEM + 1})


def feed_marks(document: Document) -> tuple[str, ...]:
    """Name the marks of the Guardian's RSS that a document bears."""
    if b"<rss" not in document.markup[:BEGINNING]:
        return ()
    head = document.markup.partition(b"<item")[0]
    ours = any(sign in head for sign in SIGNS) or LINKED.search(document.markup)
    return ("an RSS of the Guardian",) if ours else ()


def read_feed(document: Document) -> Snapshot:
    """Read which live blogs an RSS lists; whether they are live it does not tell."""
    channel = _Channel()
    blog = blog_of(document, "")
    try:
        channel.read(document.markup)
    except (expat.ExpatError, ValueError) as error:
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
    )


def _listed(blog: Blog, channel: "_Channel") -> Iterator[ListedBlog]:
    for item in channel.items:
        url = absolute(item.get("link") or item.get("guid") or "", blog.url)
        if url and is_live_blog(url):
            told = moment(item.get("pubDate", "")) or moment(item.get("dc:date", ""))
            yield ListedBlog(
                url=normalise(url),
                title=item.get("title", ""),
                published=told.at if told and told.zoned else None,
            )


class _Channel:
    """What a channel says of itself, and its items, each as the words of elements by name."""

    __slots__ = ("_depth", "_parser", "_words", "items", "said")

    def __init__(self) -> None:
        self.said, self.items = dict[str, str](), list[dict[str, str]]()
        self._depth, self._words = 0, list[str]()
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, markup: bytes) -> None:
        """Read RSS; ValueError where it has a document type, ExpatError where it is no XML."""
        self._parser.Parse(markup.lstrip(), True)  # noqa: FBT003 - as expat has it

    def _start(self, name: str, _stated: object) -> None:
        self._depth += 1
        if name == "item" and self._depth == ITEMS:
            self.items.append({})
            self._depth = IN_ITEM
        elif name in READ and self._depth in SAID:
            self._words.clear()
            self._parser.CharacterDataHandler = self._words.append

    def _end(self, name: str) -> None:
        if name in READ and self._depth in SAID:
            self._parser.CharacterDataHandler = None
            said = self.said if self._depth == ITEMS else self.items[-1]
            said.setdefault(name, squeeze("".join(self._words)))
        self._depth = ITEMS - 1 if self._depth == IN_ITEM else self._depth - 1


def _refuse(*_declared: object) -> None:
    raise ValueError("it has a document type, which RSS has not")
