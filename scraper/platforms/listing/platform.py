"""Any site's front, section, tag and topic pages, as lists of what they call live blogs.

Words call something a live blog: a badge ("LIVE", "En direct"), a title, an address, or JSON-LD.
Many other things are called live too, so a listed page is tried once, and followed only if it is a
live blog.
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.address import absolute, believed, normalise, same_site
from scraper.hints.live_words import (
    called_live,
    is_live_badge,
    may_lead_to_live_blog,
    means_otherwise,
)
from scraper.markup.document import Document
from scraper.markup.html import squeeze
from scraper.markup.jsonld import blocks, objects, types
from scraper.markup.loose_json import object_in, string_in
from scraper.markup.once import once
from scraper.markup.visible import fold
from scraper.platform import About, Gift, Platform
from scraper.platforms.listing.cards import Card, cards_in, tells_of_itself
from scraper.stand_ins.kinds import kind_of
from store.sighting import Kind, ListedBlog, Snapshot

NAME = "listing"
# The fewest stories on a page that says that it is a list, and on any other list.
SAID_TO_BE, AT_LEAST = 4, 8
MOST_BLOGS = 60
# Elements that may be badges. A badge is a short text, or an element without text whose label,
# class or id says what it shows.
BADGES = "span, strong, b, em, i, small, mark, label, div, p, svg, img, time"
LONGEST_BADGE = 30
NAMED_LIVE = re.compile(
    r"(?:^|[\s_-])(?:is-?)?live(?:-?(?:blog|ticker|badge|label|tag|flag|icon|now|dot|pulse|indicator"
    r"|kicker|update|updates))?(?:$|[\s_-])|live-?blog|live-?ticker",
    re.IGNORECASE,
)


def marks(document: Document) -> tuple[str, ...]:
    """Return the marks of a list of stories: what the page says it is, and its links to live blogs.

    Returns () if the page is not a list of stories.
    """
    if document.data is not None or document.meta.get("og:type", "").lower() == "article":
        return ()
    kind, why = kind_of(document)
    if kind is not Kind.LISTING and not (kind is Kind.UNKNOWN and why.startswith("no platform")):
        return ()
    count, listed = _listed_on(document)
    if count < (SAID_TO_BE if kind is Kind.LISTING else AT_LEAST):
        return ()
    # A live blog in an unknown form links to stories too, but is not a list of them.
    known = bool(listed) or document.page.as_listing
    known = known or (document.page.as_new and not called_live(document))
    if kind is Kind.UNKNOWN and (not known or tells_of_itself(document)):
        return ()
    told = f"{count} links to stories, of which {len(listed)} are called live blogs"
    return (why, told) if kind is Kind.LISTING else (told,)


def parse(document: Document) -> Snapshot:
    """Read which of a page's stories may be live blogs; there may be none."""
    count, listed = _listed_on(document)
    claimed = document.canonical or absolute(document.meta.get("og:url", ""), document.url)
    return Snapshot(
        url=normalise(claimed if believed(claimed, document.url) else document.url),
        kind=Kind.LISTING,
        platform=NAME,
        layout="cards",
        title=document.title,
        language=document.language,
        claimed_url=claimed,
        whole=document.whole,
        blogs=listed,
        cards=count,
    )


@once
def _listed_on(document: Document) -> tuple[int, tuple[ListedBlog, ...]]:
    cards = cards_in(document)
    stated = dict(_stated(document))
    listed = (_listed(card, stated) for card in cards)
    found = [blog for blog in listed if blog is not None]
    shown = {blog.url for blog in found}
    found += [
        ListedBlog(url, title, sure=False) for url, title in stated.items() if url not in shown
    ]
    return len(cards), tuple(islice(found, MOST_BLOGS))


def _listed(card: Card, stated: dict[str, str]) -> ListedBlog | None:
    """Return the live blog that a card may lead to, or None; it is live if a badge says so."""
    badge = _has_badge(card.node)
    named = may_lead_to_live_blog(card.title, urlsplit(card.url).path)
    if card.url not in stated and not named and (not badge or means_otherwise(card.title)):
        return None
    live = True if badge else None
    return ListedBlog(card.url, card.title, live=live, published=card.published, sure=False)


def _has_badge(card: LexborNode) -> bool:
    return any(map(_is_badge, card.css(BADGES)))


def _is_badge(node: LexborNode) -> bool:
    stated = node.attributes
    said = squeeze(node.text())
    if len(said) > LONGEST_BADGE:
        return False
    if said:
        return is_live_badge(fold(said))
    label = stated.get("aria-label") or stated.get("alt") or stated.get("title") or ""
    names = f"{stated.get('class') or ''} {stated.get('id') or ''}"
    return is_live_badge(fold(label)) or NAMED_LIVE.search(names) is not None


def _stated(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the address and title of each live blog of the site that a page's JSON-LD lists."""
    for block in blocks(document):
        if block.speaks_of_live_blogs:
            for said in objects(block.said):
                if "LiveBlogPosting" in types(said) and (url := _address(said, document.url)):
                    yield url, string_in(said, "headline") or string_in(said, "name")


def _address(said: dict[str, object], here: str) -> str:
    names = (
        said.get("url"),
        said.get("@id"),
        said.get("mainEntityOfPage"),
        object_in(said, "mainEntityOfPage").get("@id"),
    )
    written = next((name for name in names if isinstance(name, str) and name), "")
    url = normalise(absolute(written, here)) if written else ""
    return url if same_site(url, here) and url != normalise(here) else ""


ABOUT = About(
    reads=(
        "any site's front, section, tag and topic pages, as lists of the live blogs that badges, "
        "titles, addresses or JSON-LD call so; each is tried once"
    ),
    gives=Gift.NONE,
)

PLATFORM = Platform(name=NAME, hosts=(), marks=marks, parse=parse, about=ABOUT)
