"""Any publisher's RSS 2.0, RSS 1.0 or Atom: which of its items may be live blogs.

In a news feed, only the words of an item's title and its address suggest a live blog. Whether it is
one, and whether it is live, is known once its own page is read.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from scraper.address import absolute, believed, host, normalise, same_site
from scraper.errors import LayoutError
from scraper.hints.live_words import may_lead_to_live_blog
from scraper.markup.document import Document
from scraper.markup.html import plain_text, sanitise, squeeze
from scraper.markup.rss import Dialect, Item, Rss, dialect_of, read_rss
from scraper.platform import About, Gift, Platform, Tested
from scraper.times.instants import moment
from store.decision.identity import address_of
from store.sighting import Kind, ListedBlog, Snapshot

NAME = "feed"

# The name of each dialect's first element, or its namespace.
SIGNS = (b"<rss", b"http://www.w3.org/2005/Atom", b"http://purl.org/rss/1.0/")

CALLED = {Dialect.RSS: "an RSS", Dialect.RSS_1: "an RSS 1.0", Dialect.ATOM: "an Atom feed"}

# The most items of a feed that are looked at, from the first; and the most live blogs taken.
MOST_ITEMS, MOST_BLOGS = 1_000, 100

LONGEST_TITLE = 500

TIMES = ("pubDate", "published", "dc:date", "updated")


def marks(document: Document) -> tuple[str, ...]:
    """Return the dialect of a document whose first element is a feed's; () if it is not a feed."""
    if document.data is not None:
        return ()
    dialect = dialect_of(document.markup)
    return (CALLED[dialect],) if dialect else ()


def parse(document: Document) -> Snapshot:
    """Read which items may be live blogs; raise LayoutError if it is no XML or has a doctype.

    The snapshot's address is the one that was fetched, since many feeds claim one page as theirs.
    """
    dialect = dialect_of(document.markup) or Dialect.RSS
    try:
        feed = read_rss(document.markup, dialect)
    except ValueError as error:
        reason = f"{CALLED[dialect]} that cannot be read: {error}"
        raise LayoutError(document.page.url, reason) from error
    claimed = absolute(feed.said.get("link", ""), document.url)
    home = document.url if host(document.url) else claimed
    return Snapshot(
        url=normalise(document.url),
        kind=Kind.LISTING,
        platform=NAME,
        layout=dialect.value,
        title=_plain(feed.said.get("title", ""), home),
        language=feed.said.get("language") or feed.said.get("dc:language") or "",
        claimed_url=claimed if believed(claimed, document.url) else "",
        whole=True,  # a feed that is cut off is not XML
        blogs=tuple(islice(_listed(feed, home), MOST_BLOGS)),
        cards=len(feed.items),
    )


def _listed(feed: Rss, home: str) -> Iterator[ListedBlog]:
    """Yield each item that may be a live blog, once, at its first place."""
    told = set[str]()
    for item in feed.items[:MOST_ITEMS]:
        url = normalise(_address(item, home))
        if not url or url in told or not _leads_on(url, home):
            continue
        told.add(url)
        title = _plain(item.said.get("title", ""), home)
        if may_lead_to_live_blog(title, urlsplit(url).path):
            yield ListedBlog(url, title, published=_published(item), sure=False)


def _address(item: Item, home: str) -> str:
    """Return where an item leads: its link, else a guid that is a web address, else ""."""
    guid = item.said.get("guid", "")
    link = item.said.get("link") or (guid if host(guid) else "")
    return absolute(link, home) if link else ""


def _leads_on(url: str, home: str) -> bool:
    """Whether an address is on the feed's own site, but not its front page or the feed's page."""
    return same_site(url, home) and "/" in address_of(url) and address_of(url) != address_of(home)


def _published(item: Item) -> datetime | None:
    told = next(filter(None, (moment(item.said.get(name, "")) for name in TIMES)), None)
    return told.at if told and told.zoned else None


def _plain(title: str, home: str) -> str:
    """Return the words of a title without any markup in it."""
    title = title[:LONGEST_TITLE]
    return squeeze(plain_text(sanitise(title, home))) if "<" in title or "&" in title else title


PLATFORM = Platform(
    name=NAME,
    hosts=(),
    marks=marks,
    signs=SIGNS,
    parse=parse,
    about=About(
        reads=(
            "any site's RSS 2.0, RSS 1.0 and Atom, as lists of the live blogs that their items' "
            "titles or addresses call so"
        ),
        gives=Gift.NONE,
        tested_on=(Tested.SYNTHETIC,),
    ),
)
