"""Pages on which the Guardian lists what it publishes: a series, a tag, a section, a front.

Their cards say by the number of their design what they lead to (`ArticleDesign` of @guardian/libs,
as guardian/dotcom-rendering prints it in `data-format-design`): 11 is a live blog that is live, 12
one that has ended. A video livestream is no live blog, though its card says "Live" as well. The
time on a card is when its blog was last published, so that it moves, and a closed blog can stand
above the one that follows it.
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

# What a card's link calls live blogs, where it calls them anything (`getDataLinkNameCard`).
CALLED = {"live": "11", "dead": "12"}

LAYOUTS = 'main[data-layout="TagPageLayout"], main[data-layout="FrontLayout"]'

IS_FRONT = b'"isFront":true'

# `/<section>/live/<yyyy>/<mon>/<dd>/<slug>`; until 2013 series of a day's blogs were called
# `middle-east-live` (guardian/frontend, article/conf/routes).
LIVE_BLOG_PATH = re.compile(r"/(?:[\w-]+-)?live/\d{4}/[a-z]{3}/\d{2}/[^/]+/?$")

TITLE_TAIL = re.compile(r"(?: \| Page \d+ of \d+)? \| The Guardian$")


def listing_marks(document: Document) -> tuple[str, ...]:
    """Name the marks of a listing that a page bears."""
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
    """Read the live blogs on a listing; none may be on it."""
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
    """Whether an address is in the form that live blogs alone have; some old ones have not."""
    return LIVE_BLOG_PATH.search(urlsplit(url).path) is not None


def each_once(listed: Iterable[ListedBlog]) -> tuple[ListedBlog, ...]:
    """Give each blog once, where it stands first; a front repeats what matters."""
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
    """Refuse a page whose designs are not as they are known: by addresses, by links' names."""
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
    """Find the link that lies over a card, or the first; those of its sublinks come after it."""
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
    """Give what of a card is its own: no sublink's, and none of the updates beside it."""
    for node in card.css(selector):
        above = node.parent
        while above is not None and above.mem_id != card.mem_id:
            stated = above.attributes
            if DESIGN in stated or stated.get("name") == "LatestLinks":
                break
            above = above.parent
        else:
            yield node
