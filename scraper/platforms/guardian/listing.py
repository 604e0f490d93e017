"""Pages on which the Guardian lists what it publishes: a series, a tag, a section, a front.

The number of a card's design says what the card leads to (`ArticleDesign` of @guardian/libs, which
guardian/dotcom-rendering prints in `data-format-design`): 11 is a live blog that is live, 12 one
that has ended. A video livestream is not a live blog, although its card says "Live" too. The time
on a card is when its blog was last published, so it changes, and a closed blog can be listed above
its successor.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute, normalise
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.platforms.guardian.blog import CONFIG, HEADINGS, NAME, Blog, blog_of
from scraper.times.instants import instant
from store.sighting import Kind, ListedBlog, Snapshot

DESIGN = "data-format-design"

LIVE_BLOGS = {"11": True, "12": False}

# What the `data-link-name` of a card's link calls live blogs, by design (`getDataLinkNameCard`).
CALLED = {"live": "11", "dead": "12"}

LAYOUTS = 'main[data-layout="TagPageLayout"], main[data-layout="FrontLayout"]'

IS_FRONT = b'"isFront":true'

# `/<section>/live/<yyyy>/<mon>/<dd>/<slug>`; until 2013 series of a day's blogs were called
# `middle-east-live` (guardian/frontend, article/conf/routes).
LIVE_BLOG_PATH = re.compile(r"/(?:[\w-]+-)?live/\d{4}/[a-z]{3}/\d{2}/[^/]+/?$")

TITLE_TAIL = re.compile(r"(?: \| Page \d+ of \d+)? \| The Guardian$")


def listing_marks(document: Document) -> tuple[str, ...]:
    """Return the marks of a listing that a page has; () if it has none."""
    markup = document.markup
    if DESIGN.encode() not in markup and b'data-layout="TagPageLayout"' not in markup:
        return ()
    main = document.tree.css_first(LAYOUTS)
    if main is not None:
        return (f"the layout {main.attributes['data-layout']}",)
    if _is_front(markup) and document.tree.css_first(f"main [{DESIGN}]") is not None:
        return ("window.guardian says isFront, and there are cards",)
    return ()


def read_listing(document: Document) -> Snapshot:
    """Read the live blogs on a listing, which may have none.

    Raises LayoutError if its cards are in an unknown form.
    """
    blog = blog_of(document, document.canonical)
    cards = document.tree.css(f"main [{DESIGN}]")
    _check_designs(blog, cards)
    listed = (_listed(blog, card) for card in cards if card.attributes[DESIGN] in LIVE_BLOGS)
    return Snapshot(
        url=blog.url,
        kind=Kind.LISTING,
        platform=NAME,
        layout="dcr-listing",
        title=TITLE_TAIL.sub("", document.title),
        language=document.language,
        claimed_url=blog.claimed,
        whole=document.whole,
        blogs=each_once(listed),
        cards=len(cards),
    )


def is_live_blog(url: str) -> bool:
    """Whether an address has the form that only live blogs have, though not all old ones do."""
    return LIVE_BLOG_PATH.search(urlsplit(url).path) is not None


def each_once(listed: Iterable[ListedBlog]) -> tuple[ListedBlog, ...]:
    """Return each blog once, at its first place, with the first time that any of its cards has.

    A front lists what matters more than once.
    """
    kept = dict[str, ListedBlog]()
    for blog in listed:
        known = kept.setdefault(blog.url, blog)
        if known.published is None:
            kept[blog.url] = replace(known, published=blog.published)
    return tuple(kept.values())


def _is_front(markup: bytes) -> bool:
    start = markup.find(CONFIG)
    end = markup.find(b"</script", start) if start >= 0 else -1
    return end >= 0 and markup.find(IS_FRONT, start, end) >= 0


def _check_designs(blog: Blog, cards: list[LexborNode]) -> None:
    """Raise LayoutError if the cards' designs contradict their addresses or their links' names.

    Also if a page has links to live blogs but no cards.
    """
    told, addressed = set[int](), set[int]()
    for number, card in enumerate(cards):
        link = _link(card)
        design = card.attributes[DESIGN]
        named = (link.attributes.get("data-link-name") or "").partition(" | ") if link else ("",)
        if CALLED.get(named[0], design) != design:
            raise blog.broken(f"a card of the design {design} that is called {named[0]}")
        if design in LIVE_BLOGS:
            told.add(number)
        if link and is_live_blog(_address(blog, link)):
            addressed.add(number)
    if addressed and told.isdisjoint(addressed):
        raise blog.broken("no card that leads to a live blog has the design of one")
    if not cards and _leads_to_live_blogs(blog):
        raise blog.broken("links to live blogs, but no cards that are known")


def _leads_to_live_blogs(blog: Blog) -> bool:
    links = blog.document.tree.css("main a[href]")
    return any(is_live_blog(_address(blog, link)) for link in links)


def _listed(blog: Blog, card: LexborNode) -> ListedBlog:
    link = _link(card)
    url = _address(blog, link) if link else ""
    if link is None or not url:
        raise blog.broken("a live blog's card without a link")
    times = (node.attributes.get("datetime") or "" for node in _own(card, "time[datetime]"))
    return ListedBlog(
        url=url,
        title=_title(card, link),
        live=LIVE_BLOGS[card.attributes[DESIGN] or ""],
        published=next(filter(None, map(instant, times)), None),
    )


def _link(card: LexborNode) -> LexborNode | None:
    """Return the link that covers a card, else its first; the links of its sublinks come later."""
    return next(_own(card, "a[href][aria-label]"), None) or next(_own(card, "a[href]"), None)


def _address(blog: Blog, link: LexborNode) -> str:
    url = absolute(link.attributes.get("href") or "", blog.url)
    return normalise(url) if url else ""


def _title(card: LexborNode, link: LexborNode) -> str:
    label = squeeze(link.attributes.get("aria-label") or "")
    if label:
        return label
    heading = next(_own(card, ", ".join(sorted(HEADINGS))), link)
    spans = heading.css("span")
    return squeeze(spans[-1].text() if spans else heading.text())


def _own(card: LexborNode, selector: str) -> Iterator[LexborNode]:
    """Yield the card's own nodes: not those of a sublink, nor of the updates beside it."""
    for node in card.css(selector):
        above = node.parent
        while above is not None and above.mem_id != card.mem_id:
            stated = above.attributes
            if DESIGN in stated or stated.get("name") == "LatestLinks":
                break
            above = above.parent
        else:
            yield node
